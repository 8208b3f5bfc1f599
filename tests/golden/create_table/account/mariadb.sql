CREATE TABLE `team` (
	`id` BIGINT NOT NULL AUTO_INCREMENT,
	PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE `account` (
	`id` BIGINT NOT NULL AUTO_INCREMENT,
	`email` VARCHAR(320) NOT NULL,
	`team_id` BIGINT,
	`state` ENUM('new','active','closed') NOT NULL DEFAULT 'new',
	`balance` DECIMAL(12,2) NOT NULL DEFAULT 0,
	`created_at` DATETIME(6) NOT NULL DEFAULT (utc_timestamp(6)),
	`email_lower` VARCHAR(320) GENERATED ALWAYS AS (lower(email)) STORED,
	PRIMARY KEY (`id`),
	CONSTRAINT `uq_account_email` UNIQUE (`email`),
	CONSTRAINT `fk_account_team_id_team` FOREIGN KEY (`team_id`) REFERENCES `team` (`id`) ON DELETE CASCADE,
	CONSTRAINT `balance_positive` CHECK (balance >= 0),
	INDEX `ix_account_team_id` (`team_id`),
	INDEX `ix_account_state` (`state`, `created_at` DESC)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='people who can sign in';

-- note: mariadb has no partial indexes (where): left out
