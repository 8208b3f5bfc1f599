ALTER TABLE `account` ADD COLUMN `nick` VARCHAR(40), ALGORITHM=INSTANT;

ALTER TABLE `account` MODIFY COLUMN `score` BIGINT, ADD CONSTRAINT `fk_account_team_id_team` FOREIGN KEY (`team_id`) REFERENCES `team` (`id`), ADD INDEX `fk_account_team_id_team` (`team_id`);

ALTER TABLE `account` ALTER COLUMN `nick` SET DEFAULT 'none', DROP COLUMN `note`, ALGORITHM=INSTANT;

-- note: alter column 'score' of 'account', create foreign key 'fk_account_team_id_team' on 'account' copies the table 'account': nobody writes to it meanwhile
