DROP INDEX "ix_account_team_id";

ALTER TABLE "account" DROP CONSTRAINT "fk_account_team_id_team", DROP COLUMN "team_id";

