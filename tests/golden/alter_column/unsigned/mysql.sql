ALTER TABLE `account` ADD COLUMN `age` INT UNSIGNED, ALGORITHM=INSTANT;

ALTER TABLE `account` MODIFY COLUMN `age` INT;

ALTER TABLE `account` MODIFY COLUMN `age` SMALLINT UNSIGNED;

-- note: alter column 'age' of 'account' copies the table 'account': nobody writes to it meanwhile
