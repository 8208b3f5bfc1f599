ALTER TABLE `account` ADD COLUMN `retort_new_note` INT AFTER `note`, ALGORITHM=INSTANT;

UPDATE `account` SET `retort_new_note` = CAST(note AS signed);

ALTER TABLE `account` DROP INDEX `ix_account_note`, ADD INDEX `ix_account_note` (`note`, `balance` DESC), DROP COLUMN `note`, CHANGE COLUMN `retort_new_note` `note` INT;

-- note: alter column 'note' of 'account' copies the table 'account': nobody writes to it meanwhile
