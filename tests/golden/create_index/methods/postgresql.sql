CREATE INDEX "ix_account_data" ON "account" USING gin ("data");

CREATE INDEX "ix_account_code" ON "account" ("code" text_pattern_ops DESC NULLS LAST) INCLUDE ("balance");

CREATE UNIQUE INDEX "ix_account_lower" ON "account" ((lower(email) || code)) WHERE balance > 0;

