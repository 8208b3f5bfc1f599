-- equals 0
SELECT count(*) FROM account;

DROP TABLE `account`;

