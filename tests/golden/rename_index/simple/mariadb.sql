ALTER TABLE `account` RENAME INDEX `ix_account_note` TO `ix_notes`, ALGORITHM=INPLACE;

