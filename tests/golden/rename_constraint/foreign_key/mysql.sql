ALTER TABLE `account` DROP FOREIGN KEY `fk_account_team`, ADD CONSTRAINT `fk_team` FOREIGN KEY (`team_id`) REFERENCES `team` (`id`), RENAME INDEX `fk_account_team` TO `fk_team`;

-- note: rename constraint 'fk_account_team' of 'account' to 'fk_team' copies the table 'account': nobody writes to it meanwhile
