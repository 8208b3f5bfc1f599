DROP INDEX "ix_account_open";

ALTER TABLE "account" DROP CONSTRAINT "ck_account_state";

ALTER TABLE "account" ALTER COLUMN "state" DROP DEFAULT, ALTER COLUMN "state" TYPE varchar(20), ALTER COLUMN "state" SET DEFAULT 'new';

DROP TYPE "account_state";

ALTER TABLE "account" ADD CONSTRAINT "ck_account_state" CHECK (state <> 'closed' OR email <> '');

CREATE INDEX "ix_account_open" ON "account" ("email") WHERE state <> 'closed';

