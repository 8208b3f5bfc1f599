RENAME TABLE `account` TO `person`;

SET foreign_key_checks = 0;

ALTER TABLE `person` RENAME INDEX `uq_account_email` TO `uq_person_email`, DROP FOREIGN KEY `fk_account_team_id_team`, ADD CONSTRAINT `fk_person_team_id_team` FOREIGN KEY (`team_id`) REFERENCES `team` (`id`) ON DELETE CASCADE, RENAME INDEX `ix_account_team_id` TO `ix_person_team_id`, ALGORITHM=INPLACE;

SET foreign_key_checks = 1;

ALTER TABLE `person` MODIFY COLUMN `note` LONGTEXT DEFAULT ('none'), ALGORITHM=INSTANT;

