ALTER TABLE `account` DROP INDEX `uq_account_email`, DROP COLUMN `email`, ALGORITHM=INPLACE;

