DROP INDEX "ix_account_note";

