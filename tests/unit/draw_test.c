/* SPDX-License-Identifier: MIT
 *
 * Pictures of a schema: the whole of each form against tests/files/pictures (RETORT_UPDATE=1 writes these
 * anew), what must never be in one, and large schemas.
 */
#include "drawing.h"

#include "base/text.h"
#include "cli/draw_escape.h"

#define FOLDER RETORT_SOURCE "/tests/files/pictures/"

static char *text_of(struct scratch *s, const char *name, size_t *len)
{
	char *text = NULL;

	if (file_read(s->arena, path_join(s->arena, FOLDER, name), 1 << 20, &text, len, s->err) < 0)
		fail_msg("%s", retort_error_first(s->err)->message);
	return text;
}

static const struct retort_schema *shop(struct scratch *s)
{
	return schema_of(s, text_of(s, "shop.yaml", NULL));
}

static void expect_file(struct scratch *s, const char *name, const char *found, size_t len)
{
	size_t expected_len, at = 0;
	char *expected;

	if (getenv("RETORT_UPDATE"))
		assert_int_equal(file_write(path_join(s->arena, FOLDER, name), found, len, false, NULL), 0);
	expected = text_of(s, name, &expected_len);
	while (found[at] && found[at] == expected[at])
		at++;
	if (expected_len != len || at != len)
		fail_msg("%s differs at byte %zu:\n%.200s\ninstead of\n%.200s", name, at, found + at,
			expected + at);
}

static void test_dot(void **state)
{
	struct scratch *s = *state;
	struct retort_buf out = drawn(s, draw_schema_dot, shop(s), "the \"shop\"", false);

	expect_file(s, "shop.dot", out.data, out.len);
}

static void test_mermaid(void **state)
{
	struct scratch *s = *state;
	struct retort_buf out = drawn(s, draw_schema_mermaid, shop(s), NULL, false);

	expect_file(s, "shop.mermaid", out.data, out.len);
}

static void test_svg(void **state)
{
	struct scratch *s = *state;
	struct retort_buf out = drawn(s, draw_schema_svg, shop(s), "<shop>", false);

	expect_file(s, "shop.svg", out.data, out.len);
}

static void test_svg_of_keys(void **state)
{
	struct scratch *s = *state;
	struct retort_buf out = drawn(s, draw_schema_svg, shop(s), NULL, true);

	assert_null(strstr(out.data, ">bio</text>"));
	assert_non_null(strstr(out.data, ">\xe2\x80\xa6 1 more</text>"));
	assert_non_null(strstr(out.data, ">order_number</text>"));
}

static void test_html(void **state)
{
	struct scratch *s = *state;
	struct retort_buf out = drawn(s, draw_schema_html, shop(s), "the </title> shop", false);
	char *data = strstr(out.data, "id=\"data\">\n"), *end;
	size_t scripts = 0;

	assert_non_null(data);
	data += strlen("id=\"data\">\n");
	end = strstr(data, "\n</script>");
	assert_non_null(end);
	expect_file(s, "shop.json", retort_printf(s->arena, "%.*s\n", (int)(end - data), data),
		(size_t)(end - data) + 1);
	/* no name ends an element before its time */
	for (const char *at = out.data; (at = strstr(at, "</script")); at++)
		scripts++;
	assert_int_equal(scripts, 2);
	assert_non_null(strstr(out.data, "<title>the &lt;/title&gt; shop</title>"));
	assert_null(strstr(out.data, "<!--"));
	/* and nothing comes from elsewhere */
	assert_null(strstr(out.data, "src="));
	assert_null(strstr(out.data, "@import"));
	assert_null(strstr(out.data, "url("));
	for (const char *at = out.data; (at = strstr(at, "http")); at++)
		assert_true(
			!strncmp(at, "http://www.w3.org/2000/svg\"", 27) || !strncmp(at, "http-equiv=", 11));
}

static void test_same_each_time(void **state)
{
	static schema_drawing *const forms[] = {draw_schema_dot, draw_schema_mermaid, draw_schema_svg,
		draw_schema_html};
	struct scratch *s = *state;
	const struct retort_schema *schema = shop(s);

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		assert_string_equal(drawn(s, forms[i], schema, "x", false).data,
			drawn(s, forms[i], schema, "x", false).data);
}

static void test_empty(void **state)
{
	struct scratch *s = *state;
	const struct retort_schema *schema = retort_schema_new(s->arena);

	assert_string_equal(drawn(s, draw_schema_mermaid, schema, NULL, false).data, "erDiagram\n");
	assert_non_null(strstr(drawn(s, draw_schema_svg, schema, NULL, false).data,
		"width=\"56\" height=\"56\" viewBox=\"0 0 56 56\""));
	assert_non_null(strstr(drawn(s, draw_schema_html, schema, NULL, false).data,
		"\"tables\":[],\"links\":[],\"views\":[]"));
}

/* A reference to a table that isn't there, or to columns that aren't, is not drawn, but its column is marked.
 */
static void test_what_is_not_there(void **state)
{
	struct scratch *s = *state;
	struct retort_schema *schema = retort_schema_new(s->arena);
	struct retort_table *table = retort_table_new(s->arena, "app", "a");
	const char *const columns[] = {"x"};
	struct retort_buf out;

	retort_table_add_column(s->arena, table, "x");
	for (size_t i = 0; i < 3; i++) {
		static const char *const tables[] = {"gone", "A", "A"};
		static const char *const referred[] = {"x", "y", "x"};
		struct retort_references *references = retort_alloc(s->arena, sizeof *references);
		struct retort_constraint *key =
			retort_table_add_constraint(s->arena, table, RETORT_FOREIGN_KEY, NULL);

		references->schema = "app";
		references->table = tables[i];
		references->columns = &referred[i];
		references->column_count = 1;
		key->columns = columns;
		key->column_count = 1;
		key->references = references;
	}
	retort_schema_put_table(schema, table);
	out = drawn(s, draw_schema_mermaid, schema, NULL, false);
	/* the third is found whatever its case */
	assert_string_equal(out.data,
		"erDiagram\n  T0[\"app.a\"] {\n    any x FK\n  }\n  T0 |o--o{ T0 : \"x\"\n");
}

static void test_unsafe_bytes(void **state)
{
	static const char data[] = "\"n\":\"a\\\\xff\\\\x01\xef\xbf\xbd]]\\u003e\","
				   "\"cols\":[{\"n\":\"\\\\xc3(\\n\\t\",\"z\":1}]";
	struct scratch *s = *state;
	struct retort_schema *schema = retort_schema_new(s->arena);
	struct retort_table *table = retort_table_new(s->arena, NULL, "a\xff\x01\xef\xbf\xbf]]>");

	retort_table_add_column(s->arena, table, "\xc3(\n\t");
	retort_schema_put_table(schema, table);
	assert_non_null(strstr(drawn(s, draw_schema_svg, schema, NULL, false).data,
		">a\\xff\\x01\xef\xbf\xbd]]&gt;</text>"));
	assert_non_null(strstr(drawn(s, draw_schema_html, schema, NULL, false).data, data));
	assert_non_null(strstr(drawn(s, draw_schema_mermaid, schema, NULL, false).data,
		"    any _xc3(__ \"#92;xc3("));
	assert_non_null(strstr(drawn(s, draw_schema_dot, schema, NULL, false).data, ">\\xc3(  </td>"));
}

static void test_lines_and_columns(void **state)
{
	struct scratch *s = *state;

	assert_string_equal(draw_line(s->arena, "abcdef", 6), "abcdef");
	assert_string_equal(draw_line(s->arena, "abcdefg", 6), "abcde\xe2\x80\xa6");
	assert_string_equal(draw_line(s->arena, "a\nb\tc", 6), "a b c");
	assert_string_equal(draw_line(s->arena, "\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 5),
		"\xe6\xbc\xa2\xe6\xbc\xa2\xe2\x80\xa6");
	assert_int_equal(draw_columns("\xe6\xbc\xa2\xc3\xa9x"), 4);
}

/* n tables, each of which refers to the one before, the first to the last in a ring, to the first in a star.
 */
static const struct retort_schema *many(struct scratch *s, size_t n, const char *form)
{
	struct retort_schema *schema = retort_schema_new(s->arena);
	static const char *const id[] = {"id"};

	for (size_t i = 0; i < n; i++) {
		struct retort_table *table =
			retort_table_new(s->arena, NULL, retort_printf(s->arena, "t%zu", i));
		struct retort_references *references = retort_alloc(s->arena, sizeof *references);
		struct retort_constraint *key;

		retort_table_add_column(s->arena, table, "id");
		retort_schema_put_table(schema, table);
		if (!strcmp(form, "alone") || (!i && strcmp(form, "ring")))
			continue;
		references->table =
			retort_printf(s->arena, "t%zu", !strcmp(form, "star") ? 0 : (i + n - 1) % n);
		references->columns = id;
		references->column_count = 1;
		key = retort_table_add_constraint(s->arena, table, RETORT_FOREIGN_KEY, NULL);
		key->columns = id;
		key->column_count = 1;
		key->references = references;
	}
	return schema;
}

static size_t count_of(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)); text++)
		n++;
	return n;
}

static void test_large(void **state)
{
	static const struct {
		const char *form;
		size_t tables, links;
	} forms[] = {
		{"chain", 5000, 4999},
		{"ring", 5000, 5000},
		{"star", 1000, 999},
		{"alone", 1000, 0},
	};
	struct scratch *s = *state;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct retort_buf out =
			drawn(s, draw_schema_svg, many(s, forms[i].tables, forms[i].form), NULL, false);

		assert_int_equal(count_of(out.data, "<g class=\"table\""), forms[i].tables);
		assert_int_equal(count_of(out.data, "<g class=\"l "), forms[i].links);
	}
}

/* No two boxes overlap, and none lies outside of the picture. */
static void test_boxes_stand_apart(void **state)
{
	struct scratch *s = *state;
	const char *at = drawn(s, draw_schema_svg, many(s, 300, "star"), NULL, false).data;
	long x[300], y[300], width = 0, height = 0;
	size_t n = 0;

	at = strstr(at, "viewBox=\"0 0 ");
	assert_non_null(at);
	width = strtol(at + 13, (char **)&at, 10);
	height = strtol(at, NULL, 10);
	for (; (at = strstr(at, "translate(")); n++) {
		x[n] = strtol(at + 10, (char **)&at, 10);
		y[n] = strtol(at, NULL, 10);
	}
	assert_int_equal(n, 300);
	for (size_t i = 0; i < n; i++) {
		assert_true(x[i] >= 0 && x[i] + 110 <= width && y[i] >= 0 && y[i] + 56 <= height);
		for (size_t k = 0; k < i; k++)
			assert_true(labs(x[i] - x[k]) >= 110 || labs(y[i] - y[k]) >= 56);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(test_dot), TEST(test_mermaid), TEST(test_svg),
		TEST(test_svg_of_keys), TEST(test_html), TEST(test_same_each_time), TEST(test_empty),
		TEST(test_what_is_not_there), TEST(test_unsafe_bytes), TEST(test_lines_and_columns),
		TEST(test_large), TEST(test_boxes_stand_apart)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
