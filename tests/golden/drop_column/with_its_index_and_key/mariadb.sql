ALTER TABLE `account` DROP FOREIGN KEY `fk_account_team_id_team`, DROP INDEX `ix_account_team_id`, DROP COLUMN `team_id`, ALGORITHM=INPLACE;

