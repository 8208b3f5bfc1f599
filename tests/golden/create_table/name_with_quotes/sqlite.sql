CREATE TABLE "order ""of"" things" (
	"id" INT NOT NULL,
	"select" TEXT NOT NULL,
	"größe" INTEGER,
	CONSTRAINT "pk_order ""of"" things" PRIMARY KEY ("id"),
	CONSTRAINT "ck_order ""of"" things_größe" CHECK (größe > 0)
);

