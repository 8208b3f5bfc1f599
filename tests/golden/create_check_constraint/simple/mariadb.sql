ALTER TABLE `account` ADD CONSTRAINT `note_short` CHECK (length(note) < 100);

-- note: create check constraint 'note_short' on 'account' copies the table 'account': nobody writes to it meanwhile
