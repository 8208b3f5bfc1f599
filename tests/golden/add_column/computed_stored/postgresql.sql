ALTER TABLE "account" ADD COLUMN "debt" numeric(12,2) GENERATED ALWAYS AS (0 - balance) STORED;

