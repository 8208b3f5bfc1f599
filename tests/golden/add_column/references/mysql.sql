ALTER TABLE `account` ADD COLUMN `manager_id` BIGINT, ADD CONSTRAINT `fk_account_manager_id_account` FOREIGN KEY (`manager_id`) REFERENCES `account` (`id`) ON DELETE SET NULL, ADD INDEX `ix_account_manager_id` (`manager_id`);

-- note: add column 'manager_id' to 'account', create foreign key 'fk_account_manager_id_account' on 'account', create index 'ix_account_manager_id' on 'account' copies the table 'account': nobody writes to it meanwhile
