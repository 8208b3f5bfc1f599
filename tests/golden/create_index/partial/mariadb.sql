ALTER TABLE `account` ADD INDEX `ix_rich` (`balance` DESC), ALGORITHM=INPLACE;

-- note: mariadb has no partial indexes (where): left out
