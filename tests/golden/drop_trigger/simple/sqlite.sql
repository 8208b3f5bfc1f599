DROP TRIGGER "account_seen";

