/* SPDX-License-Identifier: MIT
 *
 * Names and strings as SQL. Nothing else in the program quotes.
 */
#include <string.h>

#include "retort/sql.h"

struct retort_render *retort_render_new(struct retort_arena *arena, const struct retort_dialect *dialect,
	unsigned version, const struct retort_schema *schema)
{
	struct retort_render *render = retort_alloc(arena, sizeof *render);

	render->size = sizeof *render;
	render->arena = arena;
	render->dialect = dialect;
	render->version = version;
	render->schema = schema ? schema : retort_schema_new(arena);
	render->plan = retort_alloc(arena, sizeof *render->plan);
	render->plan->arena = arena;
	return render;
}

bool retort_sql_has(const struct retort_render *render, uint64_t cap)
{
	const struct retort_dialect *dialect = render->dialect;
	uint64_t caps = dialect->caps_at ? dialect->caps_at(render->version) : dialect->caps;

	return (caps & cap) == cap;
}

/* Appends text between two quote characters, the closing one doubled inside. */
static void quoted(struct retort_buf *out, const char *text, char quote_open, char quote_close)
{
	retort_buf_char(out, quote_open);
	while (*text) {
		size_t plain = strcspn(text, (char[]){quote_close, 0});

		retort_buf_mem(out, text, plain);
		text += plain;
		if (*text) {
			retort_buf_char(out, quote_close);
			retort_buf_char(out, quote_close);
			text++;
		}
	}
	retort_buf_char(out, quote_close);
}

/* A word of small letters, which without quotes is read in capitals where the dialect says so. */
static bool is_small(const char *name)
{
	const char *rest = name + strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return !*rest && *name && !(*name >= '0' && *name <= '9');
}

void retort_sql_name(const struct retort_render *render, struct retort_buf *out, const char *name)
{
	size_t start = out->len;

	quoted(out, name, render->dialect->quote_open, render->dialect->quote_close);
	if (!(render->dialect->syntax & RETORT_SYNTAX_UPPER) || !is_small(name))
		return;
	for (char *at = out->data + start; *at; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
}

void retort_sql_qualified(const struct retort_render *render, struct retort_buf *out, const char *schema,
	const char *name)
{
	if (schema) {
		retort_sql_name(render, out, schema);
		retort_buf_char(out, '.');
	}
	retort_sql_name(render, out, name);
}

void retort_sql_names(const struct retort_render *render, struct retort_buf *out, const char *const *names,
	size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			retort_buf_str(out, ", ");
		retort_sql_name(render, out, names[i]);
	}
}

void retort_sql_string(const struct retort_render *render, struct retort_buf *out, const char *text)
{
	const char *special = render->dialect->syntax & RETORT_SYNTAX_BACKSLASH ? "'\\" : "'";

	retort_buf_char(out, '\'');
	while (*text) {
		size_t plain = strcspn(text, special);

		retort_buf_mem(out, text, plain);
		text += plain;
		if (*text) {
			retort_buf_char(out, *text);
			retort_buf_char(out, *text);
			text++;
		}
	}
	retort_buf_char(out, '\'');
}

void retort_sql_write(const struct retort_render *render, struct retort_buf *out, const char *format, ...)
{
	const char *text, *schema;
	va_list ap;

	va_start(ap, format);
	for (; *format; format++) {
		if (*format != '%' || *++format == '%') {
			retort_buf_char(out, *format);
			continue;
		}
		schema = *format == 't' ? va_arg(ap, const char *) : NULL;
		text = va_arg(ap, const char *);
		if (*format == 'n' || *format == 't')
			retort_sql_qualified(render, out, schema, text);
		else if (*format == 'q')
			retort_sql_string(render, out, text);
		else
			retort_buf_str(out, text);
	}
	va_end(ap);
}

static bool is_mark(const struct retort_token *token, char mark)
{
	return token->kind == RETORT_TOKEN_PUNCTUATION && token->len == 1 && *token->text == mark;
}

/* Whether the first parenthesis closes at the very end; *inner and *n: what stands between. */
static bool is_wrapped(unsigned syntax, const char *sql, const char **inner, size_t *n)
{
	const char *at = sql;
	struct retort_token token = retort_sql_word(syntax, &at);
	int depth = 1;

	if (!is_mark(&token, '('))
		return false;
	*inner = at;
	while (depth > 0) {
		token = retort_sql_word(syntax, &at);
		if (token.kind == RETORT_TOKEN_END || token.kind == RETORT_TOKEN_BROKEN)
			return false;
		depth += is_mark(&token, '(') - is_mark(&token, ')');
	}
	*n = (size_t)(token.text - *inner);
	return retort_sql_word(syntax, &at).kind == RETORT_TOKEN_END;
}

char *retort_sql_bare(struct retort_arena *arena, unsigned syntax, const char *sql)
{
	static const char blanks[] = " \t\r\n";
	char *text = retort_strdup(arena, sql);
	size_t n = strlen(text);
	const char *inner = text;

	do {
		text = retort_strndup(arena, inner + strspn(inner, blanks), n - strspn(inner, blanks));
		for (n = strlen(text); n > 0 && strchr(blanks, text[n - 1]);)
			text[--n] = 0;
	} while (is_wrapped(syntax, text, &inner, &n));
	return text;
}

void retort_sql_expression(struct retort_buf *out, const char *sql)
{
	const char *line = strrchr(sql, '\n');

	line = line ? line : sql;
	retort_buf_printf(out, "(%s%s)", sql, strstr(line, "--") || strchr(line, '#') ? "\n" : "");
}

void retort_sql_placeholder(const struct retort_render *render, struct retort_buf *out, size_t number)
{
	const char *placeholder = render->dialect->placeholder ? render->dialect->placeholder : "?";

	retort_buf_str(out, placeholder);
	if (strcmp(placeholder, "?") != 0)
		retort_buf_printf(out, "%zu", number);
}
