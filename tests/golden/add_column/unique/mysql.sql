ALTER TABLE `account` ADD COLUMN `phone` VARCHAR(30), ADD CONSTRAINT `uq_account_phone` UNIQUE (`phone`), ALGORITHM=INPLACE;

