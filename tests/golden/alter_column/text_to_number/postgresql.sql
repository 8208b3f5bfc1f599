ALTER TABLE "account" ALTER COLUMN "code" TYPE integer USING "code"::integer;

