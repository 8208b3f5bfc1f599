SELECT 1 WHERE json_extract('{}', CASE WHEN NOT EXISTS (
	SELECT name FROM pragma_table_xinfo('car') WHERE name COLLATE NOCASE NOT IN ('id', 'paint')
	UNION ALL SELECT name FROM sqlite_master WHERE tbl_name = 'car' COLLATE NOCASE AND type IN ('index', 'trigger')
		AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
) THEN '$' ELSE 'retort: cannot rebuild table ''car'': it has a column, index or trigger that the revisions don''t know and that would be lost' END) IS NULL;

CREATE TABLE "_retort_new_car" (
	"id" BIGINT NOT NULL,
	"paint" TEXT DEFAULT 'red' CONSTRAINT "ck_car_paint" CHECK ("paint" IN ('red', 'green', 'blue')),
	CONSTRAINT "pk_car" PRIMARY KEY ("id")
);

INSERT INTO "_retort_new_car" (rowid, "id", "paint")
SELECT rowid, "id", "paint"
FROM "car" NOT INDEXED;

SELECT 1 WHERE json_extract('{}', CASE WHEN changes() = (SELECT count(*) FROM "car") THEN '$' ELSE 'retort: cannot rebuild table ''car'': not every row was copied, a constraint''s ON CONFLICT clause left some out' END) IS NULL;

PRAGMA legacy_alter_table = ON;

DROP TABLE "car";

ALTER TABLE "_retort_new_car" RENAME TO "car";

PRAGMA legacy_alter_table = OFF;

INSERT INTO "car" ("id", "paint") VALUES
	(1, 'blue');

