-- equals 0
SELECT count(*) FROM "account" WHERE "note" IS NULL;

ALTER TABLE "account" ALTER COLUMN "note" SET NOT NULL;

