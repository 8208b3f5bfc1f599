/* SPDX-License-Identifier: MIT */
#include "engine/bookkeeping.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "engine/retry.h"
#include "sql/render.h"

#define AT(member) offsetof(struct history_entry, member)

const struct history_column history_columns[HISTORY_COLUMNS] = {
	{"id", "bigint", AT(id), true, false, true, false},
	{"revision", "string(32)", AT(revision), false, false, true, false},
	{"direction", "string(16)", AT(direction), false, false, true, false},
	{"state", "string(16)", AT(state), false, false, true, false},
	{"checksum", "string(64)", AT(checksum), false, false, true, false},
	{"file_hash", "string(32)", AT(file_hash), false, false, true, false},
	{"statements", "integer", AT(statements), true, false, false, false},
	{"done", "integer", AT(done), true, false, false, false},
	{"started_at", "timestamp", AT(started_at), false, true, false, false},
	{"finished_at", "timestamp", AT(finished_at), false, true, false, false},
	{"applied_by", "string(255)", AT(applied_by), false, false, false, false},
	{"host", "string(255)", AT(host), false, false, false, false},
	{"retort_version", "string(32)", AT(retort_version), false, false, false, false},
	{"message", "text", AT(message), false, false, false, false},
	{"intent", "text", AT(intent), false, false, false, false},
	{"error", "text", AT(error), false, false, false, false},
	{"plan", "text", AT(plan), false, false, false, true},
	{"downgrade", "text", AT(downgrade), false, false, false, true},
};

const char *bookkeeping_mark(const struct session *session, struct retort_arena *arena, size_t number)
{
	struct retort_render render = session_render(session, arena, NULL, NULL);
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_sql_placeholder(&render, &out, number);
	return out.data;
}

const char *bookkeeping_user(struct retort_arena *arena)
{
	char space[4096];
	struct passwd entry, *found = NULL;

	if (getpwuid_r(geteuid(), &entry, space, sizeof space, &found) == 0 && found)
		return retort_strdup(arena, found->pw_name);
	return retort_printf(arena, "%lu", (unsigned long)geteuid());
}

const char *bookkeeping_host(struct retort_arena *arena)
{
	char name[256] = "";

	return gethostname(name, sizeof name - 1) == 0 ? retort_strdup(arena, name) : "?";
}

int bookkeeping_fault(struct retort_error *err, const struct retort_error *reason, const char *what)
{
	const struct retort_problem *problem = retort_error_first(reason);

	if (!problem)
		return retort_fail(err, RETORT_E_SQL, "%s", what);
	for (; problem; problem = problem->next) {
		retort_fail(err, problem->code, "%s: %s", what, problem->message);
		retort_error_sqlstate(err, problem->sqlstate, problem->engine_code);
		retort_error_statement(err, problem->statement);
	}
	return -1;
}

const char *history_table(const struct session *session, struct retort_arena *arena, const char *name)
{
	struct retort_render render = session_render(session, arena, NULL, NULL);
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_sql_qualified(&render, &out, session->settings->version_table_schema, name);
	return out.data;
}

static struct retort_column *add_column(struct retort_arena *arena, struct retort_table *table,
	const char *name, const char *type, bool nullable)
{
	struct retort_column *column = retort_table_add_column(arena, table, name);

	if (retort_type_parse(arena, type, &column->type, NULL) < 0)
		column->type = retort_type_new(arena, RETORT_TYPE_TEXT);
	column->nullable = nullable;
	return column;
}

/* The primary key of one column. */
static void add_key(struct retort_arena *arena, struct retort_table *table, const char *name,
	const char *column)
{
	struct retort_constraint *key = retort_table_add_constraint(arena, table, RETORT_PRIMARY_KEY, name);
	const char **columns = retort_alloc_array(arena, 1, sizeof *columns);

	columns[0] = column;
	key->columns = columns;
	key->column_count = 1;
}

/* As Alembic lays it out, down to the name of its key. */
static struct retort_table *version_table(const struct session *session, struct retort_arena *arena)
{
	const struct settings *settings = session->settings;
	struct retort_table *table =
		retort_table_new(arena, settings->version_table_schema, settings->version_table);

	add_column(arena, table, "version_num", "string(32)", false);
	add_key(arena, table, retort_printf(arena, "%s_pkc", settings->version_table), "version_num");
	return table;
}

static struct retort_table *history_layout(const struct session *session, struct retort_arena *arena)
{
	struct retort_table *table =
		retort_table_new(arena, session->settings->version_table_schema, HISTORY_TABLE);

	for (size_t i = 0; i < HISTORY_COLUMNS; i++) {
		const struct history_column *column = &history_columns[i];
		struct retort_column *made = add_column(arena, table, column->name, column->type, i != 0);

		if (i == 0) {
			made->autoincrement = RETORT_AUTO_BY_DEFAULT;
			add_column(arena, table, "version_table", "string(255)", false);
		}
	}
	add_key(arena, table, "pk_" HISTORY_TABLE, "id");
	return table;
}

static struct retort_table *lock_layout(const struct session *session, struct retort_arena *arena)
{
	struct retort_table *table =
		retort_table_new(arena, session->settings->version_table_schema, HISTORY_LOCK_TABLE);

	add_column(arena, table, "name", "string(255)", false);
	add_column(arena, table, "token", "string(64)", true); /* NULL: free */
	add_column(arena, table, "counter", "bigint", false);
	add_column(arena, table, "waited", "bigint", false);
	add_column(arena, table, "holder", "string(255)", true);
	add_column(arena, table, "taken_at", "string(32)", true);
	add_column(arena, table, "process", "string(255)", true);
	add_key(arena, table, "pk_" HISTORY_LOCK_TABLE, "name");
	return table;
}

/* Adds the statements that make a table where it isn't there. */
static int plan_table(struct session *session, struct retort_table *table, struct retort_plan *plan,
	struct retort_error *err)
{
	struct retort_op *op = retort_alloc(plan->arena, sizeof *op);
	struct renderer renderer = {
		.arena = plan->arena,
		.dialect = session->dialect,
		.version = session->version,
		.schema = retort_schema_new(plan->arena),
		.plan = plan,
	};
	const struct retort_op *list[1] = {op};

	op->kind = RETORT_OP_CREATE_TABLE;
	op->schema = table->schema;
	op->table = op->name = table->name;
	op->create = table;
	op->if_not_exists = !(session->dialect->syntax & RETORT_SYNTAX_NO_IF);
	if (table->schema)
		RETORT_PUSH(plan->arena, renderer.schema->schemas, renderer.schema->schema_count,
			table->schema);
	return render_ops(&renderer, list, 1, err);
}

int history_tables_plan(struct session *session, bool version_exists, bool history_exists_already,
	struct retort_plan *plan, struct retort_error *err)
{
	if (!version_exists && plan_table(session, version_table(session, plan->arena), plan, err) < 0)
		return -1;
	if (!history_exists_already &&
		plan_table(session, history_layout(session, plan->arena), plan, err) < 0)
		return -1;
	return 0;
}

/* Whether inspection finds a table. */
static bool schema_holds(const struct session *session, const struct retort_schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->table_count; i++)
		if (strcmp(schema->tables[i]->name, name) == 0)
			return true;
	(void)session;
	return false;
}

int history_exists(struct session *session, bool *version, bool *history, struct retort_error *err)
{
	const char *const tables[] = {session->settings->version_table, HISTORY_TABLE};
	const struct retort_inspect_options options = {
		.size = sizeof options,
		.schemas = &session->settings->version_table_schema,
		.schema_count = session->settings->version_table_schema ? 1 : 0,
		.tables = tables,
		.table_count = 2,
	};
	struct retort_arena *scratch = retort_arena_new();
	struct retort_schema *schema;
	int ret;

	ret = session->driver->inspect(session->conn, &options, scratch, &schema, err);
	*version = ret == 0 && schema_holds(session, schema, session->settings->version_table);
	*history = ret == 0 && schema_holds(session, schema, HISTORY_TABLE);
	retort_arena_free(scratch);
	return ret;
}

/* Runs a plan of bookkeeping. */
static int run_plan(struct session *session, const struct retort_plan *plan, struct retort_error *err)
{
	for (size_t i = 0; i < plan->statement_count; i++)
		if (session_exec(session, plan->statements[i]->sql, NULL, 0, NULL, err) < 0)
			return -1;
	return 0;
}

/* Runs it between begin and commit. */
static int run_in_transaction(struct session *session, const struct retort_plan *plan,
	struct retort_error *err)
{
	struct retry retry = {0};

	do {
		if (session_begin(session, 0, err) < 0)
			return -1;
		if (run_plan(session, plan, err) == 0 && session_commit(session, err) == 0)
			return 0;
		session_rollback(session);
	} while (retry_wanted(session, &retry, err));
	return -1;
}

/* Makes what is missing of both tables. */
static int ensure(struct session *session, bool inside, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	struct retort_plan plan = {.arena = scratch};
	bool version, history;
	int ret = -1;

	if (session_create(session, err) < 0)
		goto out;
	if (history_exists(session, &version, &history, err) < 0 ||
		history_tables_plan(session, version, history, &plan, err) < 0)
		goto out;
	ret = plan.statement_count == 0 ? 0
		: inside                ? run_plan(session, &plan, err)
					: run_in_transaction(session, &plan, err);
	/* Elsewhere the tables are there with the commit at the earliest, or have committed themselves. */
	if (ret == 0 && inside && plan.statement_count && !session_has(session, RETORT_CAP_TX_DDL) &&
		(session_commit(session, err) < 0 || session_begin(session, 0, err) < 0))
		ret = -1;
out:
	if (ret < 0)
		retort_error_prefix(err, "cannot make the bookkeeping tables");
	retort_arena_free(scratch);
	return ret;
}

int history_ensure(struct session *session, struct retort_error *err)
{
	return ensure(session, false, err);
}

int history_ensure_inside(struct session *session, struct retort_error *err)
{
	return ensure(session, true, err);
}

/* Two that make a table at once: one finds a name taken that wasn't a moment before. */
static bool lost_race(const struct retort_error *err)
{
	const struct retort_problem *problem = retort_error_first(err);

	return strncmp(problem->sqlstate, "23", 2) == 0 || strcmp(problem->sqlstate, "42P07") == 0 ||
		strcmp(problem->sqlstate, "42S01") == 0;
}

/* Whether the lock table can be read. Where a cluster runs a statement on a table it runs no other, not even
 * one that would find its table there: so we look first. */
static bool has_lock_table(struct session *session, struct retort_arena *scratch)
{
	struct retort_error *ignored = retort_error_new();
	const char *value;
	int ret = session_value(session, scratch,
		retort_printf(scratch, "SELECT 1 FROM %s WHERE 1 = 0",
			history_table(session, scratch, HISTORY_LOCK_TABLE)),
		NULL, 0, &value, NULL, ignored);

	retort_error_free(ignored);
	return ret == 0;
}

int history_ensure_lock(struct session *session, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	struct retort_error *own = retort_error_new();
	struct retort_plan plan = {.arena = scratch};
	int ret = 0;

	if (has_lock_table(session, scratch))
		goto out;
	ret = plan_table(session, lock_layout(session, scratch), &plan, err);
	if (ret == 0 && run_in_transaction(session, &plan, own) < 0)
		ret = lost_race(own) && has_lock_table(session, scratch) ? 0
			: lost_race(own) ? run_in_transaction(session, &plan, err)
					 : retort_fail(err, retort_error_first(own)->code, "%s",
						   retort_error_first(own)->message);
	if (ret < 0)
		retort_error_prefix(err, "cannot make the lock table");
out:
	retort_error_free(own);
	retort_arena_free(scratch);
	return ret;
}
