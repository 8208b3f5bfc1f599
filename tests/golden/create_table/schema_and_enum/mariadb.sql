CREATE TABLE `sales`.`deal` (
	`id` BIGINT NOT NULL AUTO_INCREMENT,
	`state` ENUM('open','won') DEFAULT 'open',
	PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='in another schema';

