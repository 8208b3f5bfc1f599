ALTER TABLE `account` ADD UNIQUE INDEX `ix_email` ((lower(email)), `id`);

-- note: create index 'ix_email' on 'account' copies the table 'account': nobody writes to it meanwhile
