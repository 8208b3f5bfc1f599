ALTER TABLE "account" RENAME CONSTRAINT "fk_account_team" TO "fk_team";

