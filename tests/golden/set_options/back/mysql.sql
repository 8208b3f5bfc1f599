ALTER TABLE `account` ENGINE=InnoDB;

ALTER TABLE `account` CONVERT TO CHARACTER SET utf8mb4;

-- note: set options of 'account' copies the table 'account': nobody writes to it meanwhile
