-- equals 0
SELECT count(*) FROM "account";

ALTER TABLE "account" ADD COLUMN "vat_id" varchar(20) NOT NULL;

