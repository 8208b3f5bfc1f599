SET foreign_key_checks = 0;

ALTER TABLE `account` DROP FOREIGN KEY `fk_account_team`, ADD CONSTRAINT `fk_team` FOREIGN KEY (`team_id`) REFERENCES `team` (`id`), RENAME INDEX `fk_account_team` TO `fk_team`, ALGORITHM=INPLACE;

SET foreign_key_checks = 1;

