/* SPDX-License-Identifier: MIT */
#include "engine/touched.h"

#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "model/replay.h"
#include "script/revision.h"

enum { HEAD_MAX = 40 /* words before the name, e.g. of CREATE DEFINER = ... VIEW */ };

/* ---- by the operation ---- */

static void add(struct touched *touched, enum family family, const char *schema, const char *name)
{
	if (name && touched->count < TOUCHED_MOST)
		touched->objects[touched->count++] =
			(struct touched_object){.family = family, .schema = schema, .name = name};
}

/* The tables that an operation on tables changes. */
static void by_operation(const struct retort_op *op, struct touched *ret)
{
	ret->effect = TOUCHED_REPLAYED;
	if (op->kind == RETORT_OP_CREATE_TABLE) {
		add(ret, FAMILY_TABLE, op->create->schema ? op->create->schema : op->schema,
			op->create->name);
	} else if (op->kind == RETORT_OP_DROP_TABLE || op->kind == RETORT_OP_RENAME_TABLE) {
		add(ret, FAMILY_TABLE, op->schema, op->name ? op->name : op->table);
		if (op->kind == RETORT_OP_RENAME_TABLE)
			add(ret, FAMILY_TABLE, op->schema, op->to);
	} else if (replay_is_table_op(op)) {
		add(ret, FAMILY_TABLE, op->schema, op->table);
	}
}

/* ---- by the words ---- */

/* What CREATE and DROP are said of. */
static const struct {
	const char *word;
	enum family family;
	const char *within;
} things[] = {
	{"TABLE", FAMILY_TABLE, NULL},
	{"INDEX", FAMILY_TABLE, NULL}, /* of a table */
	{"VIEW", FAMILY_VIEW, NULL},
	{"TRIGGER", FAMILY_TRIGGER, NULL},
	{"FUNCTION", FAMILY_ROUTINE, "function"},
	{"PROCEDURE", FAMILY_ROUTINE, "procedure"},
	{"SEQUENCE", FAMILY_SEQUENCE, NULL},
	{"TYPE", FAMILY_ENUM, NULL},
	{"DOMAIN", FAMILY_DOMAIN, NULL},
	{"EXTENSION", FAMILY_EXTENSION, NULL},
};

/* A statement as it is read. */
struct words {
	unsigned syntax;
	const char *at;
	struct retort_token token;
};

static void next_word(struct words *words)
{
	words->token = retort_sql_word(words->syntax, &words->at);
}

static bool word_is(const struct words *words, const char *word)
{
	return retort_token_is(&words->token, word);
}

static bool ends(const struct words *words)
{
	return words->token.kind == RETORT_TOKEN_END || words->token.kind == RETORT_TOKEN_BROKEN;
}

static bool is_punctuation(const struct words *words, char c)
{
	return words->token.kind == RETORT_TOKEN_PUNCTUATION && *words->token.text == c;
}

/* Which of the things the words come to; their number where none is among the first. */
static size_t find_thing(struct words *words)
{
	const size_t count = sizeof things / sizeof *things;

	for (int i = 0; i < HEAD_MAX && !ends(words) && !is_punctuation(words, '('); i++, next_word(words)) {
		if (word_is(words, "TEMPORARY") || word_is(words, "TEMP"))
			return count;
		for (size_t k = 0; k < count; k++)
			if (word_is(words, things[k].word)) {
				next_word(words);
				return k;
			}
	}
	return count;
}

/* A name, which may be qualified; IF EXISTS and the like are passed over. */
static bool read_name(struct words *words, struct retort_arena *arena, struct touched_object *object)
{
	while (word_is(words, "IF") || word_is(words, "NOT") || word_is(words, "EXISTS") ||
		word_is(words, "CONCURRENTLY"))
		next_word(words);
	if (words->token.kind != RETORT_TOKEN_WORD && words->token.kind != RETORT_TOKEN_QUOTED)
		return false;
	object->name = retort_token_name(arena, &words->token);
	next_word(words);
	if (is_punctuation(words, '.')) {
		next_word(words);
		if (words->token.kind != RETORT_TOKEN_WORD && words->token.kind != RETORT_TOKEN_QUOTED)
			return false;
		object->schema = object->name;
		object->name = retort_token_name(arena, &words->token);
		next_word(words);
	}
	return true;
}

/* CREATE and DROP of one thing, and ALTER TABLE. */
static void by_words(struct retort_arena *arena, unsigned syntax, const char *sql, struct touched *ret)
{
	struct touched_object object = {0};
	struct words words = {.syntax = syntax, .at = sql ? sql : ""};
	enum touched_effect effect = TOUCHED_UNKNOWN;
	size_t thing;

	next_word(&words);
	if (word_is(&words, "CREATE"))
		effect = TOUCHED_MADE;
	else if (word_is(&words, "DROP"))
		effect = TOUCHED_REMOVED;
	else if (!word_is(&words, "ALTER"))
		return;
	next_word(&words);
	thing = find_thing(&words);
	if (thing == sizeof things / sizeof *things || !read_name(&words, arena, &object))
		return;
	object.family = things[thing].family;
	object.within = things[thing].within;
	if (strcmp(things[thing].word, "INDEX") == 0) {
		object.index = object.name;
		object.schema = NULL;
		if (!word_is(&words, "ON"))
			return;
		next_word(&words);
		if (!read_name(&words, arena, &object))
			return;
	}
	if (effect == TOUCHED_REMOVED && is_punctuation(&words, ','))
		return;
	ret->effect = effect;
	ret->count = 1;
	ret->objects[0] = object;
}

void touched_by(const struct session *session, struct retort_arena *arena,
	const struct retort_statement *statement, struct touched *ret)
{
	struct touched named = {0};

	*ret = (struct touched){0};
	if (statement->kind != RETORT_STATEMENT_SQL)
		return;
	if (statement->op)
		by_operation(statement->op, ret);
	by_words(arena, session->dialect->syntax, statement->sql, &named);
	/* What follows a table's change, e.g. its views, is none of the table's. */
	if (!ret->count || (named.count && named.objects[0].family != FAMILY_TABLE))
		*ret = named;
}

/* ---- the catalog ---- */

int touched_inspect(struct session *session, struct retort_arena *arena, const struct touched *touched,
	struct retort_schema **live, struct retort_error *err)
{
	const char *names[TOUCHED_MOST], *schemas[TOUCHED_MOST + 1];
	struct retort_inspect_options options = {.size = sizeof options, .schemas = schemas, .tables = names};

	schemas[options.schema_count++] = NULL;
	for (size_t i = 0; i < touched->count; i++) {
		if (touched->objects[i].family == FAMILY_TABLE)
			names[options.table_count++] = touched->objects[i].name;
		if (touched->objects[i].schema)
			schemas[options.schema_count++] = touched->objects[i].schema;
	}
	if (session->driver->inspect(session->conn, &options, arena, live, err) < 0)
		return -1;
	return session->dialect->normalize ? session->dialect->normalize(arena, *live, err) : 0;
}

const char *touched_key(struct retort_arena *arena, const struct touched_object *object)
{
	return retort_printf(arena, "%s %s%s%s%s%s", family_word(object->family),
		object->schema ? object->schema : "", object->schema ? "." : "", object->name,
		object->index ? " " : "", object->index ? object->index : "");
}

static bool is_same(const struct touched_object *object, void *item,
	int (*compare)(const char *, const char *))
{
	const struct retort_routine *routine = object->family == FAMILY_ROUTINE ? item : NULL;
	const char *schema = family_item_schema(object->family, item);

	if (compare(family_item_name(object->family, item), object->name) != 0 ||
		(schema && object->schema && compare(schema, object->schema) != 0))
		return false;
	return !routine || !object->within ||
		(strcmp(object->within, "procedure") == 0) == (routine->kind == RETORT_PROCEDURE);
}

/* The object, or NULL: the one of just this name, else one that an unquoted name may mean. */
static void *find(const struct retort_schema *live, const struct touched_object *object)
{
	int (*const compare[])(const char *, const char *) = {strcmp, strcasecmp};

	for (size_t k = 0; k < sizeof compare / sizeof *compare; k++)
		for (size_t i = 0; i < family_count(live, object->family); i++)
			if (is_same(object, family_item(live, object->family, i), compare[k]))
				return family_item(live, object->family, i);
	return NULL;
}

bool touched_exists(const struct retort_schema *live, const struct touched_object *object)
{
	const struct retort_table *table = find(live, object);

	if (!table || !object->index)
		return table != NULL;
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i]->name && strcasecmp(table->indexes[i]->name, object->index) == 0)
			return true;
	for (size_t i = 0; i < table->constraint_count; i++)
		if (table->constraints[i]->name &&
			strcasecmp(table->constraints[i]->name, object->index) == 0)
			return true;
	return false;
}

/* The operation that would make an object, and its stored text. */
static struct retort_op making(enum family family, void *item, const char **definition)
{
	struct retort_op op = {0};

	*definition = NULL;
	switch (family) {
	case FAMILY_TABLE:
		op.kind = RETORT_OP_CREATE_TABLE;
		op.create = item;
		op.table = op.create->name;
		*definition = op.create->definition;
		break;
	case FAMILY_VIEW:
		op.kind = RETORT_OP_CREATE_VIEW;
		op.view = item;
		*definition = op.view->definition;
		break;
	case FAMILY_ROUTINE:
		op.kind = RETORT_OP_CREATE_ROUTINE;
		op.routine = item;
		break;
	case FAMILY_TRIGGER:
		op.kind = RETORT_OP_CREATE_TRIGGER;
		op.trigger = item;
		op.table = op.trigger->table;
		*definition = op.trigger->definition;
		break;
	case FAMILY_SEQUENCE:
		op.kind = RETORT_OP_CREATE_SEQUENCE;
		op.sequence = item;
		break;
	case FAMILY_ENUM:
		op.kind = RETORT_OP_CREATE_ENUM;
		op.enumeration = item;
		break;
	case FAMILY_DOMAIN:
		op.kind = RETORT_OP_CREATE_DOMAIN;
		op.domain = item;
		break;
	case FAMILY_EXTENSION:
	case FAMILY_COUNT:
	default:
		op.kind = RETORT_OP_CREATE_EXTENSION;
		op.extension = item;
		break;
	}
	op.name = family_item_name(family, item);
	op.schema = family_item_schema(family, item);
	return op;
}

const char *touched_fingerprint(struct retort_arena *arena, const struct retort_schema *live,
	const struct touched_object *object)
{
	void *item = find(live, object);
	const struct retort_op *list[1];
	const char *definition;
	struct digest digest;
	struct retort_buf text;
	struct retort_op op;
	char hex[65];

	if (!item)
		return "absent";
	op = making(object->family, item, &definition);
	list[0] = &op;
	retort_buf_init(&text, arena);
	script_ops_json(&text, list, 1);
	digest_init(&digest);
	digest_add(&digest, text.data, text.len);
	digest_add_field(&digest, definition);
	for (size_t i = 0; op.create && i < op.create->index_count; i++)
		digest_add_field(&digest, op.create->indexes[i]->definition);
	digest_hex(&digest, hex);
	return retort_strdup(arena, hex);
}
