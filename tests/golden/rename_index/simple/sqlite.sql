DROP INDEX "ix_account_note";

CREATE INDEX "ix_notes" ON "account" ("note", "balance" DESC) WHERE note <> '';

