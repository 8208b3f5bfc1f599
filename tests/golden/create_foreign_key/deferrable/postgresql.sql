ALTER TABLE "login" ADD CONSTRAINT "fk_login_account_id_account" FOREIGN KEY ("account_id") REFERENCES "account" ("id") MATCH FULL DEFERRABLE INITIALLY DEFERRED;

