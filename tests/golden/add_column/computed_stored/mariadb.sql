ALTER TABLE `account` ADD COLUMN `debt` DECIMAL(12,2) GENERATED ALWAYS AS (0 - balance) STORED;

-- note: add column 'debt' to 'account' copies the table 'account': nobody writes to it meanwhile
