ALTER TABLE `account` DROP FOREIGN KEY `fk_account_team_id_team`, ALGORITHM=INPLACE;

