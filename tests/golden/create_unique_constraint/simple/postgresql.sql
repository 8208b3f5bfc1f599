ALTER TABLE "account" ADD CONSTRAINT "uq_account_team_id_note" UNIQUE ("team_id", "note");

