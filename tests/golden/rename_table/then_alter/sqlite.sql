ALTER TABLE "account" RENAME TO "person";

DROP INDEX "ix_account_team_id";

CREATE INDEX "ix_person_team_id" ON "person" ("team_id");

SELECT 1 WHERE json_extract('{}', CASE WHEN NOT EXISTS (
	SELECT name FROM pragma_table_xinfo('person') WHERE name COLLATE NOCASE NOT IN ('id', 'email', 'team_id', 'balance', 'note')
	UNION ALL SELECT name FROM sqlite_master WHERE tbl_name = 'person' COLLATE NOCASE AND type IN ('index', 'trigger')
		AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('ix_person_team_id', 'ix_account_note')
) THEN '$' ELSE 'retort: cannot rebuild table ''person'': it has a column, index or trigger that the revisions don''t know and that would be lost' END) IS NULL;

CREATE TABLE "_retort_new_person" (
	"id" INTEGER NOT NULL CONSTRAINT "pk_account" PRIMARY KEY AUTOINCREMENT,
	"email" VARCHAR(320) NOT NULL,
	"team_id" BIGINT,
	"balance" NUMERIC(12,2) DEFAULT 0 NOT NULL,
	"note" TEXT DEFAULT 'none',
	CONSTRAINT "uq_account_email" UNIQUE ("email"),
	CONSTRAINT "fk_account_team_id_team" FOREIGN KEY ("team_id") REFERENCES "team" ("id") ON DELETE CASCADE,
	CONSTRAINT "balance_positive" CHECK (balance >= 0)
);

INSERT INTO "_retort_new_person" ("id", "email", "team_id", "balance", "note")
SELECT "id", "email", "team_id", "balance", "note"
FROM "person" NOT INDEXED;

SELECT 1 WHERE json_extract('{}', CASE WHEN changes() = (SELECT count(*) FROM "person") THEN '$' ELSE 'retort: cannot rebuild table ''person'': not every row was copied, a constraint''s ON CONFLICT clause left some out' END) IS NULL;

DELETE FROM sqlite_sequence WHERE name = '_retort_new_person';

INSERT INTO sqlite_sequence (name, seq) SELECT '_retort_new_person', seq FROM sqlite_sequence WHERE name = 'person' COLLATE NOCASE;

PRAGMA legacy_alter_table = ON;

DROP TABLE "person";

ALTER TABLE "_retort_new_person" RENAME TO "person";

PRAGMA legacy_alter_table = OFF;

CREATE INDEX "ix_person_team_id" ON "person" ("team_id");

CREATE INDEX "ix_account_note" ON "person" ("note", "balance" DESC) WHERE note <> '';

