ALTER TABLE `account` MODIFY COLUMN `flag` SMALLINT DEFAULT 1;

-- note: alter column 'flag' of 'account' copies the table 'account': nobody writes to it meanwhile
