ALTER TABLE "account" ADD COLUMN "nick" varchar(40);

ALTER TABLE "account" ALTER COLUMN "score" TYPE bigint;

ALTER TABLE "account" ADD CONSTRAINT "fk_account_team_id_team" FOREIGN KEY ("team_id") REFERENCES "team" ("id");

ALTER TABLE "account" ALTER COLUMN "nick" SET DEFAULT 'none', DROP COLUMN "note";

