DROP TABLE `account`;

