/* SPDX-License-Identifier: MIT
 *
 * A table as the server would report it: made as a temporary one in a transaction that is rolled back. What
 * the server only stores (foreign keys, comments, options) is taken over as it is.
 */
#include <string.h>

#include "dialect.h"
#include "inspect.h"

/* One table at work. */
struct canonical {
	struct retort_conn *conn;
	struct retort_arena *arena;
	struct retort_render render;
	const struct retort_table *given;
	struct retort_table *made; /* what is created */
	const char *home;
	struct retort_error *err;
};

static int run(struct canonical *canonical, const char *sql)
{
	return connection_do(canonical->conn, sql, NULL, 0, canonical->err);
}

/* ---- what is created ---- */

/* The type of an inline enum, where the database has none of that name yet. */
static int make_enum(struct canonical *canonical, const struct retort_column *column)
{
	struct retort_render *render = &canonical->render;
	struct retort_buf name, sql, body;

	retort_buf_init(&name, canonical->arena);
	retort_sql_qualified(render, &name,
		canonical->given->schema ? canonical->given->schema : canonical->home,
		column->enum_type_name);
	retort_buf_init(&sql, canonical->arena);
	retort_buf_printf(&sql, "CREATE TYPE %s AS ENUM (", name.data);
	for (size_t i = 0; i < column->type->value_count; i++) {
		retort_buf_str(&sql, i > 0 ? ", " : "");
		retort_sql_string(render, &sql, column->type->values[i]);
	}
	retort_buf_char(&sql, ')');
	retort_buf_init(&body, canonical->arena);
	retort_sql_write(render, &body, "BEGIN IF to_regtype(%q) IS NULL THEN %s; END IF; END", name.data,
		sql.data);
	retort_buf_init(&sql, canonical->arena);
	retort_buf_str(&sql, "DO ");
	script_dollar(&sql, body.data);
	return run(canonical, sql.data);
}

/* An inline enum by the name of its type, so that the temporary schema doesn't matter. */
static struct retort_column *plain_column(struct canonical *canonical, const struct retort_column *given)
{
	struct retort_column *column = retort_alloc(canonical->arena, sizeof *column);
	struct retort_type *type;

	*column = *given;
	column->comment = NULL;
	if (column->autoincrement != RETORT_AUTO_NONE)
		column->autoincrement = RETORT_AUTO_NONE;
	if (!given->type || given->type->kind != RETORT_TYPE_ENUM || given->type->name ||
		!given->enum_type_name)
		return column;
	type = retort_alloc(canonical->arena, sizeof *type);
	*type = *given->type;
	type->schema = canonical->given->schema ? canonical->given->schema : canonical->home;
	type->name = given->enum_type_name;
	column->type = type;
	return column;
}

static int prepare(struct canonical *canonical)
{
	const struct retort_table *given = canonical->given;
	struct retort_table *made = retort_table_copy(canonical->arena, given);
	size_t count = 0;

	made->schema = "pg_temp";
	made->option_count = 0;
	for (size_t i = 0; i < made->column_count; i++) {
		const struct retort_column *column = given->columns[i];

		made->columns[i] = plain_column(canonical, column);
		if (made->columns[i]->type != column->type && make_enum(canonical, column))
			return -1;
	}
	for (size_t i = 0; i < made->constraint_count; i++)
		if (given->constraints[i]->kind != RETORT_FOREIGN_KEY)
			made->constraints[count++] = given->constraints[i];
	made->constraint_count = count;
	canonical->made = made;
	return 0;
}

static int create(struct canonical *canonical)
{
	struct retort_buf sql;

	retort_buf_init(&sql, canonical->arena);
	if (retort_sql_create_table(&canonical->render, &sql, canonical->made, NULL, false, canonical->err) ||
		run(canonical, sql.data))
		return -1;
	for (size_t i = 0; i < canonical->made->index_count; i++) {
		if (canonical->made->indexes[i]->implied)
			continue;
		retort_buf_init(&sql, canonical->arena);
		if (retort_sql_create_index(&canonical->render, &sql, canonical->made,
			    canonical->made->indexes[i], canonical->err) ||
			run(canonical, sql.data))
			return -1;
	}
	return 0;
}

/* ---- what is read back ---- */

/* What was given and is not the server's to change. */
static void take_over(const struct canonical *canonical, struct retort_table *table)
{
	const struct retort_table *given = canonical->given;

	table->schema = given->schema;
	table->comment = given->comment;
	table->options = given->options;
	table->option_count = given->option_count;
	for (size_t i = 0; i < given->column_count; i++) {
		const struct retort_column *from = given->columns[i];
		struct retort_column *to = retort_table_column(table, from->name);

		if (!to)
			continue;
		to->comment = from->comment;
		to->autoincrement = from->autoincrement;
		to->auto_start = from->auto_start;
		to->auto_increment = from->auto_increment;
		if (from->autoincrement != RETORT_AUTO_NONE)
			to->nullable = false;
		if (canonical->made->columns[i]->type != from->type) {
			to->type = from->type;
			to->enum_type_name = from->enum_type_name;
		}
	}
	for (size_t i = 0; i < given->constraint_count; i++) {
		struct retort_constraint *same = given->constraints[i]->name
			? retort_table_constraint(table, given->constraints[i]->name)
			: NULL;

		if (given->constraints[i]->kind == RETORT_FOREIGN_KEY) {
			RETORT_PUSH(canonical->arena, table->constraints, table->constraint_count,
				given->constraints[i]);
		} else if (same) {
			same->conventional = given->constraints[i]->conventional;
			same->not_valid = given->constraints[i]->not_valid;
		}
	}
	for (size_t i = 0; i < given->index_count; i++) {
		struct retort_index *same =
			given->indexes[i]->name ? retort_table_index(table, given->indexes[i]->name) : NULL;

		if (same)
			same->conventional = given->indexes[i]->conventional;
	}
}

static int read_back(struct canonical *canonical, struct retort_table **ret)
{
	struct inspection inspection = {.conn = canonical->conn,
		.arena = canonical->arena,
		.err = canonical->err,
		.schema = retort_schema_new(canonical->arena),
		.home = canonical->home,
		.names = inspect_array_text(canonical->arena, &canonical->given->name, 1),
		.version = (unsigned)PQserverVersion(canonical->conn->pg)};

	if (inspect_scratch(&inspection) || inspect_all(&inspection))
		return -1;
	*ret = retort_schema_table(inspection.schema, NULL, canonical->given->name);
	if (!*ret)
		return retort_fail(canonical->err, RETORT_E_STATE, "cannot find table '%s' again",
			canonical->given->name);
	take_over(canonical, *ret);
	return 0;
}

int canonical_table(struct retort_conn *conn, const struct retort_table *table, struct retort_arena *arena,
	struct retort_table **ret, struct retort_error *err)
{
	struct canonical canonical = {.conn = conn,
		.arena = arena,
		.given = table,
		.err = err,
		.render = dialect_render(arena, NULL)};
	int version = PQserverVersion(conn->pg), rc;
	bool inner;

	canonical.render.version = (unsigned)(version / 10000 * 10000 + version % 10000 * 100);
	canonical.home = inspect_home(conn, arena, err);
	if (!canonical.home || transaction_enter(conn, true, &inner, err))
		return -1;
	rc = inspect_narrow(conn, canonical.home, err) || prepare(&canonical) || create(&canonical) ||
			read_back(&canonical, ret)
		? -1
		: 0;
	if (transaction_leave(conn, inner, rc ? NULL : err))
		rc = -1;
	return rc;
}
