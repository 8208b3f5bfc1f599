DELETE FROM `account` WHERE balance = 0;

