ALTER TABLE `account` MODIFY COLUMN `note` ENUM('good','bad'), DROP INDEX `ix_account_note`, ADD INDEX `ix_account_note` (`note`, `balance` DESC);

-- note: alter column 'note' of 'account' copies the table 'account': nobody writes to it meanwhile
