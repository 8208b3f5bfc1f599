/* SPDX-License-Identifier: MIT */
/* Views and triggers: replaced, or dropped and made again around what they stand on. */
#include <string.h>

#include "model/diffing.h"
#include "model/query.h"
#include "retort/sql.h"

/* A view on either side, or both. */
struct view_pair {
	struct retort_view *from, *to; /* NULL: not there */
	struct view_pair **users;      /* views of `from` that stand on it */
	size_t user_count;
	bool goes; /* is dropped, and made again where it is in `to` */
	bool differs;
};

struct views {
	struct diffing *diffing;
	struct view_pair *pairs;
	size_t count;
	struct map *by_name;
};

/* ---- pairs ---- */

static void add_pair(struct views *views, struct retort_view *from, struct retort_view *to)
{
	struct view_pair pair = {.from = from, .to = to};

	pair.differs = from && to &&
		(!compare_text(&views->diffing->options->compare, from->query, to->query) ||
			from->materialized != to->materialized);
	pair.goes =
		from && (!to || from->materialized != to->materialized || (pair.differs && to->materialized));
	RETORT_PUSH(views->diffing->arena, views->pairs, views->count, pair);
}

static void pair_views(struct views *views)
{
	const struct retort_schema *from = views->diffing->from.canonical, *to = views->diffing->to.canonical;

	for (size_t i = 0; i < to->view_count; i++)
		add_pair(views, retort_schema_view(from, to->views[i]->schema, to->views[i]->name),
			to->views[i]);
	for (size_t i = 0; i < from->view_count; i++)
		if (!retort_schema_view(to, from->views[i]->schema, from->views[i]->name))
			add_pair(views, from->views[i], NULL);
	for (size_t i = 0; i < views->count; i++) {
		const struct retort_view *any =
			views->pairs[i].to ? views->pairs[i].to : views->pairs[i].from;

		map_put(views->by_name, diffing_key(views->diffing->arena, any->schema, any->name),
			&views->pairs[i]);
	}
}

/* The written form of a view. */
static struct retort_view *written(const struct diff_side *side, struct retort_view *view)
{
	struct retort_view *ret = retort_schema_view(side->written, view->schema, view->name);

	return ret ? ret : view;
}

/* ---- who stands on what ---- */

/* The next name in a text that is not among those seen, or NULL at its end; at moves on. */
static const char *next_name(struct views *views, const char **at, struct map *seen)
{
	unsigned syntax = views->diffing->options->compare.syntax;
	struct retort_token token;

	while (*at && (token = retort_sql_word(syntax, at)).kind != RETORT_TOKEN_END &&
		token.kind != RETORT_TOKEN_BROKEN) {
		const char *name;

		if (token.kind != RETORT_TOKEN_WORD && token.kind != RETORT_TOKEN_QUOTED)
			continue;
		name = retort_token_name(views->diffing->arena, &token);
		if (!map_put(seen, name, views))
			return name;
	}
	return NULL;
}

/* Makes a view a user of each that its query names. */
static void add_user(struct views *views, const struct retort_view *view, struct view_pair *user)
{
	const char *at = view->query ? view->query->sql : NULL;
	struct map *seen = map_new(views->diffing->arena);
	const char *name;

	while ((name = next_name(views, &at, seen)) != NULL) {
		struct view_pair *used =
			map_get(views->by_name, diffing_key(views->diffing->arena, view->schema, name));

		if (!used)
			used = map_get(views->by_name, name);
		if (used && used != user && used->from)
			RETORT_PUSH(views->diffing->arena, used->users, used->user_count, user);
	}
}

/* ---- what a change of a table does to a view ---- */

/* Whether a query selects all columns of something: a * that multiplies nothing and counts nothing. */
static bool selects_all(unsigned syntax, const char *sql)
{
	struct retort_token token;
	bool may = false;

	while (sql && (token = retort_sql_word(syntax, &sql)).kind != RETORT_TOKEN_END &&
		token.kind != RETORT_TOKEN_BROKEN) {
		bool mark = token.kind == RETORT_TOKEN_PUNCTUATION && token.len == 1;

		if (may && mark && *token.text == '*')
			return true;
		may = (mark && strchr(",.", *token.text)) || retort_token_is(&token, "select") ||
			retort_token_is(&token, "distinct") || retort_token_is(&token, "all");
	}
	return false;
}

/* Whether a view of `from` keeps a column of a table from going or, on some engines, from changing its type.
 */
static bool is_held_by(struct views *views, const struct table_pair *pair, const struct query *query,
	bool all)
{
	bool types = diffing_has(views->diffing, RETORT_CAP_VIEWS_HOLD);

	for (size_t i = 0; i < pair->from->column_count; i++) {
		const struct retort_column *column = pair->from->columns[i];

		if (pair->to && retort_table_column(pair->to, column->name))
			continue;
		if (all || query_uses_column(query, pair->from->schema, pair->from->name, column->name))
			return true;
	}
	for (size_t i = 0; types && pair->to && i < pair->to->column_count; i++)
		if (pair->altered[i] & (RETORT_ALTER_TYPE | RETORT_ALTER_COLLATION | RETORT_ALTER_COMPUTED) &&
			(all ||
				query_uses_column(query, pair->from->schema, pair->from->name,
					pair->to->columns[i]->name)))
			return true;
	return false;
}

/* Marks a view that stands on a table which changes. */
static void check_table(struct views *views, struct view_pair *view, const struct table_pair *pair)
{
	unsigned syntax = views->diffing->options->compare.syntax;
	const struct retort_view *from = written(&views->diffing->from, view->from);
	struct query query = {.sql = from->query ? from->query->sql : "",
		.syntax = syntax,
		.schema = views->diffing->from.written};
	bool all = selects_all(syntax, query.sql);

	if (!query_uses_table(&query, pair->from->schema, pair->from->name))
		return;
	if (!pair->to || is_held_by(views, pair, &query, all))
		view->goes = true;
	if (!view->to || !pair->reshaped ||
		!selects_all(syntax, written(&views->diffing->to, view->to)->query->sql))
		return;
	/* what it selects grows with the table: where a view is what it was made it must be made anew when
	 * the table is as it shall be, both ways */
	view->differs = true;
	view->goes = true;
}

/* The tables that a view of `from` may name, of those that change. */
static void check_tables(struct views *views, struct view_pair *view)
{
	const struct retort_view *from = written(&views->diffing->from, view->from);
	const char *at = from->query ? from->query->sql : NULL;
	struct map *seen = map_new(views->diffing->arena);
	const char *name;

	while ((name = next_name(views, &at, seen)) != NULL) {
		const struct table_pair *pair = diffing_pair(views->diffing, view->from->schema, name);

		if (!pair)
			pair = diffing_pair(views->diffing, NULL, name);
		if (pair && pair->from && (pair->reshaped || !pair->to || pair->differs))
			check_table(views, view, pair);
	}
}

/* Whoever stands on a view that goes must go too; on some engines also on one that changes. */
static void spread(struct views *views)
{
	struct view_pair **stack = NULL;
	size_t depth = 0;
	bool changes = diffing_has(views->diffing, RETORT_CAP_VIEWS_HOLD);

	for (size_t i = 0; i < views->count; i++)
		if (views->pairs[i].from && (views->pairs[i].goes || (changes && views->pairs[i].differs)))
			RETORT_PUSH(views->diffing->arena, stack, depth, &views->pairs[i]);
	while (depth > 0) {
		struct view_pair *pair = stack[--depth];

		for (size_t i = 0; i < pair->user_count; i++) {
			if (pair->users[i]->goes)
				continue;
			pair->users[i]->goes = true;
			if (changes)
				pair->goes = true; /* so that the new one has nothing on it */
			RETORT_PUSH(views->diffing->arena, stack, depth, pair->users[i]);
		}
	}
}

/* ---- operations ---- */

static void drop_view(struct views *views, const struct view_pair *pair)
{
	diffing_emit(views->diffing, PHASE_DROP_VIEWS, RETORT_OP_DROP_VIEW, pair->from->schema, NULL,
		pair->from->name)
		->materialized = pair->from->materialized;
}

/* In no order yet: see diff_order. */
static void make_view(struct views *views, const struct view_pair *pair)
{
	bool replaces = pair->from && !pair->goes;
	struct retort_op *op;

	if (replaces && !pair->differs)
		return;
	op = diffing_emit(views->diffing, PHASE_VIEWS,
		replaces ? RETORT_OP_REPLACE_VIEW : RETORT_OP_CREATE_VIEW, pair->to->schema, NULL,
		pair->to->name);
	op->view = written(&views->diffing->to, pair->to);
	op->materialized = op->view->materialized;
}

/* Each before the views that it stands on: what is used by nobody that is still there. */
static void drop_views(struct views *views)
{
	struct view_pair **stack = retort_alloc_array(views->diffing->arena, views->count + 1, sizeof *stack);
	size_t *next = retort_alloc_array(views->diffing->arena, views->count + 1, sizeof *next);
	bool *begun = retort_alloc_array(views->diffing->arena, views->count + 1, sizeof *begun);

	for (size_t i = 0; i < views->count; i++) {
		size_t depth = 0;

		if (!views->pairs[i].goes || begun[i])
			continue;
		stack[depth++] = &views->pairs[i];
		begun[i] = true;
		while (depth > 0) {
			struct view_pair *pair = stack[depth - 1];
			size_t at = (size_t)(pair - views->pairs);

			if (next[at] < pair->user_count) {
				struct view_pair *user = pair->users[next[at]++];

				if (user->goes && !begun[user - views->pairs]) {
					begun[user - views->pairs] = true;
					stack[depth++] = user;
				}
				continue;
			}
			drop_view(views, pair);
			depth--;
		}
	}
}

/* ---- triggers ---- */

/* Whether a trigger keeps a column from going or, on some engines, from changing its type. */
static bool trigger_is_held(struct views *views, const struct retort_trigger *trigger)
{
	const struct table_pair *pair = diffing_pair(views->diffing, trigger->schema, trigger->table);
	const struct retort_trigger *from = catalog_find(views->diffing->from.written, FAMILY_TRIGGER,
		trigger->table, trigger->schema, trigger->name);
	struct query query = {.sql = from && from->body ? from->body->sql : "",
		.trigger_table = trigger->table,
		.syntax = views->diffing->options->compare.syntax,
		.schema = views->diffing->from.written};

	return pair && pair->from && pair->to && pair->reshaped && is_held_by(views, pair, &query, false);
}

static bool view_goes(const struct views *views, const char *schema, const char *name)
{
	const struct view_pair *pair =
		map_get(views->by_name, diffing_key(views->diffing->arena, schema, name));

	return pair && pair->goes;
}

static void emit_trigger(struct views *views, enum phase phase, enum retort_op_kind kind,
	struct retort_trigger *trigger)
{
	struct retort_op *op =
		diffing_emit(views->diffing, phase, kind, trigger->schema, trigger->table, trigger->name);

	if (kind != RETORT_OP_DROP_TRIGGER)
		op->trigger = catalog_find(views->diffing->to.written, FAMILY_TRIGGER, trigger->table,
			trigger->schema, trigger->name);
	if (kind != RETORT_OP_DROP_TRIGGER && !op->trigger)
		op->trigger = trigger;
}

static void diff_triggers(struct views *views)
{
	const struct retort_schema *from = views->diffing->from.canonical, *to = views->diffing->to.canonical;

	for (size_t i = 0; i < from->trigger_count; i++) {
		struct retort_trigger *trigger = from->triggers[i];
		const struct table_pair *pair = diffing_pair(views->diffing, trigger->schema, trigger->table);
		struct retort_trigger *after =
			catalog_find(to, FAMILY_TRIGGER, trigger->table, trigger->schema, trigger->name);

		if ((pair && !pair->to) || view_goes(views, trigger->schema, trigger->table))
			continue; /* it goes with what it watches */
		if (!after || trigger_is_held(views, trigger))
			emit_trigger(views, PHASE_DROP_TRIGGERS, RETORT_OP_DROP_TRIGGER, trigger);
	}
	for (size_t i = 0; i < to->trigger_count; i++) {
		struct retort_trigger *trigger = to->triggers[i];
		struct retort_trigger *before =
			catalog_find(from, FAMILY_TRIGGER, trigger->table, trigger->schema, trigger->name);
		bool gone = before &&
			(view_goes(views, trigger->schema, trigger->table) || trigger_is_held(views, before));

		if (!before || gone)
			emit_trigger(views, PHASE_TRIGGERS, RETORT_OP_CREATE_TRIGGER, trigger);
		else if (!compare_text(&views->diffing->options->compare, before->body, trigger->body))
			emit_trigger(views, PHASE_TRIGGERS, RETORT_OP_REPLACE_TRIGGER, trigger);
	}
}

int diff_views(struct diffing *diffing)
{
	struct views views = {.diffing = diffing, .by_name = map_new(diffing->arena)};

	pair_views(&views);
	for (size_t i = 0; i < views.count; i++) {
		if (views.pairs[i].from) {
			add_user(&views, written(&diffing->from, views.pairs[i].from), &views.pairs[i]);
			check_tables(&views, &views.pairs[i]);
		}
	}
	spread(&views);
	drop_views(&views);
	for (size_t i = 0; i < views.count; i++)
		if (views.pairs[i].to)
			make_view(&views, &views.pairs[i]);
	diff_triggers(&views);
	return 0;
}
