UPDATE `account` SET `state` = CASE `state` WHEN 'active' THEN 'new' ELSE `state` END;

ALTER TABLE `account` MODIFY COLUMN `state` ENUM('new','closed') NOT NULL DEFAULT 'new';

-- note: alter column 'state' of 'account' copies the table 'account': nobody writes to it meanwhile
