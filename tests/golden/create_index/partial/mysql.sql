ALTER TABLE `account` ADD INDEX `ix_rich` (`balance` DESC), ALGORITHM=INPLACE;

-- note: mysql has no partial indexes (where): left out
