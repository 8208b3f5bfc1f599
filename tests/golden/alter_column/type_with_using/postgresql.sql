DROP INDEX "ix_account_note";

ALTER TABLE "account" ALTER COLUMN "note" TYPE integer USING CAST(note AS integer);

CREATE INDEX "ix_account_note" ON "account" ("note", "balance" DESC) WHERE note <> '';

