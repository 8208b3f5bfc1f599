CREATE TABLE `member` (
	`team_id` BIGINT NOT NULL,
	`account_id` BIGINT NOT NULL,
	`since` DATE,
	PRIMARY KEY (`team_id`, `account_id`),
	CONSTRAINT `one_a_day` UNIQUE (`account_id`, `since`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

