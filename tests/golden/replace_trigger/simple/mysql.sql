DROP TRIGGER `account_seen`;

CREATE TRIGGER `account_seen` BEFORE UPDATE ON account FOR EACH ROW SET NEW.seen = 2;

