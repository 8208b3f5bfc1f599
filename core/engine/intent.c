/* SPDX-License-Identifier: MIT */
#include "engine/intent.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "engine/plan_live.h"
#include "model/compare.h"
#include "script/revision.h"

#define MOST_TABLES 2 /* that one statement changes: a rename has two names */

/* The tables whose definition a statement changes. Nothing for what the catalog of tables doesn't show. */
static size_t touched_tables(const struct retort_op *op, const char *tables[MOST_TABLES])
{
	size_t n = 0;

	if (!op)
		return 0;
	if (op->kind == RETORT_OP_CREATE_TABLE) {
		tables[n++] = op->create->name;
	} else if (op->kind == RETORT_OP_DROP_TABLE || op->kind == RETORT_OP_RENAME_TABLE) {
		tables[n++] = op->name ? op->name : op->table;
		if (op->kind == RETORT_OP_RENAME_TABLE && op->to)
			tables[n++] = op->to;
	} else if (op->kind >= RETORT_OP_ADD_COLUMN && op->kind <= RETORT_OP_COMMENT && op->table) {
		tables[n++] = op->table;
	}
	return n;
}

/* A hash of a table as the engine tells it; "absent" where there is none. */
static const char *fingerprint(struct retort_arena *arena, const struct retort_schema *live, const char *name)
{
	struct retort_op op = {.kind = RETORT_OP_CREATE_TABLE};
	const struct retort_op *list[1] = {&op};
	struct digest digest;
	struct retort_buf text;
	char hex[65];

	for (size_t i = 0; i < live->table_count; i++)
		if (strcmp(live->tables[i]->name, name) == 0)
			op.create = live->tables[i];
	if (!op.create)
		return "absent";
	op.table = op.name = op.create->name;
	retort_buf_init(&text, arena);
	script_ops_json(&text, list, 1);
	digest_init(&digest);
	digest_add(&digest, text.data, text.len);
	digest_add_field(&digest, op.create->definition);
	for (size_t i = 0; i < op.create->index_count; i++)
		digest_add_field(&digest, op.create->indexes[i]->definition);
	digest_hex(&digest, hex);
	return retort_strdup(arena, hex);
}

int intent_make(struct run *run, const struct retort_statement *statement, size_t number, const char **ret,
	struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	const char *tables[MOST_TABLES];
	size_t n = touched_tables(statement->op, tables);
	json_t *objects = json_object(), *intent;
	struct retort_schema *live;
	char *text;
	int failed = 0;

	if (n)
		failed = plan_inspect(run->session, scratch, tables, n, &live, err);
	for (size_t i = 0; failed == 0 && i < n; i++)
		json_object_set_new(objects, tables[i], json_string(fingerprint(scratch, live, tables[i])));
	intent = json_pack("{s:I, s:s, s:o}", "statement", (json_int_t)number, "sql",
		statement->sql ? statement->sql : "", "objects", objects);
	text = json_dumps(intent, JSON_COMPACT | JSON_SORT_KEYS);
	*ret = retort_strdup(run->arena, text ? text : "{}");
	free(text);
	json_decref(intent);
	retort_arena_free(scratch);
	return failed;
}

/* Whether every object is as the intent saw it. */
static bool unchanged(struct retort_arena *arena, const json_t *objects, const struct retort_schema *live)
{
	const char *name;
	json_t *seen;

	json_object_foreach((json_t *)(uintptr_t)objects, name, seen)
	{
		if (strcmp(fingerprint(arena, live, name),
			    json_string_value(seen) ? json_string_value(seen) : "") != 0)
			return false;
	}
	return true;
}

/* The first thing in which a live table does not have what the operation gives it; NULL: it has all of it. */
static const char *missing_change(struct run *run, struct retort_arena *arena,
	const struct retort_table *before, const struct retort_table *live, const struct retort_table *after)
{
	const struct compare_options options = {.syntax = run->session->dialect->syntax,
		.ignore_comments = true};
	struct difference *changes, *left;
	size_t change_count, left_count;

	compare_tables(arena, before, after, &options, &changes, &change_count);
	compare_tables(arena, live, after, &options, &left, &left_count);
	for (size_t i = 0; i < left_count; i++)
		for (size_t k = 0; k < change_count; k++) {
			bool same_property = (!left[i].property && !changes[k].property) ||
				(left[i].property && changes[k].property &&
					strcmp(left[i].property, changes[k].property) == 0);

			if (same_property && strcmp(left[i].object, changes[k].object) == 0)
				return retort_printf(run->arena, "%s%s%s", left[i].object,
					left[i].property ? ": " : "",
					left[i].property ? left[i].property : "");
		}
	return NULL;
}

/* Whether the table of a name is what the operation leaves; *why names what isn't. */
static bool has_after_values(struct run *run, struct retort_arena *arena, const char *name,
	const struct retort_schema *before, const struct retort_schema *live,
	const struct retort_schema *after, const char **why)
{
	const struct retort_table *then = retort_schema_table(before, NULL, name);
	const struct retort_table *now = retort_schema_table(live, NULL, name);
	const struct retort_table *wanted = retort_schema_table(after, NULL, name);
	const char *missing;

	*why = NULL;
	if (!wanted || !now) {
		if (!wanted == !now)
			return true;
		*why = retort_printf(run->arena, "table '%s' is %s", name, now ? "still there" : "not there");
		return false;
	}
	missing = missing_change(run, arena, then ? then : retort_table_new(arena, NULL, name), now, wanted);
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

int intent_decide(struct run *run, const char *intent, const struct retort_statement *statement,
	struct retort_schema *before, struct retort_schema *after, enum intent_outcome *outcome,
	const char **why, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	json_t *root = json_loads(intent, 0, NULL), *objects = json_object_get(root, "objects");
	const char *tables[MOST_TABLES];
	size_t n = touched_tables(statement->op, tables);
	struct retort_schema *live;
	int ret = 0;

	*outcome = INTENT_UNKNOWN;
	*why = "its effect can't be seen in the catalog";
	if (!n || json_object_size(objects) != n)
		goto out;
	take_states(run->arena, statement, before, after);
	ret = plan_inspect(run->session, scratch, tables, n, &live, err);
	if (ret == 0 && run->session->dialect->normalize &&
		(run->session->dialect->normalize(run->arena, before, err) < 0 ||
			run->session->dialect->normalize(run->arena, after, err) < 0))
		ret = -1;
	if (ret < 0)
		goto out;
	if (unchanged(scratch, objects, live)) {
		*outcome = INTENT_NOT_RUN;
		goto out;
	}
	*outcome = INTENT_DONE;
	for (size_t i = 0; i < n && *outcome == INTENT_DONE; i++)
		if (!has_after_values(run, scratch, tables[i], before, live, after, why))
			*outcome = INTENT_UNKNOWN;
out:
	json_decref(root);
	retort_arena_free(scratch);
	return ret;
}
