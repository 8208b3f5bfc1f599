CREATE TYPE "account_state" AS ENUM ('new', 'active');

ALTER TABLE "account" ALTER COLUMN "state" TYPE "account_state" USING "state"::"account_state", ALTER COLUMN "state" SET DEFAULT 'new';

