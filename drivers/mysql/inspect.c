/* SPDX-License-Identifier: MIT */
#include "inspect.h"

#include <stdlib.h>
#include <string.h>

#include "expression.h"

void inspect_unmodelled(struct inspection *inspection, const char *sentence)
{
	RETORT_PUSH(inspection->arena, inspection->schema->unmodelled, inspection->schema->unmodelled_count,
		sentence);
}

struct retort_table *inspect_table(const struct inspection *inspection, const char *name)
{
	return retort_schema_table(inspection->schema, inspection->schema_name, name);
}

int inspect_query(struct inspection *inspection, const char *sql, const char *order, retort_row_fn *row)
{
	const struct retort_inspect_options *options = inspection->options;
	size_t count = options ? options->table_count : 0;
	const char **params = retort_alloc_array(inspection->arena, count + 1, sizeof *params);
	struct retort_buf text;

	retort_buf_init(&text, inspection->arena);
	retort_buf_str(&text, sql);
	params[0] = inspection->database;
	for (size_t i = 0; i < count; i++) {
		params[i + 1] = options->tables[i];
		/* One name alone spares MariaDB the opening of all other tables. */
		retort_buf_str(&text,
			i > 0                ? ", ?"
				: count == 1 ? " AND TABLE_NAME = ?"
					     : " AND TABLE_NAME IN (?");
	}
	retort_buf_printf(&text, "%s %s", count > 1 ? ")" : "", order);
	return connection_query(inspection->conn, text.data, params, count + 1, row, inspection,
		inspection->err);
}

/* ---- tables ---- */

/* "row_format=COMPRESSED partitioned" */
static void take_create_options(struct inspection *inspection, const char *table, const char *options,
	const char **row_format)
{
	const char *at = strstr(options, "row_format=");

	*row_format = at ? retort_strndup(inspection->arena, at + 11, strcspn(at + 11, " ")) : NULL;
	if (strstr(options, "partitioned"))
		inspect_unmodelled(inspection,
			retort_printf(inspection->arena, "the partitions of table '%s' are left alone",
				table));
	while (*options) {
		size_t n = strcspn(options, " ");

		if (n > 0 && strncmp(options, "row_format=", 11) != 0 &&
			strncmp(options, "partitioned", n) != 0)
			inspect_unmodelled(inspection,
				retort_printf(inspection->arena, "option %.*s of table '%s'", (int)n, options,
					table));
		options += n + (options[n] == ' ');
	}
}

static int take_table(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_arena *arena = inspection->arena;
	const char *name = retort_strdup(arena, columns[0]), *row_format = NULL;
	struct retort_table *table;

	(void)column_count;
	if (dialect_same(columns[1], "VIEW") || dialect_same(columns[1], "SEQUENCE"))
		return 0;
	table = retort_table_new(arena, inspection->schema_name, name);
	if (!dialect_same(columns[1], "BASE TABLE"))
		inspect_unmodelled(inspection,
			retort_printf(arena, "table '%s' is a %s: its history is left alone", name,
				columns[1]));
	if (columns[4])
		take_create_options(inspection, name, columns[4], &row_format);
	if (columns[5] && *columns[5])
		table->comment = retort_strdup(arena, columns[5]);
	/* The collation is needed for the columns first: model_options comes when they are there. */
	table->definition = retort_printf(arena, "%s\n%s\n%s", columns[2] ? columns[2] : "",
		columns[3] ? columns[3] : "", row_format ? row_format : "");
	retort_schema_put_table(inspection->schema, table);
	return 0;
}

/* What take_table put by: engine, collation and row format. */
static void take_options(struct inspection *inspection, struct retort_table *table)
{
	const char *engine = table->definition, *collation = strchr(engine, '\n') + 1,
		   *row_format = strchr(collation, '\n') + 1;
	struct retort_arena *arena = inspection->arena;

	model_options(arena, table, retort_strndup(arena, engine, strcspn(engine, "\n")),
		retort_strndup(arena, collation, strcspn(collation, "\n")), *row_format ? row_format : NULL,
		inspection->conn->default_collation);
	table->definition = NULL;
}

/* ---- columns ---- */

static bool says(const char *extra, const char *word)
{
	for (; *extra; extra++)
		if (dialect_starts(extra, word))
			return true;
	return false;
}

static int take_column(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_table *table = inspect_table(inspection, columns[0]);
	bool mariadb = inspection->conn->is_mariadb;
	const char *extra = columns[6] ? columns[6] : "", *generation = columns[8];
	struct column_facts facts = {.name = columns[1],
		.def = columns[2],
		.nullable = dialect_same(columns[3], "YES"),
		.type = columns[4],
		.collation = columns[5],
		.comment = columns[7]};
	const char *on_update;

	(void)column_count;
	if (!table)
		return 0;
	facts.autoincrement = says(extra, "auto_increment");
	facts.invisible = says(extra, "INVISIBLE");
	facts.stored = says(extra, "STORED GENERATED") || says(extra, "PERSISTENT");
	on_update = strstr(extra, "on update ");
	if (on_update)
		facts.on_update = on_update + strlen("on update ");
	if (facts.on_update)
		facts.on_update =
			retort_strndup(inspection->arena, facts.on_update, strcspn(facts.on_update, " "));
	facts.def_is_sql = mariadb || says(extra, "DEFAULT_GENERATED") ||
		(facts.def && dialect_starts(facts.def, "CURRENT_TIMESTAMP") &&
			!dialect_starts(facts.type, "varchar"));
	if (facts.def && !mariadb && says(extra, "DEFAULT_GENERATED"))
		facts.def = expression_unescape(inspection->arena, facts.def);
	if (generation && *generation)
		facts.generation = mariadb ? generation : expression_unescape(inspection->arena, generation);
	model_column(inspection->render, table, &facts);
	return 0;
}

/* ---- indexes ---- */

static void add_key_column(struct inspection *inspection, struct retort_index *index,
	const char *const *columns)
{
	struct retort_arena *arena = inspection->arena;
	struct retort_index_column *key =
		retort_index_add_column(arena, index, retort_strdup(arena, columns[3]));

	if (!key->column && columns[7])
		key->expression = retort_text_new(arena,
			expression_plain(arena, expression_unescape(arena, columns[7])));
	key->length = columns[5] ? (unsigned)strtoul(columns[5], NULL, 10) : 0;
	if (dialect_same(columns[4], "D"))
		key->order = RETORT_ORDER_DESC;
}

static void add_primary_key(struct inspection *inspection, struct retort_table *table, const char *column)
{
	struct retort_constraint *key = retort_table_primary_key(table);

	if (!key)
		key = retort_table_add_constraint(inspection->arena, table, RETORT_PRIMARY_KEY, NULL);
	retort_constraint_add_column(inspection->arena, key, retort_strdup(inspection->arena, column));
}

/* What the model has no member for. */
static void tell_index(struct inspection *inspection, const char *const *columns)
{
	if (columns[8] && *columns[8])
		inspect_unmodelled(inspection,
			retort_printf(inspection->arena, "comment on index '%s' of '%s'", columns[1],
				columns[0]));
	if (dialect_same(columns[9], "NO"))
		inspect_unmodelled(inspection,
			retort_printf(inspection->arena, "index '%s' of '%s' is not used by the optimizer",
				columns[1], columns[0]));
}

static int take_index(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_table *table = inspect_table(inspection, columns[0]);
	struct retort_index *index;

	(void)column_count;
	if (!table)
		return 0;
	if (strcmp(columns[1], "PRIMARY") == 0) {
		add_primary_key(inspection, table, columns[3]);
		return 0;
	}
	index = retort_table_index(table, columns[1]);
	if (!index) {
		index = retort_table_add_index(inspection->arena, table,
			retort_strdup(inspection->arena, columns[1]));
		index->unique = strcmp(columns[2], "0") == 0;
		tell_index(inspection, columns);
		if (!dialect_same(columns[6], "BTREE"))
			index->method = dialect_same(columns[6], "FULLTEXT") ? "fulltext"
				: dialect_same(columns[6], "SPATIAL")
				? "spatial"
				: retort_strdup(inspection->arena, columns[6]);
	}
	add_key_column(inspection, index, columns);
	return 0;
}

/* ---- foreign keys ---- */

static int take_foreign_column(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_arena *arena = inspection->arena;
	struct retort_table *table = inspect_table(inspection, columns[0]);
	struct retort_constraint *key;
	const char *schema = NULL;

	(void)column_count;
	if (!table)
		return 0;
	key = retort_table_constraint(table, columns[1]);
	if (!key || key->kind != RETORT_FOREIGN_KEY)
		key = retort_table_add_constraint(arena, table, RETORT_FOREIGN_KEY,
			retort_strdup(arena, columns[1]));
	if (!dialect_same(columns[3], inspection->default_database))
		schema = retort_strdup(arena, columns[3]);
	retort_constraint_add_column(arena, key, retort_strdup(arena, columns[2]));
	retort_references_add_column(arena,
		retort_constraint_refer(arena, key, schema, retort_strdup(arena, columns[4])),
		retort_strdup(arena, columns[5]));
	return 0;
}

/* RESTRICT and NO ACTION are the same to InnoDB: MariaDB tells the first where nothing was said, MySQL the
 * second, and each shows only the other in SHOW CREATE TABLE. */
static enum retort_action action_of(const struct inspection *inspection, const char *rule)
{
	enum retort_action action = retort_action_parse(rule);
	bool mariadb = inspection->conn->is_mariadb;

	return action == (mariadb ? RETORT_ACTION_RESTRICT : RETORT_ACTION_NO_ACTION) ? RETORT_ACTION_NONE
										      : action;
}

static int take_rules(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_table *table = inspect_table(inspection, columns[0]);
	struct retort_constraint *key = table ? retort_table_constraint(table, columns[1]) : NULL;
	struct retort_references *references;

	(void)column_count;
	if (!key || !key->references)
		return 0;
	references = retort_constraint_refer(inspection->arena, key, key->references->schema,
		key->references->table);
	references->on_update = action_of(inspection, columns[2]);
	references->on_delete = action_of(inspection, columns[3]);
	return 0;
}

/* ---- CHECKs ---- */

static int take_check(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_table *table = inspect_table(inspection, columns[0]);

	(void)column_count;
	if (table)
		model_check(inspection->render, table, columns[1], columns[2],
			dialect_same(columns[3], "Column"));
	return 0;
}

/* MySQL tells the table of a CHECK in one view and its text in another. */
static int note_check(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_table *table = inspect_table(inspection, columns[0]);
	struct retort_constraint *check;

	(void)column_count;
	if (!table)
		return 0;
	check = retort_table_add_constraint(inspection->arena, table, RETORT_CHECK,
		retort_strdup(inspection->arena, columns[1]));
	if (dialect_same(columns[2], "NO"))
		inspect_unmodelled(inspection,
			retort_printf(inspection->arena, "the check '%s' of table '%s' is NOT ENFORCED",
				check->name, table->name));
	return 0;
}

static int take_check_text(void *context, size_t column_count, const char *const *columns)
{
	struct inspection *inspection = context;
	struct retort_arena *arena = inspection->arena;
	const char *plain = expression_plain(arena, expression_unescape(arena, columns[1]));

	(void)column_count;
	for (size_t i = 0; i < inspection->schema->table_count; i++) {
		struct retort_table *table = inspection->schema->tables[i];
		struct retort_constraint *check;

		if (!dialect_same(table->schema, inspection->schema_name))
			continue;
		check = retort_table_constraint(table, columns[0]);
		if (check && check->kind == RETORT_CHECK && !check->expression)
			check->expression = retort_text_new(arena, plain);
	}
	return 0;
}

static int take_checks(struct inspection *inspection)
{
	unsigned version = inspection->conn->version;

	if (inspection->conn->is_mariadb)
		return inspect_query(inspection,
			version >= 100510 ? "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, LEVEL FROM "
					    "information_schema.CHECK_CONSTRAINTS"
					    " WHERE CONSTRAINT_SCHEMA = ?"
					  : "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, 'Table' FROM "
					    "information_schema.CHECK_CONSTRAINTS"
					    " WHERE CONSTRAINT_SCHEMA = ?",
			"ORDER BY TABLE_NAME, CONSTRAINT_NAME", take_check);
	if (version < 80016)
		return 0;
	if (inspect_query(inspection,
		    "SELECT TABLE_NAME, CONSTRAINT_NAME, ENFORCED FROM"
		    " information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = ? AND CONSTRAINT_TYPE = "
		    "'CHECK'",
		    "ORDER BY TABLE_NAME, CONSTRAINT_NAME", note_check))
		return -1;
	return connection_query(inspection->conn,
		"SELECT CONSTRAINT_NAME, CHECK_CLAUSE FROM"
		" information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ?",
		&inspection->database, 1, take_check_text, inspection, inspection->err);
}

/* ---- all of it ---- */

static int take_tables(struct inspection *inspection)
{
	bool expressions = !inspection->conn->is_mariadb && inspection->conn->version >= 80013;
	const char *statistics = retort_printf(inspection->arena,
		"SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME,"
		" COLLATION, SUB_PART, INDEX_TYPE, %s, INDEX_COMMENT, %s FROM information_schema.STATISTICS"
		" WHERE TABLE_SCHEMA = ?",
		expressions ? "EXPRESSION" : "NULL",
		inspection->conn->is_mariadb
			? inspection->conn->version >= 100600 ? "IF(IGNORED = 'YES', 'NO', 'YES')" : "NULL"
			: inspection->conn->version >= 80000 ? "IS_VISIBLE"
							     : "NULL");
	size_t before = inspection->schema->table_count;

	if (inspect_query(inspection,
		    "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_OPTIONS,"
		    " TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?",
		    "ORDER BY TABLE_NAME", take_table))
		return -1;
	/* Of tables that aren't there the rest needn't be asked: that is what is done before each is made. */
	if (inspection->options && inspection->options->table_count > 0 &&
		inspection->schema->table_count == before)
		return 0;
	return inspect_query(inspection,
		       "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT, IS_NULLABLE, COLUMN_TYPE,"
		       " COLLATION_NAME, EXTRA, COLUMN_COMMENT, GENERATION_EXPRESSION FROM "
		       "information_schema.COLUMNS"
		       " WHERE TABLE_SCHEMA = ?",
		       "ORDER BY TABLE_NAME, ORDINAL_POSITION", take_column) ||
			inspect_query(inspection, statistics, "ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX",
				take_index) ||
			inspect_query(inspection,
				"SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA,"
				" REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME FROM "
				"information_schema.KEY_COLUMN_USAGE"
				" WHERE TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME IS NOT NULL",
				"ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION",
				take_foreign_column) ||
			inspect_query(inspection,
				"SELECT TABLE_NAME, CONSTRAINT_NAME, UPDATE_RULE, DELETE_RULE FROM"
				" information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ?",
				"", take_rules) ||
			take_checks(inspection) || inspect_triggers(inspection)
		? -1
		: 0;
}

static void finish_tables(struct inspection *inspection)
{
	for (size_t i = 0; i < inspection->schema->table_count; i++) {
		struct retort_table *table = inspection->schema->tables[i];

		if (!dialect_same(table->schema, inspection->schema_name) || !table->definition)
			continue;
		take_options(inspection, table);
		model_implied(inspection->arena, table);
		model_unique(inspection->arena, table);
	}
}

static int inspect_schema(struct inspection *inspection, const char *database)
{
	inspection->database = database;
	inspection->schema_name = dialect_same(database, inspection->default_database)
		? NULL
		: retort_strdup(inspection->arena, database);
	if (take_tables(inspection))
		return -1;
	finish_tables(inspection);
	return inspection->options && inspection->options->table_count > 0 ? 0 : inspect_objects(inspection);
}

int inspect_database(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err)
{
	struct inspection inspection = {.conn = conn, .options = options, .arena = arena, .err = err};
	size_t count = options ? options->schema_count : 0;

	inspection.schema = retort_schema_new(arena);
	inspection.render = retort_render_new(arena, conn->is_mariadb ? &mariadb_dialect : &mysql_dialect,
		conn->version, NULL);
	if (connection_value(conn, "SELECT DATABASE()", NULL, 0, arena, &inspection.default_database, err))
		return -1;
	if (!inspection.default_database)
		inspection.default_database = "";
	if (count == 0 && inspect_schema(&inspection, inspection.default_database))
		return -1;
	for (size_t i = 0; i < count; i++)
		if (inspect_schema(&inspection,
			    options->schemas[i] ? options->schemas[i] : inspection.default_database))
			return -1;
	*ret = inspection.schema;
	return 0;
}
