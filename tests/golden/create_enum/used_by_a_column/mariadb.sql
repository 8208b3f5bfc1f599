CREATE TABLE `car` (
	`id` BIGINT NOT NULL,
	`paint` ENUM('red','green') DEFAULT 'red',
	PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

