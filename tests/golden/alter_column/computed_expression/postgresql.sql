ALTER TABLE "account" DROP COLUMN "double";

ALTER TABLE "account" ADD COLUMN "double" numeric(12,2) GENERATED ALWAYS AS (balance + balance) STORED;

CREATE INDEX "ix_account_double" ON "account" ("double");

