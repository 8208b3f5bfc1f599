SELECT 1 WHERE json_extract('{}', CASE WHEN NOT EXISTS (
	SELECT name FROM pragma_table_xinfo('ticket') WHERE name COLLATE NOCASE NOT IN ('id')
	UNION ALL SELECT name FROM sqlite_master WHERE tbl_name = 'ticket' COLLATE NOCASE AND type IN ('index', 'trigger')
		AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
) THEN '$' ELSE 'retort: cannot rebuild table ''ticket'': it has a column, index or trigger that the revisions don''t know and that would be lost' END) IS NULL;

CREATE TABLE "_retort_new_ticket" (
	"id" INTEGER NOT NULL CONSTRAINT "pk_ticket" PRIMARY KEY AUTOINCREMENT
);

INSERT INTO "_retort_new_ticket" ("id")
SELECT "id"
FROM "ticket" NOT INDEXED;

SELECT 1 WHERE json_extract('{}', CASE WHEN changes() = (SELECT count(*) FROM "ticket") THEN '$' ELSE 'retort: cannot rebuild table ''ticket'': not every row was copied, a constraint''s ON CONFLICT clause left some out' END) IS NULL;

DELETE FROM sqlite_sequence WHERE name = '_retort_new_ticket';

INSERT INTO sqlite_sequence (name, seq) SELECT '_retort_new_ticket', seq FROM sqlite_sequence WHERE name = 'ticket' COLLATE NOCASE;

PRAGMA legacy_alter_table = ON;

DROP TABLE "ticket";

ALTER TABLE "_retort_new_ticket" RENAME TO "ticket";

PRAGMA legacy_alter_table = OFF;

