ALTER TABLE `account` ADD COLUMN `created_at` DATETIME(6) NOT NULL DEFAULT (utc_timestamp(6));

-- note: add column 'created_at' to 'account' copies the table 'account': nobody writes to it meanwhile
