CREATE TABLE "order ""of"" things" (
	"id" integer NOT NULL,
	"select" text NOT NULL,
	"größe" integer,
	CONSTRAINT "pk_order ""of"" things" PRIMARY KEY ("id"),
	CONSTRAINT "ck_order ""of"" things_größe" CHECK (größe > 0)
);

