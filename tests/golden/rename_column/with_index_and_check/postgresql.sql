ALTER TABLE "account" RENAME COLUMN "balance" TO "credit";

