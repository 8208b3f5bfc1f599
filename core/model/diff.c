/* SPDX-License-Identifier: MIT */
#include "model/diff.h"

#include <string.h>

#include "model/diffing.h"
#include "model/expression.h"

/* ---- what the parts share ---- */

struct retort_op *diffing_emit(struct diffing *diffing, enum phase phase, enum retort_op_kind kind,
	const char *schema, const char *table, const char *name)
{
	struct retort_op *op = retort_alloc(diffing->arena, sizeof *op);
	struct diff_change change = {.op = op};

	op->kind = kind;
	op->schema = schema;
	op->table = table;
	op->name = name;
	RETORT_PUSH(diffing->arena, diffing->phases[phase].items, diffing->phases[phase].count, change);
	return op;
}

void diffing_note(struct diffing *diffing, enum phase phase, bool loses, const char *format, ...)
{
	struct diff_change *change = &diffing->phases[phase].items[diffing->phases[phase].count - 1];
	const char *note;
	va_list ap;

	va_start(ap, format);
	note = retort_vprintf(diffing->arena, format, ap);
	va_end(ap);
	change->note = change->note ? retort_printf(diffing->arena, "%s\n%s", change->note, note) : note;
	change->loses = change->loses || loses;
}

bool diffing_has(const struct diffing *diffing, uint64_t cap)
{
	return (diffing->options->caps & cap) == cap;
}

const char *diffing_key(struct retort_arena *arena, const char *schema, const char *name)
{
	return schema ? retort_printf(arena, "%s\n%s", schema, name) : name;
}

struct table_pair *diffing_pair(const struct diffing *diffing, const char *schema, const char *name)
{
	return name ? map_get(diffing->by_name, diffing_key(diffing->arena, schema, name)) : NULL;
}

/* Whether a string such as 'app.order_id_seq' ends with a name. */
static bool string_names(const struct retort_token *token, const char *name)
{
	size_t n = strlen(name), len = token->len;

	if (len < n + 2 || strncmp(token->text + len - 1 - n, name, n) != 0)
		return false;
	return strchr("'\".", token->text[len - 2 - n]) != NULL;
}

bool diffing_names(const struct diffing *diffing, const struct retort_text *text, const char *name)
{
	const char *at = text ? text->sql : NULL;
	struct retort_token token;

	while (at &&
		(token = retort_sql_word(diffing->options->compare.syntax, &at)).kind != RETORT_TOKEN_END) {
		if (token.kind == RETORT_TOKEN_BROKEN)
			return false;
		if (token.kind == RETORT_TOKEN_STRING ? string_names(&token, name)
						      : token_means(&token, name))
			return true;
	}
	return false;
}

/* ---- schemas and extensions, around everything ---- */

static bool has_schema(const struct retort_schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->schema_count; i++)
		if (strcmp(schema->schemas[i], name) == 0)
			return true;
	return false;
}

static void diff_namespaces(struct diffing *diffing)
{
	const struct retort_schema *from = diffing->from.canonical, *to = diffing->to.canonical;

	for (size_t i = 0; i < to->schema_count; i++)
		if (!has_schema(from, to->schemas[i]))
			diffing_emit(diffing, PHASE_SCHEMAS, RETORT_OP_CREATE_SCHEMA, NULL, NULL,
				to->schemas[i]);
	for (size_t i = from->schema_count; i-- > 0;)
		if (!has_schema(to, from->schemas[i]))
			diffing_emit(diffing, PHASE_DROP_SCHEMAS, RETORT_OP_DROP_SCHEMA, NULL, NULL,
				from->schemas[i]);
}

/* ---- the list ---- */

/* A group of one is none; numbers count up from 1 as they come. */
static void number_groups(struct diff *diff)
{
	unsigned last = 0, count = 0;

	for (size_t i = 0; i < diff->change_count; i++) {
		struct retort_op *op = (struct retort_op *)diff->changes[i].op;
		unsigned group = op->group;
		const struct retort_op *next = i + 1 < diff->change_count ? diff->changes[i + 1].op : NULL;

		op->index_in_file = (unsigned)i + 1;
		if (!group)
			continue;
		if (group != last && (!next || next->group != group)) {
			op->group = 0;
			continue;
		}
		count += group != last;
		last = group;
		/* the next one is still to be seen under its old number */
		op->group = count | 1u << 31;
	}
	for (size_t i = 0; i < diff->change_count; i++)
		((struct retort_op *)diff->changes[i].op)->group &= ~(1u << 31);
}

static void assemble(struct diffing *diffing)
{
	struct diff *diff = diffing->ret;

	for (size_t phase = 0; phase < PHASE_COUNT; phase++)
		for (size_t i = 0; i < diffing->phases[phase].count; i++)
			RETORT_PUSH(diffing->arena, diff->changes, diff->change_count,
				diffing->phases[phase].items[i]);
	number_groups(diff);
}

int diff_schemas(struct retort_arena *arena, const struct diff_side *from, const struct diff_side *to,
	const struct diff_options *options, struct diff *ret, struct retort_error *err)
{
	struct diffing diffing = {.arena = arena,
		.options = options,
		.err = err,
		.from = *from,
		.to = *to,
		.by_name = map_new(arena),
		.held = map_new(arena),
		.renamed = map_new(arena),
		.ret = ret};

	*ret = (struct diff){0};
	if (diff_renames(&diffing) < 0)
		return -1;
	diff_namespaces(&diffing);
	diff_tables(&diffing);
	diff_objects(&diffing);
	if (diff_views(&diffing) < 0)
		return -1;
	diff_order(&diffing);
	assemble(&diffing);
	return 0;
}
