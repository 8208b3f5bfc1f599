/* SPDX-License-Identifier: MIT */
#include "cli/draw_words.h"

#include <string.h>

#include "cli/draw_diagram.h"

const char *words_text(const struct retort_text *text)
{
	if (!text)
		return "";
	if (text->sql)
		return text->sql;
	for (size_t i = 0; i < text->variant_count; i++)
		if (text->variants[i].sql)
			return text->variants[i].sql;
	return "";
}

const char *words_default(struct retort_arena *arena, const struct retort_default *def)
{
	if (!def)
		return NULL;
	if (!def->text && def->variant_count && def->variants[0].value)
		def = def->variants[0].value;
	if (def->kind == RETORT_DEFAULT_NULL)
		return "null";
	if (!def->text)
		return NULL;
	return def->kind == RETORT_DEFAULT_FUNCTION ? retort_printf(arena, "%s()", def->text) : def->text;
}

static void add_names(struct retort_buf *out, const char *const *names, size_t n)
{
	retort_buf_char(out, '(');
	for (size_t i = 0; i < n; i++)
		retort_buf_printf(out, "%s%s", i ? ", " : "", names[i]);
	retort_buf_char(out, ')');
}

static void add_index_column(struct retort_buf *out, const struct retort_index_column *column)
{
	if (column->column)
		retort_buf_str(out, column->column);
	else
		retort_buf_printf(out, "(%s)", words_text(column->expression));
	if (column->length)
		retort_buf_printf(out, "(%u)", column->length);
	if (column->collation)
		retort_buf_printf(out, " collate %s", column->collation);
	if (column->opclass)
		retort_buf_printf(out, " %s", column->opclass);
	if (column->order == RETORT_ORDER_DESC)
		retort_buf_str(out, " desc");
	if (column->nulls != RETORT_NULLS_NONE)
		retort_buf_str(out, column->nulls == RETORT_NULLS_FIRST ? " nulls first" : " nulls last");
}

const char *words_index(struct retort_arena *arena, const struct retort_index *index)
{
	struct retort_buf out;

	retort_buf_init(&out, arena);
	if (index->unique)
		retort_buf_str(&out, "unique ");
	if (index->method)
		retort_buf_printf(&out, "%s ", index->method);
	retort_buf_char(&out, '(');
	for (size_t i = 0; i < index->column_count; i++) {
		retort_buf_str(&out, i ? ", " : "");
		add_index_column(&out, index->columns[i]);
	}
	retort_buf_char(&out, ')');
	if (index->include_count) {
		retort_buf_str(&out, " include ");
		add_names(&out, index->include, index->include_count);
	}
	if (index->where)
		retort_buf_printf(&out, " where %s", words_text(index->where));
	return out.data;
}

static void add_references(struct retort_buf *out, const struct retort_references *references)
{
	static const char *const actions[] = {NULL, "no action", "restrict", "cascade", "set null",
		"set default"};

	retort_buf_printf(out, " references %s",
		diagram_name(out->arena, references->schema, references->table));
	if (references->column_count) {
		retort_buf_char(out, ' ');
		add_names(out, references->columns, references->column_count);
	}
	if (references->on_delete != RETORT_ACTION_NONE)
		retort_buf_printf(out, " on delete %s", actions[references->on_delete]);
	if (references->on_update != RETORT_ACTION_NONE)
		retort_buf_printf(out, " on update %s", actions[references->on_update]);
}

static void add_elements(struct retort_buf *out, const struct retort_constraint *constraint)
{
	if (constraint->method)
		retort_buf_printf(out, "using %s ", constraint->method);
	retort_buf_char(out, '(');
	for (size_t i = 0; i < constraint->element_count; i++) {
		const struct retort_exclude_element *element = constraint->elements[i];

		retort_buf_printf(out, "%s%s with %s", i ? ", " : "",
			element->column ? element->column : words_text(element->expression), element->with);
	}
	retort_buf_char(out, ')');
	if (constraint->expression)
		retort_buf_printf(out, " where %s", words_text(constraint->expression));
}

const char *words_constraint(struct retort_arena *arena, const struct retort_constraint *constraint)
{
	static const char *const kinds[] = {"primary key ", "unique ", "foreign key ", "check ", "exclude "};
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_buf_str(&out, kinds[constraint->kind]);
	if (constraint->kind == RETORT_CHECK)
		retort_buf_printf(&out, "(%s)", words_text(constraint->expression));
	else if (constraint->kind == RETORT_EXCLUDE)
		add_elements(&out, constraint);
	else
		add_names(&out, constraint->columns, constraint->column_count);
	if (constraint->kind == RETORT_FOREIGN_KEY && constraint->references)
		add_references(&out, constraint->references);
	if (constraint->match)
		retort_buf_printf(&out, " match %s", constraint->match);
	if (constraint->deferrable)
		retort_buf_str(&out, " deferrable");
	if (constraint->initially == RETORT_INITIALLY_DEFERRED)
		retort_buf_str(&out, " initially deferred");
	if (constraint->not_valid)
		retort_buf_str(&out, " not valid");
	return out.data;
}

const char *words_sequence(struct retort_arena *arena, const struct retort_sequence *sequence)
{
	const struct {
		const char *word;
		long long value;
	} numbers[] = {{", starts at", sequence->start}, {", by", sequence->increment},
		{", from", sequence->minimum}, {", to", sequence->maximum}, {", cache", sequence->cache}};
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_buf_str(&out, sequence->type ? retort_type_text(arena, sequence->type) : "bigint");
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (numbers[i].value)
			retort_buf_printf(&out, "%s %lld", numbers[i].word, numbers[i].value);
	if (sequence->cycle)
		retort_buf_str(&out, ", cycles");
	return out.data;
}

const char *words_domain(struct retort_arena *arena, const struct retort_domain *domain)
{
	const char *def = words_default(arena, domain->def);
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_buf_str(&out, domain->type ? retort_type_text(arena, domain->type) : "");
	if (!domain->nullable)
		retort_buf_str(&out, ", not null");
	if (def)
		retort_buf_printf(&out, ", default %s", def);
	if (domain->check)
		retort_buf_printf(&out, ", check (%s)", words_text(domain->check));
	return out.data;
}

const char *words_column(struct retort_arena *arena, const struct retort_column *column)
{
	static const char *const autos[] = {NULL, "autoincrement", "always autoincrement", "serial"};
	const char *between = "";
	struct retort_buf out;

	retort_buf_init(&out, arena);
	if (column->autoincrement != RETORT_AUTO_NONE) {
		retort_buf_str(&out, autos[column->autoincrement]);
		between = ", ";
	}
	if (column->computed) {
		retort_buf_printf(&out, "%scomputed: %s%s", between, words_text(column->computed),
			column->computed_stored ? ", stored" : "");
		between = ", ";
	}
	if (column->collation) {
		retort_buf_printf(&out, "%scollation %s", between, column->collation);
		between = ", ";
	}
	if (column->native_extra)
		retort_buf_printf(&out, "%s%s", between, column->native_extra);
	return out.data;
}
