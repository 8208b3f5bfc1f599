CREATE TABLE "country" (
	"id" integer NOT NULL,
	"code" char(2) NOT NULL,
	CONSTRAINT "pk_country" PRIMARY KEY ("id")
);

