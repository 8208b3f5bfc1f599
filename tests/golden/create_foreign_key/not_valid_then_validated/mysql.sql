ALTER TABLE `login` ADD CONSTRAINT `fk_login` FOREIGN KEY (`account_id`) REFERENCES `account` (`id`) ON DELETE SET NULL ON UPDATE CASCADE, ADD INDEX `fk_login` (`account_id`);

-- note: mysql has no constraints that are checked later: left out
-- note: create foreign key 'fk_login' on 'login' copies the table 'login': nobody writes to it meanwhile
