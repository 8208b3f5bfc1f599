CREATE INDEX "ix_account_balance" ON "account" ("balance");

DROP INDEX "ix_account_open";

-- note: sqlite has no concurrent work on indexes: left out
