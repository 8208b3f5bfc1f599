ALTER TABLE "account" ADD COLUMN "country" char(2);

UPDATE "account" SET "country" = 'DE';

ALTER TABLE "account" ALTER COLUMN "country" SET NOT NULL;

