ALTER TABLE `account` DROP CHECK `balance_positive`, ADD CONSTRAINT `balance_positive` CHECK (credit >= 0), RENAME COLUMN `balance` TO `credit`;

-- note: rename column 'balance' of 'account' to 'credit' copies the table 'account': nobody writes to it meanwhile
