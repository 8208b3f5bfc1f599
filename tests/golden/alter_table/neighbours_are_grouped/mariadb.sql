ALTER TABLE `account` MODIFY COLUMN `note` LONGTEXT DEFAULT ('none'), ALGORITHM=INSTANT;

ALTER TABLE `account` MODIFY COLUMN `email` VARCHAR(320), ALGORITHM=INPLACE;

ALTER TABLE `account` ADD CONSTRAINT `note_short` CHECK (length(note) < 100);

-- note: create check constraint 'note_short' on 'account' copies the table 'account': nobody writes to it meanwhile
