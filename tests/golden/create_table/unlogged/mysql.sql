CREATE TABLE `cache` (
	`key` VARCHAR(80) NOT NULL,
	`state` ENUM('a','b'),
	PRIMARY KEY (`key`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

