INSERT INTO `account` (`id`, `email`, `balance`, `note`) VALUES
	(1, 'a@example.org', 12.50, 'it''s'),
	(2, 'b@example.org', 0, NULL);

