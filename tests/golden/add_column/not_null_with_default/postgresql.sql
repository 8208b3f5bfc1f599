ALTER TABLE "account" ADD COLUMN "logins" integer DEFAULT 0 NOT NULL;

