ALTER TABLE "account" DROP CONSTRAINT "balance_positive";

