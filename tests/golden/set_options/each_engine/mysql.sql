ALTER TABLE `account` ROW_FORMAT=COMPRESSED;

ALTER TABLE `account` CONVERT TO CHARACTER SET latin1 COLLATE latin1_bin;

ALTER TABLE `account` MODIFY COLUMN `code` VARCHAR(10) COLLATE utf8mb4_bin;

-- note: set options of 'account' copies the table 'account': nobody writes to it meanwhile
