ALTER TABLE `account` MODIFY COLUMN `code` INT;

-- note: alter column 'code' of 'account' copies the table 'account': nobody writes to it meanwhile
