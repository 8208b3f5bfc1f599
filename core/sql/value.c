/* SPDX-License-Identifier: MIT
 *
 * Values as SQL: literals by type, functions, expressions.
 */
#include <string.h>

#include "sql/literal.h"
#include "retort/sql.h"

enum { SHORT_MAX = 128 };

const char *const *retort_sql_enum_values(const struct retort_render *render, const struct retort_type *type,
	size_t *count)
{
	const struct retort_enum *named;

	*count = type->value_count;
	if (type->value_count > 0 || !type->name || !render->schema)
		return type->values;
	named = retort_schema_enum(render->schema, type->schema, type->name);
	*count = named ? named->value_count : 0;
	return named ? named->values : NULL;
}

/* The generic form of a value already in its neutral form. */
static void generic_literal(const struct retort_render *render, struct retort_buf *out,
	enum retort_type_kind kind, const char *text)
{
	switch (kind) {
	case RETORT_TYPE_BOOLEAN:
		retort_buf_str(out, *text == 't' ? "TRUE" : "FALSE");
		break;
	case RETORT_TYPE_BINARY:
	case RETORT_TYPE_VARBINARY:
	case RETORT_TYPE_BLOB:
		retort_buf_printf(out, "X'%s'", text + 2);
		break;
	case RETORT_TYPE_TIMESTAMP:
		retort_buf_printf(out, "'%s+00'", text);
		break;
	default:
		retort_sql_string(render, out, text);
	}
}

int retort_sql_literal(struct retort_render *render, struct retort_buf *out, const struct retort_type *type,
	const char *text, struct retort_error *err)
{
	size_t start = out->len, length;
	enum retort_type_kind kind;
	char small[SHORT_MAX];
	const char *neutral;

	if (!text) {
		retort_buf_str(out, "NULL");
		return 0;
	}
	if (literal_append(out, render->schema, type, text, err))
		return -1;
	kind = literal_base_type(render->schema, type)->kind;
	if (literal_is_number(kind) && !render->dialect->literal)
		return 0;
	/* The neutral form is taken back out of the buffer and quoted from a copy. */
	length = out->len - start;
	if (strcmp(out->data + start, text) == 0) {
		neutral = text;
	} else if (length < sizeof small) {
		memcpy(small, out->data + start, length + 1);
		neutral = small;
	} else {
		neutral = retort_strndup(render->arena, out->data + start, length);
	}
	out->data[out->len = start] = 0;
	if (render->dialect->literal) {
		int rc = render->dialect->literal(render, type, neutral, out, err);

		if (rc != RETORT_PASS)
			return rc;
	}
	if (literal_is_number(kind))
		retort_buf_str(out, neutral);
	else
		generic_literal(render, out, kind, neutral);
	return 0;
}

/* now, today or uuid, as the dialect says it. */
static int sql_function(struct retort_render *render, struct retort_buf *out, const struct retort_type *type,
	const char *name, struct retort_error *err)
{
	const struct retort_dialect *dialect = render->dialect;
	int rc = dialect->function ? dialect->function(render, name, type, out, err) : RETORT_PASS;

	if (rc != RETORT_PASS)
		return rc;
	return retort_fail(err, RETORT_E_PLAN,
		"%s has no function '%s' for type %s: give a dialect map with {expression: ...}",
		dialect->name, name, retort_type_text(render->arena, type));
}

static int sql_value(struct retort_render *render, struct retort_buf *out, const struct retort_type *type,
	enum retort_default_kind kind, const char *text, struct retort_error *err)
{
	switch (kind) {
	case RETORT_DEFAULT_LITERAL:
		return retort_sql_literal(render, out, type, text, err);
	case RETORT_DEFAULT_FUNCTION:
		return sql_function(render, out, type, text, err);
	case RETORT_DEFAULT_EXPRESSION:
		retort_sql_expression(out, text);
		return 0;
	case RETORT_DEFAULT_NULL:
		retort_buf_str(out, "NULL");
		return 0;
	}
	return retort_fail(err, RETORT_E_INTERNAL, "unknown kind of value %d", (int)kind);
}

int retort_sql_default(struct retort_render *render, struct retort_buf *out, const struct retort_type *type,
	const struct retort_default *def, struct retort_error *err)
{
	return sql_value(render, out, type, def->kind, def->text, err);
}

int retort_sql_value(struct retort_render *render, struct retort_buf *out, const struct retort_type *type,
	const struct retort_value *value, struct retort_error *err)
{
	if (value->kind == RETORT_DEFAULT_FUNCTION &&
		literal_check_function(render->arena, render->schema, type, value->text, err))
		return -1;
	return sql_value(render, out, type, value->kind, value->text, err);
}
