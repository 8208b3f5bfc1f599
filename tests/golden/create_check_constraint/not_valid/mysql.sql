ALTER TABLE `account` ADD CONSTRAINT `short` CHECK (length(code) < 5);

-- note: mysql has no constraints that are checked later: left out
-- note: create check constraint 'short' on 'account' copies the table 'account': nobody writes to it meanwhile
