ALTER TABLE "account" ADD COLUMN "created_at" timestamptz DEFAULT now() NOT NULL;

