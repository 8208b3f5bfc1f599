/* SPDX-License-Identifier: MIT
 *
 * Sequences, schemas, domains, extensions, views, routines and triggers.
 */
#include <string.h>

#include "sql/generic.h"

static int add(struct retort_render *render, const struct retort_op *op, const struct retort_buf *sql)
{
	retort_plan_add(render->plan, op, 0, sql->data, NULL);
	return 0;
}

/* Appends a text without blanks, line ends and semicolons at its end. */
static void append_text(struct retort_buf *out, const char *text)
{
	size_t n = strlen(text);

	while (n > 0 && strchr(" \t\r\n;", text[n - 1]))
		n--;
	retort_buf_mem(out, text, n);
}

static void append_number(struct retort_buf *out, const char *word, long long number)
{
	if (number != 0)
		retort_buf_printf(out, " %s %lld", word, number);
}

int generic_create_sequence(struct retort_render *render, const struct retort_op *op,
	struct retort_error *err)
{
	const struct retort_sequence *sequence = op->sequence;
	struct retort_buf sql;

	retort_buf_init(&sql, render->arena);
	retort_buf_printf(&sql, "CREATE SEQUENCE %s", op->if_not_exists ? "IF NOT EXISTS " : "");
	retort_sql_qualified(render, &sql, sequence->schema, sequence->name);
	if (sequence->type) {
		retort_buf_str(&sql, " AS ");
		if (retort_sql_type(render, &sql, sequence->type, err))
			return -1;
	}
	append_number(&sql, "INCREMENT BY", sequence->increment);
	append_number(&sql, "MINVALUE", sequence->minimum);
	append_number(&sql, "MAXVALUE", sequence->maximum);
	append_number(&sql, "START WITH", sequence->start);
	append_number(&sql, "CACHE", sequence->cache);
	if (sequence->cycle)
		retort_buf_str(&sql, " CYCLE");
	return add(render, op, &sql);
}

int generic_create_schema(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct retort_buf sql;

	(void)err;
	retort_buf_init(&sql, render->arena);
	retort_buf_printf(&sql, "CREATE SCHEMA %s", op->if_not_exists ? "IF NOT EXISTS " : "");
	retort_sql_name(render, &sql, op->name);
	return add(render, op, &sql);
}

int generic_create_domain(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const struct retort_domain *domain = op->domain;
	struct retort_buf sql;

	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "CREATE DOMAIN %t AS ", domain->schema, domain->name);
	if (retort_sql_type(render, &sql, domain->type, err))
		return -1;
	if (domain->def && domain->def->kind != RETORT_DEFAULT_NULL) {
		retort_buf_str(&sql, " DEFAULT ");
		if (retort_sql_default(render, &sql, domain->type, domain->def, err))
			return -1;
	}
	if (!domain->nullable)
		retort_buf_str(&sql, " NOT NULL");
	if (domain->check) {
		retort_buf_str(&sql, " CHECK ");
		retort_sql_expression(&sql, domain->check->sql);
	}
	return add(render, op, &sql);
}

int generic_create_extension(struct retort_render *render, const struct retort_op *op,
	struct retort_error *err)
{
	const struct retort_extension *extension = op->extension;
	struct retort_buf sql;

	(void)err;
	retort_buf_init(&sql, render->arena);
	retort_buf_printf(&sql, "CREATE EXTENSION %s", op->if_not_exists ? "IF NOT EXISTS " : "");
	retort_sql_name(render, &sql, extension->name);
	if (extension->schema) {
		retort_buf_str(&sql, " SCHEMA ");
		retort_sql_name(render, &sql, extension->schema);
	}
	if (extension->version) {
		retort_buf_str(&sql, " VERSION ");
		retort_sql_string(render, &sql, extension->version);
	}
	return add(render, op, &sql);
}

int generic_alter_extension(struct retort_render *render, const struct retort_op *op,
	struct retort_error *err)
{
	struct retort_buf sql;

	(void)err;
	retort_buf_init(&sql, render->arena);
	retort_sql_write(render, &sql, "ALTER EXTENSION %n UPDATE TO %q", op->name, op->extension->version);
	return add(render, op, &sql);
}

/* Whether a materialized view is meant: dropping one has only the schema to tell. */
static bool is_materialized(const struct retort_render *render, const struct retort_op *op)
{
	const struct retort_view *view = op->view;

	if (!view)
		view = retort_schema_view(render->schema, op->schema, op->name);
	return op->materialized || (view && view->materialized);
}

static const char *routine_word(const struct retort_op *op)
{
	return op->routine && op->routine->kind == RETORT_PROCEDURE ? "PROCEDURE" : "FUNCTION";
}

/* The table of a trigger that an operation only names. */
static const char *trigger_table(const struct retort_render *render, const struct retort_op *op)
{
	if (op->table)
		return op->table;
	for (size_t i = 0; i < render->schema->trigger_count; i++)
		if (strcmp(render->schema->triggers[i]->name, op->name) == 0)
			return render->schema->triggers[i]->table;
	return NULL;
}

static void append_drop(struct retort_render *render, struct retort_buf *out, const struct retort_op *op,
	const char *word)
{
	bool trigger = strcmp(word, "TRIGGER") == 0,
	     schema = strcmp(word, "SCHEMA") == 0 || strcmp(word, "EXTENSION") == 0;
	bool on = trigger && retort_sql_has(render, RETORT_CAP_DROP_TRIGGER_ON);
	const char *table = on ? trigger_table(render, op) : NULL;

	retort_buf_printf(out, "DROP %s %s", word, op->if_exists ? "IF EXISTS " : "");
	retort_sql_qualified(render, out, on || schema ? NULL : op->schema, op->name);
	if (table) {
		retort_buf_str(out, " ON ");
		retort_sql_qualified(render, out, op->schema, table);
	}
	if (op->cascade)
		retort_buf_str(out, " CASCADE");
}

int generic_drop(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	static const char *const words[RETORT_OP_COUNT] = {
		[RETORT_OP_DROP_SEQUENCE] = "SEQUENCE",
		[RETORT_OP_DROP_SCHEMA] = "SCHEMA",
		[RETORT_OP_DROP_DOMAIN] = "DOMAIN",
		[RETORT_OP_DROP_EXTENSION] = "EXTENSION",
		[RETORT_OP_DROP_VIEW] = "VIEW",
		[RETORT_OP_DROP_TRIGGER] = "TRIGGER",
	};
	const char *word = op->kind == RETORT_OP_DROP_ROUTINE ? routine_word(op) : words[op->kind];
	unsigned flags = op->cascade || op->kind == RETORT_OP_DROP_SEQUENCE ? RETORT_STMT_DESTRUCTIVE : 0;
	struct retort_buf sql;

	(void)err;
	if (op->kind == RETORT_OP_DROP_VIEW && is_materialized(render, op))
		word = "MATERIALIZED VIEW";
	retort_buf_init(&sql, render->arena);
	append_drop(render, &sql, op, word);
	retort_plan_add(render->plan, op, flags, sql.data, NULL);
	return 0;
}

/* The first words of a CREATE that may replace: OR REPLACE where the engine has it, else a DROP first. */
static void begin_make(struct retort_render *render, struct retort_buf *sql, const struct retort_op *op,
	const char *word, bool replaces, bool can_replace)
{
	retort_buf_init(sql, render->arena);
	if (replaces && !can_replace) {
		append_drop(render, sql, op, word);
		retort_plan_add(render->plan, op, 0, sql->data, NULL);
		retort_buf_clear(sql);
	}
	retort_buf_printf(sql, "CREATE %s%s ", replaces && can_replace ? "OR REPLACE " : "", word);
}

int generic_make_view(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	bool materialized = is_materialized(render, op);
	struct retort_buf sql;

	(void)err;
	begin_make(render, &sql, op, materialized ? "MATERIALIZED VIEW" : "VIEW",
		op->kind == RETORT_OP_REPLACE_VIEW,
		!materialized && retort_sql_has(render, RETORT_CAP_REPLACE_VIEW));
	if (op->if_not_exists)
		retort_buf_str(&sql, "IF NOT EXISTS ");
	retort_sql_write(render, &sql, "%t AS ", op->view->schema, op->view->name);
	append_text(&sql, op->view->query->sql);
	return add(render, op, &sql);
}

int generic_make_routine(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	const char *body = op->routine->body->sql;
	struct retort_buf sql;

	(void)err;
	begin_make(render, &sql, op, routine_word(op), op->kind == RETORT_OP_REPLACE_ROUTINE,
		retort_sql_has(render, RETORT_CAP_REPLACE_ROUTINE));
	retort_sql_qualified(render, &sql, op->routine->schema, op->routine->name);
	if (*body != '(')
		retort_buf_char(&sql, ' ');
	append_text(&sql, body);
	return add(render, op, &sql);
}

int generic_make_trigger(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct retort_buf sql;

	(void)err;
	begin_make(render, &sql, op, "TRIGGER", op->kind == RETORT_OP_REPLACE_TRIGGER,
		retort_sql_has(render, RETORT_CAP_REPLACE_TRIGGER));
	retort_sql_name(render, &sql, op->trigger->name);
	retort_buf_char(&sql, ' ');
	append_text(&sql, op->trigger->body->sql);
	return add(render, op, &sql);
}
