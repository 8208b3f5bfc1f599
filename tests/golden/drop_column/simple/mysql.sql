ALTER TABLE `account` DROP INDEX `ix_account_note`, DROP COLUMN `note`, ALGORITHM=INPLACE;

