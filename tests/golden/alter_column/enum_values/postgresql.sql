DROP INDEX "ix_account_open";

ALTER TABLE "account" DROP CONSTRAINT "ck_account_state";

ALTER TYPE "account_state" RENAME TO "retort_old_account_state";

CREATE TYPE "account_state" AS ENUM ('new', 'active', 'closed', 'gone');

ALTER TABLE "account" ALTER COLUMN "state" DROP DEFAULT, ALTER COLUMN "state" TYPE "account_state" USING "state"::text::"account_state", ALTER COLUMN "state" SET DEFAULT 'new';

DROP TYPE "retort_old_account_state";

ALTER TABLE "account" ADD CONSTRAINT "ck_account_state" CHECK (state <> 'closed' OR email <> '');

CREATE INDEX "ix_account_open" ON "account" ("email") WHERE state <> 'closed';

