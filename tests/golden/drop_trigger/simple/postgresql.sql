DROP TRIGGER "account_seen" ON "account";

