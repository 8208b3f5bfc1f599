ALTER TABLE `account` MODIFY COLUMN `balance` DECIMAL(14,4) NOT NULL DEFAULT 0;

-- note: alter column 'balance' of 'account' copies the table 'account': nobody writes to it meanwhile
