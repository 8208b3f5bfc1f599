ALTER TABLE "account" ALTER COLUMN "code" TYPE integer USING CAST(code AS integer) + 1;

