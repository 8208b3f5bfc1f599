SELECT 1 WHERE json_extract('{}', CASE WHEN NOT EXISTS (
	SELECT name FROM pragma_table_xinfo('account') WHERE name COLLATE NOCASE NOT IN ('id', 'email', 'team_id', 'balance', 'note')
	UNION ALL SELECT name FROM sqlite_master WHERE tbl_name = 'account' COLLATE NOCASE AND type IN ('index', 'trigger')
		AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ('ix_account_team_id', 'ix_account_note')
) THEN '$' ELSE 'retort: cannot rebuild table ''account'': it has a column, index or trigger that the revisions don''t know and that would be lost' END) IS NULL;

CREATE TABLE "_retort_new_account" (
	"id" INTEGER NOT NULL CONSTRAINT "pk_account" PRIMARY KEY AUTOINCREMENT,
	"email" VARCHAR(320),
	"team_id" BIGINT,
	"balance" NUMERIC(12,2) DEFAULT 0 NOT NULL,
	"note" TEXT,
	CONSTRAINT "uq_account_email" UNIQUE ("email"),
	CONSTRAINT "fk_account_team_id_team" FOREIGN KEY ("team_id") REFERENCES "team" ("id") ON DELETE CASCADE,
	CONSTRAINT "balance_positive" CHECK (balance >= 0)
);

INSERT INTO "_retort_new_account" ("id", "email", "team_id", "balance", "note")
SELECT "id", "email", "team_id", "balance", "note"
FROM "account" NOT INDEXED;

SELECT 1 WHERE json_extract('{}', CASE WHEN changes() = (SELECT count(*) FROM "account") THEN '$' ELSE 'retort: cannot rebuild table ''account'': not every row was copied, a constraint''s ON CONFLICT clause left some out' END) IS NULL;

DELETE FROM sqlite_sequence WHERE name = '_retort_new_account';

INSERT INTO sqlite_sequence (name, seq) SELECT '_retort_new_account', seq FROM sqlite_sequence WHERE name = 'account' COLLATE NOCASE;

PRAGMA legacy_alter_table = ON;

DROP TABLE "account";

ALTER TABLE "_retort_new_account" RENAME TO "account";

PRAGMA legacy_alter_table = OFF;

CREATE INDEX "ix_account_team_id" ON "account" ("team_id");

CREATE INDEX "ix_account_note" ON "account" ("note", "balance" DESC) WHERE note <> '';

