/* SPDX-License-Identifier: MIT
 *
 * Tables, views and columns.
 */
#include <stdlib.h>
#include <string.h>

#include "dialect.h"
#include "inspect.h"
#include "native.h"

/* ---- relations ---- */

static const char relations_sql[] =
	"SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, c.relispartition, c.relrowsecurity,"
	" d.description, s.spcname, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,"
	" CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, array_to_string(c.reloptions, ', '),"
	" EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)"
	" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
	" LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND "
	"d.objsubid = 0"
	" LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace"
	" WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace = ANY ($1::oid[])"
	" AND ($2::text[] IS NULL OR c.relname = ANY ($2::text[]))"
	" AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid"
	" AND e.deptype = 'e') ORDER BY c.oid";

enum relation_column {
	REL_OID,
	REL_SCHEMA,
	REL_NAME,
	REL_KIND,
	REL_PERSISTENCE,
	REL_PARTITION,
	REL_SECURITY,
	REL_COMMENT,
	REL_SPACE,
	REL_QUERY,
	REL_PARTKEY,
	REL_OPTIONS,
	REL_INHERITS
};

static void add_option(struct inspection *inspection, struct retort_table *table, const char *key,
	const char *value)
{
	struct retort_option *options = retort_alloc_array(inspection->arena, 1, sizeof *options);
	const struct retort_option **list =
		retort_alloc_array(inspection->arena, table->option_count + 1, sizeof *list);

	*options = (struct retort_option){"postgresql", key, value};
	for (size_t i = 0; i < table->option_count; i++)
		list[i] = table->options[i];
	list[table->option_count++] = options;
	table->options = list;
}

/* The server ends the query with a semicolon and begins it with a blank. */
static const char *trimmed(struct retort_arena *arena, const char *query)
{
	size_t n;

	while (*query == ' ' || *query == '\n')
		query++;
	n = strlen(query);
	while (n > 0 && strchr("; \n", query[n - 1]))
		n--;
	return retort_strndup(arena, query, n);
}

static void add_view(struct inspection *inspection, const PGresult *result, int row)
{
	struct retort_view *view = retort_alloc(inspection->arena, sizeof *view);
	const char *query, *options = PQgetvalue(result, row, REL_OPTIONS);
	struct retort_schema *schema = inspection->schema;

	view->schema = inspect_schema_name(inspection, PQgetvalue(result, row, REL_SCHEMA));
	view->name = inspect_text(inspection, result, row, REL_NAME);
	query = trimmed(inspection->arena, PQgetvalue(result, row, REL_QUERY));
	if (strstr(options, "check_option="))
		query = retort_printf(inspection->arena, "%s\n WITH %s CHECK OPTION", query,
			strstr(options, "check_option=local") ? "LOCAL" : "CASCADED");
	view->query = retort_text_new(inspection->arena, query);
	view->materialized = *PQgetvalue(result, row, REL_KIND) == 'm';
	view->definition = view->query->sql;
	RETORT_PUSH(inspection->arena, schema->views, schema->view_count, view);
}

static void add_table(struct inspection *inspection, const PGresult *result, int row)
{
	const char *name = PQgetvalue(result, row, REL_NAME);
	struct retort_table *table = retort_table_new(inspection->arena,
		inspect_schema_name(inspection, PQgetvalue(result, row, REL_SCHEMA)), name);
	struct seen_table seen = {strtoul(PQgetvalue(result, row, REL_OID), NULL, 10), table};

	table->comment = inspect_text(inspection, result, row, REL_COMMENT);
	if (!PQgetisnull(result, row, REL_SPACE))
		add_option(inspection, table, "tablespace", inspect_text(inspection, result, row, REL_SPACE));
	if (*PQgetvalue(result, row, REL_PERSISTENCE) == 'u')
		add_option(inspection, table, "unlogged", "true");
	if (!PQgetisnull(result, row, REL_PARTKEY))
		add_option(inspection, table, "partition_by",
			inspect_text(inspection, result, row, REL_PARTKEY));
	if (inspect_true(result, row, REL_SECURITY))
		inspect_unmodelled(inspection, "table '%s' has row level security", name);
	if (!PQgetisnull(result, row, REL_OPTIONS))
		inspect_unmodelled(inspection, "table '%s' has storage parameters: %s", name,
			PQgetvalue(result, row, REL_OPTIONS));
	if (inspect_true(result, row, REL_INHERITS))
		inspect_unmodelled(inspection, "table '%s' inherits from another", name);
	RETORT_PUSH(inspection->arena, inspection->tables, inspection->table_count, seen);
}

static int take_relation(struct inspection *inspection, const PGresult *result, int row)
{
	char kind = *PQgetvalue(result, row, REL_KIND);
	const char *name = PQgetvalue(result, row, REL_NAME);

	if (inspect_true(result, row, REL_PARTITION))
		inspect_unmodelled(inspection, "table '%s' is a partition of another", name);
	else if (kind == 'f')
		inspect_unmodelled(inspection, "'%s' is a foreign table", name);
	else if (kind == 'v' || kind == 'm')
		add_view(inspection, result, row);
	else
		add_table(inspection, result, row);
	return 0;
}

int inspect_relations(struct inspection *inspection)
{
	return inspect_rows(inspection, relations_sql, take_relation);
}

/* ---- columns ---- */

static const char columns_sql[] =
	"SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, %s,"
	" pg_get_expr(d.adbin, d.adrelid), CASE WHEN a.attcollation <> t.typcollation THEN k.collname END,"
	" m.description, t.typtype, tn.nspname, t.typname, e.typtype, en.nspname, e.typname, s.deptype, "
	"s.seqstart,"
	" s.seqincrement"
	" FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
	" JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace tn ON tn.oid = t.typnamespace"
	" LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'"
	" LEFT JOIN pg_namespace en ON en.oid = e.typnamespace"
	" LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
	" LEFT JOIN pg_collation k ON k.oid = a.attcollation"
	" LEFT JOIN pg_description m ON m.objoid = a.attrelid AND m.classoid = 'pg_class'::regclass"
	" AND m.objsubid = a.attnum"
	" LEFT JOIN (SELECT p.refobjid, p.refobjsubid, p.deptype, q.seqstart, q.seqincrement FROM "
	"pg_sequence q"
	" JOIN pg_depend p ON p.objid = q.seqrelid AND p.classid = 'pg_class'::regclass"
	" AND p.refclassid = 'pg_class'::regclass AND p.deptype IN ('a', 'i')) s"
	" ON s.refobjid = a.attrelid AND s.refobjsubid = a.attnum"
	" WHERE c.relkind IN ('r', 'p') AND c.relnamespace = ANY ($1::oid[])"
	" AND ($2::text[] IS NULL OR c.relname = ANY ($2::text[])) AND a.attnum > 0 AND NOT a.attisdropped"
	" ORDER BY a.attrelid, a.attnum";

enum column_column {
	COL_TABLE,
	COL_NAME,
	COL_TYPE,
	COL_NOTNULL,
	COL_IDENTITY,
	COL_GENERATED,
	COL_EXPRESSION,
	COL_COLLATION,
	COL_COMMENT,
	COL_KIND,
	COL_TYPE_SCHEMA,
	COL_TYPE_NAME,
	COL_ITEM_KIND,
	COL_ITEM_SCHEMA,
	COL_ITEM_NAME,
	COL_SEQUENCE,
	COL_START,
	COL_INCREMENT
};

static const struct retort_type *column_type(const struct inspection *inspection, const PGresult *result,
	int row)
{
	const char *native = PQgetvalue(result, row, COL_TYPE);
	const char *item = connection_cell(result, row, COL_ITEM_KIND);
	const struct retort_type *items;
	struct retort_type *array;

	if (!item || (*item != 'e' && *item != 'd'))
		return inspect_type(inspection, native, PQgetvalue(result, row, COL_KIND),
			PQgetvalue(result, row, COL_TYPE_SCHEMA), PQgetvalue(result, row, COL_TYPE_NAME));
	items = inspect_type(inspection, native, item, PQgetvalue(result, row, COL_ITEM_SCHEMA),
		PQgetvalue(result, row, COL_ITEM_NAME));
	array = retort_type_new(inspection->arena, RETORT_TYPE_ARRAY);
	array->items = items;
	return array;
}

/* What the server does to fill the column. */
static void read_generation(struct inspection *inspection, const struct retort_table *table,
	struct retort_column *column, const PGresult *result, int row)
{
	const char *expression = connection_cell(result, row, COL_EXPRESSION);
	const char *sequence = connection_cell(result, row, COL_SEQUENCE);
	char identity = *PQgetvalue(result, row, COL_IDENTITY),
	     generated = *PQgetvalue(result, row, COL_GENERATED);

	if (identity) {
		column->autoincrement = identity == 'a' ? RETORT_AUTO_ALWAYS : RETORT_AUTO_BY_DEFAULT;
	} else if (sequence && expression && strncmp(expression, "nextval(", 8) == 0) {
		column->autoincrement = RETORT_AUTO_SERIAL;
	} else {
		if (sequence)
			inspect_unmodelled(inspection,
				"column '%s' of '%s' owns a sequence that it doesn't use", column->name,
				table->name);
		if (generated && expression) {
			column->computed = retort_text_new(inspection->arena,
				expression_bare(inspection->arena,
					retort_strdup(inspection->arena, expression)));
			column->computed_stored = generated == 's';
		} else {
			column->def = expression_default(inspection->arena,
				retort_strdup(inspection->arena, expression), column->type);
		}
		return;
	}
	if (identity && sequence) {
		long long start = strtoll(PQgetvalue(result, row, COL_START), NULL, 10);
		long long increment = strtoll(PQgetvalue(result, row, COL_INCREMENT), NULL, 10);

		column->auto_start = start == 1 ? 0 : start;
		column->auto_increment = increment == 1 ? 0 : increment;
	}
}

/* table_column, cut as the naming conventions cut what is over the limit: 54 bytes, _ and 8 digits. */
static bool is_inline_name(struct retort_arena *arena, const char *table, const char *column,
	const char *type)
{
	const char *whole = retort_printf(arena, "%s_%s", table, column);

	if (strlen(whole) <= postgresql_dialect.max_name)
		return strcmp(whole, type) == 0;
	return strlen(type) > 9 && strncmp(whole, type, strlen(type) - 9) == 0 &&
		type[strlen(type) - 9] == '_';
}

/* An enum that one column alone uses and that bears its name is that column's own. */
static void inline_enum(struct inspection *inspection, const struct retort_table *table,
	struct retort_column *column, const char *oid)
{
	struct retort_type *own;

	for (size_t i = 0; i < inspection->enum_count; i++) {
		struct seen_enum *seen = &inspection->enums[i];
		const struct retort_enum *type = seen->enumeration;

		if (seen->users != 1 || seen->array || seen->table != strtoul(oid, NULL, 10) ||
			strcmp(seen->column, column->name) != 0 ||
			strcmp(type->schema ? type->schema : "", table->schema ? table->schema : "") != 0 ||
			!is_inline_name(inspection->arena, table->name, column->name, type->name))
			continue;
		own = retort_type_new(inspection->arena, RETORT_TYPE_ENUM);
		own->values = type->values;
		own->value_count = type->value_count;
		column->type = own;
		column->enum_type_name = type->name;
		seen->taken = true;
	}
}

static int take_column(struct inspection *inspection, const PGresult *result, int row)
{
	const char *oid = PQgetvalue(result, row, COL_TABLE);
	struct retort_table *table = inspect_table(inspection, oid);
	struct retort_column *column;

	if (!table)
		return 0;
	column = retort_table_add_column(inspection->arena, table, PQgetvalue(result, row, COL_NAME));
	column->type = column_type(inspection, result, row);
	column->native_type = inspect_text(inspection, result, row, COL_TYPE);
	column->nullable = !inspect_true(result, row, COL_NOTNULL);
	column->nullable_given = true;
	column->collation = inspect_text(inspection, result, row, COL_COLLATION);
	column->comment = inspect_text(inspection, result, row, COL_COMMENT);
	if (column->type->kind == RETORT_TYPE_ENUM)
		inline_enum(inspection, table, column, oid);
	read_generation(inspection, table, column, result, row);
	return 0;
}

int inspect_columns(struct inspection *inspection)
{
	const char *sql = retort_printf(inspection->arena, columns_sql,
		inspection->version >= 120000 ? "a.attgenerated" : "''");

	return inspect_rows(inspection, sql, take_column);
}
