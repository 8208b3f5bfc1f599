/* SPDX-License-Identifier: MIT
 *
 * Values: as parameters, as literals, as they come back; and quoting.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "engine/checking.h"

enum { LONG_TEXT = 1 << 20, CLOCK_TOLERANCE_S = 600 };

#define TEXTS                                                                                                \
	"- create_table: {name: retort_check_texts, columns: {id: {type: bigint, primary_key: true}, body: " \
	"text}}\n"

/* Text that somebody's quoting or recoding would change. */
static const char *const texts[] = {
	"",
	" ",
	"it's",
	"\"quoted\" `ticks` [brackets]",
	"back\\slash \\' \\\\ \\n \\x41 \\0 end\\",
	"a line\nanother\r\nand\ta tab",
	"'; DROP TABLE retort_check_texts; --",
	"/* # -- */ %s %d $1 ? :name {0} ${x}",
	"$$ $tag$ E'\\x'",
	"NULL",
	"0x41",
	"\xc3\xa4\xc3\xb6\xc3\xbc \xe2\x82\xac \xe4\xb8\xad\xe6\x96\x87 \xd8\xb9",
	"\xf0\x9f\x98\x80 \xf0\x9d\x94\x98",
	"\x01\x1f\x7f",
	"\xef\xbb\xbf mark",
	"e\xcc\x81 and \xc3\xa9",
};

#define TEXT_COUNT (sizeof texts / sizeof *texts)

static int params(struct checking *checking)
{
	struct session *session = checking->session;

	if (check_ops(checking, NULL, TEXTS) < 0)
		return -1;
	for (size_t i = 0; i < TEXT_COUNT; i++) {
		const char *id = retort_printf(checking->arena, "%zu", i), *found;
		const char *const both[] = {id, texts[i]};

		if (check_exec(checking, session,
			    "INSERT INTO [retort_check_texts] ([id], [body]) VALUES ({1}, {2})", both,
			    2) < 0 ||
			check_ask(checking, session,
				"SELECT [body] FROM [retort_check_texts] WHERE [id] = {1}", &id, 1,
				&found) < 0 ||
			check_equal(checking, "a text parameter", texts[i], found) < 0)
			return -1;
	}
	return check_answer(checking, session, "SELECT count(*) FROM [retort_check_texts]",
		retort_printf(checking->arena, "%zu", TEXT_COUNT));
}

static int null_param(struct checking *checking)
{
	const char *const both[] = {"1", NULL};

	if (check_ops(checking, NULL, TEXTS) < 0 ||
		check_exec(checking, checking->session,
			"INSERT INTO [retort_check_texts] ([id], [body]) VALUES ({1}, {2})", both, 2) < 0)
		return -1;
	return check_answer(checking, checking->session,
		"SELECT [id], [body] FROM [retort_check_texts] WHERE [body] IS NULL", "1|~");
}

static int long_param(struct checking *checking)
{
	char *text = retort_alloc(checking->arena, LONG_TEXT + 1);
	const char *const both[] = {"1", text};
	const char *found;

	for (size_t i = 0; i < LONG_TEXT; i++)
		text[i] = "0123456789abcdef'\\\""[i % 19];
	if (check_ops(checking, NULL, TEXTS) < 0 ||
		check_exec(checking, checking->session,
			"INSERT INTO [retort_check_texts] ([id], [body]) VALUES ({1}, {2})", both, 2) < 0 ||
		check_ask(checking, checking->session, "SELECT [body] FROM [retort_check_texts]", NULL, 0,
			&found) < 0)
		return -1;
	if (strcmp(text, found) != 0)
		return check_fault(checking, "a text of %d bytes came back with %zu, or changed", LONG_TEXT,
			strlen(found));
	return 0;
}

static int affected(struct checking *checking)
{
	static const char *const statements[] =
		{"UPDATE [retort_check_texts] SET [body] = 'x' WHERE [id] < 3",
			"UPDATE [retort_check_texts] SET [body] = 'x' WHERE [id] < 3",
			"DELETE FROM [retort_check_texts]"};
	static const long long expected[] = {2, 2, 3};

	if (check_ops(checking, NULL, TEXTS) < 0)
		return -1;
	for (int i = 1; i <= 3; i++)
		if (check_exec(checking, checking->session,
			    retort_printf(checking->arena,
				    "INSERT INTO [retort_check_texts] ([id]) VALUES (%d)", i),
			    NULL, 0) < 0)
			return -1;
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		long long rows = -2;

		if (session_exec(checking->session, check_sql(checking, statements[i]), NULL, 0, &rows,
			    checking->err) < 0)
			return -1;
		if (rows == -1)
			return check_skip(checking, "the driver doesn't tell how many rows were changed");
		if (rows != expected[i])
			return check_fault(checking, "expected %lld rows affected, found %lld by: %s",
				expected[i], rows, check_sql(checking, statements[i]));
	}
	return 0;
}

/* ---- literals ---- */

static int string_literals(struct checking *checking)
{
	struct retort_render render = session_render(checking->session, checking->arena, NULL, NULL);
	struct session *session = checking->session;

	if (check_ops(checking, NULL, TEXTS) < 0)
		return -1;
	for (size_t i = 0; i < TEXT_COUNT; i++) {
		const char *found;
		struct retort_buf sql;

		retort_buf_init(&sql, checking->arena);
		retort_buf_str(&sql,
			check_sql(checking, "INSERT INTO [retort_check_texts] ([id], [body]) VALUES (1, "));
		retort_sql_string(&render, &sql, texts[i]);
		retort_buf_str(&sql, ")");
		if (session_exec(session, sql.data, NULL, 0, NULL, checking->err) < 0 ||
			check_ask(checking, session, "SELECT [body] FROM [retort_check_texts]", NULL, 0,
				&found) < 0 ||
			check_equal(checking, "a string literal", texts[i], found) < 0 ||
			check_exec(checking, session, "DELETE FROM [retort_check_texts]", NULL, 0) < 0)
			return -1;
	}
	return 0;
}

/* How what comes back may differ from the neutral text. */
enum looks { LOOKS_SAME, LOOKS_NUMBER, LOOKS_BOOLEAN, LOOKS_TIME, LOOKS_JSON, LOOKS_CASE };

static const struct literal {
	const char *type, *text, *found; /* found NULL: text itself */
	enum looks looks;
} literals[] = {
	{"boolean", "true", "true", LOOKS_BOOLEAN},
	{"boolean", "false", "false", LOOKS_BOOLEAN},
	{"smallint", "-32768", NULL, LOOKS_SAME},
	{"integer", "2147483647", NULL, LOOKS_SAME},
	{"bigint", "-9223372036854775808", NULL, LOOKS_SAME},
	{"bigint", "9223372036854775807", NULL, LOOKS_SAME},
	{"double", "0.1", NULL, LOOKS_NUMBER},
	{"double", "-1.5e100", NULL, LOOKS_NUMBER},
	{"numeric(12,2)", "-1234567890.50", NULL, LOOKS_NUMBER},
	{"string(20)", "it's \\ x", NULL, LOOKS_SAME},
	{"text", "", NULL, LOOKS_SAME},
	{"date", "2024-02-29", NULL, LOOKS_SAME},
	{"time", "23:59:58", NULL, LOOKS_TIME},
	{"datetime", "2024-02-29 12:34:56", NULL, LOOKS_TIME},
	{"timestamp", "2024-02-29T12:34:56Z", "2024-02-29 12:34:56", LOOKS_TIME},
	{"timestamp", "2024-02-29T12:34:56+02:00", "2024-02-29 10:34:56", LOOKS_TIME},
	{"blob", "0x00ff415c27", NULL, LOOKS_CASE},
	{"varbinary(16)", "0x", NULL, LOOKS_CASE},
	{"json", "{\"a\": [1, \"it's \\\\\"]}", NULL, LOOKS_JSON},
	{"uuid", "123e4567-e89b-42d3-a456-426614174000", NULL, LOOKS_CASE},
	{"enum(new, 'old one')", "old one", NULL, LOOKS_SAME},
	{"interval", "1 day", NULL, LOOKS_SAME},
};

static const char *without_blanks(struct retort_arena *arena, const char *text)
{
	struct retort_buf out;

	retort_buf_init(&out, arena);
	for (; *text; text++)
		if (*text != ' ')
			retort_buf_char(&out, *text);
	return out.data ? out.data : "";
}

static bool same_value(struct checking *checking, enum looks looks, const char *expected, const char *found)
{
	size_t n = strlen(expected);

	switch (looks) {
	case LOOKS_NUMBER: {
		double a = strtod(expected, NULL), b = strtod(found, NULL);

		return fabs(a - b) <= fabs(a) * 1e-14;
	}
	case LOOKS_BOOLEAN:
		return *expected == 't' ? *found == 't' || *found == '1' : *found == 'f' || *found == '0';
	case LOOKS_TIME: /* a T, a fraction of zeros or an offset of zero may be there */
		return strlen(found) >= n && strncmp(expected, found, n < 10 ? n : 10) == 0 &&
			(n < 10 || strncmp(expected + 11, found + 11, n - 11) == 0) &&
			strspn(found + n, ".0+:Z") == strlen(found + n);
	case LOOKS_JSON:
		return strcmp(without_blanks(checking->arena, expected),
			       without_blanks(checking->arena, found)) == 0;
	case LOOKS_CASE:
		return text_casecmp(expected, found) == 0;
	case LOOKS_SAME:
	default:
		return strcmp(expected, found) == 0;
	}
}

/* One typed value in and out again. */
static int one_literal(struct checking *checking, const struct literal *literal)
{
	const char *expected = literal->found ? literal->found : literal->text;
	const char *text, *found;
	struct retort_buf quoted;

	retort_buf_init(&quoted, checking->arena);
	for (const char *at = literal->text; *at; at++)
		retort_buf_printf(&quoted, *at == '\'' ? "''" : "%c", *at);
	text = retort_printf(checking->arena,
		"- create_table: {name: retort_check_value, columns: {id: {type: bigint, primary_key: true}, "
		"v: {type: "
		"\"%s\"}}}\n"
		"- insert_rows: {table: retort_check_value, columns: [id, v], rows: [[1, '%s']]}\n",
		literal->type, quoted.data ? quoted.data : "");
	if (check_ops(checking, NULL, text) < 0)
		return -1;
	if (check_ask(checking, checking->session, "SELECT [v] FROM [retort_check_value]", NULL, 0, &found) <
		0)
		return -1;
	if (!same_value(checking, literal->looks, expected, found))
		return check_fault(checking, "%s '%s' came back as '%s'", literal->type, literal->text,
			text_echo(checking->arena, found, 100));
	return check_clean(checking);
}

static int typed_literals(struct checking *checking)
{
	for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
		const struct retort_problem *problem;

		if (one_literal(checking, &literals[i]) == 0)
			continue;
		problem = retort_error_first(checking->err);
		if (checking->outcome == CHECK_PASSED && problem && problem->code == RETORT_E_PLAN &&
			strcmp(literals[i].type, "interval") == 0) {
			retort_error_clear(checking->err);
			continue;
		}
		if (checking->outcome == CHECK_PASSED)
			check_fault(checking, "%s '%s': %s", literals[i].type, literals[i].text,
				check_error_text(checking));
		return -1;
	}
	return 0;
}

/* The engine's clock as a default is UTC. */
static int now_is_utc(struct checking *checking)
{
	const char *found;

	if (check_ops(checking, NULL,
		    "- create_table: {name: retort_check_now, columns: {id: {type: bigint, primary_key: "
		    "true}, a: {type: "
		    "timestamp, default: {function: now}}, b: {type: datetime, default: {function: now}}}}\n"
		    "- insert_rows: {table: retort_check_now, columns: [id], rows: [[1]]}\n") < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		struct tm tm = {0};
		time_t at, now = time(NULL);

		if (check_ask(checking, checking->session,
			    i ? "SELECT [b] FROM [retort_check_now]" : "SELECT [a] FROM [retort_check_now]",
			    NULL, 0, &found) < 0)
			return -1;
		if (!strptime(found, "%Y-%m-%d", &tm) || strlen(found) < 19 ||
			!strptime(found + 11, "%H:%M:%S", &tm))
			return check_fault(checking, "'%s' is no time as ISO 8601 writes it",
				text_echo(checking->arena, found, 60));
		at = timegm(&tm);
		if (at < now - CLOCK_TOLERANCE_S || at > now + CLOCK_TOLERANCE_S)
			return check_fault(checking, "now in a %s is '%s', which is not the time in UTC",
				i ? "datetime" : "timestamp", found);
	}
	return 0;
}

/* ---- names ---- */

/* Makes a table and a column of so long a name, and alters both. */
static int longest_names(struct checking *checking)
{
	unsigned max = checking->session->dialect->max_name ? checking->session->dialect->max_name : 120;
	char *name = retort_alloc(checking->arena, max + 1);
	struct retort_schema *schema = retort_schema_new(checking->arena);
	size_t prefix = strlen(CONFORMANCE_PREFIX);

	if (max <= prefix + 2)
		return check_skip(checking, "names are too short for the suite");
	memset(name, 'x', max);
	memcpy(name, CONFORMANCE_PREFIX, prefix);
	if (check_ops(checking, schema,
		    retort_printf(checking->arena,
			    "- create_table: {name: %s, columns: {id: {type: bigint, primary_key: true}, %s: "
			    "{type: "
			    "integer, unique: true, check: %s > 0}}, indexes: [[%s, id]]}\n",
			    name, name, name, name)) < 0 ||
		check_same(checking, schema, "after making it") < 0)
		return -1;
	name[max - 1] = 'y';
	return check_ops(checking, schema,
		       retort_printf(checking->arena,
			       "- add_column: {table: %.*sx, name: %s, type: integer}\n", (int)max - 1, name,
			       name)) < 0
		? -1
		: check_same(checking, schema, "after adding a column");
}

const struct check checks_value[] = {
	{"value/parameters", params, NULL},
	{"value/null_parameter", null_param, NULL},
	{"value/long_parameter", long_param, NULL},
	{"value/affected_rows", affected, NULL},
	{"value/string_literals", string_literals, NULL},
	{"value/typed_literals", typed_literals, NULL},
	{"value/now_is_utc", now_is_utc, NULL},
	{"value/longest_names", longest_names, NULL},
	{NULL, NULL, NULL},
};
