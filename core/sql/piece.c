/* SPDX-License-Identifier: MIT
 *
 * The class of a statement is told by its first words; a few need a look further in.
 */
#include <string.h>

#include "base/text.h"
#include "sql/piece.h"

enum { HEAD_MAX = 12 };

/* The first tokens of a statement, without spaces and comments. */
struct head {
	struct retort_arena *arena;
	unsigned syntax;
	const char *sql;
	struct retort_token tokens[HEAD_MAX];
	size_t count;
};

static bool head_is(const struct head *head, size_t at, const char *word)
{
	return at < head->count && retort_token_is(&head->tokens[at], word);
}

static bool head_has(const struct head *head, const char *word)
{
	for (size_t i = 0; i < head->count; i++)
		if (retort_token_is(&head->tokens[i], word))
			return true;
	return false;
}

/* Whether a word stands anywhere in the statement, outside parentheses where outer. */
static bool statement_has(const struct head *head, const char *word, bool outer)
{
	const char *at = head->sql;
	int depth = 0;

	for (;;) {
		struct retort_token token = retort_sql_word(head->syntax, &at);

		if (token.kind == RETORT_TOKEN_END || token.kind == RETORT_TOKEN_BROKEN)
			return false;
		if (token.kind == RETORT_TOKEN_PUNCTUATION)
			depth += *token.text == '(' ? 1 : *token.text == ')' ? -1 : 0;
		if ((!outer || depth == 0) && retort_token_is(&token, word))
			return true;
	}
}

typedef enum piece_class look_fn(const struct head *head);

static enum piece_class look_concurrently(const struct head *head)
{
	return head_has(head, "CONCURRENTLY") ? PIECE_OUTSIDE : PIECE_SCHEMA;
}

static enum piece_class look_create(const struct head *head)
{
	if (head_is(head, 1, "DATABASE") || head_is(head, 1, "TABLESPACE") ||
		head_is(head, 1, "SUBSCRIPTION"))
		return PIECE_OUTSIDE;
	return look_concurrently(head);
}

static enum piece_class look_alter(const struct head *head)
{
	if (head_is(head, 1, "SYSTEM") ||
		(head_is(head, 1, "TYPE") && statement_has(head, "ADD", true) &&
			statement_has(head, "VALUE", true)))
		return PIECE_OUTSIDE;
	return look_concurrently(head);
}

/* WITH is what its main statement is, or rows where a part of it changes some. */
static enum piece_class look_with(const struct head *head)
{
	static const char *const verbs[] = {"INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"};
	const char *at = head->sql;
	struct retort_token last = {.text = ""};

	for (;;) {
		struct retort_token token = retort_sql_word(head->syntax, &at);

		if (token.kind == RETORT_TOKEN_END || token.kind == RETORT_TOKEN_BROKEN)
			return PIECE_QUERY;
		/* A verb begins a part after "(", and the main statement after ")". */
		if (last.kind == RETORT_TOKEN_PUNCTUATION && strchr("()", *last.text))
			for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
				if (retort_token_is(&token, verbs[i]) && strncmp(at, "(", 1) != 0)
					return PIECE_ROWS;
		last = token;
	}
}

/* SELECT ... INTO makes a table or a file, or sets variables. */
static enum piece_class look_select(const struct head *head)
{
	return statement_has(head, "INTO", true) ? PIECE_UNKNOWN : PIECE_QUERY;
}

static enum piece_class look_begin(const struct head *head)
{
	return head_is(head, 1, "NOT") ? PIECE_UNKNOWN : PIECE_TRANSACTION;
}

static enum piece_class look_start(const struct head *head)
{
	return head_is(head, 1, "TRANSACTION") ? PIECE_TRANSACTION : PIECE_UNKNOWN;
}

static enum piece_class look_prepare(const struct head *head)
{
	return head_is(head, 1, "TRANSACTION") ? PIECE_TRANSACTION : PIECE_UNKNOWN;
}

/* LOCK TABLES commits and is kept until UNLOCK; a LOCK of other engines goes with the transaction. */
static enum piece_class look_lock(const struct head *head)
{
	bool kept = head_is(head, 1, "TABLES") ||
		(head_is(head, 1, "TABLE") && (head->syntax & RETORT_SYNTAX_DELIMITER));

	return kept ? PIECE_TRANSACTION : PIECE_UNKNOWN;
}

static enum piece_class look_set(const struct head *head)
{
	static const char *const lasting[] = {"GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD", "ROLE",
		"DEFAULT"};

	if (head_is(head, 1, "TRANSACTION") || statement_has(head, "autocommit", true) ||
		statement_has(head, "@@autocommit", true) ||
		statement_has(head, "@@session.autocommit", true))
		return PIECE_TRANSACTION;
	for (size_t i = 0; i < sizeof lasting / sizeof *lasting; i++)
		if (head_is(head, 1, lasting[i]))
			return PIECE_UNKNOWN;
	return PIECE_QUERY;
}

/* PRAGMA name = value changes something, PRAGMA name and PRAGMA name(argument) mostly tell. */
static enum piece_class look_pragma(const struct head *head)
{
	for (size_t i = 0; i < head->count; i++)
		if (head->tokens[i].kind == RETORT_TOKEN_PUNCTUATION && *head->tokens[i].text == '=')
			return PIECE_UNKNOWN;
	return PIECE_QUERY;
}

static const struct verb {
	const char *word;
	enum piece_class class;
	look_fn *look; /* NULL: class */
} verbs[] = {
	{"INSERT", PIECE_ROWS, NULL},
	{"UPDATE", PIECE_ROWS, NULL},
	{"DELETE", PIECE_ROWS, NULL},
	{"REPLACE", PIECE_ROWS, NULL},
	{"MERGE", PIECE_ROWS, NULL},
	{"COPY", PIECE_ROWS, NULL},
	{"LOAD", PIECE_ROWS, NULL},
	{"WITH", PIECE_ROWS, look_with},
	{"CREATE", PIECE_SCHEMA, look_create},
	{"ALTER", PIECE_SCHEMA, look_alter},
	{"DROP", PIECE_SCHEMA, look_create},
	{"REINDEX", PIECE_SCHEMA, look_concurrently},
	{"COMMENT", PIECE_SCHEMA, NULL},
	{"GRANT", PIECE_SCHEMA, NULL},
	{"REVOKE", PIECE_SCHEMA, NULL},
	{"RENAME", PIECE_SCHEMA, NULL},
	{"SECURITY", PIECE_SCHEMA, NULL},
	{"ANALYZE", PIECE_SCHEMA, NULL},
	{"OPTIMIZE", PIECE_SCHEMA, NULL},
	{"REFRESH", PIECE_SCHEMA, NULL},
	{"REASSIGN", PIECE_SCHEMA, NULL},
	{"SELECT", PIECE_QUERY, look_select},
	{"VALUES", PIECE_QUERY, NULL},
	{"TABLE", PIECE_QUERY, NULL},
	{"EXPLAIN", PIECE_QUERY, NULL},
	{"SHOW", PIECE_QUERY, NULL},
	{"DESCRIBE", PIECE_QUERY, NULL},
	{"DESC", PIECE_QUERY, NULL},
	{"PRAGMA", PIECE_QUERY, look_pragma},
	{"SET", PIECE_QUERY, look_set},
	{"RESET", PIECE_QUERY, NULL},
	{"BEGIN", PIECE_TRANSACTION, look_begin},
	{"START", PIECE_TRANSACTION, look_start},
	{"COMMIT", PIECE_TRANSACTION, NULL},
	{"END", PIECE_TRANSACTION, NULL},
	{"ROLLBACK", PIECE_TRANSACTION, NULL},
	{"ABORT", PIECE_TRANSACTION, NULL},
	{"SAVEPOINT", PIECE_TRANSACTION, NULL},
	{"RELEASE", PIECE_TRANSACTION, NULL},
	{"PREPARE", PIECE_TRANSACTION, look_prepare},
	{"XA", PIECE_TRANSACTION, NULL},
	{"LOCK", PIECE_TRANSACTION, look_lock},
	{"UNLOCK", PIECE_TRANSACTION, NULL},
	{"VACUUM", PIECE_OUTSIDE, NULL},
	{"ATTACH", PIECE_OUTSIDE, NULL},
	{"DETACH", PIECE_OUTSIDE, NULL},
};

/* The table that a statement on rows changes: the name after these words; NULL where it can't be told. */
static const char *changed_table(const struct head *head)
{
	static const char *const skipped[] = {
		"INTO",
		"FROM",
		"OR",
		"ABORT",
		"FAIL",
		"IGNORE",
		"REPLACE",
		"ROLLBACK",
		"LOW_PRIORITY",
		"HIGH_PRIORITY",
		"DELAYED",
		"QUICK",
		"ONLY",
	};
	size_t at = 1;

	for (bool again = true; again && at < head->count;) {
		again = false;
		for (size_t i = 0; i < sizeof skipped / sizeof *skipped && !again; i++)
			again = head_is(head, at, skipped[i]);
		at += again;
	}
	/* DELETE a, b FROM ... names several. */
	if (head_is(head, 0, "DELETE") && !head_is(head, at - 1, "FROM") && !head_is(head, at - 1, "ONLY"))
		return NULL;
	while (at + 2 < head->count && head->tokens[at + 1].kind == RETORT_TOKEN_PUNCTUATION &&
		*head->tokens[at + 1].text == '.')
		at += 2;
	if (at >= head->count ||
		(head->tokens[at].kind != RETORT_TOKEN_WORD && head->tokens[at].kind != RETORT_TOKEN_QUOTED))
		return NULL;
	return retort_token_name(head->arena, &head->tokens[at]);
}

const char *piece_executable_comment(unsigned syntax, const struct retort_token *token)
{
	const char *text = token->text;

	if (!(syntax & RETORT_SYNTAX_DELIMITER) || token->kind != RETORT_TOKEN_COMMENT)
		return NULL;
	if (strncmp(text, "/*!", 3) == 0)
		text += 3;
	else if (strncmp(text, "/*M!", 4) == 0)
		text += 4;
	else
		return NULL;
	return text + strspn(text, "0123456789");
}

/* Fills the head: parentheses around a whole query and executable comments in front are looked into. */
static void read_head(struct head *head)
{
	const char *at = head->sql;

	while (head->count < HEAD_MAX) {
		struct retort_token token = retort_sql_token(head->syntax, &at);
		const char *inner = piece_executable_comment(head->syntax, &token);

		if (token.kind == RETORT_TOKEN_END)
			break;
		if (inner && head->count == 0) {
			at = inner;
			continue;
		}
		if (token.kind == RETORT_TOKEN_SPACE || token.kind == RETORT_TOKEN_COMMENT ||
			(head->count == 0 && *token.text == '('))
			continue;
		head->tokens[head->count++] = token;
	}
}

void piece_classify(struct retort_arena *arena, unsigned syntax, struct piece *piece)
{
	struct head head = {.arena = arena, .syntax = syntax, .sql = piece->sql};
	char *verb;

	read_head(&head);
	piece->class = PIECE_UNKNOWN;
	piece->table = NULL;
	verb = retort_strndup(arena, head.count ? head.tokens[0].text : "",
		head.count ? head.tokens[0].len : 0);
	for (char *letter = verb; *letter; letter++)
		if (*letter >= 'a' && *letter <= 'z')
			*letter = (char)(*letter - ('a' - 'A'));
	piece->verb = verb;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verbs[i].word, verb) == 0)
			piece->class = verbs[i].look ? verbs[i].look(&head) : verbs[i].class;
	if (piece->class == PIECE_ROWS && strcmp(verb, "WITH") != 0 && strcmp(verb, "LOAD") != 0)
		piece->table = changed_table(&head);
}
