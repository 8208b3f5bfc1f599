/* SPDX-License-Identifier: MIT
 *
 * Views, routines, triggers and domains as the server would report them: each is made in the session's
 * temporary schema, read back and forgotten.
 */
#include <string.h>

#include "dialect.h"
#include "inspect.h"

/* All objects at work. */
struct work {
	struct retort_conn *conn;
	struct retort_arena *arena;
	const char *home;
	unsigned version;
};

/* The statement that makes an object, by the generic renderer; NULL where it can't be rendered. */
static const char *statement_of(const struct work *work, const struct retort_op *op)
{
	struct retort_plan plan = {.arena = work->arena};
	struct retort_render render = dialect_render(work->arena, retort_schema_new(work->arena));

	render.version = work->version;
	render.plan = &plan;
	if (!op->routine || override_make_routine(&render, op, NULL) == RETORT_PASS)
		retort_sql_generic(&render, op, NULL);
	return plan.statement_count == 0 ? NULL : plan.statements[0]->sql;
}

/* Runs what makes it, if any, and reads the temporary schema; NULL where that fails. */
static struct retort_schema *made(const struct work *work, const char *first, const char *sql,
	int (*inspect)(struct inspection *inspection))
{
	struct retort_error *ignored = retort_error_new();
	struct inspection inspection = {.conn = work->conn,
		.arena = work->arena,
		.err = ignored,
		.schema = retort_schema_new(work->arena),
		.home = work->home,
		.version = (unsigned)PQserverVersion(work->conn->pg)};
	bool good;

	good = sql && connection_do(work->conn, "SAVEPOINT retort_object", NULL, 0, ignored) == 0 &&
		(!first || connection_do(work->conn, first, NULL, 0, ignored) == 0) &&
		connection_do(work->conn, sql, NULL, 0, ignored) == 0 && inspect_scratch(&inspection) == 0 &&
		inspect(&inspection) == 0;
	if (sql)
		connection_do(work->conn,
			"ROLLBACK TO SAVEPOINT retort_object; RELEASE SAVEPOINT retort_object", NULL, 0,
			ignored);
	retort_error_free(ignored);
	return good ? inspection.schema : NULL;
}

static struct retort_view *view(const struct work *work, struct retort_view *given)
{
	struct retort_view *temporary = retort_alloc(work->arena, sizeof *temporary);
	struct retort_op op = {.kind = RETORT_OP_CREATE_VIEW, .view = temporary};
	struct retort_schema *found;

	*temporary = *given;
	temporary->schema = "pg_temp";
	temporary->materialized = false;
	found = made(work, NULL, statement_of(work, &op), inspect_relations);
	if (!found || found->view_count == 0)
		return given;
	*temporary = *given;
	temporary->query = found->views[0]->query;
	return temporary;
}

static struct retort_routine *routine(const struct work *work, struct retort_routine *given)
{
	struct retort_routine *temporary = retort_alloc(work->arena, sizeof *temporary);
	struct retort_op op = {.kind = RETORT_OP_CREATE_ROUTINE, .routine = temporary};
	struct retort_schema *found;

	*temporary = *given;
	temporary->schema = "pg_temp";
	found = made(work, NULL, statement_of(work, &op), inspect_routines);
	if (!found || found->routine_count == 0)
		return given;
	*temporary = *given;
	temporary->body = found->routines[0]->body;
	return temporary;
}

/* The trigger's table is stood for by an empty one of the same columns, which hides it. */
static struct retort_trigger *trigger(const struct work *work, struct retort_trigger *given)
{
	struct retort_trigger *result = retort_alloc(work->arena, sizeof *result);
	struct retort_op op = {.kind = RETORT_OP_CREATE_TRIGGER, .trigger = given};
	struct retort_render render = dialect_render(work->arena, NULL);
	struct retort_schema *found;
	struct retort_buf sql;

	retort_buf_init(&sql, work->arena);
	retort_sql_write(&render, &sql, "CREATE TABLE pg_temp.%n AS SELECT * FROM %t WITH NO DATA",
		given->table, given->schema ? given->schema : work->home, given->table);
	found = made(work, sql.data, statement_of(work, &op), inspect_triggers);
	if (!found || found->trigger_count == 0)
		return given;
	*result = *given;
	result->body = found->triggers[0]->body;
	return result;
}

static struct retort_domain *domain(const struct work *work, struct retort_domain *given)
{
	struct retort_domain *temporary = retort_alloc(work->arena, sizeof *temporary);
	struct retort_op op = {.kind = RETORT_OP_CREATE_DOMAIN, .domain = temporary};
	struct retort_schema *found;

	*temporary = *given;
	temporary->schema = "pg_temp";
	found = made(work, NULL, statement_of(work, &op), inspect_domains);
	if (!found || found->domain_count == 0)
		return given;
	*temporary = *given;
	temporary->def = found->domains[0]->def;
	temporary->check = found->domains[0]->check;
	return temporary;
}

static struct retort_schema *all(const struct work *work, const struct retort_schema *objects)
{
	struct retort_schema *schema = retort_schema_new(work->arena);

	for (size_t i = 0; i < objects->domain_count; i++)
		RETORT_PUSH(work->arena, schema->domains, schema->domain_count,
			domain(work, objects->domains[i]));
	for (size_t i = 0; i < objects->view_count; i++)
		RETORT_PUSH(work->arena, schema->views, schema->view_count, view(work, objects->views[i]));
	for (size_t i = 0; i < objects->routine_count; i++)
		RETORT_PUSH(work->arena, schema->routines, schema->routine_count,
			routine(work, objects->routines[i]));
	for (size_t i = 0; i < objects->trigger_count; i++)
		RETORT_PUSH(work->arena, schema->triggers, schema->trigger_count,
			trigger(work, objects->triggers[i]));
	return schema;
}

int canonical_objects(struct retort_conn *conn, const struct retort_schema *objects,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err)
{
	int version = PQserverVersion(conn->pg);
	struct work work = {.conn = conn,
		.arena = arena,
		.version = (unsigned)(version / 10000 * 10000 + version % 10000 * 100)};
	bool inner;

	work.home = inspect_home(conn, arena, err);
	if (!work.home || transaction_enter(conn, true, &inner, err))
		return -1;
	if (inspect_narrow(conn, work.home, err) ||
		connection_do(conn, "SET LOCAL check_function_bodies = off", NULL, 0, err)) {
		transaction_leave(conn, inner, NULL);
		return -1;
	}
	*ret = all(&work, objects);
	return transaction_leave(conn, inner, err);
}
