ALTER TABLE `account` MODIFY COLUMN `double` DECIMAL(12,2) GENERATED ALWAYS AS (balance + balance) STORED;

-- note: alter column 'double' of 'account' copies the table 'account': nobody writes to it meanwhile
