DROP TRIGGER "account_seen";

CREATE TRIGGER "account_seen" AFTER UPDATE ON account BEGIN UPDATE account SET seen = 2 WHERE id = NEW.id AND seen <> 2; END;

