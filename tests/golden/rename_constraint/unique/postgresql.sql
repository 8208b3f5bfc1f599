ALTER TABLE "account" RENAME CONSTRAINT "uq_mail" TO "uq_account_mail";

