SELECT 1 WHERE json_extract('{}', CASE WHEN NOT EXISTS (
	SELECT name FROM pragma_table_xinfo('street') WHERE name COLLATE NOCASE NOT IN ('id', 'city_id')
	UNION ALL SELECT name FROM sqlite_master WHERE tbl_name = 'street' COLLATE NOCASE AND type IN ('index', 'trigger')
		AND sql IS NOT NULL AND name COLLATE NOCASE NOT IN ()
) THEN '$' ELSE 'retort: cannot rebuild table ''street'': it has a column, index or trigger that the revisions don''t know and that would be lost' END) IS NULL;

CREATE TABLE "_retort_new_street" (
	"id" BIGINT NOT NULL,
	"city_id" BIGINT,
	CONSTRAINT "pk_street" PRIMARY KEY ("id"),
	CONSTRAINT "fk_street_city_id_city" FOREIGN KEY ("city_id") REFERENCES "city" ("id") ON DELETE RESTRICT
);

INSERT INTO "_retort_new_street" (rowid, "id", "city_id")
SELECT rowid, "id", "city_id"
FROM "street" NOT INDEXED;

SELECT 1 WHERE json_extract('{}', CASE WHEN changes() = (SELECT count(*) FROM "street") THEN '$' ELSE 'retort: cannot rebuild table ''street'': not every row was copied, a constraint''s ON CONFLICT clause left some out' END) IS NULL;

PRAGMA legacy_alter_table = ON;

DROP TABLE "street";

ALTER TABLE "_retort_new_street" RENAME TO "street";

PRAGMA legacy_alter_table = OFF;

