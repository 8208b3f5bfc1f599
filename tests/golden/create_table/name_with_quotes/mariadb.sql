CREATE TABLE `order "of" things` (
	`id` INT NOT NULL,
	`select` LONGTEXT NOT NULL,
	`größe` INT,
	PRIMARY KEY (`id`),
	CONSTRAINT `ck_order "of" things_größe` CHECK (größe > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

