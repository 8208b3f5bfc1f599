CREATE TABLE "country" (
	"id" INT NOT NULL,
	"code" CHAR(2) NOT NULL,
	CONSTRAINT "pk_country" PRIMARY KEY ("id")
);

