ALTER TABLE "account" ADD COLUMN "age" integer, ADD CONSTRAINT "ck_account_age" CHECK (age > 0);

