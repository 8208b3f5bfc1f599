UPDATE `account` SET `balance` = (balance * 2), `note` = 'rich' WHERE balance > 100;

