ALTER TABLE "account" ADD COLUMN "number" serial NOT NULL;

