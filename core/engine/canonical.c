/* SPDX-License-Identifier: MIT */
#include "engine/canonical.h"

#include <string.h>

#include "base/map.h"
#include "engine/planner.h"
#include "model/catalog.h"
#include "model/compare_part.h"
#include "model/expand.h"

#define COPY(arena, object) memcpy(retort_alloc((arena), sizeof *(object)), (object), sizeof *(object))

/* ---- by rules ---- */

/* Names by convention what has no name, so that operations can speak of it. */
static struct retort_table *named(const struct session *session, struct retort_arena *arena,
	struct retort_table *given)
{
	struct resolve resolve = plan_resolve(session);
	struct retort_table *table = NULL;
	struct expand expand = {.resolve = &resolve};

	resolve.arena = arena;
	for (size_t i = 0; i < given->constraint_count; i++) {
		struct retort_constraint *constraint;

		if (given->constraints[i]->name)
			continue;
		if (!expand.err) {
			expand.err = retort_error_new();
			expand.checks = map_new(arena);
			table = retort_table_copy(arena, given);
		}
		if (expand_constraint(&expand, given->schema, given->name, given->constraints[i],
			    &constraint) == 1)
			table->constraints[i] = constraint;
	}
	retort_error_free(expand.err);
	return table ? table : given;
}

static int normalize(const struct session *session, struct retort_arena *arena, struct retort_schema *schema,
	struct retort_error *err)
{
	return session->dialect->normalize ? session->dialect->normalize(arena, schema, err) : 0;
}

/* Computed columns as the only kind that the engine has. */
static void settle_computed(const struct session *session, struct retort_arena *arena,
	struct retort_schema *schema)
{
	bool stored = session_has(session, RETORT_CAP_COMPUTED_STORED);

	if (stored && session_has(session, RETORT_CAP_COMPUTED_VIRTUAL))
		return;
	for (size_t i = 0; i < schema->table_count; i++) {
		struct retort_table *copy = NULL;

		for (size_t k = 0; k < schema->tables[i]->column_count; k++) {
			const struct retort_column *column = schema->tables[i]->columns[k];

			if (!column->computed || column->computed_stored == stored)
				continue;
			copy = copy ? copy : retort_table_copy(arena, schema->tables[i]);
			copy->columns[k] = COPY(arena, column);
			copy->columns[k]->computed_stored = stored;
		}
		if (copy)
			retort_schema_put_table(schema, copy);
	}
}

int canonical_form(const struct session *session, struct retort_arena *arena,
	const struct retort_schema *schema, struct form *ret, struct retort_error *err)
{
	ret->written = retort_schema_copy(arena, schema);
	for (size_t i = 0; i < schema->table_count; i++) {
		struct retort_table *table = named(session, arena, schema->tables[i]);

		if (table != schema->tables[i])
			retort_schema_put_table(ret->written, table);
	}
	ret->canonical = retort_schema_copy(arena, ret->written);
	if (normalize(session, arena, ret->canonical, err) < 0)
		return -1;
	settle_computed(session, arena, ret->canonical);
	return 0;
}

struct form form_copy(struct retort_arena *arena, const struct form *form)
{
	return (struct form){retort_schema_copy(arena, form->written),
		retort_schema_copy(arena, form->canonical)};
}

void canonical_lend_enums(const struct session *session, struct retort_arena *arena, struct form *live,
	const struct form *other)
{
	if (session_has(session, RETORT_CAP_ENUMS))
		return;
	live->written->enum_count = 0;
	live->written->enums = NULL;
	for (size_t i = 0; i < other->written->enum_count; i++)
		RETORT_PUSH(arena, live->written->enums, live->written->enum_count, other->written->enums[i]);
}

/* ---- what stands in for types ---- */

struct folding {
	const struct session *session;
	struct retort_arena *arena;
	struct map *checks; /* "schema\ntable\nname" of a CHECK to the name of its column */
	struct map *enums;  /* "schema\nname" of a type that is a column's own */
};

static const char *key_of(struct retort_arena *arena, const char *schema, const char *table, const char *name)
{
	return retort_printf(arena, "%s\n%s\n%s", schema ? schema : "", table ? table : "", name);
}

static bool is_inline(const struct retort_column *column)
{
	return column->type && column->type->kind == RETORT_TYPE_ENUM && !column->type->name &&
		column->enum_type_name;
}

/* Learns what of a side stands in for types. */
static void learn(struct folding *folding, const struct form *form)
{
	const struct session *session = folding->session;
	struct retort_render render = session_render(session, folding->arena, form->written, NULL);
	bool enums = session_has(session, RETORT_CAP_ENUMS);

	for (size_t i = 0; i < form->written->table_count; i++) {
		const struct retort_table *table = form->written->tables[i];

		for (size_t k = 0; k < table->column_count; k++) {
			struct retort_column *column = table->columns[k];
			struct retort_buf condition;

			if (enums && is_inline(column))
				map_put(folding->enums,
					key_of(folding->arena, table->schema, NULL, column->enum_type_name),
					column);
			if (!column->type || !column->type_check_name || !session->dialect->type_check)
				continue;
			retort_buf_init(&condition, folding->arena);
			if (session->dialect->type_check(&render, column, &condition, NULL) == RETORT_OK)
				map_put(folding->checks,
					key_of(folding->arena, table->schema, table->name,
						column->type_check_name),
					column);
		}
	}
}

static void say_more(struct retort_arena *arena, struct retort_table *table, const char *name,
	const char *more)
{
	for (size_t i = 0; i < table->column_count; i++) {
		struct retort_column *column;
		struct retort_type *type;

		if (strcmp(table->columns[i]->name, name) != 0)
			continue;
		column = retort_table_own_column(arena, table, i);
		type = retort_type_new(arena, RETORT_TYPE_NATIVE);
		/* the bare name is still wanted where rows are converted */
		if (!column->native_type || column->type->kind == RETORT_TYPE_NATIVE)
			column->native_type = column->type->native;
		type->native = retort_printf(arena, "%s %s", retort_type_text(arena, column->type), more);
		column->type = type;
	}
}

/* A condition in words that differ only where it means something else. */
static const char *plain(struct retort_arena *arena, unsigned syntax, const char *sql)
{
	struct retort_token token;
	struct retort_buf out;

	retort_buf_init(&out, arena);
	while ((token = retort_sql_word(syntax, &sql)).kind != RETORT_TOKEN_END) {
		bool bracket =
			token.kind == RETORT_TOKEN_PUNCTUATION && token.len == 1 && strchr("()", *token.text);

		if (!bracket)
			retort_buf_printf(&out, " %s",
				token.kind == RETORT_TOKEN_WORD || token.kind == RETORT_TOKEN_QUOTED
					? retort_token_name(arena, &token)
					: retort_strndup(arena, token.text, token.len));
	}
	return out.data;
}

static void fold_checks(struct folding *folding, struct form *form, size_t at)
{
	struct retort_table *table = form->canonical->tables[at], *copy = NULL;
	size_t kept = 0;

	for (size_t i = 0; i < table->constraint_count; i++) {
		const struct retort_constraint *check = table->constraints[i];
		const struct retort_column *column = check->kind == RETORT_CHECK && check->name
			? map_get(folding->checks,
				  key_of(folding->arena, table->schema, table->name, check->name))
			: NULL;

		if (column && !copy) {
			copy = retort_table_copy(folding->arena, table);
			kept = i;
		}
		if (column)
			say_more(folding->arena, copy, column->name,
				retort_printf(folding->arena, "check%s",
					plain(folding->arena, folding->session->dialect->syntax,
						check->expression->sql)));
		else if (copy)
			copy->constraints[kept++] = table->constraints[i];
	}
	if (!copy)
		return;
	copy->constraint_count = kept;
	retort_schema_put_table(form->canonical, copy);
}

static const char *values_text(struct retort_arena *arena, const char *const *values, size_t n)
{
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_buf_str(&out, "enum");
	for (size_t i = 0; i < n; i++)
		retort_buf_printf(&out, "%s%s", i ? ", " : " (", values[i]);
	retort_buf_char(&out, ')');
	return out.data;
}

/* Columns whose own enum is a type of the schema on one side at least. */
static void fold_columns(struct folding *folding, struct form *form, size_t at)
{
	struct retort_table *written = form->written->tables[at];
	struct retort_table *table = retort_schema_table(form->canonical, written->schema, written->name);
	struct retort_table *copy = NULL, *written_copy = NULL;

	for (size_t i = 0; table && i < written->column_count; i++) {
		struct retort_column *column = written->columns[i];
		const struct retort_type *type = column->type;
		const char *name = is_inline(column) ? column->enum_type_name : NULL;
		const struct retort_enum *enumeration;

		if (type && type->kind == RETORT_TYPE_ENUM && type->name)
			name = type->name;
		if (!name ||
			!map_get(folding->enums,
				key_of(folding->arena, type->schema ? type->schema : table->schema, NULL,
					name)))
			continue;
		enumeration =
			retort_schema_enum(form->written, type->schema ? type->schema : table->schema, name);
		copy = copy ? copy : retort_table_copy(folding->arena, table);
		say_more(folding->arena, copy, column->name,
			enumeration && type->name
				? values_text(folding->arena, enumeration->values, enumeration->value_count)
				: values_text(folding->arena, type->values, type->value_count));
		if (!type->name || !enumeration)
			continue;
		written_copy = written_copy ? written_copy : retort_table_copy(folding->arena, written);
		written_copy->columns[i] = COPY(folding->arena, column);
		type = COPY(folding->arena, type);
		((struct retort_type *)type)->name = ((struct retort_type *)type)->schema = NULL;
		((struct retort_type *)type)->values = enumeration->values;
		((struct retort_type *)type)->value_count = enumeration->value_count;
		((struct retort_type *)type)->native = NULL;
		((struct retort_type *)type)->native_variants = NULL;
		written_copy->columns[i]->type = type;
		written_copy->columns[i]->enum_type_name = name;
	}
	if (copy)
		retort_schema_put_table(form->canonical, copy);
	if (written_copy)
		retort_schema_put_table(form->written, written_copy);
}

/* They are no objects of their own then. */
static void fold_enums(struct folding *folding, struct retort_schema *schema)
{
	for (size_t i = schema->enum_count; i-- > 0;) {
		struct retort_enum *enumeration = schema->enums[i];

		if (map_get(folding->enums,
			    key_of(folding->arena, enumeration->schema, NULL, enumeration->name)))
			catalog_remove(schema, FAMILY_ENUM, enumeration);
	}
}

static void fold(struct folding *folding, struct form *form)
{
	for (size_t i = 0; i < form->canonical->table_count; i++)
		fold_checks(folding, form, i);
	if (!map_count(folding->enums))
		return;
	for (size_t i = 0; i < form->written->table_count; i++)
		fold_columns(folding, form, i);
	fold_enums(folding, form->canonical);
	fold_enums(folding, form->written);
}

void canonical_fold(const struct session *session, struct retort_arena *arena, struct form *a, struct form *b)
{
	struct folding folding = {
		.session = session,
		.arena = arena,
		.checks = map_new(arena),
		.enums = map_new(arena),
	};

	learn(&folding, a);
	learn(&folding, b);
	if (!map_count(folding.checks) && !map_count(folding.enums))
		return;
	*a = form_copy(arena, a);
	*b = form_copy(arena, b);
	fold(&folding, a);
	fold(&folding, b);
}
