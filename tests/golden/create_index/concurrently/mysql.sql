ALTER TABLE `account` ADD INDEX `ix_account_balance` (`balance`), DROP INDEX `ix_account_open`, ALGORITHM=INPLACE;

-- note: mysql has no concurrent work on indexes: left out
