SELECT 1 WHERE json_extract('{}', CASE WHEN NOT EXISTS (
	SELECT name FROM pragma_table_xinfo('account') WHERE name COLLATE NOCASE NOT IN ('id', 'state')
	UNION ALL SELECT name FROM sqlite_master WHERE tbl_name = 'account' COLLATE NOCASE AND type IN ('index', 'trigger')
		AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
) THEN '$' ELSE 'retort: cannot rebuild table ''account'': it has a column, index or trigger that the revisions don''t know and that would be lost' END) IS NULL;

CREATE TABLE "_retort_new_account" (
	"id" BIGINT NOT NULL,
	"state" TEXT DEFAULT 'new' NOT NULL CONSTRAINT "ck_account_state" CHECK ("state" IN ('new', 'active')),
	CONSTRAINT "pk_account" PRIMARY KEY ("id")
);

INSERT INTO "_retort_new_account" (rowid, "id", "state")
SELECT rowid, "id", "state"
FROM "account" NOT INDEXED;

SELECT 1 WHERE json_extract('{}', CASE WHEN changes() = (SELECT count(*) FROM "account") THEN '$' ELSE 'retort: cannot rebuild table ''account'': not every row was copied, a constraint''s ON CONFLICT clause left some out' END) IS NULL;

PRAGMA legacy_alter_table = ON;

DROP TABLE "account";

ALTER TABLE "_retort_new_account" RENAME TO "account";

PRAGMA legacy_alter_table = OFF;

