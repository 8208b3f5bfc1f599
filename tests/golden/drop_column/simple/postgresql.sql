DROP INDEX "ix_account_note";

ALTER TABLE "account" DROP COLUMN "note";

