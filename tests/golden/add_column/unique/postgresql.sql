ALTER TABLE "account" ADD COLUMN "phone" varchar(30), ADD CONSTRAINT "uq_account_phone" UNIQUE ("phone");

