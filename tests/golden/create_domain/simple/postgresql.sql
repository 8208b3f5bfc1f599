CREATE DOMAIN "zip" AS varchar(5) DEFAULT '00000' NOT NULL CHECK (VALUE ~ '^[0-9]+$');

CREATE TABLE "address" (
	"id" bigint NOT NULL,
	"zip" "zip",
	CONSTRAINT "pk_address" PRIMARY KEY ("id")
);

