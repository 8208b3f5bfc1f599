ALTER TABLE "invoice" RENAME COLUMN "net" TO "amount";

