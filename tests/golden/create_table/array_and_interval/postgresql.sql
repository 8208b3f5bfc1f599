CREATE TABLE "shift" (
	"id" bigint NOT NULL,
	"tags" varchar(20)[],
	"days" integer[],
	"length" interval,
	CONSTRAINT "pk_shift" PRIMARY KEY ("id")
);

