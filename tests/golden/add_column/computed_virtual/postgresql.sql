ALTER TABLE "account" ADD COLUMN "debt" numeric(12,2) GENERATED ALWAYS AS (0 - balance) STORED;

-- note: postgresql has no virtual computed columns, stored ones instead: left out
