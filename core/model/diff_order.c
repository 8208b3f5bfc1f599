/* SPDX-License-Identifier: MIT */
/* Routines and views: each made after what it names, and dropped before that. */
#include <string.h>

#include "model/diffing.h"
#include "model/query.h"
#include "retort/sql.h"

/* An operation on a routine or view, and those of its list that it names. */
struct thing {
	struct diff_change change;
	enum phase phase; /* that it belongs to */
	const char *schema, *name;
	const struct retort_text *text;
	bool is_view;
	struct link {
		struct thing *to;
		bool soft; /* named where the engine doesn't look before it is called */
	} * links;
	size_t link_count, next_link;
	size_t number, low, ring; /* ring: the same for all that name each other; 0: not known yet */
	bool open, done;
};

struct ordering {
	struct diffing *diffing;
	const struct retort_schema *schema; /* in which the texts are meant */
	struct thing *things;
	size_t count;
	struct map *by_name; /* a name to a struct namesakes */
};

struct namesakes {
	struct thing **things;
	size_t count;
};

/* ---- what there is ---- */

static bool is_view(const struct retort_op *op)
{
	return op->kind == RETORT_OP_CREATE_VIEW || op->kind == RETORT_OP_REPLACE_VIEW ||
		op->kind == RETORT_OP_DROP_VIEW;
}

static const struct retort_text *text_of(const struct ordering *ordering, const struct retort_op *op)
{
	const struct retort_view *view = op->view;

	if (!is_view(op))
		return op->routine->body;
	if (!view)
		view = retort_schema_view(ordering->schema, op->schema, op->name);
	return view ? view->query : NULL;
}

static void add_thing(struct ordering *ordering, const struct diff_change *change)
{
	struct thing thing = {.change = *change,
		.schema = change->op->schema,
		.name = change->op->name,
		.text = text_of(ordering, change->op),
		.is_view = is_view(change->op)};

	RETORT_PUSH(ordering->diffing->arena, ordering->things, ordering->count, thing);
}

static void name_things(struct ordering *ordering)
{
	struct retort_arena *arena = ordering->diffing->arena;

	ordering->by_name = map_new(arena);
	for (size_t i = 0; i < ordering->count; i++) {
		struct thing *thing = &ordering->things[i];
		struct namesakes *same = map_get(ordering->by_name, thing->name);

		if (!same) {
			same = retort_alloc(arena, sizeof *same);
			map_put(ordering->by_name, thing->name, same);
		}
		RETORT_PUSH(arena, same->things, same->count, thing);
	}
}

/* ---- what names what ---- */

/* What stands between the ends of a $tag$...$tag$; NULL for other strings. */
static const char *quoted_body(struct retort_arena *arena, const struct retort_token *token)
{
	const char *start;
	size_t tag;

	if (token->kind != RETORT_TOKEN_STRING || *token->text != '$')
		return NULL;
	start = strchr(token->text + 1, '$') + 1;
	tag = (size_t)(start - token->text);
	return retort_strndup(arena, start, token->len - 2 * tag);
}

/* Calls for each name of a text with whether a parenthesis follows; those of a body in a string come with
 * quoted. */
static void each_name(struct diffing *diffing, const char *sql, bool quoted,
	void (*found)(void *context, const char *name, bool called, bool quoted), void *context)
{
	unsigned syntax = diffing->options->compare.syntax;
	const char **bodies = NULL;
	size_t count = 0, next = 0;

	for (; sql; sql = next < count ? bodies[next++] : NULL, quoted = true) {
		const char *at = sql;
		struct retort_token token;

		while ((token = retort_sql_word(syntax, &at)).kind != RETORT_TOKEN_END &&
			token.kind != RETORT_TOKEN_BROKEN) {
			const char *body = quoted ? NULL : quoted_body(diffing->arena, &token), *ahead = at;
			struct retort_token behind = retort_sql_word(syntax, &ahead);
			bool called = behind.kind == RETORT_TOKEN_PUNCTUATION && *behind.text == '(';

			if (body)
				RETORT_PUSH(diffing->arena, bodies, count, body);
			if (token.kind == RETORT_TOKEN_WORD || token.kind == RETORT_TOKEN_QUOTED)
				found(context, retort_token_name(diffing->arena, &token), called, quoted);
		}
	}
}

struct linking {
	struct ordering *ordering;
	struct thing *from;
	struct map *seen; /* names, of each place once */
};

static void link_to(struct linking *linking, struct thing *to, bool called, bool quoted)
{
	struct diffing *diffing = linking->ordering->diffing;
	struct thing *from = linking->from;
	struct link link = {to, quoted};

	if (to == from && !(quoted && called))
		return;
	if (from->is_view && to->is_view) {
		struct query query = {.sql = from->text->sql,
			.syntax = diffing->options->compare.syntax,
			.schema = linking->ordering->schema};

		link.soft = !query_uses_table(&query, to->schema, to->name);
	} else if (from->is_view) {
		link.soft = !called;
	} else if (!diffing_has(diffing, RETORT_CAP_VIEWS_HOLD)) {
		link.soft = true;
	}
	RETORT_PUSH(diffing->arena, from->links, from->link_count, link);
}

static void link_name(void *context, const char *name, bool called, bool quoted)
{
	struct linking *linking = context;
	struct namesakes *same = map_get(linking->ordering->by_name, name);
	const char *key;

	if (!same)
		return;
	key = retort_printf(linking->ordering->diffing->arena, "%d%d%s", called, quoted, name);
	if (map_put(linking->seen, key, same))
		return;
	for (size_t i = 0; i < same->count; i++)
		link_to(linking, same->things[i], called, quoted);
}

static void link_things(struct ordering *ordering)
{
	struct retort_arena *arena = ordering->diffing->arena;

	name_things(ordering);
	for (size_t i = 0; i < ordering->count; i++) {
		struct linking linking = {ordering, &ordering->things[i], map_new(arena)};

		if (linking.from->text)
			each_name(ordering->diffing, linking.from->text->sql, false, link_name, &linking);
	}
}

/* ---- rings: what names each other ---- */

/* One step of Tarjan's walk: the next thing that was not met, or NULL. */
static struct thing *next_unmet(struct thing *thing)
{
	while (thing->next_link < thing->link_count) {
		struct thing *to = thing->links[thing->next_link++].to;

		if (!to->number)
			return to;
		if (to->open && to->number < thing->low)
			thing->low = to->number;
	}
	return NULL;
}

static void find_rings(struct ordering *ordering)
{
	struct thing **path = retort_alloc_array(ordering->diffing->arena, ordering->count + 1, sizeof *path);
	struct thing **open = retort_alloc_array(ordering->diffing->arena, ordering->count + 1, sizeof *open);
	size_t depth = 0, opened = 0, met = 0;

	for (size_t i = 0; i < ordering->count; i++) {
		struct thing *next = ordering->things[i].number ? NULL : &ordering->things[i];

		while (next || depth > 0) {
			struct thing *thing;

			if (next) {
				next->number = next->low = ++met;
				next->open = true;
				open[opened++] = path[depth++] = next;
			}
			thing = path[depth - 1];
			next = next_unmet(thing);
			if (next)
				continue;
			depth--;
			if (depth > 0 && thing->low < path[depth - 1]->low)
				path[depth - 1]->low = thing->low;
			while (thing->low == thing->number && thing->open) {
				open[--opened]->open = false;
				open[opened]->ring = thing->number;
			}
		}
	}
}

/* ---- the order ---- */

/* The next thing that must come before this one and has not. */
static struct thing *next_needed(struct thing *thing)
{
	while (thing->next_link < thing->link_count) {
		const struct link *link = &thing->links[thing->next_link++];

		if (link->to->open || link->to->done || (link->soft && link->to->ring == thing->ring))
			continue;
		return link->to;
	}
	return NULL;
}

/* Puts the things into their phases, each behind those that it names. */
static void emit_things(struct ordering *ordering)
{
	struct diffing *diffing = ordering->diffing;
	struct thing **path = retort_alloc_array(diffing->arena, ordering->count + 1, sizeof *path);
	size_t depth = 0;

	for (size_t i = 0; i < ordering->count; i++)
		ordering->things[i].next_link = 0;
	for (size_t i = 0; i < ordering->count; i++) {
		struct thing *next = ordering->things[i].done ? NULL : &ordering->things[i];

		while (next || depth > 0) {
			struct thing *thing;

			if (next) {
				next->open = true;
				path[depth++] = next;
			}
			thing = path[depth - 1];
			next = next_needed(thing);
			if (next)
				continue;
			depth--;
			thing->done = true;
			RETORT_PUSH(diffing->arena, diffing->phases[thing->phase].items,
				diffing->phases[thing->phase].count, thing->change);
		}
	}
}

/* Says of a routine that its body names what is not there when it is made. Only an engine that keeps track of
 * names looks, and only where the body is SQL. */
static void mark_unchecked(struct diffing *diffing, struct retort_op *op)
{
	const char *at = op->routine->body->sql;
	struct retort_token token = {.kind = RETORT_TOKEN_END}, last;

	if (!diffing_has(diffing, RETORT_CAP_VIEWS_HOLD))
		return;
	do {
		last = token;
		token = retort_sql_word(diffing->options->compare.syntax, &at);
		if (retort_token_is(&last, "language") && retort_token_is(&token, "sql"))
			op->unchecked = true;
	} while (token.kind != RETORT_TOKEN_END && token.kind != RETORT_TOKEN_BROKEN);
}

/* Routines whose bodies lead back to themselves. */
static void mark_rings(struct ordering *ordering)
{
	for (size_t i = 0; i < ordering->count; i++) {
		struct thing *thing = &ordering->things[i];

		for (size_t k = 0; k < thing->link_count && !thing->is_view; k++)
			if (thing->links[k].soft && thing->links[k].to->ring == thing->ring)
				mark_unchecked(ordering->diffing, (struct retort_op *)thing->change.op);
	}
}

/* Takes what a phase holds, to be put into another. */
static void take_phase(struct ordering *ordering, enum phase phase, enum phase into)
{
	struct diffing *diffing = ordering->diffing;

	for (size_t i = 0; i < diffing->phases[phase].count; i++) {
		add_thing(ordering, &diffing->phases[phase].items[i]);
		ordering->things[ordering->count - 1].phase = into;
	}
	diffing->phases[phase].items = NULL;
	diffing->phases[phase].count = 0;
}

static void reverse_phase(struct diffing *diffing, enum phase phase)
{
	struct diff_change *items = diffing->phases[phase].items;
	size_t count = diffing->phases[phase].count;

	for (size_t i = 0; i < count / 2; i++) {
		struct diff_change change = items[i];

		items[i] = items[count - 1 - i];
		items[count - 1 - i] = change;
	}
}

/* ---- routines that tables call ---- */

/* What an early routine names. */
struct early_names {
	struct ordering *late;
	struct diffing *diffing;
	struct retort_op *op;
	const struct thing **early;
	size_t count;
};

static void name_early(void *context, const char *name, bool called, bool quoted)
{
	struct early_names *naming = context;
	struct namesakes *same = map_get(naming->late->by_name, name);
	const struct table_pair *pair = diffing_pair(naming->diffing, naming->op->schema, name);

	(void)called;
	if (!pair)
		pair = diffing_pair(naming->diffing, NULL, name);
	if (quoted && pair && !pair->from)
		mark_unchecked(naming->diffing, naming->op);
	for (size_t i = 0; same && i < same->count; i++) {
		struct thing *thing = same->things[i];

		if (thing->is_view && quoted)
			mark_unchecked(naming->diffing, naming->op);
		if (thing->is_view || thing->done)
			continue;
		thing->done = true;
		RETORT_PUSH(naming->diffing->arena, naming->early, naming->count, thing);
	}
}

/* Routines that those of the early phase name come early too. */
static void pull_early(struct ordering *late)
{
	struct diffing *diffing = late->diffing;
	struct early_names naming = {.late = late, .diffing = diffing};
	size_t kept = 0, next = 0;

	name_things(late);
	for (size_t i = 0; i < diffing->phases[PHASE_ROUTINES_EARLY].count; i++) {
		naming.op = (struct retort_op *)diffing->phases[PHASE_ROUTINES_EARLY].items[i].op;
		each_name(diffing, naming.op->routine->body->sql, false, name_early, &naming);
		while (next < naming.count) {
			const struct thing *thing = naming.early[next++];

			RETORT_PUSH(diffing->arena, diffing->phases[PHASE_ROUTINES_EARLY].items,
				diffing->phases[PHASE_ROUTINES_EARLY].count, thing->change);
		}
	}
	for (size_t i = 0; i < late->count; i++)
		if (!late->things[i].done)
			late->things[kept++] = late->things[i];
	late->count = kept;
}

/* ---- all ---- */

static void order(struct ordering *ordering)
{
	link_things(ordering);
	find_rings(ordering);
	mark_rings(ordering);
	emit_things(ordering);
}

/* Whether a routine that goes can't outlive a view that goes. */
static bool holds_view(const struct thing *thing)
{
	for (size_t i = 0; i < thing->link_count && !thing->is_view; i++)
		if (thing->links[i].to->is_view && !thing->links[i].soft)
			return true;
	return false;
}

/* What goes goes in the reverse of the order in which it would be made. */
static void order_drops(struct diffing *diffing)
{
	static const enum phase phases[] = {PHASE_DROP_ROUTINES_LATE, PHASE_DROP_ROUTINES, PHASE_DROP_VIEWS};
	struct ordering ordering = {.diffing = diffing, .schema = diffing->from.written};

	for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
		reverse_phase(diffing, phases[i]);
		take_phase(&ordering, phases[i], phases[i]);
	}
	link_things(&ordering);
	find_rings(&ordering);
	for (size_t i = 0; i < ordering.count; i++)
		if (holds_view(&ordering.things[i]))
			ordering.things[i].phase = PHASE_DROP_VIEWS;
	emit_things(&ordering);
	for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
		reverse_phase(diffing, phases[i]);
}

void diff_order(struct diffing *diffing)
{
	struct ordering early = {.diffing = diffing, .schema = diffing->to.written};
	struct ordering late = early;

	take_phase(&late, PHASE_ROUTINES, PHASE_VIEWS);
	take_phase(&late, PHASE_VIEWS, PHASE_VIEWS);
	pull_early(&late);
	take_phase(&early, PHASE_ROUTINES_EARLY, PHASE_ROUTINES_EARLY);
	order(&early);
	order(&late);
	order_drops(diffing);
}
