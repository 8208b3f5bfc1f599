ALTER TABLE `account` MODIFY COLUMN `state` ENUM('new','active','closed','fresh') NOT NULL DEFAULT 'new', ALGORITHM=INSTANT;

UPDATE `account` SET `state` = CASE `state` WHEN 'new' THEN 'fresh' ELSE `state` END;

ALTER TABLE `account` MODIFY COLUMN `state` ENUM('fresh','active','closed') NOT NULL DEFAULT 'fresh';

-- note: alter column 'state' of 'account' copies the table 'account': nobody writes to it meanwhile
