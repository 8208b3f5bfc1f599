ALTER TABLE `account` MODIFY COLUMN `state` ENUM('new','active','closed','gone') NOT NULL DEFAULT 'new', ALGORITHM=INSTANT;

