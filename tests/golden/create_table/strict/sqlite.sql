CREATE TABLE "reading" (
	"id" INTEGER NOT NULL CONSTRAINT "pk_reading" PRIMARY KEY AUTOINCREMENT,
	"at" TEXT NOT NULL,
	"value" REAL,
	"valid" INT DEFAULT 1 NOT NULL,
	"raw" BLOB,
	"unit" TEXT CONSTRAINT "ck_reading_unit" CHECK ("unit" IN ('m', 's'))
) STRICT;

