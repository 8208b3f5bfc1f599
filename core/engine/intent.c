/* SPDX-License-Identifier: MIT */
#include "engine/intent.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/orphan.h"
#include "engine/process.h"
#include "engine/touched.h"
#include "model/compare.h"

int intent_make(struct run *run, const struct retort_statement *statement, size_t number, const char **ret,
	struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	json_t *objects = json_object(), *intent;
	struct retort_schema *live;
	struct touched touched;
	char *text;
	int failed = 0;

	touched_by(run->session, scratch, statement, &touched);
	if (touched.count)
		failed = touched_inspect(run->session, scratch, &touched, &live, err);
	for (size_t i = 0; failed == 0 && i < touched.count; i++)
		json_object_set_new(objects, touched_key(scratch, &touched.objects[i]),
			json_string(touched_fingerprint(scratch, live, &touched.objects[i])));
	intent = json_pack("{s:I, s:s, s:o, s:s?, s:s}", "statement", (json_int_t)number, "sql",
		statement->sql ? statement->sql : "", "objects", objects, "connection",
		orphan_connection(run), "process", process_identity(scratch));
	text = json_dumps(intent, JSON_COMPACT | JSON_SORT_KEYS);
	*ret = retort_strdup(run->arena, text ? text : "{}");
	free(text);
	json_decref(intent);
	retort_arena_free(scratch);
	return failed;
}

/* Whether every object is as the intent saw it. */
static bool unchanged(struct retort_arena *arena, const json_t *objects, const struct touched *touched,
	const struct retort_schema *live)
{
	for (size_t i = 0; i < touched->count; i++) {
		const struct touched_object *object = &touched->objects[i];
		const char *seen = json_string_value(json_object_get(objects, touched_key(arena, object)));

		if (!seen || strcmp(touched_fingerprint(arena, live, object), seen) != 0)
			return false;
	}
	return true;
}

/* Whether a statement has to do with what a difference is about. An operation may take several, of which one
 * makes a table or a column and the next an index of it: a part that a statement doesn't name is up to the
 * others. */
static bool is_about(struct retort_arena *arena, unsigned syntax, const struct retort_statement *statement,
	const char *part)
{
	const char *at = statement->sql;
	struct retort_token token;

	if (!part || !at)
		return true;
	do {
		token = retort_sql_word(syntax, &at);
		if ((token.kind == RETORT_TOKEN_WORD || token.kind == RETORT_TOKEN_QUOTED) &&
			text_casecmp(retort_token_name(arena, &token), part) == 0)
			return true;
	} while (token.kind != RETORT_TOKEN_END && token.kind != RETORT_TOKEN_BROKEN);
	return token.kind == RETORT_TOKEN_BROKEN;
}

/* The first thing in which a live table does not have what the statement gives it; NULL: it has all of it. */
static const char *missing_change(struct run *run, struct retort_arena *arena,
	const struct retort_statement *statement, const struct retort_table *before,
	const struct retort_table *live, const struct retort_table *after)
{
	const struct compare_options options = {.syntax = run->session->dialect->syntax,
		.ignore_comments = true};
	struct difference *changes, *left;
	size_t change_count, left_count;

	compare_tables(arena, before, after, &options, &changes, &change_count);
	compare_tables(arena, live, after, &options, &left, &left_count);
	for (size_t i = 0; i < left_count; i++) {
		if (!is_about(arena, options.syntax, statement, left[i].part))
			continue;
		for (size_t k = 0; k < change_count; k++) {
			bool same_property = (!left[i].property && !changes[k].property) ||
				(left[i].property && changes[k].property &&
					strcmp(left[i].property, changes[k].property) == 0);

			if (same_property && strcmp(left[i].object, changes[k].object) == 0)
				return retort_printf(run->arena, "%s%s%s", left[i].object,
					left[i].property ? ": " : "",
					left[i].property ? left[i].property : "");
		}
	}
	return NULL;
}

/* Whether the table of a name is what the statement leaves; *why names what isn't. */
static bool has_after_values(struct run *run, struct retort_arena *arena,
	const struct retort_statement *statement, const struct touched_object *object,
	const struct retort_schema *before, const struct retort_schema *live,
	const struct retort_schema *after, const char **why)
{
	const char *name = object->name;
	const struct retort_table *then = retort_schema_table(before, object->schema, name);
	const struct retort_table *now = retort_schema_table(live, object->schema, name);
	const struct retort_table *wanted = retort_schema_table(after, object->schema, name);
	const char *missing;

	*why = NULL;
	if (!wanted || !now) {
		if (!wanted == !now)
			return true;
		*why = retort_printf(run->arena, "table '%s' is %s", name, now ? "still there" : "not there");
		return false;
	}
	missing = missing_change(run, arena, statement, then ? then : retort_table_new(arena, NULL, name),
		now, wanted);
	if (missing)
		*why = retort_printf(run->arena, "table '%s' changed, but not as the statement would: %s",
			name, missing);
	return !missing;
}

/* One statement of several that an operation takes starts from, and leads to, a table of its own. */
static void take_states(struct retort_arena *arena, const struct retort_statement *statement,
	struct retort_schema *before, struct retort_schema *after)
{
	if (statement->before)
		retort_schema_put_table(before, retort_table_copy(arena, statement->before));
	if (statement->after)
		retort_schema_put_table(after, retort_table_copy(arena, statement->after));
}

/* Whether what a statement makes is there now, or what it removes is gone; *why: what speaks against it. */
static bool is_done(struct run *run, const struct touched *touched, const struct retort_schema *live,
	const char **why)
{
	const struct touched_object *object = &touched->objects[0];
	bool there = touched_exists(live, object);

	if (touched->effect == TOUCHED_UNKNOWN)
		*why = retort_printf(run->arena,
			"%s '%s' changed, but what this statement gives it can't be told",
			family_word(object->family), object->name);
	else if (there != (touched->effect == TOUCHED_MADE))
		*why = retort_printf(run->arena, "%s '%s' changed, but '%s' is %s",
			family_word(object->family), object->name,
			object->index ? object->index : object->name, there ? "still there" : "not there");
	else
		return true;
	return false;
}

/* Whether every table has what the statement gives it. */
static int is_replayed(struct run *run, struct retort_arena *arena, const struct retort_statement *statement,
	const struct touched *touched, struct retort_schema *before, struct retort_schema *after,
	const struct retort_schema *live, bool *ret, const char **why, struct retort_error *err)
{
	const struct retort_dialect *dialect = run->session->dialect;

	take_states(run->arena, statement, before, after);
	if (dialect->normalize &&
		(dialect->normalize(run->arena, before, err) < 0 ||
			dialect->normalize(run->arena, after, err) < 0))
		return -1;
	*ret = true;
	for (size_t i = 0; i < touched->count && *ret; i++)
		*ret = has_after_values(run, arena, statement, &touched->objects[i], before, live, after,
			why);
	return 0;
}

int intent_decide(struct run *run, const char *intent, const struct retort_statement *statement,
	struct retort_schema *before, struct retort_schema *after, enum intent_outcome *outcome,
	const char **why, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	json_t *root = json_loads(intent, 0, NULL), *objects = json_object_get(root, "objects");
	struct retort_schema *live;
	struct touched touched;
	bool done = false;
	int ret = 0;

	*outcome = INTENT_UNKNOWN;
	*why = "its effect can't be seen in the catalog";
	touched_by(run->session, scratch, statement, &touched);
	if (!touched.count || json_object_size(objects) != touched.count)
		goto out;
	ret = touched_inspect(run->session, scratch, &touched, &live, err);
	if (ret < 0)
		goto out;
	if (unchanged(scratch, objects, &touched, live)) {
		*outcome = INTENT_NOT_RUN;
		goto out;
	}
	if (touched.effect == TOUCHED_REPLAYED)
		ret = is_replayed(run, scratch, statement, &touched, before, after, live, &done, why, err);
	else
		done = is_done(run, &touched, live, why);
	if (ret == 0 && done)
		*outcome = INTENT_DONE;
out:
	json_decref(root);
	retort_arena_free(scratch);
	return ret;
}
