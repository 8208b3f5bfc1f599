ALTER TABLE `account` DROP CHECK `balance_positive`, ALGORITHM=INPLACE;

