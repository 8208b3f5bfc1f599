/* SPDX-License-Identifier: MIT
 *
 * What a database holds, from the rows of a driver's queries.
 */
#include <string.h>

#include "base/text.h"
#include "model/catalog.h"
#include "retort/driver.h"

struct reading {
	const struct retort_inspect_options *options;
	struct retort_arena *arena;
	struct retort_render *render;
	struct retort_schema *schema;
	enum retort_catalog_rows rows;
	/* the row at hand */
	const char *const *cells;
	size_t count;
	/* what the row before was of: its table and name, as the engine says them */
	const char *table, *name;
};

/* ---- cells ---- */

static const char *raw(const struct reading *reading, size_t at)
{
	return at < reading->count ? reading->cells[at] : NULL;
}

static char *text(const struct reading *reading, size_t at)
{
	return retort_strdup(reading->arena, raw(reading, at));
}

static bool yes(const struct reading *reading, size_t at)
{
	static const char *const words[] = {"1", "t", "true", "yes"};
	const char *cell = raw(reading, at);

	for (size_t i = 0; cell && i < sizeof words / sizeof *words; i++)
		if (text_casecmp(cell, words[i]) == 0)
			return true;
	return false;
}

/* A name of capitals is what a name without quotes means where the engine reads that in capitals. */
static char *name(const struct reading *reading, size_t at)
{
	char *name = text(reading, at);

	if (name && reading->render->dialect->syntax & RETORT_SYNTAX_UPPER)
		name_fold(name, true);
	return name;
}

static const struct retort_text *expression(const struct reading *reading, size_t at)
{
	const char *sql = raw(reading, at);

	return sql ? retort_text_new(reading->arena,
			     retort_sql_bare(reading->arena, reading->render->dialect->syntax, sql))
		   : NULL;
}

/* A text without blanks around it. */
static const char *source(const struct reading *reading, size_t at)
{
	const char *sql = raw(reading, at) ? raw(reading, at) : "";
	size_t n;

	sql += strspn(sql, " \t\r\n");
	n = strlen(sql);
	while (n > 0 && strchr(" \t\r\n", sql[n - 1]))
		n--;
	return retort_strndup(reading->arena, sql, n);
}

static bool is_wanted(const struct reading *reading, const char *table)
{
	const struct retort_inspect_options *options = reading->options;

	for (size_t i = 0; options && i < options->table_count; i++)
		if (strcmp(options->tables[i], table) == 0)
			return true;
	return !options || options->table_count == 0;
}

/* The table of a row, which begins with its schema and name; NULL where it isn't asked for. */
static struct retort_table *table_of(const struct reading *reading)
{
	return retort_schema_table(reading->schema, name(reading, 0), name(reading, 1));
}

/* Whether the row is of another table's key or index than the one before, or of another name. */
static bool begins(struct reading *reading)
{
	const char *table = retort_printf(reading->arena, "%s.%s", raw(reading, 0) ? raw(reading, 0) : "",
		raw(reading, 1));
	bool same = name_equal(table, reading->table) && name_equal(raw(reading, 2), reading->name);

	reading->table = table;
	reading->name = text(reading, 2);
	return !same;
}

/* ---- rows ---- */

/* Words of files, else the engine's own. */
static const struct retort_type *type_of(const struct reading *reading, const char *words)
{
	const struct retort_type *type;
	struct retort_type *native;

	if (retort_type_parse(reading->arena, words, &type, NULL) == 0)
		return type;
	native = retort_type_new(reading->arena, RETORT_TYPE_NATIVE);
	native->native = retort_strdup(reading->arena, words);
	return native;
}

static void take_column(struct reading *reading)
{
	struct retort_arena *arena = reading->arena;
	struct retort_table *table = table_of(reading);
	struct retort_column *column;
	struct retort_buf native;

	if (!table && !is_wanted(reading, name(reading, 1)))
		return;
	if (!table) {
		table = retort_table_new(arena, name(reading, 0), name(reading, 1));
		table->comment = text(reading, 11);
		retort_schema_put_table(reading->schema, table);
	}
	column = retort_table_add_column(arena, table, name(reading, 2));
	column->type = type_of(reading, raw(reading, 3) ? raw(reading, 3) : "");
	column->nullable = yes(reading, 4);
	if (raw(reading, 5))
		column->def = retort_default_new(arena, RETORT_DEFAULT_EXPRESSION, source(reading, 5));
	column->computed = expression(reading, 6);
	column->computed_stored = yes(reading, 7);
	if (raw(reading, 8))
		column->autoincrement = text_casecmp(raw(reading, 8), "always") == 0 ? RETORT_AUTO_ALWAYS
			: yes(reading, 8)                                            ? RETORT_AUTO_BY_DEFAULT
										     : RETORT_AUTO_NONE;
	column->collation = text(reading, 9);
	column->comment = text(reading, 10);
	retort_buf_init(&native, arena);
	if (retort_sql_type(reading->render, &native, column->type, NULL) == 0)
		column->native_type = native.data;
}

static void take_key(struct reading *reading)
{
	struct retort_arena *arena = reading->arena;
	struct retort_table *table = table_of(reading);
	const char *kind = raw(reading, 4) ? raw(reading, 4) : "";
	struct retort_constraint *key;
	struct retort_references *references;

	if (!table)
		return;
	if (begins(reading))
		retort_table_add_constraint(arena, table,
			text_ncasecmp(kind, "PRIMARY", 7) == 0           ? RETORT_PRIMARY_KEY
				: text_ncasecmp(kind, "FOREIGN", 7) == 0 ? RETORT_FOREIGN_KEY
									 : RETORT_UNIQUE,
			yes(reading, 3) ? NULL : name(reading, 2));
	key = table->constraints[table->constraint_count - 1];
	retort_constraint_add_column(arena, key, name(reading, 5));
	if (key->kind != RETORT_FOREIGN_KEY)
		return;
	references = retort_constraint_refer(arena, key, name(reading, 6), name(reading, 7));
	retort_references_add_column(arena, references, name(reading, 8));
	references->on_delete = retort_action_parse(raw(reading, 9));
	references->on_update = retort_action_parse(raw(reading, 10));
}

static void take_check(struct reading *reading)
{
	struct retort_table *table = table_of(reading);

	if (table && raw(reading, 3))
		retort_table_add_constraint(reading->arena, table, RETORT_CHECK, name(reading, 2))
			->expression = expression(reading, 3);
}

static void take_index(struct reading *reading)
{
	struct retort_table *table = table_of(reading);
	struct retort_index_column *column;
	struct retort_index *index;

	if (!table)
		return;
	if (begins(reading))
		retort_table_add_index(reading->arena, table, name(reading, 2));
	index = table->indexes[table->index_count - 1];
	index->unique = yes(reading, 3);
	index->where = expression(reading, 7);
	index->method = text(reading, 8);
	column = retort_index_add_column(reading->arena, index, name(reading, 4));
	if (!column->column)
		column->expression = expression(reading, 5);
	column->order = yes(reading, 6) ? RETORT_ORDER_DESC : RETORT_ORDER_NONE;
}

static void take_trigger(struct reading *reading)
{
	if (is_wanted(reading, name(reading, 1)))
		retort_schema_add_trigger(reading->schema, name(reading, 0), name(reading, 1),
			name(reading, 2), source(reading, 3));
}

static void take_view(struct reading *reading)
{
	retort_schema_add_view(reading->schema, name(reading, 0), name(reading, 1), source(reading, 2));
}

static void take_other(struct reading *reading)
{
	RETORT_PUSH(reading->arena, reading->schema->unmodelled, reading->schema->unmodelled_count,
		text(reading, 0));
}

/* ---- all of it ---- */

static int take_row(void *context, size_t count, const char *const *cells)
{
	static void (*const takers[])(struct reading *) = {
		[RETORT_CATALOG_COLUMNS] = take_column,
		[RETORT_CATALOG_KEYS] = take_key,
		[RETORT_CATALOG_CHECKS] = take_check,
		[RETORT_CATALOG_INDEXES] = take_index,
		[RETORT_CATALOG_TRIGGERS] = take_trigger,
		[RETORT_CATALOG_VIEWS] = take_view,
		[RETORT_CATALOG_OTHERS] = take_other,
	};
	struct reading *reading = context;

	reading->cells = cells;
	reading->count = count;
	takers[reading->rows](reading);
	return 0;
}

int retort_read_catalog(struct retort_conn *conn, retort_query_fn *query,
	const struct retort_dialect *dialect, const struct retort_catalog_query *queries,
	const struct retort_inspect_options *options, struct retort_arena *arena, struct retort_schema **ret,
	struct retort_error *err)
{
	struct reading reading = {.options = options, .arena = arena, .schema = retort_schema_new(arena)};
	bool some = options && options->table_count > 0;

	reading.render = retort_render_new(arena, dialect, 0, reading.schema);
	for (; queries->rows != RETORT_CATALOG_END; queries++) {
		if (some && queries->rows >= RETORT_CATALOG_VIEWS)
			continue;
		reading.rows = queries->rows;
		reading.table = reading.name = NULL;
		if (query(conn, queries->sql, NULL, 0, take_row, &reading, err) < 0)
			return -1;
	}
	*ret = reading.schema;
	return 0;
}
