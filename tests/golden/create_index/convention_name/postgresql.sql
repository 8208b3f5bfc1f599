CREATE INDEX "ix_account_balance_note" ON "account" ("balance", "note");

