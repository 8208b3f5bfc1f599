ALTER TABLE "account" ALTER COLUMN "note" SET DEFAULT 'none';

