ALTER TABLE "account" ADD COLUMN "state" TEXT DEFAULT 'new' NOT NULL CONSTRAINT "ck_account_state" CHECK ("state" IN ('new', 'active'));

