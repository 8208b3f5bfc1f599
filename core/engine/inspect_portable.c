/* SPDX-License-Identifier: MIT */
/* What an engine says in words of its own, as a schema file says it. */
#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "engine/inspect.h"
#include "engine/inspect_counter.h"
#include "engine/inspect_fold.h"
#include "engine/inspect_sql.h"
#include "engine/planner.h"
#include "model/catalog.h"
#include "model/expression.h"
#include "model/query.h"
#include "model/replaying.h"
#include "sql/literal.h"

struct portable {
	struct retort_arena *arena;
	const struct retort_dialect *dialect;
	const struct resolve *resolve;
	const char *engine; /* the dialect's key for types */
	const char *family; /* for all other texts */
	const struct retort_schema *live;
	struct map *index_names; /* -> the table that has it; a second table's is twice */
	struct map *booleans;    /* of the texts at work; see inspect_booleans */
	struct map *counters;    /* see inspect_counters */
	const char **notes;
	size_t note_count;
};

/* What is meant for this engine alone, and for all but this one. */
static struct retort_scope scope_of(const struct portable *portable, bool others)
{
	const char **names = retort_alloc(portable->arena, sizeof *names);

	names[0] = portable->family;
	return others ? (struct retort_scope){.except = names, .except_count = 1}
		      : (struct retort_scope){.only = names, .only_count = 1};
}

static void note(struct portable *portable, const char *format, ...) RETORT_PRINTF(2, 3);

static void note(struct portable *portable, const char *format, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = retort_vprintf(portable->arena, format, ap);
	va_end(ap);
	RETORT_PUSH(portable->arena, portable->notes, portable->note_count, text);
}

/* Of what a note speaks. */
struct subject {
	const char *schema, *name; /* of the table or domain */
	const char *column;        /* NULL: the domain */
};

static const char *told(struct portable *portable, const struct subject *of)
{
	const char *name = name_quote(portable->arena, of->schema, of->name);

	return of->column ? retort_printf(portable->arena, "column '%s' of %s", of->column, name)
			  : retort_printf(portable->arena, "domain %s", name);
}

/* ---- texts ---- */

/* A text by dialect: sql for this engine, other (NULL: nothing) for the rest. */
static const struct retort_text *by_dialect(struct portable *portable, const char *sql, const char *other)
{
	struct retort_variant *variants = retort_alloc_array(portable->arena, 2, sizeof *variants);
	struct retort_text *text = retort_alloc(portable->arena, sizeof *text);

	variants[0] = (struct retort_variant){.dialect = portable->family, .sql = sql};
	variants[1] = (struct retort_variant){.dialect = "default", .sql = other};
	text->variants = variants;
	text->variant_count = 2;
	return text;
}

/* The text for a file; *lost: other engines have nothing for it. */
static const struct retort_text *portable_text(struct portable *portable, const struct retort_text *text,
	bool *lost)
{
	const char *neutral;

	*lost = false;
	if (!text || !text->sql)
		return text;
	neutral = inspect_neutral_sql(portable->arena, portable->dialect->syntax, text->sql,
		portable->booleans);
	if (neutral == text->sql)
		return text;
	*lost = !neutral;
	return by_dialect(portable, text->sql, neutral);
}

/* ---- columns ---- */

static const struct retort_type *with_native(struct portable *portable, const struct retort_type *type,
	const char *native)
{
	struct retort_type *ret = COPY(portable->arena, type);
	struct retort_variant *variant = retort_alloc(portable->arena, sizeof *variant);
	struct retort_text *text = retort_alloc(portable->arena, sizeof *text);

	*variant = (struct retort_variant){.dialect = portable->engine, .sql = native};
	text->variants = variant;
	text->variant_count = 1;
	ret->native = NULL;
	ret->native_variants = text;
	if (ret->kind == RETORT_TYPE_NATIVE || ret->kind == RETORT_TYPE_ARRAY)
		ret->kind = RETORT_TYPE_NONE;
	return ret;
}

/* Whether a native type only spells a neutral one in another way. */
static bool is_spelling(struct portable *portable, const char *native)
{
	const struct retort_type *read = NULL;

	return portable->dialect->native_type &&
		!portable->dialect->native_type(portable->arena, native, &read) && read && !read->native &&
		read->kind != RETORT_TYPE_NATIVE && read->kind != RETORT_TYPE_ARRAY;
}

/* The native text where a neutral type would not give it back. */
static const struct retort_type *portable_type(struct portable *portable, const struct retort_type *type,
	const struct subject *of)
{
	const struct retort_type *ret;

	if (!type || !type->native)
		return type;
	ret = with_native(portable, type, type->native);
	if (is_spelling(portable, type->native))
		return ret;
	if (ret->kind == RETORT_TYPE_NONE) {
		note(portable, "%s is %s: only %s has that type, give other engines one of theirs",
			told(portable, of), type->native, portable->engine);
	} else {
		struct retort_type *neutral = COPY(portable->arena, ret);

		neutral->native_variants = NULL;
		note(portable, "%s is %s: only %s has that type, elsewhere it is %s", told(portable, of),
			type->native, portable->engine, retort_type_text(portable->arena, neutral));
	}
	return ret;
}

/* A type by dialect that counts everywhere. */
static const struct retort_type *counting_type(struct portable *portable, const struct retort_column *live,
	const struct subject *of)
{
	struct retort_type *ret = retort_type_new(portable->arena, RETORT_TYPE_BIGINT);
	const char *mine =
		live->type->native ? live->type->native : retort_type_text(portable->arena, live->type);

	ret->native_variants = by_dialect(portable, mine, NULL);
	((struct retort_text *)ret->native_variants)->variant_count = 1; /* the default is the type itself */
	note(portable, "%s is %s and counts, or refers to what does: elsewhere it is bigint",
		told(portable, of), mine);
	return ret;
}

static struct retort_default *new_default(struct portable *portable, enum retort_default_kind kind,
	const char *text)
{
	struct retort_default *def = retort_alloc(portable->arena, sizeof *def);

	def->kind = kind;
	def->text = text;
	return def;
}

/* A default by dialect; other may be NULL. */
static const struct retort_default *default_by_dialect(struct portable *portable,
	const struct retort_default *mine, const struct retort_default *other)
{
	struct retort_default_variant *variants = retort_alloc_array(portable->arena, 2, sizeof *variants);
	struct retort_default *def = new_default(portable, RETORT_DEFAULT_LITERAL, NULL);

	variants[0] = (struct retort_default_variant){portable->family, mine};
	variants[1] = (struct retort_default_variant){"default", other};
	def->variants = variants;
	def->variant_count = 2;
	return def;
}

/* Whether a literal or function is one of the neutral type that the file gives. */
static bool fits(struct portable *portable, const struct retort_type *type, const struct retort_default *def)
{
	struct retort_error *own = retort_error_new();
	struct retort_buf out;
	bool ret;

	retort_buf_init(&out, portable->arena);
	if (def->kind == RETORT_DEFAULT_FUNCTION)
		ret = !literal_check_function(portable->arena, portable->live, type, def->text, own);
	else
		ret = !literal_append(&out, portable->live, type, def->text, own);
	retort_error_free(own);
	return ret;
}

/* The SQL of a literal that the neutral type has no value for. */
static const struct retort_default *as_expression(struct portable *portable, const struct retort_type *live,
	const struct retort_default *def)
{
	struct retort_render render = {.size = sizeof render,
		.arena = portable->arena,
		.dialect = portable->dialect,
		.schema = portable->live};
	struct retort_error *own = retort_error_new();
	struct retort_buf out;

	retort_buf_init(&out, portable->arena);
	if (retort_sql_default(&render, &out, live, def, own))
		retort_sql_string(&render, &out, def->text);
	retort_error_free(own);
	return new_default(portable, RETORT_DEFAULT_EXPRESSION, out.data);
}

/* What engines call the functions that defaults may name. */
static const struct {
	const char *sql, *function;
} clocks[] = {
	{"now()", "now"},
	{"current_timestamp", "now"},
	{"current_timestamp()", "now"},
	{"current_timestamp(3)", "now"},
	{"current_timestamp(6)", "now"},
	{"localtimestamp", "now"},
	{"datetime('now')", "now"},
	{"current_time", "now"},
	{"time('now')", "now"},
	{"current_date", "today"},
	{"curdate()", "today"},
	{"date('now')", "today"},
	{"uuid()", "uuid"},
	{"gen_random_uuid()", "uuid"},
	{"uuid_generate_v4()", "uuid"},
};

/* The neutral default nearest to an engine's own; NULL: none. */
static const struct retort_default *nearest_default(struct portable *portable, const struct retort_type *type,
	const char *sql)
{
	const char *neutral = inspect_neutral_sql(portable->arena, portable->dialect->syntax, sql, NULL);
	struct retort_default *def;

	if (neutral)
		return new_default(portable, RETORT_DEFAULT_EXPRESSION, neutral);
	for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
		if (!expression_equal(portable->dialect->syntax, clocks[i].sql, sql))
			continue;
		def = new_default(portable, RETORT_DEFAULT_FUNCTION, clocks[i].function);
		return type && fits(portable, type, def) ? def : NULL;
	}
	return NULL;
}

static void portable_default(struct portable *portable, const struct retort_type *live,
	struct retort_column *column, const struct subject *of)
{
	const struct retort_default *def = column->def;
	const struct retort_type *type = column->type;
	const struct retort_default *nearest;

	if (!def || def->kind == RETORT_DEFAULT_NULL)
		return;
	if (def->kind != RETORT_DEFAULT_EXPRESSION) {
		if (!type || type->kind == RETORT_TYPE_NONE || fits(portable, type, def))
			return;
		column->def = default_by_dialect(portable, as_expression(portable, live, def), NULL);
		note(portable, "%s: its default '%s' is no %s: elsewhere it has none", told(portable, of),
			def->text, retort_type_text(portable->arena, type));
		return;
	}
	nearest = nearest_default(portable, type, def->text);
	if (nearest && nearest->text == def->text)
		return;
	column->def = default_by_dialect(portable, def, nearest);
	if (!nearest)
		note(portable, "%s: its default %s is written for %s: elsewhere it has none",
			told(portable, of), def->text, portable->family);
}

static struct retort_column *portable_column(struct portable *portable, const struct retort_table *table,
	const struct retort_column *live)
{
	struct retort_column *column = COPY(portable->arena, live);
	const struct subject subject = {table->schema, table->name, live->name}, *of = &subject;
	bool lost;

	column->type = inspect_counts(portable->arena, portable->counters, table, live)
		? counting_type(portable, live, of)
		: portable_type(portable, live->type, of);
	column->nullable_given = false;
	column->native_type = column->native_extra = NULL;
	column->type_check_name = column->enum_type_name = NULL;
	portable_default(portable, live->type, column, of);
	if (column->computed) {
		column->computed = portable_text(portable, column->computed, &lost);
		if (lost)
			note(portable,
				"%s is computed by %s, written for %s: elsewhere it is an ordinary column",
				told(portable, of), live->computed->sql, portable->family);
	}
	if (column->collation) {
		note(portable, "%s has the collation %s, which only %s has", told(portable, of),
			column->collation, portable->family);
		column->collations = by_dialect(portable, column->collation, NULL);
		column->collation = NULL;
	}
	return column;
}

/* ---- constraints ---- */

/* Whether a foreign key refers to a table that the file holds. */
static bool refers_to_known(const struct portable *portable, const struct retort_table *table,
	const struct retort_references *references)
{
	return !references || retort_schema_table(portable->live, references->schema, references->table) ||
		(name_equal(table->name, references->table) && name_equal(table->schema, references->schema));
}

/* NULL: it is left out. */
static struct retort_constraint *portable_constraint(struct portable *portable,
	const struct retort_table *table, const struct retort_constraint *live)
{
	struct retort_constraint *ret = COPY(portable->arena, live);
	const char *owner = name_quote(portable->arena, table->schema, table->name);
	const char *name = live->name ? live->name : "without a name";
	bool lost;

	if (!refers_to_known(portable, table, live->references)) {
		note(portable, "foreign key '%s' of %s refers to %s, which is not in this file: left out",
			name, owner,
			name_quote(portable->arena, live->references->schema, live->references->table));
		return NULL;
	}
	if (live->kind == RETORT_EXCLUDE) {
		ret->scope = scope_of(portable, false);
		note(portable, "exclude constraint '%s' of %s: only %s has such", name, owner,
			portable->family);
		return ret;
	}
	ret->expression = portable_text(portable, live->expression, &lost);
	if (lost)
		note(portable, "check '%s' of %s is written for %s, elsewhere it is left out: %s", name,
			owner, portable->family, live->expression->sql);
	return ret;
}

/* ---- indexes ---- */

/* Whether all expressions of an index can be said everywhere; they are put into columns. */
static bool portable_keys(struct portable *portable, struct retort_index *index)
{
	const struct retort_index_column **columns =
		retort_alloc_array(portable->arena, index->column_count, sizeof *columns);
	bool all = true, lost;

	for (size_t i = 0; i < index->column_count; i++) {
		struct retort_index_column *column = COPY(portable->arena, index->columns[i]);

		column->expression = portable_text(portable, column->expression, &lost);
		all = all && !lost && !column->opclass && !column->collation;
		columns[i] = column;
	}
	if (all)
		index->columns = columns;
	return all;
}

/* The name of an index where names must be unlike in the whole schema. */
static const char *index_name(struct portable *portable, const struct retort_table *table,
	const struct retort_index *index)
{
	const struct resolve resolve = {.arena = portable->arena};
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; i < index->column_count; i++)
		RETORT_PUSH(portable->arena, names, count,
			index->columns[i]->column ? index->columns[i]->column : "expr");
	return naming_apply(&resolve, naming_default.ix, table->name, names, count, NULL, NULL);
}

/* Adds an index as often as it needs different words: one that other engines can't have is for this engine
 * alone; one whose name another table's index has too gets another name elsewhere. */
static void add_index(struct portable *portable, struct retort_table *table, const struct retort_index *live)
{
	struct retort_index *index = COPY(portable->arena, live), *twin;
	const char *owner = name_quote(portable->arena, table->schema, table->name);
	bool lost = false, keys = portable_keys(portable, index);

	index->definition = NULL;
	RETORT_PUSH(portable->arena, table->indexes, table->index_count, index);
	if (keys && !live->method)
		index->where = portable_text(portable, live->where, &lost);
	if (!keys || live->method || (lost && live->unique)) {
		index->where = live->where;
		index->scope = scope_of(portable, false);
		note(portable, "index '%s' of %s is %s's alone: elsewhere it is left out", live->name, owner,
			portable->family);
		return;
	}
	for (size_t i = 0; index->unique && i < index->column_count; i++)
		if (index->columns[i]->length)
			note(portable,
				"index '%s' of %s compares the first %u characters of '%s': elsewhere all "
				"of it",
				live->name, owner, index->columns[i]->length, index->columns[i]->column);
	if (lost)
		note(portable, "index '%s' of %s: its condition is written for %s, elsewhere it has none",
			live->name, owner, portable->family);
	if (!(portable->dialect->syntax & RETORT_SYNTAX_TABLE_INDEXES) ||
		map_get(portable->index_names, live->name) != (const void *)portable->index_names)
		return;
	twin = COPY(portable->arena, index);
	index->scope = scope_of(portable, false);
	twin->scope = scope_of(portable, true);
	twin->name = index_name(portable, table, live);
	RETORT_PUSH(portable->arena, table->indexes, table->index_count, twin);
}

/* ---- the whole ---- */

static struct retort_table *portable_table(struct portable *portable, const struct retort_table *live)
{
	struct retort_table *table = retort_table_copy(portable->arena, live);

	portable->booleans = map_new(portable->arena);
	inspect_booleans(portable->booleans, live);
	table->definition = NULL;
	table->columns = NULL;
	table->constraints = NULL;
	table->indexes = NULL;
	table->column_count = table->constraint_count = table->index_count = 0;
	for (size_t i = 0; i < live->column_count; i++)
		RETORT_PUSH(portable->arena, table->columns, table->column_count,
			portable_column(portable, live, live->columns[i]));
	for (size_t i = 0; i < live->constraint_count; i++) {
		struct retort_constraint *constraint =
			portable_constraint(portable, live, live->constraints[i]);

		if (constraint)
			RETORT_PUSH(portable->arena, table->constraints, table->constraint_count, constraint);
	}
	for (size_t i = 0; i < live->index_count; i++)
		if (!live->indexes[i]->implied)
			add_index(portable, table, live->indexes[i]);
	inspect_fold(portable->resolve, table);
	return table;
}

static void take_tables(struct portable *portable, struct retort_schema *schema)
{
	const struct retort_schema *live = portable->live;

	for (size_t i = 0; i < live->table_count; i++)
		for (size_t k = 0; k < live->tables[i]->index_count; k++) {
			const struct retort_index *index = live->tables[i]->indexes[k];

			if (map_put(portable->index_names, index->name, live->tables[i]))
				map_put(portable->index_names, index->name, portable->index_names);
		}
	/* elsewhere indexes share their names with tables and views */
	for (size_t i = 0; i < live->table_count; i++)
		map_put(portable->index_names, live->tables[i]->name, portable->index_names);
	for (size_t i = 0; i < live->view_count; i++)
		map_put(portable->index_names, live->views[i]->name, portable->index_names);
	for (size_t i = 0; i < live->table_count; i++)
		RETORT_PUSH(portable->arena, schema->tables, schema->table_count,
			portable_table(portable, live->tables[i]));
}

/* Whether a query stands on a view whose name is among those lost. */
static bool stands_on_lost(const struct portable *portable, const struct retort_text *text,
	const struct map *lost)
{
	struct query query = {.sql = text ? text->sql : NULL,
		.syntax = portable->dialect->syntax,
		.schema = portable->live};
	const char *at = query.sql;
	struct retort_token token;

	while (at && (token = retort_sql_word(query.syntax, &at)).kind != RETORT_TOKEN_END &&
		token.kind != RETORT_TOKEN_BROKEN) {
		const struct retort_view *view;

		if (token.kind != RETORT_TOKEN_WORD && token.kind != RETORT_TOKEN_QUOTED)
			continue;
		view = map_get(lost, retort_token_name(portable->arena, &token));
		if (view && query_uses_table(&query, view->schema, view->name))
			return true;
	}
	return false;
}

/* Views that stand on what other engines don't get are not for them either. */
static void lose_views(struct portable *portable, struct retort_schema *schema, struct map *lost)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < schema->view_count; i++) {
			struct retort_view *view = schema->views[i];
			const struct retort_text *text = portable->live->views[i]->query;

			if (map_get(lost, view->name) == view || !stands_on_lost(portable, text, lost))
				continue;
			view->query = text;
			view->scope = scope_of(portable, false);
			note(portable, "view %s stands on such a view: elsewhere it is left out",
				name_quote(portable->arena, view->schema, view->name));
			map_put(lost, view->name, view);
			again = true;
		}
	}
}

static void take_views(struct portable *portable, struct retort_schema *schema)
{
	struct map *lost_views = map_new(portable->arena);

	portable->booleans = map_new(portable->arena);
	for (size_t i = 0; i < portable->live->table_count; i++)
		inspect_booleans(portable->booleans, portable->live->tables[i]);
	for (size_t i = 0; i < portable->live->view_count; i++) {
		struct retort_view *view = COPY(portable->arena, portable->live->views[i]);
		const char *name = name_quote(portable->arena, view->schema, view->name);
		bool lost;

		view->definition = NULL;
		view->query = portable_text(portable, view->query, &lost);
		if (view->materialized) {
			view->query = portable->live->views[i]->query;
			view->scope = scope_of(portable, false);
			note(portable, "view %s is materialized: elsewhere it is left out", name);
		} else if (lost) {
			note(portable, "view %s is written for %s: elsewhere it is left out", name,
				portable->family);
		}
		if (view->materialized || lost)
			map_put(lost_views, view->name, view);
		RETORT_PUSH(portable->arena, schema->views, schema->view_count, view);
	}
	lose_views(portable, schema, lost_views);
}

/* Routines and triggers are in the engine's own language. */
static void take_code(struct portable *portable, struct retort_schema *schema)
{
	for (size_t i = 0; i < portable->live->routine_count; i++) {
		struct retort_routine *routine = COPY(portable->arena, portable->live->routines[i]);

		routine->scope = scope_of(portable, false);
		note(portable, "%s %s is written for %s: elsewhere it is left out",
			routine->kind == RETORT_PROCEDURE ? "procedure" : "function",
			name_quote(portable->arena, routine->schema, routine->name), portable->family);
		RETORT_PUSH(portable->arena, schema->routines, schema->routine_count, routine);
	}
	for (size_t i = 0; i < portable->live->trigger_count; i++) {
		struct retort_trigger *trigger = COPY(portable->arena, portable->live->triggers[i]);

		trigger->scope = scope_of(portable, false);
		trigger->definition = NULL;
		note(portable, "trigger '%s' of %s is written for %s: elsewhere it is left out",
			trigger->name, name_quote(portable->arena, trigger->schema, trigger->table),
			portable->family);
		RETORT_PUSH(portable->arena, schema->triggers, schema->trigger_count, trigger);
	}
}

/* Domains, sequences and extensions: what they are made of stays in their engine's words. */
static void take_others(struct portable *portable, struct retort_schema *schema)
{
	const struct retort_schema *live = portable->live;

	for (size_t i = 0; i < live->domain_count; i++) {
		struct retort_domain *domain = COPY(portable->arena, live->domains[i]);
		const struct subject of = {domain->schema, domain->name, NULL};

		domain->type = portable_type(portable, domain->type, &of);
		RETORT_PUSH(portable->arena, schema->domains, schema->domain_count, domain);
	}
	for (size_t i = 0; i < live->extension_count; i++) {
		struct retort_extension *extension = COPY(portable->arena, live->extensions[i]);

		extension->scope = scope_of(portable, false);
		RETORT_PUSH(portable->arena, schema->extensions, schema->extension_count, extension);
	}
}

int inspect_portable(struct session *session, struct retort_arena *arena, const struct retort_schema *live,
	struct retort_schema **ret, const char ***notes, size_t *note_count, struct retort_error *err)
{
	struct resolve resolve = plan_resolve(session);
	struct portable portable = {.arena = arena,
		.resolve = &resolve,
		.dialect = session->dialect,
		.engine = session->dialect->name,
		.family = session->dialect->family ? session->dialect->family : session->dialect->name,
		.live = live,
		.index_names = map_new(arena),
		.counters = inspect_counters(arena, live)};
	struct retort_schema *schema = retort_schema_copy(arena, live);

	(void)err;
	resolve.arena = arena;
	schema->tables = NULL;
	schema->views = NULL;
	schema->routines = NULL;
	schema->triggers = NULL;
	schema->domains = NULL;
	schema->extensions = NULL;
	schema->table_count = schema->view_count = schema->routine_count = schema->trigger_count =
		schema->domain_count = schema->extension_count = 0;
	take_tables(&portable, schema);
	take_views(&portable, schema);
	take_code(&portable, schema);
	take_others(&portable, schema);
	for (size_t i = 0; i < live->unmodelled_count; i++)
		RETORT_PUSH(arena, portable.notes, portable.note_count, live->unmodelled[i]);
	*ret = schema;
	*notes = portable.notes;
	*note_count = portable.note_count;
	return 0;
}
