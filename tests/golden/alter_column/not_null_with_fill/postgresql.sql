UPDATE "account" SET "note" = '' WHERE "note" IS NULL;

ALTER TABLE "account" ALTER COLUMN "note" SET NOT NULL;

