ALTER TABLE "account" ALTER COLUMN "note" SET DEFAULT 'none';

DELETE FROM "team" WHERE id = 1;

