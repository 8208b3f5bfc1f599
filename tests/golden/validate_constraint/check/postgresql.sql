ALTER TABLE "account" VALIDATE CONSTRAINT "ck_account_balance";

