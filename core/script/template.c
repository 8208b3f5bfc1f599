/* SPDX-License-Identifier: MIT */
#include "script/template.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "script/variables.h"

enum { WIDEST = 64, ECHOED = 60 };

const char template_default[] =
	"## The template of new revision files. ${...} stands for:\n"
	"##   schema_comment  the line that tells an editor where the JSON Schema lies\n"
	"##   revision, down_revision, branch_labels, depends_on, create_date, message\n"
	"##   upgrade, downgrade  the operations; [] and auto where there are none\n"
	"## A line whose placeholder is empty is left out, and so are lines that start with ##.\n"
	"${schema_comment}\n"
	"revision: ${revision}\n"
	"down_revision: ${down_revision}\n"
	"branch_labels: ${branch_labels}\n"
	"depends_on: ${depends_on}\n"
	"create_date: ${create_date}\n"
	"message: ${message}\n"
	"\n"
	"upgrade: ${upgrade}\n"
	"downgrade: ${downgrade}\n";

/* ---- names of files ---- */

/* One %(token)X of a name's template. */
struct token {
	const char *name;
	size_t n;  /* bytes of the name */
	bool zero; /* padded with zeros */
	int width, precision;
	char kind; /* s or d */
	const char *end;
};

static int digits_read(const char **at)
{
	int value = 0;

	for (; **at >= '0' && **at <= '9'; (*at)++)
		if (value < 10000)
			value = value * 10 + (**at - '0');
	return value;
}

/* Reads what follows a %; false where it is not as it should be. */
static bool token_read(const char *at, struct token *token)
{
	*token = (struct token){.name = at + 1};
	if (*at != '(')
		return false;
	token->n = strcspn(at + 1, ")");
	at += token->n + 1;
	if (!*at++)
		return false;
	token->zero = *at == '0';
	token->width = digits_read(&at);
	if (*at == '.') {
		at++;
		token->precision = digits_read(&at);
	}
	token->kind = *at;
	token->end = at + 1;
	return (*at == 's' || *at == 'd') && token->width <= WIDEST && token->precision <= WIDEST;
}

static const char *const text_tokens[] = {"rev", "slug"};
static const char *const number_tokens[] = {"epoch", "year", "month", "day", "hour", "minute", "second"};
enum { TEXT_TOKENS = 2, NUMBER_TOKENS = 7 };

/* The index of a token's name, or n. */
static size_t token_index(const struct token *token, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen(names[i]) == token->n && !memcmp(names[i], token->name, token->n))
			break;
	return i;
}

static int token_fail(const struct token *token, struct retort_error *err)
{
	static const char *const all[] = {"rev", "slug", "epoch", "year", "month", "day", "hour", "minute",
		"second"};
	struct retort_arena *arena = retort_arena_new();
	const char *name = retort_strndup(arena, token->name, token->n);
	const char *near = text_nearest(name, all, sizeof all / sizeof *all, sizeof *all);

	retort_fail(err, RETORT_E_CONFIG,
		near ? "cannot use '%%(%s)' in a file template: did you mean '%s'?"
		     : "cannot use '%%(%s)' in a file template: expected one of %s",
		text_echo(arena, name, ECHOED),
		near ? near : text_list(arena, all, sizeof all / sizeof *all, 0));
	retort_arena_free(arena);
	return -1;
}

int template_check_name(const char *template, struct retort_error *err)
{
	struct token token;
	bool text;

	while (*(template += strcspn(template, "%"))) {
		template ++;
		if (*template == '%') {
			template ++;
			continue;
		}
		if (!token_read(template, &token))
			return retort_fail(err, RETORT_E_CONFIG,
				"cannot use the file template: a %% is followed by (token)s, (token)d or %%");
		text = token_index(&token, text_tokens, TEXT_TOKENS) < TEXT_TOKENS;
		if (!text && token_index(&token, number_tokens, NUMBER_TOKENS) == NUMBER_TOKENS)
			return token_fail(&token, err);
		if (text && token.kind == 'd')
			return retort_fail(err, RETORT_E_CONFIG,
				"cannot use the file template: '%.*s' is no number: write s, not d",
				(int)token.n, token.name);
		template = token.end;
	}
	return 0;
}

static void token_write(struct retort_buf *out, const struct token *token, const char *rev, const char *slug,
	const struct zone_time *time)
{
	const struct tm *clock = &time->clock;
	const long long numbers[] = {time->epoch, clock->tm_year + 1900LL, clock->tm_mon + 1LL,
		clock->tm_mday, clock->tm_hour, clock->tm_min, clock->tm_sec};
	size_t i = token_index(token, number_tokens, NUMBER_TOKENS);
	char text[WIDEST * 2];

	if (i == NUMBER_TOKENS) {
		retort_buf_str(out, token_index(token, text_tokens, TEXT_TOKENS) ? slug : rev);
		return;
	}
	if (token->kind == 's')
		snprintf(text, sizeof text, "%*lld", token->width, numbers[i]);
	else if (token->zero)
		snprintf(text, sizeof text, "%0*lld", token->width, numbers[i]);
	else
		snprintf(text, sizeof text, "%*.*lld", token->width, token->precision ? token->precision : 1,
			numbers[i]);
	retort_buf_str(out, text);
}

const char *template_name(struct retort_arena *arena, const char *template, const char *rev, const char *slug,
	const struct zone_time *time)
{
	struct retort_buf out;
	struct token token;
	size_t n;

	retort_buf_init(&out, arena);
	while (*template) {
		n = strcspn(template, "%");
		retort_buf_mem(&out, template, n);
		template += n;
		/* %%( is what alembic.ini needs for one %: no file name wants a real one there */
		template += text_starts(template, "%%(");
		if (*template == '%' && token_read(template + 1, &token)) {
			token_write(&out, &token, rev, slug, time);
			template = token.end;
		} else if (*template) {
			retort_buf_char(&out, '%');
			template += text_starts(template, "%%") ? 2 : 1;
		}
	}
	/* without a message nothing follows the last sign */
	if (!*slug)
		while (out.len > 1 && out.data[out.len - 1] == '_')
			out.data[--out.len] = 0;
	return out.data;
}

/* Whether a byte may be part of a word; what is not ASCII may, but for the blanks and punctuation of Latin-1
 * and U+2000 to U+206F, U+3000 to U+303F. */
static size_t word_character(const unsigned char *at)
{
	size_t n = 1;

	if (*at < 0x80)
		return (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
			(*at >= '0' && *at <= '9') || *at == '_';
	if (at[0] == 0xc2 && at[1] != 0xaa && at[1] != 0xb5 && at[1] != 0xba)
		return 0;
	if (at[0] == 0xe2 && (at[1] == 0x80 || (at[1] == 0x81 && at[2] < 0xb0)))
		return 0;
	if (at[0] == 0xe3 && at[1] == 0x80)
		return 0;
	while ((at[n] & 0xc0) == 0x80)
		n++;
	return n;
}

const char *template_slug(struct retort_arena *arena, const char *message, size_t limit)
{
	const unsigned char *at = (const unsigned char *)message;
	bool pending = false;
	struct retort_buf out;
	size_t n, cut, characters;

	retort_buf_init(&out, arena);
	for (; *at; at += n) {
		n = word_character(at);
		if (!n) {
			for (n = 1; (at[n] & 0xc0) == 0x80;)
				n++;
			pending = out.len > 0;
			continue;
		}
		if (pending)
			retort_buf_char(&out, '_');
		pending = false;
		if (n == 1 && *at >= 'A' && *at <= 'Z')
			retort_buf_char(&out, (char)(*at - 'A' + 'a'));
		else
			retort_buf_mem(&out, (const char *)at, n);
	}
	if (text_utf8_count(out.data, out.len) <= limit)
		return out.data;
	for (cut = 0, characters = 0; out.data[cut]; cut++) {
		characters += ((unsigned char)out.data[cut] & 0xc0) != 0x80;
		if (characters > limit)
			break;
	}
	out.data[cut] = 0;
	if (strrchr(out.data, '_'))
		*strrchr(out.data, '_') = 0;
	return retort_printf(arena, "%s_", out.data);
}

/* ---- files ---- */

/* Fills one line, without its end, into line. Returns whether it is to be kept, or -1. */
static int line_fill(struct retort_arena *arena, const char *from, size_t n, const struct map *values,
	struct retort_buf *line, struct retort_error *err)
{
	const char *at = retort_strndup(arena, from, n), *close, *value;
	size_t placeholders = 0, filled = 0;

	while (*at) {
		n = strcspn(at, "$");
		retort_buf_mem(line, at, n);
		at += n;
		close = text_starts(at, "${") ? strchr(at, '}') : NULL;
		if (text_starts(at, "$${")) {
			retort_buf_str(line, "${");
			at += 3;
		} else if (close && variables_is_name(at + 2, (size_t)(close - at - 2))) {
			value = map_get_n(values, at + 2, (size_t)(close - at - 2));
			if (!value)
				return retort_fail(err, RETORT_E_FILE, "unknown placeholder '%.*s'",
					(int)(close - at + 1 < ECHOED ? close - at + 1 : ECHOED), at);
			placeholders++;
			filled += *value != 0;
			while (*value == '\n' && line->len && line->data[line->len - 1] == ' ')
				line->data[--line->len] = 0;
			retort_buf_str(line, value);
			at = close + 1;
		} else if (*at) {
			retort_buf_char(line, *at++);
		}
	}
	return !placeholders || filled;
}

int template_fill(struct retort_arena *arena, const char *file, const char *text, const struct map *values,
	struct retort_buf *out, struct retort_error *err)
{
	unsigned number = 0;
	struct retort_buf line;
	size_t n;
	int keep;

	for (; *text; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		number++;
		if (text_starts(text, "##"))
			continue;
		retort_buf_init(&line, arena);
		keep = line_fill(arena, text, n, values, &line, err);
		if (keep < 0) {
			retort_error_at(err, file, number, 0);
			return -1;
		}
		if (keep) {
			retort_buf_mem(out, line.data, line.len);
			if (!line.len || line.data[line.len - 1] != '\n')
				retort_buf_char(out, '\n');
		}
	}
	return 0;
}
