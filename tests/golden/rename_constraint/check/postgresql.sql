ALTER TABLE "account" RENAME CONSTRAINT "balance_positive" TO "no_debt";

