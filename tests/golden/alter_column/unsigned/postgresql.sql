ALTER TABLE "account" ADD COLUMN "age" bigint CONSTRAINT "ck_account_age" CHECK ("age" >= 0);

ALTER TABLE "account" DROP CONSTRAINT "ck_account_age", ALTER COLUMN "age" TYPE integer;

ALTER TABLE "account" ALTER COLUMN "age" TYPE integer, ADD CONSTRAINT "ck_account_age" CHECK ("age" >= 0);

