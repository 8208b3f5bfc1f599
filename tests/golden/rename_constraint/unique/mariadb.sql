ALTER TABLE `account` RENAME INDEX `uq_mail` TO `uq_account_mail`, ALGORITHM=INPLACE;

