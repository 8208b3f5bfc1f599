ALTER TABLE `account` ADD COLUMN `retort_new_code` INT AFTER `code`, ALGORITHM=INSTANT;

UPDATE `account` SET `retort_new_code` = CAST(code AS signed) + 1;

ALTER TABLE `account` DROP COLUMN `code`, CHANGE COLUMN `retort_new_code` `code` INT;

-- note: alter column 'code' of 'account' copies the table 'account': nobody writes to it meanwhile
