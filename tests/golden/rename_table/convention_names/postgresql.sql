ALTER TABLE "account" RENAME TO "person";

ALTER TABLE "person" RENAME CONSTRAINT "pk_account" TO "pk_person";

ALTER TABLE "person" RENAME CONSTRAINT "uq_account_email" TO "uq_person_email";

ALTER TABLE "person" RENAME CONSTRAINT "fk_account_team_id_team" TO "fk_person_team_id_team";

ALTER INDEX "ix_account_team_id" RENAME TO "ix_person_team_id";

