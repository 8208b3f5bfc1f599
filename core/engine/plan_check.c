/* SPDX-License-Identifier: MIT */
#include "engine/plan_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "engine/plan_live.h"
#include "model/catalog.h"
#include "sql/splitter.h"

/* Adds a fault of an operation. */
static int op_fault(struct retort_error *err, const struct retort_op *op, struct retort_error *one)
{
	const struct retort_problem *problem = retort_error_first(one);

	retort_fail(err, problem->code, "%s", problem->message);
	retort_error_at(err, op->file, op->line, op->line_column);
	retort_error_clear(one);
	return -1;
}

/* ---- objects in the way ---- */

/* Which kinds of operation make and remove what. */
static const struct {
	enum retort_op_kind make, drop;
	enum family family;
} makers[] = {
	{RETORT_OP_CREATE_TABLE, RETORT_OP_DROP_TABLE, FAMILY_TABLE},
	{RETORT_OP_CREATE_VIEW, RETORT_OP_DROP_VIEW, FAMILY_VIEW},
	{RETORT_OP_CREATE_SEQUENCE, RETORT_OP_DROP_SEQUENCE, FAMILY_SEQUENCE},
	{RETORT_OP_CREATE_ENUM, RETORT_OP_DROP_ENUM, FAMILY_ENUM},
	{RETORT_OP_CREATE_DOMAIN, RETORT_OP_DROP_DOMAIN, FAMILY_DOMAIN},
	{RETORT_OP_CREATE_ROUTINE, RETORT_OP_DROP_ROUTINE, FAMILY_ROUTINE},
};

/* Whether the database holds an object of this name. */
static bool is_there(const struct retort_schema *live, enum family family, const char *schema_name,
	const char *name)
{
	for (size_t i = 0; i < family_count(live, family); i++) {
		const void *object = family_item(live, family, i);
		const char *its_schema = family_item_schema(family, object);

		if (strcmp(family_item_name(family, object), name) != 0)
			continue;
		if (!schema_name || !its_schema || strcmp(its_schema, schema_name) == 0)
			return true;
	}
	return false;
}

int plan_check_fresh(struct session *session, const struct retort_op *const *ops, size_t n,
	struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	struct map *settled = map_new(scratch); /* what the plan has dropped or made before */
	const char **found = NULL;
	struct retort_schema *live = NULL;
	size_t count = 0;
	int ret = 0;

	for (size_t i = 0; i < n && ret == 0; i++) {
		for (size_t k = 0; k < sizeof makers / sizeof *makers && ret == 0; k++) {
			const struct retort_op *op = ops[i];
			const char *name = op->name ? op->name : op->table;
			bool makes = op->kind == makers[k].make, drops = op->kind == makers[k].drop;
			const char *key;

			if ((!makes && !drops) || !name)
				continue;
			key = retort_printf(scratch, "%s '%s'", family_word(makers[k].family), name);
			if (makes && !op->if_not_exists && !map_get(settled, key)) {
				if (!live)
					ret = plan_inspect(session, scratch, NULL, 0, &live, err);
				if (ret == 0 && is_there(live, makers[k].family, op->schema, name))
					RETORT_PUSH(scratch, found, count, key);
			}
			map_put(settled, key, scratch);
		}
	}
	if (ret == 0 && count)
		ret = retort_fail(err, RETORT_E_STATE,
			"nothing was run: no revision is recorded, but the database holds %s already; either "
			"take the "
			"database over with 'retort adopt', or say which revisions it has with 'retort stamp "
			"REV'",
			text_list(scratch, found, count < 5 ? count : 5, 0));
	retort_arena_free(scratch);
	return ret;
}

/* ---- rows in the way ---- */

/* The query that counts the rows which an operation leaves without a value; NULL: none can be. */
static const char *count_query(struct session *session, struct retort_arena *arena,
	const struct retort_schema *live, const struct retort_op *op)
{
	struct retort_render render = session_render(session, arena, NULL, NULL);
	const struct retort_column *column = op->column;
	const struct retort_table *table;
	bool adds = op->kind == RETORT_OP_ADD_COLUMN;
	struct retort_buf out;

	if (!column || op->fill ||
		(!adds && (op->kind != RETORT_OP_ALTER_COLUMN || !(op->alter & RETORT_ALTER_NULLABLE))))
		return NULL;
	if (column->nullable || column->autoincrement || column->computed || (adds && column->def))
		return NULL;
	table = retort_schema_table(live, op->schema, op->table);
	if (!table || (!adds && !retort_table_column(table, op->name)))
		return NULL;
	retort_buf_init(&out, arena);
	retort_buf_str(&out, "SELECT count(*) FROM "); /* as core/sql/hazard.c writes it */
	retort_sql_qualified(&render, &out, op->schema, op->table);
	if (!adds) {
		retort_buf_str(&out, " WHERE ");
		retort_sql_name(&render, &out, op->name);
		retort_buf_str(&out, " IS NULL");
	}
	return out.data;
}

/* Whether an operation may give a table rows, or its rows other values. */
static bool may_fill(const struct retort_op *op)
{
	return op->kind == RETORT_OP_INSERT_ROWS || op->kind == RETORT_OP_UPDATE_ROWS ||
		op->kind == RETORT_OP_DELETE_ROWS || op->kind == RETORT_OP_DROP_TABLE ||
		op->kind == RETORT_OP_RENAME_TABLE || op->kind == RETORT_OP_RENAME_COLUMN ||
		op->kind == RETORT_OP_DROP_COLUMN;
}

/* Counts the rows in the way of one operation; *none: there are none, and the engine would say so later. */
static int check_rows_of(struct session *session, const struct retort_op *op, const char *sql, bool *none,
	struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	struct retort_error *one = retort_error_new();
	const char *value = NULL;
	int ret = 0;

	*none = false;
	if (session_value(session, scratch, sql, NULL, 0, &value, NULL, one) == 0 && value) {
		*none = strcmp(value, "0") == 0 && op->kind == RETORT_OP_ALTER_COLUMN;
		if (strcmp(value, "0") != 0) {
			retort_fail(one, RETORT_E_PLAN,
				"%s has %s row%s%s: '%s' is NOT NULL without default: give fill", op->table,
				value, strcmp(value, "1") ? "s" : "",
				op->kind == RETORT_OP_ALTER_COLUMN ? " without a value" : "", op->name);
			ret = op_fault(err, op, one);
		}
	}
	/* What can't be counted is the engine's to tell. */
	retort_error_free(one);
	retort_arena_free(scratch);
	return ret;
}

int plan_check_rows(struct session *session, const struct retort_schema *live,
	const struct retort_op *const *ops, size_t n, struct map *sure, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	struct map *changed = map_new(scratch); /* tables whose rows the plan itself changes first */
	int ret = 0;

	for (size_t i = 0; i < n; i++) {
		const struct retort_op *op = ops[i];
		const char *sql;
		bool none;

		/* From here on the rows are not those that are there now. */
		if (op->kind == RETORT_OP_EXECUTE || op->kind == RETORT_OP_RUN)
			break;
		if (op->table && may_fill(op))
			map_put(changed, op->table, scratch);
		if (!op->table || map_get(changed, op->table))
			continue;
		sql = count_query(session, session->arena, live, op);
		if (!sql)
			continue;
		if (check_rows_of(session, op, sql, &none, err) < 0)
			ret = -1;
		if (none)
			map_put(sure, sql, session);
	}
	retort_arena_free(scratch);
	return ret;
}

/* ---- a whole step ---- */

/* Whether another table refers to this one with an action. */
static const char *acting_referrer(struct retort_arena *arena, const struct retort_schema *schema,
	const char *table)
{
	struct retort_table **referrers;
	size_t count = catalog_referrers(arena, schema, NULL, table, &referrers);

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < referrers[i]->constraint_count; k++) {
			const struct retort_references *to = referrers[i]->constraints[k]->references;

			if (to && to->table && text_casecmp(to->table, table) == 0 &&
				(to->on_delete >= RETORT_ACTION_CASCADE ||
					to->on_update >= RETORT_ACTION_CASCADE))
				return referrers[i]->name;
		}
	return NULL;
}

/* Beside a rebuild foreign keys do not act, so rows must not be changed whose references would. */
static int check_beside_rebuild(struct session *session, const struct retort_schema *schema,
	const struct retort_op *op, const char *table, const char *verb, struct retort_error *err)
{
	const char *referrer = table ? acting_referrer(session->arena, schema, table) : NULL;

	if (!referrer || (verb && (text_casecmp(verb, "INSERT") == 0 || text_casecmp(verb, "WITH") == 0)))
		return 0;
	retort_fail(err, RETORT_E_PLAN,
		"cannot change rows of '%s' in a revision that rebuilds a table: '%s' refers to it with an "
		"action, which "
		"would not happen: move this operation to a revision of its own",
		table, referrer);
	retort_error_at(err, op->file, op->line, op->line_column);
	return -1;
}

/* The pieces of an execute: what they may be inside a transaction and beside a rebuild. */
static int check_execute(struct session *session, const struct planned *planned,
	const struct retort_schema *schema, const struct retort_op *op, struct retort_error *err)
{
	struct piece *pieces;
	size_t count;
	int ret = 0;

	if (!op->sql || !op->sql->sql)
		return 0;
	if (split_sql(session->arena, session->dialect->syntax, op->sql->sql, &pieces, &count, err) < 0) {
		retort_error_at(err, op->file, op->line, op->line_column);
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (pieces[i].class == PIECE_TRANSACTION && !op->outside_transaction) {
			ret = retort_fail(err, RETORT_E_PLAN,
				"cannot run '%s' in execute: transactions are kept by retort: leave it out, "
				"or set "
				"outside_transaction: true",
				text_echo(session->arena, pieces[i].sql, 40));
			retort_error_at(err, op->file, op->line, op->line_column);
		} else if (pieces[i].class == PIECE_ROWS && planned->tx_flags & RETORT_TX_REBUILD &&
			check_beside_rebuild(session, schema, op, pieces[i].table, pieces[i].verb, err) < 0) {
			ret = -1;
		}
	}
	return ret;
}

/* Whether a hazard was allowed by name. */
static bool is_allowed(const struct plan_request *request, const struct retort_op *op)
{
	for (size_t i = 0; i < request->allow_count; i++)
		if (text_casecmp(request->allow[i], "destructive") == 0 ||
			text_casecmp(request->allow[i], retort_op_word(op)) == 0)
			return true;
	return false;
}

/* What the mode and the target forbid to one statement. */
static int check_statement(struct session *session, const struct planned *planned,
	const struct retort_statement *statement, const struct plan_request *request,
	struct retort_error *err)
{
	const struct retort_op *op = statement->op;
	bool outside = statement->flags & RETORT_STMT_OUTSIDE || statement->kind == RETORT_STATEMENT_RUN ||
		statement->batch;

	if (!op)
		return 0;
	if (outside && planned->transaction == TRANSACTION_ALL) {
		retort_fail(err, RETORT_E_PLAN,
			"cannot %s with transaction = all: it runs outside of a transaction: use transaction "
			"= migration",
			retort_op_describe(session->arena, op));
	} else if (statement->flags & RETORT_STMT_DESTRUCTIVE && session->settings->protect &&
		!is_allowed(request, op)) {
		retort_fail(err, RETORT_E_PLAN, "cannot %s: the target is protected: give --allow %s",
			retort_op_describe(session->arena, op), retort_op_word(op));
	} else {
		return 0;
	}
	retort_error_at(err, op->file, op->line, op->line_column);
	return -1;
}

int plan_check_step(struct session *session, const struct planned *planned,
	const struct retort_schema *schema, const struct plan_request *request, struct retort_error *err)
{
	const struct retort_op *seen = NULL;
	int ret = 0;

	for (size_t i = 0; i < planned->plan->statement_count; i++) {
		const struct retort_statement *statement = planned->plan->statements[i];
		const struct retort_op *op = statement->op;

		if (check_statement(session, planned, statement, request, err) < 0)
			ret = -1;
		if (!op || op == seen)
			continue;
		seen = op;
		if (op->kind == RETORT_OP_EXECUTE && check_execute(session, planned, schema, op, err) < 0)
			ret = -1;
		if ((op->kind == RETORT_OP_UPDATE_ROWS || op->kind == RETORT_OP_DELETE_ROWS) &&
			planned->tx_flags & RETORT_TX_REBUILD &&
			check_beside_rebuild(session, schema, op, op->table, NULL, err) < 0)
			ret = -1;
	}
	return ret;
}
