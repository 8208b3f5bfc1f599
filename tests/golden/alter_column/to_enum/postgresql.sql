DROP INDEX "ix_account_note";

CREATE TYPE "account_note" AS ENUM ('good', 'bad');

ALTER TABLE "account" ALTER COLUMN "note" TYPE "account_note" USING "note"::"account_note";

CREATE INDEX "ix_account_note" ON "account" ("note", "balance" DESC) WHERE note <> '';

