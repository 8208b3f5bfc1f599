/* SPDX-License-Identifier: MIT */
#include "expression.h"

#include <string.h>

#include "reserved.h"

enum { DEPTH_MAX = 64 };

/* How tightly operations bind, from the manual's table of operator precedence. */
enum {
	BINDS_NOTHING,
	BINDS_OR,
	BINDS_XOR,
	BINDS_AND,
	BINDS_NOT,
	BINDS_COMPARISON,
	BINDS_BIT_OR,
	BINDS_BIT_AND,
	BINDS_SHIFT,
	BINDS_SUM,
	BINDS_PRODUCT,
	BINDS_BIT_XOR,
	BINDS_SIGN,
	BINDS_COLLATE,
	BINDS_ALL
};

/* A part of an expression, written. */
struct part {
	const char *text;
	const char *negated; /* NOT of it, where that has a form of its own */
	int binds;
};

struct reader {
	struct retort_arena *arena;
	const char *at;
	struct retort_token token; /* that comes next */
	unsigned depth;
	bool failed;
};

static void next(struct reader *reader)
{
	reader->token = retort_sql_word(MYSQL_SYNTAX, &reader->at);
}

static bool is_word(const struct reader *reader, const char *word)
{
	return retort_token_is(&reader->token, word);
}

static bool is_mark(const struct reader *reader, const char *mark)
{
	return reader->token.kind == RETORT_TOKEN_PUNCTUATION && reader->token.len == strlen(mark) &&
		memcmp(reader->token.text, mark, reader->token.len) == 0;
}

static bool take_word(struct reader *reader, const char *word)
{
	bool is = is_word(reader, word);

	if (is)
		next(reader);
	return is;
}

static bool take_mark(struct reader *reader, const char *mark)
{
	bool is = is_mark(reader, mark);

	if (is)
		next(reader);
	return is;
}

static void expect_mark(struct reader *reader, const char *mark)
{
	if (!take_mark(reader, mark))
		reader->failed = true;
}

static struct part part_new(const char *text, int binds)
{
	return (struct part){.text = text, .binds = binds};
}

/* The text of a part for a place that binds it so tightly. */
static const char *fitted(struct reader *reader, const struct part *part, int binds)
{
	return part->binds < binds ? retort_printf(reader->arena, "(%s)", part->text) : part->text;
}

static struct part read_part(struct reader *reader, int binds);

/* ---- literals and names ---- */

static const char *string_text(struct retort_arena *arena, const char *value)
{
	struct retort_render *render = retort_render_new(arena, &mysql_dialect, 0, NULL);
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_sql_string(render, &out, value);
	return out.data;
}

/* x'..', b'..', n'..' and their like begin with a letter. */
static struct part read_string(struct reader *reader)
{
	struct retort_token token = reader->token;
	bool lettered = *token.text != '\'' && *token.text != '"';
	const char *text = lettered ? retort_strndup(reader->arena, token.text, token.len)
				    : string_text(reader->arena, expression_string(reader->arena, &token));

	next(reader);
	return part_new(text, BINDS_ALL);
}

static bool is_plain_name(const char *name)
{
	if (!*name || (*name >= '0' && *name <= '9'))
		return false;
	for (const char *at = name; *at; at++)
		if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_'))
			return false;
	return !reserved_word(name);
}

/* A column, as t.c where it is qualified. */
static struct part read_name(struct reader *reader)
{
	struct retort_buf out;

	retort_buf_init(&out, reader->arena);
	for (;;) {
		char *name = retort_token_name(reader->arena, &reader->token);

		if (reader->token.kind == RETORT_TOKEN_QUOTED && is_plain_name(name))
			retort_buf_str(&out, name);
		else
			retort_buf_mem(&out, reader->token.text, reader->token.len);
		next(reader);
		if (!take_mark(reader, "."))
			break;
		retort_buf_char(&out, '.');
		if (reader->token.kind != RETORT_TOKEN_WORD && reader->token.kind != RETORT_TOKEN_QUOTED)
			reader->failed = true;
	}
	return part_new(out.data, BINDS_ALL);
}

/* ---- what begins with a word ---- */

static char *lower_text(struct retort_arena *arena, const struct retort_token *token)
{
	char *text = retort_strndup(arena, token->text, token->len);

	for (char *at = text; *at; at++)
		*at = dialect_lower(*at);
	return text;
}

/* CASE [e] WHEN a THEN b ELSE c END */
static struct part read_case(struct reader *reader)
{
	static const char *const words[] = {"when", "then", "else"};
	struct retort_buf out;

	retort_buf_init(&out, reader->arena);
	retort_buf_str(&out, "case");
	next(reader);
	if (!is_word(reader, "when"))
		retort_buf_printf(&out, " %s", read_part(reader, BINDS_NOTHING).text);
	while (!reader->failed && !is_word(reader, "end")) {
		size_t i = 0;

		while (i < 3 && !is_word(reader, words[i]))
			i++;
		if (i == 3) {
			reader->failed = true;
			break;
		}
		next(reader);
		retort_buf_printf(&out, " %s %s", words[i], read_part(reader, BINDS_NOTHING).text);
	}
	next(reader);
	retort_buf_str(&out, " end");
	return part_new(out.data, BINDS_ALL);
}

/* cast(x as type), the parenthesis being open. */
static struct part read_cast(struct reader *reader)
{
	struct retort_buf out;
	size_t depth = 0;

	retort_buf_init(&out, reader->arena);
	retort_buf_printf(&out, "cast(%s as", read_part(reader, BINDS_NOTHING).text);
	if (!take_word(reader, "as"))
		reader->failed = true;
	while (!reader->failed && reader->token.kind != RETORT_TOKEN_END &&
		(depth > 0 || !is_mark(reader, ")"))) {
		if (take_word(reader, "charset") || take_word(reader, "integer"))
			continue;
		if (take_word(reader, "utf8mb4"))
			continue;
		depth += is_mark(reader, "(");
		depth -= is_mark(reader, ")");
		retort_buf_printf(&out, "%s%s", reader->token.kind == RETORT_TOKEN_WORD ? " " : "",
			lower_text(reader->arena, &reader->token));
		next(reader);
	}
	expect_mark(reader, ")");
	retort_buf_char(&out, ')');
	return part_new(out.data, BINDS_ALL);
}

/* Names for one and the same function; the second is the one that is written. */
static const struct {
	const char *word, *name;
} functions[] = {
	{"now", "current_timestamp"},
	{"localtime", "current_timestamp"},
	{"localtimestamp", "current_timestamp"},
	{"current_date", "curdate"},
	{"current_time", "curtime"},
	{"substring", "substr"},
	{"mid", "substr"},
	{"character_length", "char_length"},
	{"octet_length", "length"},
	{"ucase", "upper"},
	{"lcase", "lower"},
	{"ceil", "ceiling"},
	{"power", "pow"},
	{"day", "dayofmonth"},
	{"adddate", "date_add"},
	{"subdate", "date_sub"},
	{"json_array_append", "json_array_append"},
	{"schema", "database"},
	{"session_user", "user"},
	{"sha1", "sha"},
};

/* Functions that may stand without parentheses. */
static const char *const bare[] = {"current_timestamp", "localtime", "localtimestamp", "current_date",
	"current_time", "utc_timestamp", "utc_date", "utc_time"};

static const char *function_name(const char *word)
{
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (strcmp(functions[i].word, word) == 0)
			return functions[i].name;
	return word;
}

/* f(a, b), the parenthesis being open. */
static struct part read_call(struct reader *reader, const char *word)
{
	const char *name = function_name(word);
	struct retort_buf out;

	retort_buf_init(&out, reader->arena);
	retort_buf_printf(&out, "%s(", name);
	for (bool first = true; !reader->failed && !is_mark(reader, ")"); first = false) {
		if (!first)
			expect_mark(reader, ",");
		if (first && (take_word(reader, "distinct")))
			retort_buf_str(&out, "distinct ");
		if (is_mark(reader, "*")) {
			retort_buf_char(&out, '*');
			next(reader);
			continue;
		}
		retort_buf_printf(&out, "%s%s", first ? "" : ", ", read_part(reader, BINDS_NOTHING).text);
	}
	expect_mark(reader, ")");
	retort_buf_char(&out, ')');
	return part_new(out.data, BINDS_ALL);
}

/* interval 1 day */
static struct part read_interval(struct reader *reader)
{
	struct part amount;
	const char *unit;

	next(reader);
	amount = read_part(reader, BINDS_NOTHING);
	unit = lower_text(reader->arena, &reader->token);
	next(reader);
	return part_new(retort_printf(reader->arena, "interval %s %s", amount.text, unit), BINDS_ALL);
}

static bool is_bare(const char *word)
{
	for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
		if (strcmp(bare[i], word) == 0)
			return true;
	return false;
}

static struct part read_word(struct reader *reader)
{
	static const char *const unread[] = {"select", "exists", "match", "with"};
	const char *word = lower_text(reader->arena, &reader->token);
	const char *ahead = reader->at;
	struct retort_token following = retort_sql_word(MYSQL_SYNTAX, &ahead);
	bool calls = following.kind == RETORT_TOKEN_PUNCTUATION && *following.text == '(';

	for (size_t i = 0; i < sizeof unread / sizeof *unread; i++)
		reader->failed = reader->failed || strcmp(word, unread[i]) == 0;
	if (strcmp(word, "case") == 0)
		return read_case(reader);
	if (strcmp(word, "interval") == 0 && !calls)
		return read_interval(reader);
	if (following.kind == RETORT_TOKEN_STRING && *word == '_') {
		next(reader); /* the string's character set */
		return read_string(reader);
	}
	if (following.kind == RETORT_TOKEN_STRING &&
		(strcmp(word, "date") == 0 || strcmp(word, "time") == 0 || strcmp(word, "timestamp") == 0)) {
		next(reader);
		return part_new(retort_printf(reader->arena, "%s%s", word, read_string(reader).text),
			BINDS_ALL);
	}
	if (strcmp(word, "null") == 0 || strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
		next(reader);
		return part_new(word, BINDS_ALL);
	}
	if (!calls && is_bare(word)) {
		next(reader);
		return part_new(retort_printf(reader->arena, "%s()", function_name(word)), BINDS_ALL);
	}
	if (!calls)
		return read_name(reader);
	next(reader);
	next(reader);
	return strcmp(word, "cast") == 0 ? read_cast(reader) : read_call(reader, word);
}

/* ---- operands ---- */

/* (a), or (a, b). */
static struct part read_parenthesis(struct reader *reader)
{
	struct retort_buf out;
	struct part first;

	next(reader);
	first = read_part(reader, BINDS_NOTHING);
	if (!is_mark(reader, ",")) {
		expect_mark(reader, ")");
		return first;
	}
	retort_buf_init(&out, reader->arena);
	retort_buf_printf(&out, "(%s", first.text);
	while (!reader->failed && take_mark(reader, ","))
		retort_buf_printf(&out, ", %s", read_part(reader, BINDS_NOTHING).text);
	expect_mark(reader, ")");
	retort_buf_char(&out, ')');
	return part_new(out.data, BINDS_ALL);
}

static struct part negate(struct reader *reader, const struct part *part)
{
	struct part negation;

	if (part->negated)
		return (struct part){.text = part->negated,
			.negated = part->text,
			.binds = part->binds == BINDS_NOT ? BINDS_COMPARISON : part->binds};
	negation =
		part_new(retort_printf(reader->arena, "not %s", fitted(reader, part, BINDS_NOT)), BINDS_NOT);
	negation.negated = part->binds >= BINDS_COMPARISON ? part->text : NULL;
	return negation;
}

static struct part read_operand(struct reader *reader)
{
	struct part part;

	if (is_mark(reader, "(")) {
		return read_parenthesis(reader);
	} else if (take_mark(reader, "-")) {
		part = read_part(reader, BINDS_SIGN);
		return part_new(retort_printf(reader->arena, "-%s", fitted(reader, &part, BINDS_COLLATE)),
			BINDS_SIGN);
	} else if (take_mark(reader, "+")) {
		return read_part(reader, BINDS_SIGN);
	} else if (take_mark(reader, "~")) {
		part = read_part(reader, BINDS_SIGN);
		return part_new(retort_printf(reader->arena, "~%s", fitted(reader, &part, BINDS_SIGN)),
			BINDS_SIGN);
	} else if (take_mark(reader, "!")) {
		part = read_part(reader, BINDS_SIGN);
		return negate(reader, &part);
	} else if (take_word(reader, "not")) {
		part = read_part(reader, BINDS_NOT);
		return negate(reader, &part);
	}
	switch (reader->token.kind) {
	case RETORT_TOKEN_NUMBER:
		part = part_new(retort_strndup(reader->arena, reader->token.text, reader->token.len),
			BINDS_ALL);
		next(reader);
		return part;
	case RETORT_TOKEN_STRING:
		return read_string(reader);
	case RETORT_TOKEN_QUOTED:
		return read_name(reader);
	case RETORT_TOKEN_WORD:
		return read_word(reader);
	default:
		reader->failed = true;
		return part_new("", BINDS_ALL);
	}
}

/* ---- operations ---- */

static const struct operator
{
	const char *mark; /* or word */
	const char *text;
	int binds;
	const char *opposite; /* of a comparison */
	bool associative;
}
operators[] = {
	{"or", "or", BINDS_OR, NULL, true},
	{"||", "or", BINDS_OR, NULL, true},
	{"xor", "xor", BINDS_XOR, NULL, false},
	{"and", "and", BINDS_AND, NULL, true},
	{"&&", "and", BINDS_AND, NULL, true},
	{"=", "=", BINDS_COMPARISON, "<>", false},
	{"<>", "<>", BINDS_COMPARISON, "=", false},
	{"!=", "<>", BINDS_COMPARISON, "=", false},
	{"<=>", "<=>", BINDS_COMPARISON, NULL, false},
	{"<=", "<=", BINDS_COMPARISON, ">", false},
	{">=", ">=", BINDS_COMPARISON, "<", false},
	{"<", "<", BINDS_COMPARISON, ">=", false},
	{">", ">", BINDS_COMPARISON, "<=", false},
	{"|", "|", BINDS_BIT_OR, NULL, false},
	{"&", "&", BINDS_BIT_AND, NULL, false},
	{"<<", "<<", BINDS_SHIFT, NULL, false},
	{">>", ">>", BINDS_SHIFT, NULL, false},
	{"+", "+", BINDS_SUM, NULL, false},
	{"-", "-", BINDS_SUM, NULL, false},
	{"*", "*", BINDS_PRODUCT, NULL, false},
	{"/", "/", BINDS_PRODUCT, NULL, false},
	{"div", "div", BINDS_PRODUCT, NULL, false},
	{"%", "%", BINDS_PRODUCT, NULL, false},
	{"mod", "%", BINDS_PRODUCT, NULL, false},
	{"^", "^", BINDS_BIT_XOR, NULL, false},
};

static const struct operator* operator_at(const struct reader *reader)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (is_mark(reader, operators[i].mark) || is_word(reader, operators[i].mark))
			return &operators[i];
	return NULL;
}

static struct part binary(struct reader *reader, const struct operator* operator, const struct part * left)
{
	struct part right, part;
	const char *a, *b;

	next(reader);
	right = read_part(reader, operator->binds + 1);
	if (operator->associative && operator->binds == right.binds)
		right.binds++;
	/* How MySQL makes a condition of a number. */
	if (strcmp(left->text, "0") == 0 && strcmp(operator->text, "<>") == 0)
		return right;
	if (strcmp(left->text, "0") == 0 && strcmp(operator->text, "=") == 0)
		return negate(reader, &right);
	a = fitted(reader, left, operator->binds);
	b = fitted(reader, &right, operator->binds + 1);
	part = part_new(retort_printf(reader->arena, "%s %s %s", a, operator->text, b), operator->binds);
	if (operator->opposite)
		part.negated = retort_printf(reader->arena, "%s %s %s", a, operator->opposite, b);
	return part;
}

/* A part and what says the contrary. */
static struct part predicate(struct reader *reader, bool is_negated, const char *text, const char *negated)
{
	(void)reader;
	return (struct part){.text = is_negated ? negated : text,
		.negated = is_negated ? text : negated,
		.binds = BINDS_COMPARISON};
}

static struct part read_is(struct reader *reader, const struct part *left)
{
	const char *a = fitted(reader, left, BINDS_COMPARISON + 1), *word;
	bool negated;

	next(reader);
	negated = take_word(reader, "not");
	word = lower_text(reader->arena, &reader->token);
	next(reader);
	return predicate(reader, negated, retort_printf(reader->arena, "%s is %s", a, word),
		retort_printf(reader->arena, "%s is not %s", a, word));
}

static struct part read_in(struct reader *reader, const char *a, bool negated)
{
	struct retort_buf list;

	next(reader);
	expect_mark(reader, "(");
	retort_buf_init(&list, reader->arena);
	do
		retort_buf_printf(&list, "%s%s", list.len > 0 ? ", " : "",
			read_part(reader, BINDS_NOTHING).text);
	while (!reader->failed && take_mark(reader, ","));
	expect_mark(reader, ")");
	return predicate(reader, negated, retort_printf(reader->arena, "%s in (%s)", a, list.data),
		retort_printf(reader->arena, "%s not in (%s)", a, list.data));
}

static struct part read_between(struct reader *reader, const char *a, bool negated)
{
	struct part low, high;
	const char *range;

	next(reader);
	low = read_part(reader, BINDS_COMPARISON + 1);
	if (!take_word(reader, "and"))
		reader->failed = true;
	high = read_part(reader, BINDS_COMPARISON + 1);
	range = retort_printf(reader->arena, "%s and %s", fitted(reader, &low, BINDS_COMPARISON + 1),
		fitted(reader, &high, BINDS_COMPARISON + 1));
	return predicate(reader, negated, retort_printf(reader->arena, "%s between %s", a, range),
		retort_printf(reader->arena, "%s not between %s", a, range));
}

static struct part read_like(struct reader *reader, const char *a, bool negated)
{
	const char *word = is_word(reader, "like") ? "like" : "regexp", *escape = "";
	struct part pattern;

	next(reader);
	pattern = read_part(reader, BINDS_COMPARISON + 1);
	if (take_word(reader, "escape"))
		escape = retort_printf(reader->arena, " escape %s",
			read_part(reader, BINDS_COMPARISON + 1).text);
	return predicate(reader, negated,
		retort_printf(reader->arena, "%s %s %s%s", a, word,
			fitted(reader, &pattern, BINDS_COMPARISON + 1), escape),
		retort_printf(reader->arena, "%s not %s %s%s", a, word,
			fitted(reader, &pattern, BINDS_COMPARISON + 1), escape));
}

/* [NOT] IN, BETWEEN, LIKE, REGEXP; false where none of these comes. */
static bool read_predicate(struct reader *reader, struct part *left)
{
	static const char *const words[] = {"in", "between", "like", "regexp", "rlike"};
	const char *ahead = reader->at, *a;
	struct retort_token token = reader->token;
	bool negated = is_word(reader, "not"), known = false;

	if (negated)
		token = retort_sql_word(MYSQL_SYNTAX, &ahead);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		known = known || retort_token_is(&token, words[i]);
	if (!known)
		return false;
	if (negated)
		next(reader);
	a = fitted(reader, left, BINDS_COMPARISON + 1);
	*left = is_word(reader, "in")        ? read_in(reader, a, negated)
		: is_word(reader, "between") ? read_between(reader, a, negated)
					     : read_like(reader, a, negated);
	return true;
}

/* doc->'$.a' */
static struct part read_path(struct reader *reader, const struct part *left)
{
	bool unquotes = is_mark(reader, "->>");
	const char *path;

	next(reader);
	path = reader->token.kind == RETORT_TOKEN_STRING ? read_string(reader).text
							 : (reader->failed = true, "");
	return part_new(retort_printf(reader->arena,
				unquotes ? "json_unquote(json_extract(%s, %s))" : "json_extract(%s, %s)",
				left->text, path),
		BINDS_ALL);
}

/* What follows a part and binds at least so tightly. */
static struct part read_operations(struct reader *reader, struct part left, int binds)
{
	while (!reader->failed) {
		const struct operator* operator= operator_at(reader);

		if (is_mark(reader, "->") || is_mark(reader, "->>")) {
			left = read_path(reader, &left);
		} else if (is_word(reader, "collate")) {
			const char *name;

			next(reader);
			name = read_name(reader).text;
			left = part_new(retort_printf(reader->arena, "%s collate %s",
						fitted(reader, &left, BINDS_COLLATE), name),
				BINDS_COLLATE);
		} else if (operator&& operator->binds >= binds) {
			left = binary(reader, operator, & left);
		} else if (binds <= BINDS_COMPARISON && is_word(reader, "is")) {
			left = read_is(reader, &left);
		} else if (binds > BINDS_COMPARISON || !read_predicate(reader, &left)) {
			break;
		}
	}
	return left;
}

static struct part read_part(struct reader *reader, int binds)
{
	struct part part = part_new("", BINDS_ALL);

	if (reader->failed || ++reader->depth > DEPTH_MAX)
		reader->failed = true;
	else
		part = read_operations(reader, read_operand(reader), binds);
	reader->depth--;
	return part;
}

/* ---- the interface ---- */

/* The text without character sets in front of strings. */
static const char *without_charsets(struct retort_arena *arena, const char *sql)
{
	struct retort_token token, following;
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_buf_str(&out, "");
	while ((token = retort_sql_token(MYSQL_SYNTAX, &sql)).kind != RETORT_TOKEN_END) {
		const char *ahead = sql;

		following = retort_sql_token(MYSQL_SYNTAX, &ahead);
		if (!(token.kind == RETORT_TOKEN_WORD && *token.text == '_' &&
			    following.kind == RETORT_TOKEN_STRING))
			retort_buf_mem(&out, token.text, token.len);
	}
	return out.data;
}

const char *expression_plain(struct retort_arena *arena, const char *sql)
{
	struct reader reader = {.arena = arena, .at = sql};
	struct part part;

	next(&reader);
	part = read_part(&reader, BINDS_NOTHING);
	if (reader.failed || reader.token.kind != RETORT_TOKEN_END)
		return without_charsets(arena, sql);
	return part.text;
}
