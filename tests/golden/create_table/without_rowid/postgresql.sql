CREATE TABLE "word" (
	"word" varchar(60) NOT NULL,
	"language" char(2) NOT NULL,
	CONSTRAINT "pk_word" PRIMARY KEY ("word")
);

