ALTER TABLE "account" RENAME TO "person";

DROP INDEX "ix_account_team_id";

CREATE INDEX "ix_person_team_id" ON "person" ("team_id");

