ALTER TABLE `account` ADD COLUMN `state` ENUM('new','active') NOT NULL DEFAULT 'new', ALGORITHM=INSTANT;

