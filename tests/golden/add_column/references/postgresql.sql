ALTER TABLE "account" ADD COLUMN "manager_id" bigint, ADD CONSTRAINT "fk_account_manager_id_account" FOREIGN KEY ("manager_id") REFERENCES "account" ("id") ON DELETE SET NULL;

CREATE INDEX "ix_account_manager_id" ON "account" ("manager_id");

