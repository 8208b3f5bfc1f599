/* SPDX-License-Identifier: MIT
 *
 * Enums and domains, and the types of columns.
 */
#include <stdlib.h>
#include <string.h>

#include "dialect.h"
#include "inspect.h"
#include "native.h"

static const char enums_sql[] =
	"WITH users AS (SELECT a.atttypid, count(*) AS n, min(a.attrelid) AS relation, min(a.attname::text) "
	"AS name"
	" FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE NOT a.attisdropped"
	" AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition GROUP BY a.atttypid)"
	" SELECT n.nspname, t.typname, ARRAY(SELECT l.enumlabel FROM pg_enum l WHERE l.enumtypid = t.oid"
	" ORDER BY l.enumsortorder), coalesce(u.n, 0), u.relation, u.name, i.n IS NOT NULL"
	" FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
	" LEFT JOIN users u ON u.atttypid = t.oid LEFT JOIN users i ON i.atttypid = t.typarray"
	" WHERE t.typtype = 'e' AND t.typnamespace = ANY ($1::oid[])"
	" AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid"
	" AND e.deptype = 'e') ORDER BY t.oid";

static int take_enum(struct inspection *inspection, const PGresult *result, int row)
{
	struct retort_enum *enumeration = retort_alloc(inspection->arena, sizeof *enumeration);
	struct seen_enum seen = {.enumeration = enumeration};

	enumeration->schema = inspect_schema_name(inspection, PQgetvalue(result, row, 0));
	enumeration->name = inspect_text(inspection, result, row, 1);
	enumeration->values =
		inspect_array(inspection->arena, PQgetvalue(result, row, 2), &enumeration->value_count);
	seen.users = strtoul(PQgetvalue(result, row, 3), NULL, 10);
	seen.table = strtoul(PQgetvalue(result, row, 4), NULL, 10);
	seen.column = inspect_text(inspection, result, row, 5);
	seen.array = inspect_true(result, row, 6);
	RETORT_PUSH(inspection->arena, inspection->enums, inspection->enum_count, seen);
	return 0;
}

int inspect_enums(struct inspection *inspection)
{
	return inspect_rows(inspection, enums_sql, take_enum);
}

void inspect_keep_enums(struct inspection *inspection)
{
	struct retort_schema *schema = inspection->schema;

	for (size_t i = 0; i < inspection->enum_count; i++)
		if (!inspection->enums[i].taken)
			RETORT_PUSH(inspection->arena, schema->enums, schema->enum_count,
				inspection->enums[i].enumeration);
}

const struct retort_type *inspect_type(const struct inspection *inspection, const char *native,
	const char *kind, const char *schema, const char *name)
{
	struct retort_type *type;

	if ((*kind != 'e' && *kind != 'd') || strcmp(schema, "information_schema") == 0)
		return native_parse(inspection->arena, native);
	type = retort_type_new(inspection->arena, *kind == 'e' ? RETORT_TYPE_ENUM : RETORT_TYPE_DOMAIN);
	type->schema = inspect_schema_name(inspection, schema);
	type->name = retort_strdup(inspection->arena, name);
	for (size_t i = 0; *kind == 'e' && i < inspection->enum_count; i++) {
		const struct retort_enum *found = inspection->enums[i].enumeration;

		if (strcmp(found->name, name) != 0 ||
			strcmp(found->schema ? found->schema : "", type->schema ? type->schema : "") != 0)
			continue;
		type->values = found->values;
		type->value_count = found->value_count;
	}
	return type;
}

static const char domains_sql[] =
	"SELECT n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod), b.typtype, bn.nspname, "
	"b.typname,"
	" t.typnotnull, pg_get_expr(t.typdefaultbin, 0),"
	" ARRAY(SELECT pg_get_expr(k.conbin, 0) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype "
	"= 'c'"
	" ORDER BY k.oid)"
	" FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = "
	"t.typbasetype"
	" JOIN pg_namespace bn ON bn.oid = b.typnamespace"
	" WHERE t.typtype = 'd' AND t.typnamespace = ANY ($1::oid[])"
	" AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid"
	" AND e.deptype = 'e') ORDER BY t.oid";

static int take_domain(struct inspection *inspection, const PGresult *result, int row)
{
	struct retort_domain *domain = retort_alloc(inspection->arena, sizeof *domain);
	struct retort_schema *schema = inspection->schema;
	const char **checks;
	size_t count;

	domain->schema = inspect_schema_name(inspection, PQgetvalue(result, row, 0));
	domain->name = inspect_text(inspection, result, row, 1);
	domain->type = inspect_type(inspection, PQgetvalue(result, row, 2), PQgetvalue(result, row, 3),
		PQgetvalue(result, row, 4), PQgetvalue(result, row, 5));
	domain->nullable = !inspect_true(result, row, 6);
	domain->def =
		expression_default(inspection->arena, inspect_text(inspection, result, row, 7), domain->type);
	checks = inspect_array(inspection->arena, PQgetvalue(result, row, 8), &count);
	if (count > 0)
		domain->check =
			retort_text_new(inspection->arena, expression_bare(inspection->arena, checks[0]));
	if (count > 1)
		inspect_unmodelled(inspection, "domain '%s' has more than one CHECK", domain->name);
	RETORT_PUSH(inspection->arena, schema->domains, schema->domain_count, domain);
	return 0;
}

int inspect_domains(struct inspection *inspection)
{
	return inspect_rows(inspection, domains_sql, take_domain);
}
