ALTER TABLE `account` ADD COLUMN `state` ENUM('new','active') NOT NULL DEFAULT 'new', MODIFY COLUMN `note` VARCHAR(200), DROP CONSTRAINT `balance_positive`, ADD CONSTRAINT `balance_small` CHECK (balance < 1000000), ADD INDEX `ix_account_state` (`state`);

-- note: add column 'state' to 'account', alter column 'note' of 'account', drop constraint 'balance_positive' of 'account', create check constraint 'balance_small' on 'account', create index 'ix_account_state' on 'account' copies the table 'account': nobody writes to it meanwhile
