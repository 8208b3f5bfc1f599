/* SPDX-License-Identifier: MIT
 *
 * Sequences, routines, triggers, schemas and extensions.
 */
#include <stdlib.h>
#include <string.h>

#include "dialect.h"
#include "inspect.h"

enum { KIND_VERSION = 110000 /* pg_proc.prokind, pg_aggregate.aggfinalmodify */ };

/* ---- sequences that no column owns ---- */

static const char sequences_sql[] =
	"SELECT n.nspname, c.relname, format_type(q.seqtypid, NULL), q.seqstart, q.seqincrement, q.seqmin, "
	"q.seqmax,"
	" q.seqcache, q.seqcycle FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid"
	" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relnamespace = ANY ($1::oid[])"
	" AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
	" AND d.deptype IN ('a', 'i', 'e')) ORDER BY c.oid";

static long long number(const PGresult *result, int row, int column)
{
	return strtoll(PQgetvalue(result, row, column), NULL, 10);
}

/* What CREATE SEQUENCE takes for itself isn't given. */
static int take_sequence(struct inspection *inspection, const PGresult *result, int row)
{
	struct retort_sequence *sequence = retort_alloc(inspection->arena, sizeof *sequence);
	struct retort_schema *schema = inspection->schema;
	const char *type = PQgetvalue(result, row, 2);
	long long limit = strcmp(type, "smallint") == 0 ? INT16_MAX
		: strcmp(type, "integer") == 0          ? INT32_MAX
							: INT64_MAX;
	long long start = number(result, row, 3), increment = number(result, row, 4);
	long long minimum = number(result, row, 5), maximum = number(result, row, 6);
	bool down = increment < 0;

	sequence->schema = inspect_schema_name(inspection, PQgetvalue(result, row, 0));
	sequence->name = inspect_text(inspection, result, row, 1);
	if (limit != INT64_MAX)
		sequence->type = retort_type_new(inspection->arena,
			limit == INT16_MAX ? RETORT_TYPE_SMALLINT : RETORT_TYPE_INTEGER);
	sequence->increment = increment == 1 ? 0 : increment;
	sequence->minimum = minimum == (down ? -limit - 1 : 1) ? 0 : minimum;
	sequence->maximum = maximum == (down ? -1 : limit) ? 0 : maximum;
	sequence->start = start == (down ? maximum : minimum) ? 0 : start;
	sequence->cache = number(result, row, 7) == 1 ? 0 : number(result, row, 7);
	sequence->cycle = inspect_true(result, row, 8);
	RETORT_PUSH(inspection->arena, schema->sequences, schema->sequence_count, sequence);
	return 0;
}

int inspect_sequences(struct inspection *inspection)
{
	return inspect_rows(inspection, sequences_sql, take_sequence);
}

/* ---- routines ---- */

/* The parts of an aggregate that aren't what they are where they are left out. */
#define AGGREGATE_SQL                                                                                        \
	"SELECT format('(%%s) (', coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'))"              \
	" || concat_ws(', ', 'SFUNC = ' || a.aggtransfn::text,"                                              \
	" 'STYPE = ' || format_type(a.aggtranstype, NULL), 'SSPACE = ' || nullif(a.aggtransspace, 0),"       \
	" 'FINALFUNC = ' || nullif(a.aggfinalfn::text, '-'),"                                                \
	" CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END, %s,"                                         \
	" 'COMBINEFUNC = ' || nullif(a.aggcombinefn::text, '-'),"                                            \
	" 'SERIALFUNC = ' || nullif(a.aggserialfn::text, '-'),"                                              \
	" 'DESERIALFUNC = ' || nullif(a.aggdeserialfn::text, '-'),"                                          \
	" 'INITCOND = ' || quote_literal(a.agginitval),"                                                     \
	" 'MSFUNC = ' || nullif(a.aggmtransfn::text, '-'),"                                                  \
	" 'MINVFUNC = ' || nullif(a.aggminvtransfn::text, '-'),"                                             \
	" CASE WHEN a.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(a.aggmtranstype, NULL) END,"        \
	" 'MSSPACE = ' || nullif(a.aggmtransspace, 0),"                                                      \
	" 'MFINALFUNC = ' || nullif(a.aggmfinalfn::text, '-'),"                                              \
	" CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,"                                           \
	" 'MINITCOND = ' || quote_literal(a.aggminitval),"                                                   \
	" 'SORTOP = ' || (SELECT format('OPERATOR(%%I.%%s)', o.oprnamespace::regnamespace, o.oprname)"       \
	" FROM pg_operator o WHERE o.oid = a.aggsortop),"                                                    \
	" CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END,"     \
	" CASE a.aggkind WHEN 'h' THEN 'HYPOTHETICAL' END) || ')'"                                           \
	" FROM pg_aggregate a WHERE a.aggfnoid = p.oid"

/* Who else may see the state, which version 11 lets one say. */
#define MODIFY_SQL                                                                                           \
	"CASE WHEN a.aggfinalmodify <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN"                   \
	" 'FINALFUNC_MODIFY = ' || CASE a.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN"            \
	" 'SHAREABLE' ELSE 'READ_WRITE' END END"

#define ROUTINES_SQL                                                                                         \
	"SELECT n.nspname, p.proname, %s, CASE WHEN %s <> 'a' THEN pg_get_functiondef(p.oid)"                \
	" ELSE (" AGGREGATE_SQL ") END,"                                                                     \
	" row_number() OVER (PARTITION BY p.pronamespace, p.proname ORDER BY p.oid)"                         \
	" FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.pronamespace = ANY "          \
	"($1::oid[])"                                                                                        \
	" AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid" \
	" AND e.deptype IN ('e', 'i')) ORDER BY p.oid"

enum { ROU_SCHEMA, ROU_NAME, ROU_KIND, ROU_TEXT, ROU_NUMBER };

/* What stands behind the name: the parameters and all that follows. */
static const char *behind_name(const char *text)
{
	const char *at = text;
	struct retort_token token;

	do
		token = retort_sql_word(POSTGRESQL_SYNTAX, &at);
	while (token.kind != RETORT_TOKEN_END &&
		!(token.kind == RETORT_TOKEN_PUNCTUATION && *token.text == '('));
	return token.text;
}

static int take_routine(struct inspection *inspection, const PGresult *result, int row)
{
	const char *name = PQgetvalue(result, row, ROU_NAME), *text = PQgetvalue(result, row, ROU_TEXT);
	char kind = *PQgetvalue(result, row, ROU_KIND);
	struct retort_schema *schema = inspection->schema;
	struct retort_routine *routine;
	size_t n;

	if (number(result, row, ROU_NUMBER) > 1) {
		inspect_unmodelled(inspection, "routine '%s' has several forms: only the first is shown",
			name);
		return 0;
	}
	routine = retort_alloc(inspection->arena, sizeof *routine);
	routine->kind = kind == 'p' ? RETORT_PROCEDURE : RETORT_FUNCTION;
	routine->schema = inspect_schema_name(inspection, PQgetvalue(result, row, ROU_SCHEMA));
	routine->name = retort_strdup(inspection->arena, name);
	text = behind_name(text);
	n = strlen(text);
	while (n > 0 && strchr(" \n", text[n - 1]))
		n--;
	routine->body = retort_text_new(inspection->arena, retort_strndup(inspection->arena, text, n));
	RETORT_PUSH(inspection->arena, schema->routines, schema->routine_count, routine);
	return 0;
}

int inspect_routines(struct inspection *inspection)
{
	bool kinds = inspection->version >= KIND_VERSION;
	const char *kind = kinds ? "p.prokind" : "CASE WHEN p.proisagg THEN 'a' ELSE 'f' END";

	return inspect_rows(inspection,
		retort_printf(inspection->arena, ROUTINES_SQL, kind, kind, kinds ? MODIFY_SQL : "NULL"),
		take_routine);
}

/* ---- triggers ---- */

/* So many characters further on. */
static const char *skip_characters(const char *text, unsigned long n)
{
	for (; n > 0 && *text; n--)
		for (text++; ((unsigned char)*text & 0xC0) == 0x80; text++)
			;
	return text;
}

static const char triggers_sql[] =
	"SELECT n.nspname, c.relname, t.tgname, pg_get_triggerdef(t.oid, true), t.tgenabled,"
	" t.tgconstraint <> 0, length(quote_ident(t.tgname))"
	" FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = "
	"c.relnamespace"
	" WHERE NOT t.tgisinternal AND NOT c.relispartition AND c.relnamespace = ANY ($1::oid[])"
	" AND ($2::text[] IS NULL OR c.relname = ANY ($2::text[])) ORDER BY t.tgrelid, t.tgname";

static int take_trigger(struct inspection *inspection, const PGresult *result, int row)
{
	static const char head[] = "CREATE TRIGGER ";
	const char *table = PQgetvalue(result, row, 1), *name = PQgetvalue(result, row, 2);
	const char *text = PQgetvalue(result, row, 3);
	struct retort_trigger *trigger;

	if (inspect_true(result, row, 5)) {
		inspect_unmodelled(inspection, "trigger '%s' of '%s' is a constraint trigger", name, table);
		return 0;
	}
	if (*PQgetvalue(result, row, 4) != 'O')
		inspect_unmodelled(inspection, "trigger '%s' of '%s' is not enabled as usual", name, table);
	text = skip_characters(text, strlen(head) + strtoul(PQgetvalue(result, row, 6), NULL, 10));
	trigger = retort_schema_add_trigger(inspection->schema,
		inspect_schema_name(inspection, PQgetvalue(result, row, 0)),
		retort_strdup(inspection->arena, table), retort_strdup(inspection->arena, name),
		retort_strdup(inspection->arena, *text == ' ' ? text + 1 : text));
	trigger->definition = inspect_text(inspection, result, row, 3);
	return 0;
}

int inspect_triggers(struct inspection *inspection)
{
	return inspect_rows(inspection, triggers_sql, take_trigger);
}

/* ---- schemas and extensions ---- */

static int take_schema(struct inspection *inspection, const PGresult *result, int row)
{
	struct retort_schema *schema = inspection->schema;
	const char *name = PQgetvalue(result, row, 0);

	if (strcmp(name, inspection->home) != 0 && strcmp(name, "public") != 0)
		RETORT_PUSH(inspection->arena, schema->schemas, schema->schema_count,
			retort_strdup(inspection->arena, name));
	return 0;
}

int inspect_schemas(struct inspection *inspection)
{
	return inspect_rows(inspection,
		"SELECT nspname FROM pg_namespace n WHERE nspname !~ '^pg_'"
		" AND nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend e"
		" WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e') ORDER "
		"BY n.oid",
		take_schema);
}

/* Its version is left to the server, which else could not make it elsewhere. */
static int take_extension(struct inspection *inspection, const PGresult *result, int row)
{
	struct retort_extension *extension = retort_alloc(inspection->arena, sizeof *extension);
	struct retort_schema *schema = inspection->schema;

	extension->name = inspect_text(inspection, result, row, 0);
	extension->schema = inspect_schema_name(inspection, PQgetvalue(result, row, 1));
	RETORT_PUSH(inspection->arena, schema->extensions, schema->extension_count, extension);
	return 0;
}

int inspect_extensions(struct inspection *inspection)
{
	return inspect_rows(inspection,
		"SELECT x.extname, n.nspname FROM pg_extension x"
		" JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.extname <> 'plpgsql' ORDER BY x.oid",
		take_extension);
}
