SELECT 1 WHERE json_extract('{}', CASE WHEN NOT EXISTS (
	SELECT name FROM pragma_table_xinfo('order "of" things') WHERE name COLLATE NOCASE NOT IN ('id', 'select', 'größe')
	UNION ALL SELECT name FROM sqlite_master WHERE tbl_name = 'order "of" things' COLLATE NOCASE AND type IN ('index', 'trigger')
		AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
) THEN '$' ELSE 'retort: cannot rebuild table ''order "of" things'': it has a column, index or trigger that the revisions don''t know and that would be lost' END) IS NULL;

CREATE TABLE "_retort_new_order ""of"" things" (
	"id" INT NOT NULL,
	"select" TEXT NOT NULL,
	"größe" INTEGER DEFAULT 1,
	CONSTRAINT "pk_order ""of"" things" PRIMARY KEY ("id"),
	CONSTRAINT "ck_order ""of"" things_größe" CHECK (größe > 0)
);

INSERT INTO "_retort_new_order ""of"" things" (rowid, "id", "select", "größe")
SELECT rowid, "id", "select", "größe"
FROM "order ""of"" things" NOT INDEXED;

SELECT 1 WHERE json_extract('{}', CASE WHEN changes() = (SELECT count(*) FROM "order ""of"" things") THEN '$' ELSE 'retort: cannot rebuild table ''order "of" things'': not every row was copied, a constraint''s ON CONFLICT clause left some out' END) IS NULL;

PRAGMA legacy_alter_table = ON;

DROP TABLE "order ""of"" things";

ALTER TABLE "_retort_new_order ""of"" things" RENAME TO "order ""of"" things";

PRAGMA legacy_alter_table = OFF;

