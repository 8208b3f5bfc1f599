SELECT 1 WHERE json_extract('{}', CASE WHEN NOT EXISTS (
	SELECT name FROM pragma_table_xinfo('account') WHERE name COLLATE NOCASE NOT IN ('id', 'email', 'code')
	UNION ALL SELECT name FROM sqlite_master WHERE tbl_name = 'account' COLLATE NOCASE AND type IN ('index', 'trigger')
		AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
) THEN '$' ELSE 'retort: cannot rebuild table ''account'': it has a column, index or trigger that the revisions don''t know and that would be lost' END) IS NULL;

CREATE TABLE "_retort_new_account" (
	"id" BIGINT NOT NULL,
	"email" VARCHAR(100),
	"code" VARCHAR(10),
	CONSTRAINT "pk_account" PRIMARY KEY ("id")
) WITHOUT ROWID;

INSERT INTO "_retort_new_account" ("id", "email", "code")
SELECT "id", "email", "code"
FROM "account" NOT INDEXED;

SELECT 1 WHERE json_extract('{}', CASE WHEN changes() = (SELECT count(*) FROM "account") THEN '$' ELSE 'retort: cannot rebuild table ''account'': not every row was copied, a constraint''s ON CONFLICT clause left some out' END) IS NULL;

PRAGMA legacy_alter_table = ON;

DROP TABLE "account";

ALTER TABLE "_retort_new_account" RENAME TO "account";

PRAGMA legacy_alter_table = OFF;

