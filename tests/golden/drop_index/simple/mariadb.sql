ALTER TABLE `account` DROP INDEX `ix_account_note`, ALGORITHM=INPLACE;

