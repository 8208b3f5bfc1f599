SELECT 1 WHERE json_extract('{}', CASE WHEN NOT EXISTS (
	SELECT name FROM pragma_table_xinfo('login') WHERE name COLLATE NOCASE NOT IN ('id', 'account_id')
	UNION ALL SELECT name FROM sqlite_master WHERE tbl_name = 'login' COLLATE NOCASE AND type IN ('index', 'trigger')
		AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
) THEN '$' ELSE 'retort: cannot rebuild table ''login'': it has a column, index or trigger that the revisions don''t know and that would be lost' END) IS NULL;

CREATE TABLE "_retort_new_login" (
	"id" BIGINT NOT NULL,
	"account_id" BIGINT,
	CONSTRAINT "pk_login" PRIMARY KEY ("id"),
	CONSTRAINT "fk_login" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

INSERT INTO "_retort_new_login" (rowid, "id", "account_id")
SELECT rowid, "id", "account_id"
FROM "login" NOT INDEXED;

SELECT 1 WHERE json_extract('{}', CASE WHEN changes() = (SELECT count(*) FROM "login") THEN '$' ELSE 'retort: cannot rebuild table ''login'': not every row was copied, a constraint''s ON CONFLICT clause left some out' END) IS NULL;

PRAGMA legacy_alter_table = ON;

DROP TABLE "login";

ALTER TABLE "_retort_new_login" RENAME TO "login";

PRAGMA legacy_alter_table = OFF;

-- note: sqlite has no constraints that are checked later: left out
