ALTER TABLE `account` MODIFY COLUMN `id` BIGINT NOT NULL;

-- note: alter column 'id' of 'account' copies the table 'account': nobody writes to it meanwhile
