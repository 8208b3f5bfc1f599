ALTER TABLE "account" ALTER COLUMN "flag" DROP DEFAULT, ALTER COLUMN "flag" TYPE smallint USING "flag"::integer, ALTER COLUMN "flag" SET DEFAULT 1;

