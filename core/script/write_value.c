/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/file.h"
#include "script/write.h"
#include "sql/literal.h"

struct node *node_new(struct writer *writer, enum node_kind kind, const char *text)
{
	struct node *node = retort_alloc(writer->arena, sizeof *node);

	node->kind = kind;
	node->text = text;
	return node;
}

void node_add(struct writer *writer, struct node *node, struct node *item)
{
	RETORT_PUSH(writer->arena, node->items, node->count, item);
}

void node_put(struct writer *writer, struct node *node, const char *key, struct node *item)
{
	RETORT_PUSH(writer->arena, node->keys, node->key_count, key);
	RETORT_PUSH(writer->arena, node->items, node->count, item);
}

#define GET(type) (*(const type *)(const void *)((const char *)base + field->offset))
#define GET_COUNT(type) (*(const type *)(const void *)((const char *)base + field->count))

/* ---- plain values ---- */

static struct node *text(struct writer *writer, const struct field *field, const void *base)
{
	const char *value = GET(char *);

	if (!value)
		return field->flags & FIELD_REQUIRED && field->flags & FIELD_NULL
			? node_new(writer, NODE_NULL, NULL)
			: NULL;
	return node_new(writer, NODE_TEXT, value);
}

static struct node *choice(struct writer *writer, const struct field *field, const void *base)
{
	const char *const *words = field->detail;
	int value = GET(int);

	if (field->count ? !GET_COUNT(bool) : !value)
		return NULL;
	if (words == field_auto_words && value == RETORT_AUTO_BY_DEFAULT)
		return node_new(writer, NODE_RAW, words[value]);
	return node_new(writer, NODE_TEXT, words[value]);
}

static struct node *boolean(struct writer *writer, const struct field *field, const void *base)
{
	bool usual = field->flags & FIELD_TRUE;

	return GET(bool) == usual ? NULL : node_new(writer, NODE_RAW, usual ? "false" : "true");
}

static struct node *number(struct writer *writer, long long value)
{
	return node_new(writer, NODE_RAW, retort_printf(writer->arena, "%lld", value));
}

static struct node *write_int(struct writer *writer, const struct field *field, const void *base)
{
	return GET(int) >= 0 ? number(writer, GET(int)) : NULL;
}

static struct node *write_unsigned(struct writer *writer, const struct field *field, const void *base)
{
	return GET(unsigned) ? number(writer, GET(unsigned)) : NULL;
}

static struct node *write_ulong(struct writer *writer, const struct field *field, const void *base)
{
	unsigned long value = *(const unsigned long *)(const void *)((const char *)base + field->offset);

	return value ? number(writer, (long long)value) : NULL;
}

static struct node *write_long_long(struct writer *writer, const struct field *field, const void *base)
{
	long long value = *(const long long *)(const void *)((const char *)base + field->offset);

	return value ? number(writer, value) : NULL;
}

static struct node *texts(struct writer *writer, const struct field *field, const void *base)
{
	const char *const *items =
		*(const char *const *const *)(const void *)((const char *)base + field->offset);
	size_t count = GET_COUNT(size_t), i;
	struct node *ret = count ? node_new(writer, NODE_LIST, NULL) : NULL;

	for (i = 0; i < count; i++)
		node_add(writer, ret, node_new(writer, NODE_TEXT, items[i]));
	return ret;
}

static struct node *shorthand(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_shorthand *value = (const void *)((const char *)base + field->offset);

	if (!value->on)
		return NULL;
	return value->name ? node_new(writer, NODE_TEXT, value->name) : node_new(writer, NODE_RAW, "true");
}

/* ---- SQL ---- */

const char *write_escaped(struct writer *writer, const char *value)
{
	const char *at, *found;
	struct retort_buf out;

	if (!strstr(value, "${"))
		return value;
	retort_buf_init(&out, writer->arena);
	for (at = value; (found = strstr(at, "${")); at = found + 2) {
		retort_buf_mem(&out, at, (size_t)(found - at));
		retort_buf_str(&out, "$${");
	}
	retort_buf_str(&out, at);
	return out.data;
}

/* One answer of a text. */
static struct node *write_answer(struct writer *writer, const char *sql, const char *file,
	const char *written, bool statements)
{
	struct node *ret;

	if (!sql)
		return node_new(writer, NODE_NULL, NULL);
	if (writer->mode == WRITE_COMPLETE || !written)
		written = statements ? write_escaped(writer, sql) : sql;
	if (!file || writer->mode == WRITE_COMPLETE)
		return node_new(writer, NODE_SQL, written);
	ret = node_new(writer, NODE_RECORD, NULL);
	node_put(writer, ret, "file", node_new(writer, NODE_TEXT, file));
	if (writer->mode == WRITE_CHECKSUM)
		node_put(writer, ret, "text", node_new(writer, NODE_SQL, written));
	return ret;
}

static struct node *write_text(struct writer *writer, const struct retort_text *value, bool statements)
{
	struct node *ret;
	size_t i;

	if (!value)
		return NULL;
	if (!value->variant_count)
		return write_answer(writer, value->sql, value->file, value->written, statements);
	ret = node_new(writer, NODE_MAP, NULL);
	for (i = 0; i < value->variant_count; i++) {
		const struct retort_variant *variant = &value->variants[i];

		node_put(writer, ret, variant->dialect,
			write_answer(writer, variant->sql, variant->file, variant->written, statements));
	}
	return ret;
}

static struct node *sql(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_text *value = GET(struct retort_text *);

	return write_text(writer, value, field->kind == FIELD_STATEMENTS);
}

static struct node *name_by_dialect(struct writer *writer, const struct field *field, const void *base)
{
	struct field all = *field;

	all.offset = field->count;
	return *(const struct retort_text *const *)(const void *)((const char *)base + all.offset)
		? sql(writer, &all, base)
		: text(writer, field, base);
}

static struct node *where(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_op *op = base;

	(void)field;
	if (op->where)
		return write_text(writer, op->where, false);
	return op->rows && !op->where_all ? NULL : node_new(writer, NODE_TEXT, "all");
}

/* ---- types and defaults ---- */

static struct node *type(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_type *value = GET(struct retort_type *);
	const struct retort_text *native = value ? value->native_variants : NULL;
	struct node *ret;
	size_t i;

	if (!value || (value->kind == RETORT_TYPE_NONE && !native))
		return NULL;
	if (value->kind == RETORT_TYPE_NATIVE) {
		ret = node_new(writer, NODE_RECORD, NULL);
		node_put(writer, ret, "native", node_new(writer, NODE_TEXT, value->native));
		return ret;
	}
	if (!native)
		return node_new(writer, NODE_TEXT, retort_type_text(writer->arena, value));
	ret = node_new(writer, NODE_MAP, NULL);
	if (value->kind != RETORT_TYPE_NONE) {
		struct retort_type neutral = *value;

		neutral.native_variants = NULL;
		node_put(writer, ret, "default",
			node_new(writer, NODE_TEXT, retort_type_text(writer->arena, &neutral)));
	}
	for (i = 0; i < native->variant_count; i++)
		node_put(writer, ret, native->variants[i].dialect,
			node_new(writer, NODE_TEXT, native->variants[i].sql));
	return ret;
}

/* Whether a literal of a type is the same to every reader as a number or truth. */
static bool is_raw(const struct retort_type *of, const char *value)
{
	const char *at = value + (*value == '-');
	size_t digits = strspn(at, "0123456789");

	if (!of)
		return false;
	if (of->kind == RETORT_TYPE_BOOLEAN)
		return !strcmp(value, "true") || !strcmp(value, "false");
	if (!literal_is_number(of->kind) || !digits || digits > 15 || (*at == '0' && digits > 1))
		return false;
	at += digits;
	if (*at == '.' && at[1]) {
		at += 1 + strspn(at + 1, "0123456789");
		return !*at;
	}
	return !*at;
}

struct node *write_default(struct writer *writer, enum retort_default_kind kind, const char *value,
	const struct retort_default_variant *variants, size_t count)
{
	struct node *ret;
	size_t i;

	if (count) {
		ret = node_new(writer, NODE_MAP, NULL);
		for (i = 0; i < count; i++) {
			const struct retort_default *one = variants[i].value;

			node_put(writer, ret, variants[i].dialect,
				one ? write_default(writer, one->kind, one->text, NULL, 0)
				    : node_new(writer, NODE_NULL, NULL));
		}
		return ret;
	}
	if (kind == RETORT_DEFAULT_NULL || !value)
		return node_new(writer, NODE_NULL, NULL);
	if (kind == RETORT_DEFAULT_LITERAL)
		return node_new(writer, is_raw(writer->type, value) ? NODE_RAW : NODE_TEXT, value);
	ret = node_new(writer, NODE_RECORD, NULL);
	if (kind == RETORT_DEFAULT_FUNCTION)
		node_put(writer, ret, "function", node_new(writer, NODE_TEXT, value));
	else
		node_put(writer, ret, "expression", node_new(writer, NODE_SQL, value));
	return ret;
}

static struct node *fallback(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_default *value = GET(struct retort_default *);

	return value ? write_default(writer, value->kind, value->text, value->variants, value->variant_count)
		     : NULL;
}

static struct node *value_node(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_value *value = GET(struct retort_value *);

	return value ? write_default(writer, value->kind, value->text, value->variants, value->variant_count)
		     : NULL;
}

/* ---- references ---- */

/* Whether a name can stand in the short form. */
static bool is_simple(const char *name)
{
	return name && *name && *name != ' ' && name[strlen(name) - 1] != ' ' &&
		!name[strcspn(name, ".(),\n")];
}

static struct node *references(struct writer *writer, const struct field *field, const void *base)
{
	const struct retort_references *value = GET(struct retort_references *);
	struct retort_buf out;
	bool simple;
	size_t i;

	if (!value)
		return NULL;
	simple = is_simple(value->table) && (!value->schema || is_simple(value->schema));
	for (i = 0; i < value->column_count; i++)
		simple = simple && is_simple(value->columns[i]);
	if (!simple)
		return write_object(writer, &object_references, value, true);
	retort_buf_init(&out, writer->arena);
	if (value->schema)
		retort_buf_printf(&out, "%s.", value->schema);
	retort_buf_str(&out, value->table);
	for (i = 0; i < value->column_count; i++)
		retort_buf_printf(&out, "%s%s", i ? ", " : "(", value->columns[i]);
	if (value->column_count)
		retort_buf_char(&out, ')');
	return node_new(writer, NODE_TEXT, out.data);
}

/* How each kind is written. */
static write_fn *const writers[FIELD_KIND_COUNT] = {
	[FIELD_NAME] = text,
	[FIELD_TEXT] = text,
	[FIELD_WORD] = text,
	[FIELD_CHOICE] = choice,
	[FIELD_BOOL] = boolean,
	[FIELD_INT] = write_int,
	[FIELD_UNSIGNED] = write_unsigned,
	[FIELD_ULONG] = write_ulong,
	[FIELD_LONG_LONG] = write_long_long,
	[FIELD_NAMES] = texts,
	[FIELD_TEXTS] = texts,
	[FIELD_DIALECTS] = texts,
	[FIELD_SQL] = sql,
	[FIELD_STATEMENTS] = sql,
	[FIELD_FILE_SQL] = sql,
	[FIELD_WHERE] = where,
	[FIELD_NAME_BY_DIALECT] = name_by_dialect,
	[FIELD_TYPE] = type,
	[FIELD_DEFAULT] = fallback,
	[FIELD_VALUE] = value_node,
	[FIELD_SHORTHAND] = shorthand,
	[FIELD_REFERENCES] = references,
	[FIELD_PART] = write_part,
	[FIELD_OBJECTS] = write_objects,
	[FIELD_OBJECT] = write_one_object,
	[FIELD_OPTIONS] = write_options,
	[FIELD_OPS] = write_op_list,
	[FIELD_PARTS] = write_parts,
	[FIELD_REVERSE] = write_reverse,
	[FIELD_LINT_IGNORE] = write_lint_ignore,
	[FIELD_ROWS] = write_rows,
	[FIELD_FILE] = write_file_path,
	[FIELD_COLUMN_MAP] = write_column_map,
	[FIELD_CONFLICT] = write_conflict,
	[FIELD_SET] = write_set,
	[FIELD_MAPPING] = write_mapping,
	[FIELD_ENV] = write_env,
};

struct node *write_field(struct writer *writer, const struct field *field, const void *base)
{
	if (field->flags & FIELD_READ_ONLY)
		return NULL;
	return writers[field->kind](writer, field, base);
}
