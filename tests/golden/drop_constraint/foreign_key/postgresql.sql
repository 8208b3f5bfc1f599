ALTER TABLE "account" DROP CONSTRAINT "fk_account_team_id_team";

