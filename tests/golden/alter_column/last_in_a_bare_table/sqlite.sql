SELECT 1 WHERE json_extract('{}', CASE WHEN NOT EXISTS (
	SELECT name FROM pragma_table_xinfo('bare') WHERE name COLLATE NOCASE NOT IN ('a', 'b')
	UNION ALL SELECT name FROM sqlite_master WHERE tbl_name = 'bare' COLLATE NOCASE AND type IN ('index', 'trigger')
		AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
) THEN '$' ELSE 'retort: cannot rebuild table ''bare'': it has a column, index or trigger that the revisions don''t know and that would be lost' END) IS NULL;

CREATE TABLE "_retort_new_bare" (
	"a" BIGINT,
	"b" TEXT NOT NULL DEFAULT 'x'
);

INSERT INTO "_retort_new_bare" (rowid, "a", "b")
SELECT rowid, "a", coalesce("b", 'y')
FROM "bare" NOT INDEXED;

SELECT 1 WHERE json_extract('{}', CASE WHEN changes() = (SELECT count(*) FROM "bare") THEN '$' ELSE 'retort: cannot rebuild table ''bare'': not every row was copied, a constraint''s ON CONFLICT clause left some out' END) IS NULL;

PRAGMA legacy_alter_table = ON;

DROP TABLE "bare";

ALTER TABLE "_retort_new_bare" RENAME TO "bare";

PRAGMA legacy_alter_table = OFF;

