INSERT INTO `account` (`id`, `email`, `balance`) VALUES
	(1, 'c@example.org', 5),
	(3, 'd@example.org', 6) ON DUPLICATE KEY UPDATE `email` = VALUES(`email`), `balance` = VALUES(`balance`);

INSERT INTO `account` (`email`) VALUES
	('d@example.org') ON DUPLICATE KEY UPDATE `email` = `email`;

