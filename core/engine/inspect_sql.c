/* SPDX-License-Identifier: MIT */
#include "engine/inspect_sql.h"

#include <string.h>

#include "base/text.h"

struct words {
	const char *const *items;
	size_t count;
};

#define WORDS(...)                                                                                           \
	{                                                                                                    \
		(const char *const[]){__VA_ARGS__},                                                          \
			sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)                          \
	}

/* Functions that mean the same everywhere. */
static const struct words functions = WORDS("abs", "avg", "coalesce", "count", "lower", "max", "min",
	"nullif", "replace", "round", "sum", "trim", "upper");
/* Words that may stand in front of a parenthesis and are no function. */
static const struct words before_parenthesis = WORDS("and", "as", "between", "by", "case", "distinct", "else",
	"exists", "from", "having", "in", "is", "join", "like", "not", "on", "or", "over", "select", "then",
	"union", "all", "using", "values", "when", "where", "with", "except", "intersect");
/* Words that mean something to one engine alone, or not the same to all. */
static const struct words own = WORDS("any", "array", "at", "binary", "cast", "collate", "convert",
	"current_date", "current_time", "current_timestamp", "current_user", "div", "escape", "glob", "ilike",
	"interval", "lateral", "limit", "localtime", "localtimestamp", "match", "mod", "offset", "regexp",
	"rlike", "row", "session_user", "similar", "some", "unknown", "user", "xor", "fetch", "window",
	"recursive", "filter", "within", "overlaps", "rowid", "_rowid_", "oid", "straight_join", "force",
	"ignore", "use", "natural", "full", "right", "nulls", "isnull", "notnull", "returning", "for", "into",
	"sql_calc_found_rows", "high_priority");
/* Names that need quotes on some engine. */
static const struct words reserved = WORDS("add", "all", "and", "as", "between", "by", "case", "check",
	"column", "condition", "constraint", "create", "cross", "cube", "default", "delete", "desc",
	"describe", "distinct", "drop", "else", "end", "except", "exists", "from", "function", "grant",
	"group", "groups", "having", "in", "index", "inner", "insert", "is", "join", "key", "keys", "lead",
	"left", "like", "lines", "lock", "not", "null", "of", "on", "option", "or", "order", "outer",
	"primary", "range", "rank", "read", "references", "release", "rename", "right", "rows", "schema",
	"select", "set", "show", "signal", "system", "table", "then", "to", "trigger", "true", "false",
	"union", "unique", "update", "usage", "using", "values", "when", "where", "with", "write");
/* Casts that change nothing in a comparison. */
static const struct words harmless_casts = WORDS("text", "character varying", "varchar", "bpchar",
	"character", "numeric", "integer", "bigint", "smallint", "double precision", "real", "date");
static const struct words cast_tails =
	WORDS("varying", "precision", "without", "with", "time", "zone", "local");
static const struct words operators =
	WORDS("(", ")", ",", "+", "-", "*", "%", "<", ">", "<=", ">=", "=", "<>", "!=", ".");

static bool among(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (!text_casecmp(words->items[i], word))
			return true;
	return false;
}

/* The tokens of a text, words and operators as text of their own. */
struct piece {
	const char *text;
	enum retort_token_kind kind;
	bool spaced; /* a blank stands in front of it */
};

struct pieces {
	struct retort_arena *arena;
	unsigned syntax;
	struct piece *items;
	size_t count;
	bool changed, foreign;
};

static bool is(const struct pieces *pieces, size_t at, const char *text)
{
	return at < pieces->count && pieces->items[at].kind != RETORT_TOKEN_STRING &&
		pieces->items[at].kind != RETORT_TOKEN_QUOTED && !text_casecmp(pieces->items[at].text, text);
}

static bool is_word(const struct pieces *pieces, size_t at)
{
	return at < pieces->count && pieces->items[at].kind == RETORT_TOKEN_WORD;
}

static void cut(struct pieces *pieces, size_t at, size_t n)
{
	memmove(&pieces->items[at], &pieces->items[at + n], (pieces->count - at - n) * sizeof *pieces->items);
	pieces->count -= n;
	pieces->changed = true;
}

static void take_apart(struct pieces *pieces, unsigned syntax, const char *sql)
{
	struct retort_token token;
	bool spaced = false;

	while ((token = retort_sql_token(syntax, &sql)).kind != RETORT_TOKEN_END) {
		struct piece piece = {retort_strndup(pieces->arena, token.text, token.len), token.kind,
			spaced};

		spaced = token.kind == RETORT_TOKEN_SPACE;
		if (token.kind == RETORT_TOKEN_COMMENT || token.kind == RETORT_TOKEN_BROKEN)
			pieces->foreign = true;
		else if (token.kind != RETORT_TOKEN_SPACE)
			RETORT_PUSH(pieces->arena, pieces->items, pieces->count, piece);
	}
}

/* ---- spelling ---- */

/* The end of the type behind ::, and its words in *name. */
static size_t cast_end(struct pieces *pieces, size_t at, const char **name)
{
	struct retort_buf words;

	retort_buf_init(&words, pieces->arena);
	if (is_word(pieces, at) || (at < pieces->count && pieces->items[at].kind == RETORT_TOKEN_QUOTED))
		retort_buf_str(&words, pieces->items[at++].text);
	while (is_word(pieces, at) && among(&cast_tails, pieces->items[at].text))
		retort_buf_printf(&words, " %s", pieces->items[at++].text);
	if (is(pieces, at, "(") && at + 2 < pieces->count &&
		pieces->items[at + 1].kind == RETORT_TOKEN_NUMBER && is(pieces, at + 2, ")"))
		at += 3;
	while (is(pieces, at, "[") && is(pieces, at + 1, "]"))
		at += 2;
	*name = words.data;
	return at;
}

/* Takes casts out: of string literals any, else those that change nothing. */
static void drop_casts(struct pieces *pieces)
{
	for (size_t i = 1; i < pieces->count; i++) {
		const char *name;
		size_t end;

		if (!is(pieces, i, "::"))
			continue;
		end = cast_end(pieces, i + 1, &name);
		if (end == i + 1 ||
			(pieces->items[i - 1].kind != RETORT_TOKEN_STRING && !among(&harmless_casts, name)))
			pieces->foreign = true;
		cut(pieces, i, end - i);
		i--;
	}
}

/* (x) is x where x is one literal or name, and no function's argument. */
static void drop_parentheses(struct pieces *pieces)
{
	for (size_t i = 0; i + 2 < pieces->count; i++) {
		enum retort_token_kind kind = pieces->items[i + 1].kind;

		if (!is(pieces, i, "(") || !is(pieces, i + 2, ")") || (i > 0 && is_word(pieces, i - 1)) ||
			(kind != RETORT_TOKEN_WORD && kind != RETORT_TOKEN_STRING &&
				kind != RETORT_TOKEN_NUMBER && kind != RETORT_TOKEN_QUOTED))
			continue;
		pieces->items[i + 1].spaced = pieces->items[i].spaced;
		cut(pieces, i + 2, 1);
		cut(pieces, i, 1);
	}
}

/* = ANY (ARRAY[a, b]) becomes IN (a, b), <> ALL (ARRAY[a, b]) NOT IN (a, b). */
static void write_in(struct pieces *pieces)
{
	for (size_t i = 0; i + 4 < pieces->count; i++) {
		bool any = is(pieces, i, "=") && is(pieces, i + 1, "any");
		bool none = is(pieces, i, "<>") && is(pieces, i + 1, "all");
		size_t open = i + 2, at, extra;

		if (!any && !none)
			continue;
		while (is(pieces, open, "("))
			open++;
		extra = open - (i + 2);
		if (!extra || !is(pieces, open, "array") || !is(pieces, open + 1, "["))
			continue;
		for (at = open + 2; at < pieces->count && !is(pieces, at, "]") && !is(pieces, at, "["); at++)
			;
		if (!is(pieces, at, "]"))
			continue;
		for (size_t k = 1; k <= extra; k++)
			if (!is(pieces, at + k, ")"))
				return;
		cut(pieces, at, extra);           /* one parenthesis stays */
		cut(pieces, i + 3, open - i - 1); /* all between the first parenthesis and the first item */
		pieces->items[i] = (struct piece){any ? "IN" : "NOT", RETORT_TOKEN_WORD, true};
		if (any)
			cut(pieces, i + 1, 1);
		else
			pieces->items[i + 1] = (struct piece){"IN", RETORT_TOKEN_WORD, true};
		pieces->items[i + (any ? 1 : 2)] = (struct piece){"(", RETORT_TOKEN_PUNCTUATION, true};
		pieces->items[i + (any ? 2 : 3)].spaced = false;
	}
}

/* ~~ is LIKE, !~~ NOT LIKE. */
static void write_like(struct pieces *pieces)
{
	for (size_t i = 0; i + 1 < pieces->count; i++) {
		bool negated = is(pieces, i, "!~");

		if ((!negated && !is(pieces, i, "~")) || !is(pieces, i + 1, "~") ||
			pieces->items[i + 1].spaced)
			continue;
		cut(pieces, i, 1);
		pieces->items[i] = (struct piece){negated ? "NOT LIKE" : "LIKE", RETORT_TOKEN_WORD, true};
	}
}

/* The name in quotes without them, where every engine reads it as the same name. */
static bool is_plain_name(const char *name)
{
	return ((*name >= 'a' && *name <= 'z') || *name == '_') &&
		!name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] && !among(&reserved, name) &&
		!among(&own, name);
}

static void unquote(struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++) {
		struct piece *piece = &pieces->items[i];
		struct retort_token token = {.kind = RETORT_TOKEN_QUOTED,
			.text = piece->text,
			.len = strlen(piece->text),
			.syntax = pieces->syntax};
		const char *name;

		if (piece->kind != RETORT_TOKEN_QUOTED)
			continue;
		name = retort_token_name(pieces->arena, &token);
		if (!is_plain_name(name)) {
			pieces->foreign = true;
			continue;
		}
		piece->text = name;
		piece->kind = RETORT_TOKEN_WORD;
		pieces->changed = true;
	}
}

/* ---- meaning ---- */

/* Whether a piece is something that all engines take alike. */
static bool is_common(const struct pieces *pieces, size_t at)
{
	const struct piece *piece = &pieces->items[at];

	switch (piece->kind) {
	case RETORT_TOKEN_WORD:
		if (strchr("@_$", *piece->text) || among(&own, piece->text))
			return false;
		return !is(pieces, at + 1, "(") || among(&functions, piece->text) ||
			among(&before_parenthesis, piece->text);
	case RETORT_TOKEN_STRING:
		return *piece->text == '\'' && !strchr(piece->text, '\\');
	case RETORT_TOKEN_NUMBER:
		return *piece->text != '$';
	default:
		return among(&operators, piece->text);
	}
}

/* ---- truth values ---- */

/* What is known of a name: its column is a truth value, is something else, or that depends on the table. */
static const char truth[] = "truth", other[] = "other", either[] = "either";

void inspect_booleans(struct map *booleans, const struct retort_table *table)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const struct retort_column *column = table->columns[i];
		const char *is = column->type && column->type->kind == RETORT_TYPE_BOOLEAN ? truth : other;
		const char *before = map_get(booleans, column->name);

		map_put(booleans, column->name, (void *)(before && before != is ? either : is));
	}
}

static const struct words comparing = WORDS("=", "<>", "!=");
/* What needs a number beside it. */
static const struct words counting = WORDS("+", "-", "*", "/", "%", "<", ">", "<=", ">=", "=", "<>",
	"!=", "in", "between", "like", "case", "then", "else");
static const struct words taking_numbers =
	WORDS("abs", "avg", "coalesce", "max", "min", "nullif", "round", "sum", "case", "then", "else");

static bool is_one_of(const struct pieces *pieces, size_t at, const struct words *words)
{
	return at < pieces->count && pieces->items[at].kind != RETORT_TOKEN_STRING &&
		among(words, pieces->items[at].text);
}

/* Writes the number beside a comparison as a truth value; false where it is none. */
static bool write_truth(struct pieces *pieces, size_t at)
{
	struct piece *piece = at < pieces->count ? &pieces->items[at] : NULL;

	if (!piece || (!is(pieces, at, "0") && !is(pieces, at, "1")))
		return piece && piece->kind == RETORT_TOKEN_WORD;
	piece->text = *piece->text == '1' ? "true" : "false";
	piece->kind = RETORT_TOKEN_WORD;
	pieces->changed = true;
	return true;
}

/* A column that is a truth value, from its qualifier (from) to its name (to). */
static void read_truth(struct pieces *pieces, size_t from, size_t to)
{
	size_t before = from - 1, after = to + 1; /* before: beyond the end where nothing stands there */
	bool opened = from > 0 && is(pieces, before, "(");

	if (is_one_of(pieces, after, &comparing)) {
		pieces->foreign |= !write_truth(pieces, after + 1) || is_one_of(pieces, after + 2, &counting);
		return;
	}
	if (from > 1 && is_one_of(pieces, before, &comparing)) {
		pieces->foreign |= !write_truth(pieces, before - 1) ||
			(from > 2 && is_one_of(pieces, before - 2, &counting));
		return;
	}
	pieces->foreign |= is_one_of(pieces, after, &counting) ||
		(from > 0 && is_one_of(pieces, before, &counting)) ||
		(opened && from > 1 && is_one_of(pieces, before - 1, &taking_numbers));
}

static void write_truths(struct pieces *pieces, const struct map *booleans)
{
	for (size_t i = 0; i < pieces->count; i++) {
		const char *known = is_word(pieces, i) ? map_get(booleans, pieces->items[i].text) : NULL;
		size_t from = i;

		if (!known || known == other || is(pieces, i + 1, ".") || is(pieces, i + 1, "("))
			continue;
		while (from > 1 && is(pieces, from - 1, ".") && is_word(pieces, from - 2))
			from -= 2;
		if (from > 0 && is(pieces, from - 1, "as"))
			continue; /* a new name */
		if (known == truth) {
			read_truth(pieces, from, i);
		} else {
			/* one of its name is: nothing must hang on which */
			pieces->foreign |= is_one_of(pieces, i + 1, &counting) ||
				(from > 0 && is_one_of(pieces, from - 1, &counting));
		}
	}
}

static const char *put_together(struct pieces *pieces)
{
	struct retort_buf out;

	retort_buf_init(&out, pieces->arena);
	for (size_t i = 0; i < pieces->count; i++)
		retort_buf_printf(&out, "%s%s", i && pieces->items[i].spaced ? " " : "",
			pieces->items[i].text);
	return out.data;
}

const char *inspect_neutral_sql(struct retort_arena *arena, unsigned syntax, const char *sql,
	const struct map *booleans)
{
	struct pieces pieces = {.arena = arena, .syntax = syntax};

	take_apart(&pieces, syntax, sql);
	drop_casts(&pieces);
	write_like(&pieces);
	unquote(&pieces);
	if (pieces.changed) {
		drop_parentheses(&pieces);
		write_in(&pieces);
	}
	if (booleans)
		write_truths(&pieces, booleans);
	for (size_t i = 0; i < pieces.count && !pieces.foreign; i++)
		pieces.foreign = !is_common(&pieces, i);
	if (pieces.foreign)
		return NULL;
	return pieces.changed ? put_together(&pieces) : sql;
}
