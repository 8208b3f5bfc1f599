/* SPDX-License-Identifier: MIT */
/* Asking the engine what it would make of tables and objects, on a scratch place that leaves no trace. */
#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "engine/canonical.h"
#include "model/catalog.h"
#include "model/compare_part.h"
#include "model/expression.h"

#define COPY(arena, object) memcpy(retort_alloc((arena), sizeof *(object)), (object), sizeof *(object))

enum { LONGEST_REASON = 200 };

struct settling {
	struct session *session;
	struct retort_arena *arena;
	struct form *form;
	const struct form *live;
	struct compare_options options;
	struct notices *notices;
	const char *refused;    /* the first reason */
	struct retort_buf left; /* what was left to rules, in words */
	size_t left_count;
	struct retort_error *err;
};

/* ---- what is asked about ---- */

static bool names_missing(const struct settling *settling, const struct retort_table *table,
	const struct retort_table *live, const struct retort_text *text)
{
	for (size_t i = 0; text && text->sql && i < table->column_count; i++)
		if (!retort_table_column(live, table->columns[i]->name) &&
			expression_names(settling->options.syntax, text->sql, table->columns[i]->name))
			return true;
	return false;
}

/* Whether a constraint can be made on the columns that are there. */
static bool fits_constraint(const struct settling *settling, const struct retort_table *table,
	const struct retort_table *live, const struct retort_constraint *constraint)
{
	if (constraint->kind == RETORT_FOREIGN_KEY)
		return false;
	for (size_t i = 0; i < constraint->column_count; i++)
		if (!retort_table_column(live, constraint->columns[i]))
			return false;
	for (size_t i = 0; i < constraint->element_count; i++)
		if ((constraint->elements[i]->column &&
			    !retort_table_column(live, constraint->elements[i]->column)) ||
			names_missing(settling, table, live, constraint->elements[i]->expression))
			return false;
	return !names_missing(settling, table, live, constraint->expression);
}

static bool fits_index(const struct settling *settling, const struct retort_table *table,
	const struct retort_table *live, const struct retort_index *index)
{
	for (size_t i = 0; i < index->column_count; i++)
		if ((index->columns[i]->column && !retort_table_column(live, index->columns[i]->column)) ||
			names_missing(settling, table, live, index->columns[i]->expression))
			return false;
	for (size_t i = 0; i < index->include_count; i++)
		if (!retort_table_column(live, index->include[i]))
			return false;
	return !index->implied && !names_missing(settling, table, live, index->where);
}

/* Whether a column of a table as it is written gets another type. */
static bool type_changes(const struct settling *settling, const struct retort_table *written,
	const struct retort_column *now)
{
	const struct retort_table *table =
		retort_schema_table(settling->form->canonical, written->schema, written->name);
	const struct retort_column *column = table ? retort_table_column(table, now->name) : NULL;

	return !column ||
		compare_column(settling->arena, &settling->options, column, now) & RETORT_ALTER_TYPE;
}

/* The columns that both have; where live_types, of the types that they are of now where these change. */
static void take_columns(const struct settling *settling, struct retort_table *asked,
	const struct retort_table *table, const struct retort_table *live, bool live_types)
{
	asked->column_count = 0;
	for (size_t i = 0; i < table->column_count; i++) {
		struct retort_column *column = COPY(settling->arena, table->columns[i]);
		const struct retort_column *now = retort_table_column(live, column->name);

		if (!now || names_missing(settling, table, live, column->computed))
			continue;
		if (live_types && now->type && now->type->kind == RETORT_TYPE_NATIVE &&
			type_changes(settling, table, now)) {
			column->type = now->type;
			column->type_check_name = column->enum_type_name = NULL;
			/* what a function is for a type in the engine's own words isn't known */
			if (column->def && column->def->kind == RETORT_DEFAULT_FUNCTION)
				column->def = NULL;
		}
		asked->columns[asked->column_count++] = column;
	}
}

/* The part of a table that can be asked about: what the database as it is could hold. */
static struct retort_table *asked_table(const struct settling *settling, const struct retort_table *table,
	const struct retort_table *live, bool live_types)
{
	struct retort_table *asked = retort_table_copy(settling->arena, table);

	take_columns(settling, asked, table, live, live_types);
	asked->definition = NULL;
	asked->constraint_count = asked->index_count = 0;
	for (size_t i = 0; i < table->constraint_count; i++)
		if (fits_constraint(settling, table, live, table->constraints[i]))
			asked->constraints[asked->constraint_count++] = table->constraints[i];
	for (size_t i = 0; i < table->index_count; i++)
		if (fits_index(settling, table, live, table->indexes[i]))
			asked->indexes[asked->index_count++] = table->indexes[i];
	return asked;
}

/* ---- the answer ---- */

static void take_column(const struct settling *settling, struct retort_column *column,
	const struct retort_column *said, const struct retort_column *now, bool types)
{
	if (types)
		column->type = said->type;
	/* in the words of another type only where those of its own differ from what is there */
	if (types || !now ||
		(said->def &&
			compare_column(settling->arena, &settling->options, column, now) &
				RETORT_ALTER_DEFAULT))
		column->def = said->def;
	column->collation = said->collation;
	if (column->computed && said->computed) {
		column->computed = said->computed;
		column->computed_stored = said->computed_stored;
	}
}

static void take_index(struct retort_index *index, const struct retort_index *said)
{
	index->columns = said->columns;
	index->column_count = said->column_count;
	index->where = said->where;
	index->method = said->method;
	index->include = said->include;
	index->include_count = said->include_count;
}

/* Puts what the engine says into the canonical table. */
static void take_answer(struct settling *settling, const struct retort_table *said,
	const struct retort_table *live, bool types)
{
	struct retort_table *table = retort_table_copy(settling->arena,
		retort_schema_table(settling->form->canonical, said->schema, said->name));

	for (size_t i = 0; i < table->column_count; i++) {
		const struct retort_column *one = retort_table_column(said, table->columns[i]->name);

		table->columns[i] = COPY(settling->arena, table->columns[i]);
		if (one)
			take_column(settling, table->columns[i], one,
				retort_table_column(live, table->columns[i]->name), types);
	}
	for (size_t i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *one = table->constraints[i]->name
			? retort_table_constraint(said, table->constraints[i]->name)
			: NULL;

		if (!one || one->kind != table->constraints[i]->kind || one->kind == RETORT_FOREIGN_KEY)
			continue;
		table->constraints[i] = COPY(settling->arena, table->constraints[i]);
		table->constraints[i]->expression = one->expression;
		table->constraints[i]->elements = one->elements;
		table->constraints[i]->element_count = one->element_count;
		table->constraints[i]->method = one->method;
	}
	for (size_t i = 0; i < table->index_count; i++) {
		const struct retort_index *one =
			table->indexes[i]->name ? retort_table_index(said, table->indexes[i]->name) : NULL;

		if (!one)
			continue;
		table->indexes[i] = COPY(settling->arena, table->indexes[i]);
		take_index(table->indexes[i], one);
	}
	retort_schema_put_table(settling->form->canonical, table);
}

/* ---- asking ---- */

static void leave_to_rules(struct settling *settling, const char *what, const char *name,
	const struct retort_error *reason)
{
	const struct retort_problem *problem = retort_error_first(reason);

	if (!settling->refused)
		settling->refused = text_echo(settling->arena,
			problem && problem->message ? problem->message : "no reason given", LONGEST_REASON);
	retort_buf_printf(&settling->left, "%s%s '%s'", settling->left_count ? ", " : "", what, name);
	settling->left_count++;
}

static bool is_lost(const struct retort_error *reason)
{
	const struct retort_problem *problem = retort_error_first(reason);

	return problem && (problem->code == RETORT_E_CONNECT || problem->code == RETORT_E_INTERRUPTED);
}

/* What the engine makes of one table, normalised; NULL where it refuses. */
static struct retort_table *ask(struct settling *settling, const struct retort_table *asked,
	struct retort_error *reason)
{
	const struct session *session = settling->session;
	struct retort_schema *answer = retort_schema_new(settling->arena);
	struct retort_table *said;

	if (session->driver->canonical(session->conn, asked, settling->arena, &said, reason) < 0)
		return NULL;
	for (size_t i = 0; i < settling->form->written->enum_count; i++)
		catalog_put(answer, FAMILY_ENUM, settling->form->written->enums[i]);
	retort_schema_put_table(answer, said);
	if (session->dialect->normalize && session->dialect->normalize(settling->arena, answer, reason) < 0)
		return NULL;
	return retort_schema_table(answer, asked->schema, asked->name);
}

static bool types_differ(const struct settling *settling, const struct retort_table *table,
	const struct retort_table *live)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const struct retort_column *now = retort_table_column(live, table->columns[i]->name);

		if (now &&
			compare_column(settling->arena, &settling->options, table->columns[i], now) &
				RETORT_ALTER_TYPE)
			return true;
	}
	return false;
}

/* Asks with the types that are wanted; where these change, also with those that are there, as what an
 * expression means is said in the words of its columns' types. */
static int settle_table(struct settling *settling, const struct retort_table *table,
	const struct retort_table *live)
{
	const struct retort_table *written =
		retort_schema_table(settling->form->written, table->schema, table->name);
	struct retort_error *reason = retort_error_new();
	struct retort_table *said;
	bool changes;
	int ret = 0;

	said = ask(settling, asked_table(settling, written, live, false), reason);
	if (said)
		take_answer(settling, said, live, true);
	table = retort_schema_table(settling->form->canonical, table->schema, table->name);
	changes = !said || types_differ(settling, table, live);
	if (changes && !is_lost(reason)) {
		retort_error_clear(reason);
		said = ask(settling, asked_table(settling, written, live, true), reason);
		if (said)
			take_answer(settling, said, live, false);
	}
	if (is_lost(reason))
		ret = retort_fail(settling->err, retort_error_first(reason)->code, "%s",
			retort_error_first(reason)->message);
	else if (!said)
		leave_to_rules(settling, "table", table->name, reason);
	retort_error_free(reason);
	return ret;
}

/* Whether two tables differ in a way that words alone may explain. */
static bool may_be_words(struct settling *settling, const struct retort_table *table,
	const struct retort_table *live)
{
	struct difference *differences;
	size_t count;

	compare_tables(settling->arena, live, table, &settling->options, &differences, &count);
	for (size_t i = 0; i < count; i++) {
		const char *property = differences[i].property;

		if (text_starts(differences[i].object, "column")
				? property && strcmp(property, "comment") && strcmp(property, "nullable")
				: !text_starts(differences[i].object, "table"))
			return true;
	}
	return false;
}

static int settle_tables(struct settling *settling, const struct map *only)
{
	const struct retort_schema *canonical = settling->form->canonical;

	for (size_t i = 0; i < canonical->table_count; i++) {
		const struct retort_table *table = canonical->tables[i];
		const struct retort_table *live =
			retort_schema_table(settling->live->canonical, table->schema, table->name);

		if (!live ||
			(only &&
				!map_get(only,
					table->schema ? retort_printf(settling->arena, "%s\n%s",
								table->schema, table->name)
						      : table->name)) ||
			!may_be_words(settling, table, live))
			continue;
		if (session_interrupted(settling->session, settling->err) < 0 ||
			settle_table(settling, table, live) < 0)
			return -1;
	}
	return 0;
}

/* ---- views, routines, triggers and domains ---- */

static const enum family object_families[] = {FAMILY_DOMAIN, FAMILY_VIEW, FAMILY_ROUTINE, FAMILY_TRIGGER};
enum { OBJECT_FAMILIES = sizeof object_families / sizeof *object_families };

static void *counterpart(const struct retort_schema *schema, enum family family, const void *object)
{
	return catalog_find(schema, family, family_item_within(family, object),
		family_item_schema(family, object), family_item_name(family, object));
}

static const struct retort_text *text_of(enum family family, const void *object)
{
	switch (family) {
	case FAMILY_VIEW:
		return ((const struct retort_view *)object)->query;
	case FAMILY_ROUTINE:
		return ((const struct retort_routine *)object)->body;
	case FAMILY_TRIGGER:
		return ((const struct retort_trigger *)object)->body;
	default:
		return NULL;
	}
}

static bool object_differs(const struct settling *settling, enum family family, const void *a, const void *b)
{
	const struct retort_domain *left = a, *right = b;

	if (family == FAMILY_DOMAIN)
		return !compare_default(&settling->options, left->def, right->def) ||
			!compare_text(&settling->options, left->check, right->check);
	return !compare_text(&settling->options, text_of(family, a), text_of(family, b));
}

static int settle_objects(struct settling *settling)
{
	const struct session *session = settling->session;
	struct retort_schema *asked = retort_schema_new(settling->arena), *said;
	struct retort_error *reason;
	size_t count = 0;
	int ret = 0;

	for (size_t f = 0; f < OBJECT_FAMILIES; f++) {
		enum family family = object_families[f];

		for (size_t i = 0; i < family_count(settling->form->canonical, family); i++) {
			void *object = family_item(settling->form->canonical, family, i);
			void *live = counterpart(settling->live->canonical, family, object);

			if (!live || !object_differs(settling, family, object, live))
				continue;
			catalog_put(asked, family, counterpart(settling->form->written, family, object));
			count++;
		}
	}
	if (!count)
		return 0;
	reason = retort_error_new();
	if (session->driver->canonical_objects(session->conn, asked, settling->arena, &said, reason) < 0 ||
		(session->dialect->normalize &&
			session->dialect->normalize(settling->arena, said, reason) < 0))
		said = NULL;
	for (size_t f = 0; said && f < OBJECT_FAMILIES; f++)
		for (size_t i = 0; i < family_count(said, object_families[f]); i++)
			catalog_put(settling->form->canonical, object_families[f],
				family_item(said, object_families[f], i));
	if (is_lost(reason))
		ret = retort_fail(settling->err, retort_error_first(reason)->code, "%s",
			retort_error_first(reason)->message);
	else if (!said)
		leave_to_rules(settling, "views and routines of", session->database, reason);
	retort_error_free(reason);
	return ret;
}

/* ---- all ---- */

int canonical_settle(struct session *session, struct retort_arena *arena, struct form *form,
	const struct form *live, const struct map *tables, struct notices *notices, struct retort_error *err)
{
	struct settling settling = {.session = session,
		.arena = arena,
		.form = form,
		.live = live,
		.options = {.syntax = session->dialect->syntax, .ignore_names = true},
		.notices = notices,
		.err = err};

	retort_buf_init(&settling.left, arena);
	if (session->driver->canonical && settle_tables(&settling, tables) < 0)
		return -1;
	if (session->driver->canonical_objects && settle_objects(&settling) < 0)
		return -1;
	if (settling.left_count)
		RETORT_PUSH(arena, notices->items, notices->count,
			retort_printf(arena,
				"the engine could not be asked what it makes of %s: %s: their texts were "
				"compared by rules alone",
				settling.left.data, settling.refused));
	return 0;
}
