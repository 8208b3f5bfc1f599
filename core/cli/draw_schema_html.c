/* SPDX-License-Identifier: MIT
 *
 * A schema as one page. The script in it (page.js) works on a JSON document that stands in the page too:
 *
 *	{title, tables: [{n, c?, cols: [{n, t, k?, z?, d?, x?, c?}], idx: [{n, t}], con: [{n, t}]}],
 *	 links: [{f, t, fc: [], tc: [], n?, x, o?, s?}], views, enums, domains, sequences, routines, triggers,
 *	 extensions: [{n, k?, t?, q?, b?}], notes: []}
 *
 * n is a name, c a comment, t a type or what it is in words, k a mark or kind, z whether null is allowed, d a
 * default, x what else there is to say, q SQL; f and t of a link are the places of tables, o whether it may
 * refer to nothing, s whether at most one row does; b is the place of a trigger's table.
 */
#include <string.h>

#include "cli/draw_escape.h"
#include "cli/draw_page.h"
#include "cli/draw_picture.h"
#include "cli/draw_words.h"

enum { MANY = 40 }; /* tables from which on the whole is drawn with their keys only */

/* The JSON document under way. */
struct page {
	struct retort_buf *out;
	struct retort_arena *arena;
	const struct retort_schema *schema;
	const struct diagram *diagram;
	bool first; /* nothing stands in the present list or object yet */
};

static void separate(struct page *page)
{
	if (!page->first)
		retort_buf_char(page->out, ',');
	page->first = false;
}

/* Opens a list or an object, as the value of a key or as an item of a list. */
static void open_at(struct page *page, const char *key, char bracket)
{
	separate(page);
	if (key)
		retort_buf_printf(page->out, "\"%s\":", key);
	retort_buf_char(page->out, bracket);
	page->first = true;
}

static void close_with(struct page *page, char bracket)
{
	retort_buf_char(page->out, bracket);
	page->first = false;
}

/* Adds a text, unless it is NULL or empty. */
static void put(struct page *page, const char *key, const char *text)
{
	if (!text || !*text)
		return;
	separate(page);
	retort_buf_printf(page->out, "\"%s\":", key);
	draw_json_string(page->out, text);
}

static void put_number(struct page *page, const char *key, size_t number)
{
	separate(page);
	retort_buf_printf(page->out, "\"%s\":%zu", key, number);
}

static void put_flag(struct page *page, const char *key, bool flag)
{
	if (flag)
		put_number(page, key, 1);
}

static void add_item(struct page *page, const char *text)
{
	separate(page);
	draw_json_string(page->out, text);
}

/* ---- tables and keys ---- */

static void add_columns(struct page *page, const struct diagram_table *table)
{
	open_at(page, "cols", '[');
	for (size_t i = 0; i < table->table->column_count; i++) {
		const struct diagram_column *column = &table->columns[i];

		open_at(page, NULL, '{');
		put(page, "n", column->column->name);
		put(page, "t", column->type);
		put(page, "k", diagram_mark(column));
		put_flag(page, "z", column->column->nullable && !column->primary);
		put(page, "d", words_default(page->arena, column->column->def));
		put(page, "x", words_column(page->arena, column->column));
		put(page, "c", column->column->comment);
		close_with(page, '}');
	}
	close_with(page, ']');
}

static void add_table(struct page *page, const struct diagram_table *shown)
{
	const struct retort_table *table = shown->table;

	open_at(page, NULL, '{');
	put(page, "n", shown->name);
	put(page, "c", table->comment);
	add_columns(page, shown);
	open_at(page, "idx", '[');
	for (size_t i = 0; i < table->index_count; i++) {
		open_at(page, NULL, '{');
		put(page, "n", table->indexes[i]->name);
		put(page, "t", words_index(page->arena, table->indexes[i]));
		close_with(page, '}');
	}
	close_with(page, ']');
	open_at(page, "con", '[');
	for (size_t i = 0; i < table->constraint_count; i++) {
		open_at(page, NULL, '{');
		put(page, "n", table->constraints[i]->name);
		put(page, "t", words_constraint(page->arena, table->constraints[i]));
		close_with(page, '}');
	}
	close_with(page, ']');
	close_with(page, '}');
	retort_buf_char(page->out, '\n');
}

static void add_places(struct page *page, const char *key, const size_t *places, size_t n)
{
	open_at(page, key, '[');
	for (size_t i = 0; i < n; i++) {
		separate(page);
		retort_buf_printf(page->out, "%zu", places[i]);
	}
	close_with(page, ']');
}

static void add_link(struct page *page, const struct diagram_link *link)
{
	open_at(page, NULL, '{');
	put_number(page, "f", link->from);
	put_number(page, "t", link->to);
	add_places(page, "fc", link->from_columns, link->pair_count);
	add_places(page, "tc", link->to_columns, link->pair_count);
	put(page, "n", link->constraint->name);
	put(page, "x", words_constraint(page->arena, link->constraint));
	put_flag(page, "o", link->optional);
	put_flag(page, "s", link->single);
	close_with(page, '}');
}

/* ---- the other objects ---- */

/* Begins an object of a list with its name. */
static void open_object(struct page *page, const char *schema, const char *name)
{
	open_at(page, NULL, '{');
	put(page, "n", diagram_name(page->arena, schema, name));
}

static void add_views(struct page *page)
{
	for (size_t i = 0; i < page->schema->view_count; i++) {
		const struct retort_view *view = page->schema->views[i];

		open_object(page, view->schema, view->name);
		put(page, "k", view->materialized ? "materialized" : NULL);
		put(page, "q", view->query ? words_text(view->query) : view->definition);
		close_with(page, '}');
	}
}

static void add_enums(struct page *page)
{
	for (size_t i = 0; i < page->schema->enum_count; i++) {
		const struct retort_enum *type = page->schema->enums[i];
		struct retort_buf values;

		retort_buf_init(&values, page->arena);
		for (size_t k = 0; k < type->value_count; k++)
			retort_buf_printf(&values, "%s%s", k ? "\n" : "", type->values[k]);
		open_object(page, type->schema, type->name);
		put(page, "q", values.data);
		close_with(page, '}');
	}
}

static void add_domains(struct page *page)
{
	for (size_t i = 0; i < page->schema->domain_count; i++) {
		const struct retort_domain *domain = page->schema->domains[i];

		open_object(page, domain->schema, domain->name);
		put(page, "t", words_domain(page->arena, domain));
		close_with(page, '}');
	}
}

static void add_sequences(struct page *page)
{
	for (size_t i = 0; i < page->schema->sequence_count; i++) {
		const struct retort_sequence *sequence = page->schema->sequences[i];

		open_object(page, sequence->schema, sequence->name);
		put(page, "t", words_sequence(page->arena, sequence));
		close_with(page, '}');
	}
}

static void add_routines(struct page *page)
{
	for (size_t i = 0; i < page->schema->routine_count; i++) {
		const struct retort_routine *routine = page->schema->routines[i];

		open_object(page, routine->schema, routine->name);
		put(page, "k", routine->kind == RETORT_FUNCTION ? "function" : "procedure");
		put(page, "q", words_text(routine->body));
		close_with(page, '}');
	}
}

static void add_triggers(struct page *page)
{
	for (size_t i = 0; i < page->schema->trigger_count; i++) {
		const struct retort_trigger *trigger = page->schema->triggers[i];
		const struct retort_table *table = trigger->table
			? retort_schema_table(page->schema, trigger->schema, trigger->table)
			: NULL;

		open_object(page, trigger->schema, trigger->name);
		put(page, "t", trigger->table ? retort_printf(page->arena, "on %s", trigger->table) : NULL);
		put(page, "q", trigger->body ? words_text(trigger->body) : trigger->definition);
		for (size_t k = 0; table && k < page->diagram->table_count; k++)
			if (page->diagram->tables[k].table == table) {
				put_number(page, "b", k);
				break;
			}
		close_with(page, '}');
	}
}

static void add_extensions(struct page *page)
{
	for (size_t i = 0; i < page->schema->extension_count; i++) {
		const struct retort_extension *extension = page->schema->extensions[i];

		open_object(page, NULL, extension->name);
		put(page, "t", extension->version);
		close_with(page, '}');
	}
}

static void add_notes(struct page *page)
{
	for (size_t i = 0; i < page->schema->unmodelled_count; i++)
		add_item(page, page->schema->unmodelled[i]);
}

static void add_document(struct page *page, const char *title)
{
	static const struct {
		const char *key;
		void (*add)(struct page *page);
	} lists[] = {{"views", add_views}, {"enums", add_enums}, {"domains", add_domains},
		{"sequences", add_sequences}, {"routines", add_routines}, {"triggers", add_triggers},
		{"extensions", add_extensions}, {"notes", add_notes}};

	open_at(page, NULL, '{');
	put(page, "title", title);
	open_at(page, "tables", '[');
	for (size_t i = 0; i < page->diagram->table_count; i++)
		add_table(page, &page->diagram->tables[i]);
	close_with(page, ']');
	open_at(page, "links", '[');
	for (size_t i = 0; i < page->diagram->link_count; i++)
		add_link(page, &page->diagram->links[i]);
	close_with(page, ']');
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		open_at(page, lists[i].key, '[');
		lists[i].add(page);
		close_with(page, ']');
	}
	close_with(page, '}');
}

void draw_schema_html(struct retort_buf *out, const struct retort_schema *schema,
	const struct draw_options *options)
{
	const char *title = options->title && *options->title ? options->title : "schema";
	struct draw_options inner = {.title = title, .keys_only = options->keys_only};
	struct diagram diagram;
	struct page page = {.out = out,
		.arena = out->arena,
		.schema = schema,
		.diagram = &diagram,
		.first = true};

	diagram_make(out->arena, schema, &diagram);
	inner.keys_only |= diagram.table_count > MANY;
	retort_buf_str(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n<title>");
	draw_xml(out, title);
	retort_buf_printf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", draw_page_style);
	retort_buf_str(out, "<nav id=\"side\"></nav>\n<main>\n<div id=\"stage\">\n");
	draw_picture(out, &diagram, &inner);
	retort_buf_str(out,
		"</div>\n<article id=\"detail\" hidden></article>\n</main>\n"
		"<script type=\"application/json\" id=\"data\">\n");
	add_document(&page, title);
	retort_buf_printf(out, "\n</script>\n<script>\n%s</script>\n</body>\n</html>\n", draw_page_script);
}
