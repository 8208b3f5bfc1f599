ALTER TABLE `account` ADD COLUMN `age` INT, ADD CONSTRAINT `ck_account_age` CHECK (age > 0);

-- note: add column 'age' to 'account', create check constraint 'ck_account_age' on 'account' copies the table 'account': nobody writes to it meanwhile
