/* SPDX-License-Identifier: MIT
 *
 * Constraints and indexes.
 */
#include <stdlib.h>
#include <string.h>

#include "dialect.h"
#include "inspect.h"

enum { INCLUDE_VERSION = 110000, DISTINCT_VERSION = 150000, SET_COLUMNS_VERSION = 150000 };

/* ---- constraints ---- */

/* %s: whether there are more columns than those of the key; whether NULLs are the same to a unique
 * constraint; whether an action is for some of the columns alone. */
#define CONSTRAINTS_SQL                                                                                      \
	"SELECT k.conrelid, k.conname, k.contype,"                                                           \
	" ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u(n, place)"                          \
	" JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.place),"              \
	" fn.nspname, f.relname,"                                                                            \
	" ARRAY(SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY u(n, place)"                         \
	" JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY u.place),"             \
	" k.confdeltype, k.confupdtype, k.confmatchtype, k.condeferrable, k.condeferred, k.convalidated,"    \
	" pg_get_expr(k.conbin, k.conrelid), am.amname,"                                                     \
	" CASE WHEN k.contype = 'x' THEN ARRAY(SELECT pg_get_indexdef(i.indexrelid, u.place::integer, "      \
	"false)"                                                                                             \
	" FROM unnest(k.conexclop) WITH ORDINALITY u(o, place) ORDER BY u.place) END,"                       \
	" CASE WHEN k.contype = 'x' THEN ARRAY(SELECT CASE WHEN i.indkey[u.place - 1] <> 0 THEN a.attname "  \
	"END"                                                                                                \
	" FROM unnest(k.conexclop) WITH ORDINALITY u(o, place) LEFT JOIN pg_attribute a"                     \
	" ON a.attrelid = k.conrelid AND a.attnum = i.indkey[u.place - 1] ORDER BY u.place) END,"            \
	" CASE WHEN k.contype = 'x' THEN ARRAY(SELECT o.oprname FROM unnest(k.conexclop)"                    \
	" WITH ORDINALITY u(o, place) JOIN pg_operator o ON o.oid = u.o ORDER BY u.place) END,"              \
	" pg_get_expr(i.indpred, i.indrelid), %s, %s, %s"                                                    \
	" FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"                                        \
	" LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace"  \
	" LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')"                \
	" LEFT JOIN pg_class ic ON ic.oid = i.indexrelid LEFT JOIN pg_am am ON am.oid = ic.relam"            \
	" WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND c.relnamespace = ANY ($1::oid[])"                 \
	" AND ($2::text[] IS NULL OR c.relname = ANY ($2::text[])) ORDER BY k.conrelid, k.oid"

enum constraint_column {
	CON_TABLE,
	CON_NAME,
	CON_KIND,
	CON_COLUMNS,
	CON_REF_SCHEMA,
	CON_REF_TABLE,
	CON_REF_COLUMNS,
	CON_DELETE,
	CON_UPDATE,
	CON_MATCH,
	CON_DEFERRABLE,
	CON_DEFERRED,
	CON_VALID,
	CON_EXPRESSION,
	CON_METHOD,
	CON_ELEMENTS,
	CON_ELEMENT_COLUMNS,
	CON_OPERATORS,
	CON_WHERE,
	CON_INCLUDE,
	CON_NOT_DISTINCT,
	CON_SET_COLUMNS
};

static enum retort_constraint_kind constraint_kind(char kind)
{
	return kind == 'p'    ? RETORT_PRIMARY_KEY
		: kind == 'u' ? RETORT_UNIQUE
		: kind == 'f' ? RETORT_FOREIGN_KEY
		: kind == 'c' ? RETORT_CHECK
			      : RETORT_EXCLUDE;
}

static enum retort_action action_of(char action)
{
	return action == 'r'    ? RETORT_ACTION_RESTRICT
		: action == 'c' ? RETORT_ACTION_CASCADE
		: action == 'n' ? RETORT_ACTION_SET_NULL
		: action == 'd' ? RETORT_ACTION_SET_DEFAULT
				: RETORT_ACTION_NONE;
}

static void read_references(struct inspection *inspection, struct retort_constraint *constraint,
	const PGresult *result, int row)
{
	struct retort_references *references = retort_constraint_refer(inspection->arena, constraint,
		inspect_schema_name(inspection, PQgetvalue(result, row, CON_REF_SCHEMA)),
		inspect_text(inspection, result, row, CON_REF_TABLE));

	references->columns = inspect_array(inspection->arena, PQgetvalue(result, row, CON_REF_COLUMNS),
		&references->column_count);
	references->on_delete = action_of(*PQgetvalue(result, row, CON_DELETE));
	references->on_update = action_of(*PQgetvalue(result, row, CON_UPDATE));
	if (*PQgetvalue(result, row, CON_MATCH) == 'f')
		constraint->match = "full";
}

static void read_exclude(struct inspection *inspection, struct retort_constraint *constraint,
	const PGresult *result, int row)
{
	struct retort_arena *arena = inspection->arena;
	size_t count, ignored;
	const char **texts = inspect_array(arena, PQgetvalue(result, row, CON_ELEMENTS), &count);
	const char **columns = inspect_array(arena, PQgetvalue(result, row, CON_ELEMENT_COLUMNS), &ignored);
	const char **operators = inspect_array(arena, PQgetvalue(result, row, CON_OPERATORS), &ignored);
	const struct retort_exclude_element **elements = NULL;

	constraint->column_count = 0;
	constraint->columns = NULL;
	constraint->method = inspect_text(inspection, result, row, CON_METHOD);
	for (size_t i = 0; i < count; i++) {
		struct retort_exclude_element *element = retort_alloc(arena, sizeof *element);

		element->column = columns[i];
		if (!columns[i])
			element->expression = retort_text_new(arena, expression_bare(arena, texts[i]));
		element->with = operators[i];
		RETORT_PUSH(arena, elements, constraint->element_count, element);
	}
	constraint->elements = elements;
	if (!PQgetisnull(result, row, CON_WHERE))
		constraint->expression = retort_text_new(arena,
			expression_bare(arena, inspect_text(inspection, result, row, CON_WHERE)));
}

static void tell_constraint(struct inspection *inspection, const char *table, const char *name,
	const PGresult *result, int row)
{
	static const struct {
		enum constraint_column column;
		const char *what;
	} lost[] = {
		{CON_INCLUDE, "has columns beside its key"},
		{CON_NOT_DISTINCT, "takes NULLs for the same"},
		{CON_SET_COLUMNS, "sets only some of its columns"},
	};

	for (size_t i = 0; i < sizeof lost / sizeof *lost; i++)
		if (inspect_true(result, row, (int)lost[i].column))
			inspect_unmodelled(inspection, "constraint '%s' of '%s' %s", name, table,
				lost[i].what);
}

static int take_constraint(struct inspection *inspection, const PGresult *result, int row)
{
	struct retort_table *table = inspect_table(inspection, PQgetvalue(result, row, CON_TABLE));
	struct retort_constraint *constraint;

	if (!table)
		return 0;
	constraint = retort_table_add_constraint(inspection->arena, table,
		constraint_kind(*PQgetvalue(result, row, CON_KIND)), PQgetvalue(result, row, CON_NAME));
	if (constraint->kind != RETORT_CHECK)
		constraint->columns = inspect_array(inspection->arena, PQgetvalue(result, row, CON_COLUMNS),
			&constraint->column_count);
	constraint->deferrable = inspect_true(result, row, CON_DEFERRABLE);
	if (inspect_true(result, row, CON_DEFERRED))
		constraint->initially = RETORT_INITIALLY_DEFERRED;
	constraint->not_valid = !inspect_true(result, row, CON_VALID);
	if (constraint->kind == RETORT_FOREIGN_KEY)
		read_references(inspection, constraint, result, row);
	else if (constraint->kind == RETORT_EXCLUDE)
		read_exclude(inspection, constraint, result, row);
	else if (constraint->kind == RETORT_CHECK)
		constraint->expression = retort_text_new(inspection->arena,
			expression_bare(inspection->arena,
				inspect_text(inspection, result, row, CON_EXPRESSION)));
	tell_constraint(inspection, table->name, constraint->name, result, row);
	return 0;
}

int inspect_constraints(struct inspection *inspection)
{
	const char *sql = retort_printf(inspection->arena, CONSTRAINTS_SQL,
		inspection->version >= INCLUDE_VERSION ? "coalesce(i.indnkeyatts < i.indnatts, false)"
						       : "false",
		inspection->version >= DISTINCT_VERSION ? "coalesce(i.indnullsnotdistinct, false)" : "false",
		inspection->version >= SET_COLUMNS_VERSION ? "k.confdelsetcols IS NOT NULL" : "false");

	return inspect_rows(inspection, sql, take_constraint);
}

/* ---- indexes ---- */

#define INDEXES_SQL                                                                                          \
	"SELECT i.indrelid, ic.relname, i.indisunique, am.amname, %s, keys.columns, keys.texts, "            \
	"keys.opclasses,"                                                                                    \
	" keys.collations, i.indoption::text, pg_get_expr(i.indpred, i.indrelid),"                           \
	" i.indisvalid OR ic.relkind <> 'i',"                                                                \
	" array_to_string(ic.reloptions, ', '), %s"                                                          \
	" FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam"      \
	" JOIN pg_class c ON c.oid = i.indrelid CROSS JOIN LATERAL (SELECT"                                  \
	" array_agg(CASE WHEN i.indkey[k] <> 0 THEN a.attname END ORDER BY k) AS columns,"                   \
	" array_agg(pg_get_indexdef(i.indexrelid, k + 1, false) ORDER BY k) AS texts,"                       \
	" array_agg(CASE WHEN NOT o.opcdefault THEN o.opcname END ORDER BY k) AS opclasses,"                 \
	" array_agg(CASE WHEN i.indcollation[k] <> coalesce(a.attcollation, i.indcollation[k])"              \
	" THEN l.collname END ORDER BY k) AS collations"                                                     \
	" FROM generate_subscripts(i.indkey, 1) k"                                                           \
	" LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] AND i.indkey[k] "   \
	"<> 0"                                                                                               \
	" LEFT JOIN pg_opclass o ON o.oid = i.indclass[k]"                                                   \
	" LEFT JOIN pg_collation l ON l.oid = i.indcollation[k]) keys"                                       \
	" WHERE c.relkind IN ('r', 'p') AND c.relnamespace = ANY ($1::oid[])"                                \
	" AND ($2::text[] IS NULL OR c.relname = ANY ($2::text[]))"                                          \
	" AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid"                       \
	" AND k.contype IN ('p', 'u', 'x')) ORDER BY i.indrelid, i.indexrelid"

enum index_column {
	IND_TABLE,
	IND_NAME,
	IND_UNIQUE,
	IND_METHOD,
	IND_KEYS,
	IND_COLUMNS,
	IND_TEXTS,
	IND_OPCLASSES,
	IND_COLLATIONS,
	IND_OPTIONS,
	IND_WHERE,
	IND_VALID,
	IND_STORAGE,
	IND_NOT_DISTINCT
};

/* Bit 0 of an index column's option: descending; bit 1: NULLs first (pg_index.indoption). */
static void read_order(struct retort_index_column *key, unsigned long option)
{
	bool descending = option & 1, first = (option & 2) != 0;

	key->order = descending ? RETORT_ORDER_DESC : RETORT_ORDER_NONE;
	if (first != descending)
		key->nulls = first ? RETORT_NULLS_FIRST : RETORT_NULLS_LAST;
}

static void read_keys(struct inspection *inspection, struct retort_index *index, const PGresult *result,
	int row)
{
	struct retort_arena *arena = inspection->arena;
	size_t count, ignored, keys = strtoul(PQgetvalue(result, row, IND_KEYS), NULL, 10);
	const char **columns = inspect_array(arena, PQgetvalue(result, row, IND_COLUMNS), &count);
	const char **texts = inspect_array(arena, PQgetvalue(result, row, IND_TEXTS), &ignored);
	const char **opclasses = inspect_array(arena, PQgetvalue(result, row, IND_OPCLASSES), &ignored);
	const char **collations = inspect_array(arena, PQgetvalue(result, row, IND_COLLATIONS), &ignored);
	const char *option = PQgetvalue(result, row, IND_OPTIONS);
	const char **include = NULL;

	for (size_t i = 0; i < count; i++) {
		struct retort_index_column *key;
		char *end;

		if (i >= keys) {
			RETORT_PUSH(arena, include, index->include_count, columns[i]);
			continue;
		}
		key = retort_index_add_column(arena, index, columns[i]);
		if (!columns[i])
			key->expression = retort_text_new(arena, expression_bare(arena, texts[i]));
		key->opclass = opclasses[i];
		key->collation = collations[i];
		read_order(key, strtoul(option, &end, 10));
		option = end;
	}
	index->include = include;
}

static int take_index(struct inspection *inspection, const PGresult *result, int row)
{
	struct retort_table *table = inspect_table(inspection, PQgetvalue(result, row, IND_TABLE));
	const char *name = PQgetvalue(result, row, IND_NAME), *method = PQgetvalue(result, row, IND_METHOD);
	struct retort_index *index;

	if (!table)
		return 0;
	/* It serves nobody: to the model it isn't there. */
	if (!inspect_true(result, row, IND_VALID)) {
		inspect_unmodelled(inspection, "index '%s' of '%s' is invalid: drop it or REINDEX it", name,
			table->name);
		return 0;
	}
	index = retort_table_add_index(inspection->arena, table, name);
	index->unique = inspect_true(result, row, IND_UNIQUE);
	if (strcmp(method, "btree") != 0)
		index->method = retort_strdup(inspection->arena, method);
	read_keys(inspection, index, result, row);
	if (!PQgetisnull(result, row, IND_WHERE))
		index->where = retort_text_new(inspection->arena,
			expression_bare(inspection->arena, inspect_text(inspection, result, row, IND_WHERE)));
	if (!PQgetisnull(result, row, IND_STORAGE))
		inspect_unmodelled(inspection, "index '%s' of '%s' has storage parameters: %s", name,
			table->name, PQgetvalue(result, row, IND_STORAGE));
	if (inspect_true(result, row, IND_NOT_DISTINCT))
		inspect_unmodelled(inspection, "index '%s' of '%s' takes NULLs for the same", name,
			table->name);
	return 0;
}

int inspect_indexes(struct inspection *inspection)
{
	const char *sql = retort_printf(inspection->arena, INDEXES_SQL,
		inspection->version >= INCLUDE_VERSION ? "i.indnkeyatts" : "i.indnatts",
		inspection->version >= DISTINCT_VERSION ? "i.indnullsnotdistinct" : "false");

	return inspect_rows(inspection, sql, take_index);
}
