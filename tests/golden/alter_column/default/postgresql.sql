ALTER TABLE "account" ALTER COLUMN "note" SET DEFAULT 'it''s new';

