/* SPDX-License-Identifier: MIT
 *
 * What the engine can't have: found before anything is rendered. What changes which rows are legal is
 * refused, what only serves speed or people is left out with a note.
 */
#include <string.h>

#include "base/text.h"
#include "sql/check.h"
#include "sql/render.h"

/* The kinds that need a capability, and what the engine lacks without it. */
static const struct {
	enum retort_op_kind kind;
	uint64_t cap;
	const char *lacking;
} needs[] = {
	{RETORT_OP_CREATE_SEQUENCE, RETORT_CAP_SEQUENCES, "sequences"},
	{RETORT_OP_DROP_SEQUENCE, RETORT_CAP_SEQUENCES, "sequences"},
	{RETORT_OP_CREATE_SCHEMA, RETORT_CAP_SCHEMAS, "schemas"},
	{RETORT_OP_DROP_SCHEMA, RETORT_CAP_SCHEMAS, "schemas"},
	{RETORT_OP_CREATE_DOMAIN, RETORT_CAP_DOMAINS, "domains"},
	{RETORT_OP_DROP_DOMAIN, RETORT_CAP_DOMAINS, "domains"},
	{RETORT_OP_CREATE_EXTENSION, RETORT_CAP_EXTENSIONS, "extensions"},
	{RETORT_OP_DROP_EXTENSION, RETORT_CAP_EXTENSIONS, "extensions"},
	{RETORT_OP_ALTER_EXTENSION, RETORT_CAP_EXTENSIONS, "extensions"},
	{RETORT_OP_CREATE_TRIGGER, RETORT_CAP_TRIGGERS, "triggers"},
	{RETORT_OP_REPLACE_TRIGGER, RETORT_CAP_TRIGGERS, "triggers"},
	{RETORT_OP_DROP_TRIGGER, RETORT_CAP_TRIGGERS, "triggers"},
};

int check_lacks(const struct check *check, const char *what)
{
	return retort_fail(check->err, RETORT_E_PLAN,
		"cannot %s: %s has no %s: use only or except, or give a map by dialect",
		retort_op_describe(check->render->arena, check->op), check->render->dialect->name, what);
}

void check_left_out(const struct check *check, uint64_t cap, bool used, const char *what)
{
	if (used && check->render->plan && !retort_sql_has(check->render, cap))
		retort_plan_note(check->render->plan, "%s has no %s: left out", check->render->dialect->name,
			what);
}

static int check_need(const struct check *check)
{
	const struct retort_op *op = check->op;
	bool procedure = op->routine && op->routine->kind == RETORT_PROCEDURE;

	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
		if (needs[i].kind == op->kind && !retort_sql_has(check->render, needs[i].cap))
			return check_lacks(check, needs[i].lacking);
	if (op->kind >= RETORT_OP_CREATE_ROUTINE && op->kind <= RETORT_OP_DROP_ROUTINE &&
		!retort_sql_has(check->render, procedure ? RETORT_CAP_PROCEDURES : RETORT_CAP_FUNCTIONS))
		return check_lacks(check, procedure ? "procedures" : "functions");
	if ((op->materialized || (op->view && op->view->materialized)) &&
		!retort_sql_has(check->render, RETORT_CAP_MATERIALIZED))
		return check_lacks(check, "materialized views");
	if (op->cascade && !retort_sql_has(check->render, RETORT_CAP_CASCADE))
		return check_lacks(check, "cascade");
	return 0;
}

static bool is_qualified(const struct retort_op *op)
{
	if (op->schema || (op->create && op->create->schema))
		return true;
	for (size_t i = 0; op->create && i < op->create->constraint_count; i++)
		if (op->create->constraints[i]->references && op->create->constraints[i]->references->schema)
			return true;
	return op->constraint && op->constraint->references && op->constraint->references->schema;
}

/* ---- names ---- */

/* A name that comes into being. */
static int check_name(const struct check *check, const char *name)
{
	const struct retort_dialect *dialect = check->render->dialect;
	struct retort_arena *arena = check->render->arena;
	size_t n = name ? strlen(name) : 0, length;

	if (!name)
		return 0;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)name[i] < 0x20 || name[i] == 0x7F)
			return retort_fail(check->err, RETORT_E_PLAN,
				"cannot %s: the name '%s' has a control character",
				retort_op_describe(arena, check->op), text_echo(arena, name, 80));
	if (n == 0)
		return retort_fail(check->err, RETORT_E_PLAN, "cannot %s: a name is empty",
			retort_op_describe(arena, check->op));
	length = dialect->max_name_characters ? text_utf8_count(name, n) : n;
	if (dialect->max_name == 0 || length <= dialect->max_name)
		return 0;
	return retort_fail(check->err, RETORT_E_PLAN,
		"cannot %s: the name '%s' has %zu %s, %s takes at most %u",
		retort_op_describe(arena, check->op), text_echo(arena, name, 80), length,
		dialect->max_name_characters ? "characters" : "bytes", dialect->name, dialect->max_name);
}

static int check_table_names(const struct check *check, const struct retort_table *table)
{
	int rc = check_name(check, table->name);

	for (size_t i = 0; i < table->column_count; i++)
		rc |= check_name(check, table->columns[i]->name);
	for (size_t i = 0; i < table->constraint_count; i++)
		rc |= check_name(check, table->constraints[i]->name);
	for (size_t i = 0; i < table->index_count; i++)
		rc |= check_name(check, table->indexes[i]->name);
	return rc;
}

/* Whether op->name comes into being; that of other kinds is there already. */
static bool makes_name(enum retort_op_kind kind)
{
	static const enum retort_op_kind makers[] = {
		RETORT_OP_ADD_COLUMN,
		RETORT_OP_CREATE_INDEX,
		RETORT_OP_CREATE_CONSTRAINT,
		RETORT_OP_CREATE_ENUM,
		RETORT_OP_CREATE_SEQUENCE,
		RETORT_OP_CREATE_SCHEMA,
		RETORT_OP_CREATE_DOMAIN,
		RETORT_OP_CREATE_VIEW,
		RETORT_OP_CREATE_ROUTINE,
		RETORT_OP_CREATE_TRIGGER,
	};

	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if (makers[i] == kind)
			return true;
	return false;
}

static int check_names(const struct check *check)
{
	const struct retort_op *op = check->op;
	int rc = check_name(check, op->to);

	if (op->create)
		rc |= check_table_names(check, op->create);
	if (makes_name(op->kind))
		rc |= check_name(check, op->name);
	return rc;
}

int render_check(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct check check = {.render = render, .op = op, .err = err};
	int rc = check_need(&check) | check_names(&check);

	if (is_qualified(op) && !retort_sql_has(render, RETORT_CAP_SCHEMAS))
		rc |= check_lacks(&check, "schemas");
	check_left_out(&check, RETORT_CAP_CONCURRENTLY, op->concurrently, "concurrent work on indexes");
	check_left_out(&check, RETORT_CAP_NOT_VALID, op->kind == RETORT_OP_VALIDATE_CONSTRAINT,
		"constraints that are checked later");
	check_left_out(&check, RETORT_CAP_COMMENTS, op->kind == RETORT_OP_COMMENT, "comments");
	if ((op->if_exists || op->if_not_exists) && (render->dialect->syntax & RETORT_SYNTAX_NO_IF))
		rc |= retort_fail(err, RETORT_E_PLAN, "cannot %s: %s has no IF EXISTS, leave %s out",
			retort_op_describe(render->arena, op), render->dialect->name,
			op->if_exists ? "if_exists" : "if_not_exists");
	if (op->create)
		rc |= check_table(&check, op->create);
	if (op->column)
		rc |= check_column(&check, op->column, op->kind == RETORT_OP_ALTER_COLUMN ? op->alter : ~0u);
	if (op->constraint)
		rc |= check_constraint(&check, op->constraint);
	if (op->index)
		rc |= check_index(&check, op->index);
	for (size_t i = 0; op->options && i < op->options->option_count; i++)
		rc |= check_option(&check, "table", op->options->options[i]);
	if (render->dialect->check && render->dialect->check(render, op, err))
		rc = -1;
	if (rc)
		retort_error_at(err, op->file, op->line, op->line_column);
	return rc ? -1 : 0;
}
