ALTER TABLE "account" DROP CONSTRAINT "uq_account_email", DROP COLUMN "email";

