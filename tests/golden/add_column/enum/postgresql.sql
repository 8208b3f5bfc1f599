CREATE TYPE "account_state" AS ENUM ('new', 'active');

ALTER TABLE "account" ADD COLUMN "state" "account_state" DEFAULT 'new' NOT NULL;

