ALTER TABLE `account` DROP CHECK `balance_positive`, ADD CONSTRAINT `no_debt` CHECK (balance >= 0);

-- note: rename constraint 'balance_positive' of 'account' to 'no_debt' copies the table 'account': nobody writes to it meanwhile
