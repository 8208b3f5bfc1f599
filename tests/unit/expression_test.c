/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/expression.h"
#include "model/query.h"

/* A text and its tokens, a letter each: s space, c comment, w word, q quoted, ' string, n number, p
 * punctuation, ! broken. */
static const struct {
	unsigned syntax;
	const char *sql, *kinds;
} token_cases[] = {
	{0, "", ""},
	{0, "a", "w"},
	{0, "select  a\n", "wsws"},
	{0, "a<=b", "wpw"},
	{0, "'it''s'", "'"},
	{0, "'a\\'b", "'w"},
	{RETORT_SYNTAX_BACKSLASH, "'a\\'b'", "'"},
	{0, "'open", "!"},
	{0, "\"a\"\"b\"", "q"},
	{RETORT_SYNTAX_DOUBLE_STRING, "\"a\"", "'"},
	{0, "`a`", "pwp"},
	{RETORT_SYNTAX_BACKTICK, "`a``b`", "q"},
	{RETORT_SYNTAX_BRACKET, "[a b]", "q"},
	{0, "[1]", "pnp"},
	{0, "a -- x\nb", "wscsw"},
	{0, "a/* x */b", "wcw"},
	{0, "/* a /* b */ c */",
		"cswsp"
		"p"},
	{RETORT_SYNTAX_NESTED_COMMENT, "/* a /* b */ c */", "c"},
	{RETORT_SYNTAX_HASH_COMMENT, "# x\na", "csw"},
	{0, "/* open", "!"},
	{RETORT_SYNTAX_DOLLAR, "$$a'b$$", "'"},
	{RETORT_SYNTAX_DOLLAR, "$x$ $$ $x$", "'"},
	{RETORT_SYNTAX_DOLLAR, "$x$ $y$", "!"},
	{RETORT_SYNTAX_DOLLAR, "E'a\\'b'", "'"},
	{RETORT_SYNTAX_DOLLAR, "$1", "n"},
	{0, "x'ff' N'a' u&\"a\"", "'s'sq"},
	{0, "1.5e-3 .5 0xff 1e",
		"nsnsns"
		"nw"},
	{0, "a.b::text", "wpwpw"},
	{0, "@x @@y", "wsw"},
	{0, "gr\xc3\xb6n", "w"},
};

static char kind_letter(enum retort_token_kind kind)
{
	static const char letters[] = "Escwq'np!";

	return letters[kind];
}

static void test_tokens(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof token_cases / sizeof *token_cases; i++) {
		const char *at = token_cases[i].sql, *expected_at = at;
		struct retort_token token;
		char kinds[64];
		size_t n = 0;

		while ((token = retort_sql_token(token_cases[i].syntax, &at)).kind != RETORT_TOKEN_END) {
			assert_ptr_equal(token.text, expected_at); /* every byte is in one token */
			expected_at = token.text + token.len;
			assert_ptr_equal(at, expected_at);
			kinds[n++] = kind_letter(token.kind);
		}
		kinds[n] = '\0';
		assert_string_equal(kinds, token_cases[i].kinds);
		assert_int_equal(*expected_at, 0);
	}
}

static void test_names(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	const char *at = "\"a\"\"b\" `c``d` [e] Plain";
	const char *const expected[] = {"a\"b", "c`d", "e", "Plain"};
	struct retort_token token;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		token = retort_sql_word(RETORT_SYNTAX_BACKTICK | RETORT_SYNTAX_BRACKET, &at);
		assert_string_equal(retort_token_name(arena, &token), expected[i]);
	}
	assert_true(retort_token_is(&token, "pLAIN"));
	assert_false(retort_token_is(&token, "plai"));
	assert_true(expression_names(0, "lower(\"email\") > 'x'", "email"));
	assert_true(expression_names(0, "LOWER(EMAIL)", "email"));
	assert_false(expression_names(0, "lower(x) > 'email' -- email", "email"));
	assert_false(expression_names(0, "email(x)", "email"));
	assert_false(expression_names(0, "\"EMAIL\"", "email"));
	assert_false(expression_names(0, "x::date", "date"));
	assert_false(expression_names(0, "cast(x as date)", "date"));
	assert_false(expression_names(0, "date '2020-01-01'", "date"));
	assert_true(expression_names(0, "date > 1", "date"));
	retort_arena_free(arena);
}

static const struct {
	const char *sql, *table, *from, *to, *result;
} rename_cases[] = {
	{"name <> 'name' /* name */", NULL, "name", "label", "label <> 'name' /* name */"},
	{"length(NAME) > 0 and \"name\" <> ''", NULL, "name", "Full Name",
		"length(\"Full Name\") > 0 and \"Full Name\" <> ''"},
	{"account.name = team.name", "account", "name", "label", "account.label = team.name"},
	{"name.name = 1", "name", "name", "label", "name.label = 1"},
	{"name(1)", NULL, "name", "label", "name(1)"},
	{"a + b", NULL, "c", "d", "a + b"},
};

static void test_rename(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rename_cases / sizeof *rename_cases; i++)
		assert_string_equal(expression_rename(arena, 0, rename_cases[i].sql, rename_cases[i].table,
					    rename_cases[i].from, rename_cases[i].to),
			rename_cases[i].result);
	retort_arena_free(arena);
}

static void test_equal(void **state)
{
	(void)state;
	assert_true(expression_equal(0, "a > 0", "((A  >/* x */0))"));
	assert_true(expression_equal(0, "\"a\" > 0", "a > 0"));
	assert_true(expression_equal(0, "(a) + (b)", "( (a)+(b) )"));
	assert_false(expression_equal(0, "(a) + (b)", "a) + (b"));
	assert_false(expression_equal(0, "a = 'X'", "a = 'x'"));
	assert_false(expression_equal(0, "\"A\" > 0", "a > 0"));
	assert_false(expression_equal(0, "a", "a b"));
	assert_true(expression_equal(0, "", "  "));
}

/* Where names without quotes are read in capitals, those are what a small name means. */
static void test_capitals(void **state)
{
	const unsigned upper = RETORT_SYNTAX_UPPER;
	struct retort_arena *arena = retort_arena_new();
	const char *at = "\"TEAM\" Team \"Team\"";
	struct retort_token token;

	(void)state;
	assert_true(expression_equal(upper, "\"A\" > 0", "a > 0"));
	assert_false(expression_equal(upper, "\"a\" > 0", "a > 0"));
	assert_true(expression_names(upper, "\"BALANCE\" >= 0", "balance"));
	assert_false(expression_names(upper, "\"Balance\" >= 0", "balance"));
	assert_string_equal(expression_rename(arena, upper, "\"A\" > a", NULL, "a", "b"), "b > b");
	token = retort_sql_word(upper, &at);
	assert_string_equal(retort_token_name(arena, &token), "team");
	token = retort_sql_word(upper, &at);
	assert_string_equal(retort_token_name(arena, &token), "team");
	token = retort_sql_word(upper, &at);
	assert_string_equal(retort_token_name(arena, &token), "Team");
	retort_arena_free(arena);
}

static void test_check(void **state)
{
	struct retort_error *err = retort_error_new();

	(void)state;
	assert_int_equal(expression_check(0, "a > (b + 1) -- )", err), 0);
	assert_int_equal(expression_check(0, "a > (b", err), -1);
	assert_string_equal(retort_error_first(err)->message,
		"cannot read SQL at '(b': the parenthesis is never closed");
	assert_int_equal(retort_error_first(err)->position, 5);
	retort_error_clear(err);
	assert_int_equal(expression_check(0, "a)", err), -1);
	assert_string_equal(retort_error_first(err)->message,
		"cannot read SQL at ')': ')' has no '(' before it");
	retort_error_clear(err);
	assert_int_equal(expression_check(0, "a = 'b", err), -1);
	assert_string_equal(retort_error_first(err)->message,
		"cannot read SQL at ''b': the quote is never closed");
	retort_error_free(err);
}

/* Whether a view or trigger uses account.name, and what it is after the column became label. */
static const struct {
	const char *sql, *trigger_table, *renamed; /* NULL: it isn't used */
} query_cases[] = {
	{"SELECT id, name FROM account", NULL, "SELECT id, label FROM account"},
	{"SELECT a.name AS name FROM account a", NULL, "SELECT a.label AS name FROM account a"},
	{"SELECT t.name FROM account AS a JOIN team t ON t.id = a.team_id", NULL, NULL},
	{"SELECT t.name, a.name FROM team t, account a", NULL,
		"SELECT t.name, a.label FROM team t, account a"},
	{"SELECT name FROM team WHERE id IN (SELECT team_id FROM account)", NULL, NULL},
	{"SELECT id FROM team WHERE EXISTS (SELECT 1 FROM account WHERE name = 'x')", NULL,
		"SELECT id FROM team WHERE EXISTS (SELECT 1 FROM account WHERE label = 'x')"},
	{"SELECT name FROM team UNION SELECT name FROM account", NULL,
		"SELECT name FROM team UNION SELECT label FROM account"},
	{"SELECT 'name' FROM account -- name", NULL, NULL},
	{"SELECT name(id) FROM account", NULL, NULL},
	{"SELECT name FROM other.account", NULL, "SELECT label FROM other.account"},
	{"SELECT \"account\".\"name\" FROM \"account\"", NULL, "SELECT \"account\".label FROM \"account\""},
	{"SELECT extract(year FROM name) FROM account", NULL, "SELECT extract(year FROM label) FROM account"},
	{"WITH x AS (SELECT name FROM account) SELECT 1 FROM x", NULL,
		"WITH x AS (SELECT label FROM account) SELECT 1 FROM x"},
	{"AFTER UPDATE OF name ON account BEGIN SELECT 1; END", "account",
		"AFTER UPDATE OF label ON account BEGIN SELECT 1; END"},
	{"AFTER INSERT ON account BEGIN INSERT INTO log(name) VALUES (NEW.id); END", "account", NULL},
	{"AFTER INSERT ON account BEGIN INSERT INTO log(name) VALUES (NEW.name); END", "account",
		"AFTER INSERT ON account BEGIN INSERT INTO log(name) VALUES (NEW.label); END"},
	{"AFTER INSERT ON team BEGIN UPDATE account SET name = NEW.name WHERE team_id = NEW.id; END", "team",
		"AFTER INSERT ON team BEGIN UPDATE account SET label = NEW.name WHERE team_id = NEW.id; END"},
	{"AFTER INSERT ON team BEGIN INSERT INTO account (name, x) SELECT name, 1 FROM team; END", "team",
		"AFTER INSERT ON team BEGIN INSERT INTO account (label, x) SELECT name, 1 FROM team; END"},
	{"BEFORE UPDATE ON account FOR EACH ROW SET NEW.name = trim(NEW.name)", "account",
		"BEFORE UPDATE ON account FOR EACH ROW SET NEW.label = trim(NEW.label)"},
	{"BEFORE UPDATE ON account WHEN OLD.name <> NEW.name BEGIN SELECT 1; END", "account",
		"BEFORE UPDATE ON account WHEN OLD.label <> NEW.label BEGIN SELECT 1; END"},
	{"SELECT id IS DISTINCT FROM name FROM account", NULL,
		"SELECT id IS DISTINCT FROM label FROM account"},
	{"AFTER INSERT ON team BEGIN INSERT INTO account (id) SELECT name FROM team WHERE true ON CONFLICT "
	 "(name) "
	 "DO UPDATE SET name = excluded.name; END",
		"team",
		"AFTER INSERT ON team BEGIN INSERT INTO account (id) SELECT name FROM team WHERE true ON "
		"CONFLICT (label) "
		"DO UPDATE SET label = excluded.label; END"},
	{"AFTER DELETE ON team BEGIN DELETE FROM account WHERE name = 'x'; UPDATE team SET name = 'y'; END",
		"team",
		"AFTER DELETE ON team BEGIN DELETE FROM account WHERE label = 'x'; UPDATE team SET name = "
		"'y'; END"},
};

static struct retort_schema *two_tables(struct retort_arena *arena)
{
	struct retort_schema *schema = retort_schema_new(arena);
	static const char *const names[] = {"account", "team"};
	size_t i;

	for (i = 0; i < 2; i++) {
		struct retort_table *table = retort_table_new(arena, NULL, names[i]);

		retort_table_add_column(arena, table, "id");
		retort_table_add_column(arena, table, "name");
		retort_schema_put_table(schema, table);
	}
	return schema;
}

static void test_queries(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	struct query query = {.schema = two_tables(arena)};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof query_cases / sizeof *query_cases; i++) {
		const char *renamed = query_cases[i].renamed;

		query.sql = query_cases[i].sql;
		query.trigger_table = query_cases[i].trigger_table;
		assert_string_equal(query_rename_column(arena, &query, NULL, "account", "name", "label"),
			renamed ? renamed : query.sql);
		assert_int_equal(query_uses_column(&query, NULL, "account", "name"), renamed != NULL);
	}
	retort_arena_free(arena);
}

static const struct {
	const char *sql, *trigger_table, *renamed;
} table_cases[] = {
	{"SELECT account.account FROM account", NULL, "SELECT person.account FROM person"},
	{"SELECT account.id FROM team account", NULL, "SELECT account.id FROM team account"},
	{"SELECT 1 FROM (account a JOIN team t ON a.id = t.id)", NULL,
		"SELECT 1 FROM (person a JOIN team t ON a.id = t.id)"},
	{"AFTER INSERT ON account BEGIN UPDATE account SET id = 1; END", "account",
		"AFTER INSERT ON person BEGIN UPDATE person SET id = 1; END"},
	{"SELECT account FROM team", NULL, "SELECT account FROM team"},
};

static void test_table_renames(void **state)
{
	struct retort_arena *arena = retort_arena_new();
	struct query query = {.schema = two_tables(arena)};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table_cases / sizeof *table_cases; i++) {
		query.sql = table_cases[i].sql;
		query.trigger_table = table_cases[i].trigger_table;
		assert_string_equal(query_rename_table(arena, &query, NULL, "account", "person"),
			table_cases[i].renamed);
	}
	retort_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_rename),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_capitals),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_table_renames),
	};

	return cmocka_run_group_tests_name("expression", tests, NULL, NULL);
}
