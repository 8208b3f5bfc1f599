CREATE TYPE "account_state" AS ENUM ('new', 'active');

ALTER TABLE "account" ADD COLUMN "state" "account_state" DEFAULT 'new' NOT NULL, ALTER COLUMN "note" TYPE varchar(200), DROP CONSTRAINT "balance_positive", ADD CONSTRAINT "balance_small" CHECK (balance < 1000000);

CREATE INDEX "ix_account_state" ON "account" ("state");

