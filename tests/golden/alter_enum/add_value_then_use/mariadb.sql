ALTER TABLE `car` MODIFY COLUMN `paint` ENUM('red','green','blue') DEFAULT 'red', ALGORITHM=INSTANT;

INSERT INTO `car` (`id`, `paint`) VALUES
	(1, 'blue');

