ALTER TABLE `account` MODIFY COLUMN `code` VARCHAR(10) COMMENT 'a ''code''';

-- note: comment on column 'code' of 'account' copies the table 'account': nobody writes to it meanwhile
