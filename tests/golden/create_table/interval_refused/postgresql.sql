CREATE TABLE "job" (
	"id" bigint NOT NULL,
	"every" interval,
	"days" integer[],
	CONSTRAINT "pk_job" PRIMARY KEY ("id")
);

