ALTER TABLE `account` MODIFY COLUMN `state` ENUM('new','active') NOT NULL DEFAULT 'new';

-- note: alter column 'state' of 'account' copies the table 'account': nobody writes to it meanwhile
