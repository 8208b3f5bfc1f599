ALTER TABLE "account" ADD COLUMN "nick" varchar(30);

