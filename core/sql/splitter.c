/* SPDX-License-Identifier: MIT
 *
 * A semicolon ends a statement where it stands outside of everything that nests: parentheses, and
 * in the body of a routine or trigger the blocks that a word opens and END closes. A delimiter set
 * by a DELIMITER line ends one wherever it stands outside of quotes and comments.
 */
#include <string.h>

#include "base/text.h"
#include "sql/piece.h"

/* What a statement that is being read is: decided by its first words. */
enum head { HEAD_START, HEAD_CREATE, HEAD_ROUTINE, HEAD_OTHER };

struct open_block {
	char kind; /* B BEGIN, C CASE, I IF, L LOOP, W WHILE, R REPEAT */
	const char *at;
};

struct splitter {
	struct retort_arena *arena;
	unsigned syntax;
	const char *text, *at;
	const char *delimiter;
	size_t delimiter_length;
	struct piece *pieces;
	size_t piece_count;
	/* of the statement */
	enum head head;
	const char *start, *end; /* from its first significant token to its last; NULL: none yet */
	const char *parenthesis; /* the outermost open one */
	size_t depth;
	struct open_block *blocks;
	size_t block_count;
	struct retort_token last; /* the significant token before */
	struct retort_error *err;
};

static bool is_one_of(const struct retort_token *token, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (retort_token_is(token, words[i]))
			return true;
	return false;
}

#define IS_ONE_OF(token, words) is_one_of(token, words, sizeof(words) / sizeof *(words))

static bool is_character(const struct retort_token *token, char c)
{
	return token->kind == RETORT_TOKEN_PUNCTUATION && token->len == 1 && *token->text == c;
}

/* Fails with the place of at as line and column of the text. */
static int fault(struct splitter *splitter, const char *at, const char *message)
{
	const char *line = splitter->text;
	unsigned lines = 1;

	for (const char *c = splitter->text; c < at; c++)
		if (*c == '\n') {
			lines++;
			line = c + 1;
		}
	retort_fail(splitter->err, RETORT_E_FILE, "%s", message);
	retort_error_at(splitter->err, NULL, lines, (unsigned)text_utf8_count(line, (size_t)(at - line)) + 1);
	return -1;
}

static bool at_delimiter(const struct splitter *splitter, const char *at)
{
	return strncmp(at, splitter->delimiter, splitter->delimiter_length) == 0;
}

static bool own_delimiter(const struct splitter *splitter)
{
	return strcmp(splitter->delimiter, ";") != 0;
}

/* Ends the statement at hand; the next one starts afresh. */
static int finish(struct splitter *splitter)
{
	if (splitter->start) {
		struct piece piece = {
			.sql = retort_strndup(splitter->arena, splitter->start,
				(size_t)(splitter->end - splitter->start)),
			.offset = (size_t)(splitter->start - splitter->text),
		};

		piece_classify(splitter->arena, splitter->syntax, &piece);
		if (strcmp(piece.verb, "COPY") == 0 && retort_token_is(&splitter->last, "STDIN"))
			return fault(splitter, splitter->start,
				"the rows of COPY FROM STDIN can't stand in SQL text: use insert_rows with "
				"csv");
		RETORT_PUSH(splitter->arena, splitter->pieces, splitter->piece_count, piece);
	}
	splitter->head = HEAD_START;
	splitter->start = splitter->parenthesis = NULL;
	splitter->depth = 0;
	splitter->blocks = NULL;
	splitter->block_count = 0;
	splitter->last = (struct retort_token){.text = ""};
	return 0;
}

/* A DELIMITER line: the word has been read. */
static int read_delimiter(struct splitter *splitter, const char *word)
{
	const char *at = splitter->at;
	size_t length;

	at += strspn(at, " \t");
	length = strcspn(at, " \t\r\n");
	if (length == 0 || memchr(at, '\\', length))
		return fault(splitter, word, "DELIMITER must be followed by the new delimiter");
	splitter->delimiter = retort_strndup(splitter->arena, at, length);
	splitter->delimiter_length = length;
	splitter->at = at + strcspn(at, "\n");
	return 0;
}

static struct retort_token peek_word(const struct splitter *splitter)
{
	const char *at = splitter->at;

	return retort_sql_word(splitter->syntax, &at);
}

/* Decides from the first words whether a body with blocks may follow. */
static void read_head(struct splitter *splitter, const struct retort_token *token)
{
	static const char *const routines[] = {"TRIGGER", "FUNCTION", "PROCEDURE", "EVENT", "PACKAGE"};
	static const char *const modifiers[] = {
		"OR",
		"REPLACE",
		"TEMP",
		"TEMPORARY",
		"CONSTRAINT",
		"DEFINER",
		"AGGREGATE",
	};

	if (splitter->head == HEAD_START) {
		struct retort_token next = peek_word(splitter);

		if (retort_token_is(token, "CREATE"))
			splitter->head = HEAD_CREATE;
		else if (retort_token_is(token, "BEGIN") && retort_token_is(&next, "NOT"))
			splitter->head = HEAD_ROUTINE;
		else
			splitter->head = HEAD_OTHER;
	} else if (splitter->head == HEAD_CREATE && token->kind == RETORT_TOKEN_WORD) {
		if (IS_ONE_OF(token, routines))
			splitter->head = HEAD_ROUTINE;
		else if (!IS_ONE_OF(token, modifiers) && *token->text != '@' &&
			!is_character(&splitter->last, '='))
			splitter->head = HEAD_OTHER;
	}
}

static void open_block(struct splitter *splitter, char kind, const struct retort_token *token)
{
	struct open_block block = {kind, token->text};

	RETORT_PUSH(splitter->arena, splitter->blocks, splitter->block_count, block);
}

/* END closes a BEGIN or CASE and what was wrongly taken for an opener inside; END IF and the like
 * close their own only. */
static void close_block(struct splitter *splitter)
{
	static const char *const words[] = {"IF", "LOOP", "WHILE", "REPEAT"};
	struct retort_token next = peek_word(splitter);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (retort_token_is(&next, words[i])) {
			if (splitter->block_count > 0 &&
				splitter->blocks[splitter->block_count - 1].kind == *words[i])
				splitter->block_count--;
			return;
		}
	if (retort_token_is(&next, "FOR"))
		return;
	while (splitter->block_count > 0) {
		char kind = splitter->blocks[--splitter->block_count].kind;

		if (kind == 'B' || kind == 'C')
			return;
	}
}

/* Whether a statement of a stored program may begin after the last token: only there is IF, LOOP,
 * WHILE or REPEAT a block and not a function. */
static bool starts_inner(const struct splitter *splitter)
{
	static const char *const before[] = {
		"BEGIN",
		"THEN",
		"ELSE",
		"DO",
		"LOOP",
		"REPEAT",
		"ROW",
		"DETERMINISTIC",
		"SQL",
		"DATA",
		"DEFINER",
		"INVOKER",
	};
	const struct retort_token *last = &splitter->last;

	return is_character(last, ';') || is_character(last, ':') || IS_ONE_OF(last, before) ||
		(splitter->block_count == 0 && is_character(last, ')'));
}

static void read_block(struct splitter *splitter, const struct retort_token *token)
{
	static const char *const blocks[] = {"IF", "LOOP", "WHILE", "REPEAT"};
	bool dollar_only =
		(splitter->syntax & RETORT_SYNTAX_DOLLAR) && !(splitter->syntax & RETORT_SYNTAX_BACKTICK);

	if (token->kind != RETORT_TOKEN_WORD || is_character(&splitter->last, '.'))
		return;
	if (retort_token_is(token, "BEGIN") && splitter->depth == 0) {
		struct retort_token next = peek_word(splitter);

		if (!dollar_only || retort_token_is(&next, "ATOMIC"))
			open_block(splitter, 'B', token);
	} else if (retort_token_is(token, "END")) {
		close_block(splitter);
	} else if (retort_token_is(&splitter->last, "END")) {
		return;
	} else if (retort_token_is(token, "CASE")) {
		open_block(splitter, 'C', token);
	} else if ((splitter->syntax & RETORT_SYNTAX_DELIMITER) && IS_ONE_OF(token, blocks) &&
		starts_inner(splitter)) {
		open_block(splitter, (char)(*token->text & ~0x20), token);
	}
}

static int read_parenthesis(struct splitter *splitter, const struct retort_token *token)
{
	if (is_character(token, '(')) {
		if (splitter->depth++ == 0)
			splitter->parenthesis = token->text;
	} else if (is_character(token, ')')) {
		if (splitter->depth == 0)
			return fault(splitter, token->text, "a closing parenthesis has no opening one");
		splitter->depth--;
	}
	return 0;
}

/* Commands of interactive clients, which no server knows. */
static int refuse_client_command(struct splitter *splitter, const struct retort_token *token)
{
	const char *name = retort_strndup(splitter->arena, token->text, strcspn(token->text, " \t\r\n"));

	return fault(splitter, token->text,
		retort_printf(splitter->arena, "'%s' is a command of a client program, not SQL",
			text_echo(splitter->arena, name, 20)));
}

/* Takes one token that is no space and no comment into the statement. */
static int read_significant(struct splitter *splitter, const struct retort_token *token)
{
	if (!splitter->start) {
		if (is_character(token, '\\') || is_character(token, '.'))
			return refuse_client_command(splitter, token);
		if ((splitter->syntax & RETORT_SYNTAX_DELIMITER) && retort_token_is(token, "DELIMITER"))
			return read_delimiter(splitter, token->text);
		splitter->start = token->text;
	}
	splitter->end = token->text + token->len;
	if (token->kind != RETORT_TOKEN_COMMENT) {
		read_head(splitter, token);
		if (read_parenthesis(splitter, token))
			return -1;
		if (splitter->head == HEAD_ROUTINE)
			read_block(splitter, token);
	}
	splitter->last = *token;
	return 0;
}

/* Cuts a word before a delimiter that the lexer took for a part of it, as in END$$. */
static void cut_word(struct splitter *splitter, struct retort_token *token)
{
	if (token->kind != RETORT_TOKEN_WORD && token->kind != RETORT_TOKEN_NUMBER)
		return;
	for (size_t i = 1; i < token->len; i++)
		if (at_delimiter(splitter, token->text + i)) {
			token->len = i;
			splitter->at = token->text + i;
		}
}

static int broken(struct splitter *splitter, const struct retort_token *token)
{
	return fault(splitter, token->text,
		*token->text == '/'           ? "a comment is never closed"
			: *token->text == '$' ? "a dollar quote is never closed"
					      : "a quote is never closed");
}

static int unfinished(struct splitter *splitter)
{
	if (splitter->depth > 0)
		return fault(splitter, splitter->parenthesis, "a parenthesis is never closed");
	if (splitter->block_count > 0 && !own_delimiter(splitter))
		return fault(splitter, splitter->blocks[splitter->block_count - 1].at, "a block has no END");
	return finish(splitter);
}

/* Reads to the end of the text. */
static int split(struct splitter *splitter)
{
	for (;;) {
		struct retort_token token;

		if (at_delimiter(splitter, splitter->at) &&
			(own_delimiter(splitter) || (splitter->depth == 0 && splitter->block_count == 0))) {
			if (finish(splitter))
				return -1;
			splitter->at += splitter->delimiter_length;
			continue;
		}
		token = retort_sql_token(splitter->syntax, &splitter->at);
		if (token.kind == RETORT_TOKEN_END)
			return unfinished(splitter);
		if (token.kind == RETORT_TOKEN_BROKEN)
			return broken(splitter, &token);
		if (token.kind == RETORT_TOKEN_SPACE ||
			(token.kind == RETORT_TOKEN_COMMENT &&
				!piece_executable_comment(splitter->syntax, &token)))
			continue;
		if (own_delimiter(splitter))
			cut_word(splitter, &token);
		if (read_significant(splitter, &token))
			return -1;
	}
}

int split_sql(struct retort_arena *arena, unsigned syntax, const char *text, struct piece **ret,
	size_t *count, struct retort_error *err)
{
	struct splitter splitter = {
		.arena = arena,
		.syntax = syntax,
		.text = text,
		.at = text,
		.delimiter = ";",
		.delimiter_length = 1,
		.err = err,
	};

	finish(&splitter);
	if (split(&splitter))
		return -1;
	*ret = splitter.pieces;
	*count = splitter.piece_count;
	return 0;
}
