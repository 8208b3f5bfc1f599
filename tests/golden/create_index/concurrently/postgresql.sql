CREATE INDEX CONCURRENTLY "ix_account_balance" ON "account" ("balance");

DROP INDEX CONCURRENTLY "ix_account_open";

