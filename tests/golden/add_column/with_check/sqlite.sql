ALTER TABLE "account" ADD COLUMN "age" INTEGER CONSTRAINT "ck_account_age" CHECK (age > 0);

