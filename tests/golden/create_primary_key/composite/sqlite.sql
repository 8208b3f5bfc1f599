SELECT 1 WHERE json_extract('{}', CASE WHEN NOT EXISTS (
	SELECT name FROM pragma_table_xinfo('line') WHERE name COLLATE NOCASE NOT IN ('number', 'position')
	UNION ALL SELECT name FROM sqlite_master WHERE tbl_name = 'line' COLLATE NOCASE AND type IN ('index', 'trigger')
		AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
) THEN '$' ELSE 'retort: cannot rebuild table ''line'': it has a column, index or trigger that the revisions don''t know and that would be lost' END) IS NULL;

CREATE TABLE "_retort_new_line" (
	"number" INTEGER NOT NULL,
	"position" INTEGER NOT NULL,
	CONSTRAINT "pk_line" PRIMARY KEY ("number", "position")
);

INSERT INTO "_retort_new_line" (rowid, "number", "position")
SELECT rowid, "number", "position"
FROM "line" NOT INDEXED;

SELECT 1 WHERE json_extract('{}', CASE WHEN changes() = (SELECT count(*) FROM "line") THEN '$' ELSE 'retort: cannot rebuild table ''line'': not every row was copied, a constraint''s ON CONFLICT clause left some out' END) IS NULL;

PRAGMA legacy_alter_table = ON;

DROP TABLE "line";

ALTER TABLE "_retort_new_line" RENAME TO "line";

PRAGMA legacy_alter_table = OFF;

