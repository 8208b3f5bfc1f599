CREATE INDEX "ix_account_data" ON "account" ("data");

CREATE INDEX "ix_account_code" ON "account" ("code" DESC);

CREATE UNIQUE INDEX "ix_account_lower" ON "account" ((lower(email) || code)) WHERE balance > 0;

-- note: sqlite has no index methods (using): left out
-- note: sqlite has no columns beside the key of an index (include): left out
-- note: sqlite has no order of nulls in an index: left out
-- note: sqlite has no operator classes: left out
