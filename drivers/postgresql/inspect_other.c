/* SPDX-License-Identifier: MIT
 *
 * What the model has no place for, told by name: two queries over the catalogs of rarer objects.
 */
#include "inspect.h"

/* Objects of a schema that need no more than their name. */
static const struct {
	const char *what, *catalog, *name, *schema;
} named[] = {
	{"operator", "pg_operator", "oprname", "oprnamespace"},
	{"operator class", "pg_opclass", "opcname", "opcnamespace"},
	{"collation", "pg_collation", "collname", "collnamespace"},
	{"text search configuration", "pg_ts_config", "cfgname", "cfgnamespace"},
	{"text search dictionary", "pg_ts_dict", "dictname", "dictnamespace"},
	{"statistics", "pg_statistic_ext", "stxname", "stxnamespace"},
};

static const char others_sql[] =
	"SELECT format('rule %L of %L', r.rulename, c.relname) FROM pg_rewrite r"
	" JOIN pg_class c ON c.oid = r.ev_class"
	" WHERE r.rulename <> '_RETURN' AND c.relnamespace = ANY ($1::oid[])"
	" UNION ALL SELECT format('policy %L of %L', p.polname, c.relname) FROM pg_policy p"
	" JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = ANY ($1::oid[])"
	" UNION ALL SELECT format('type %L', t.typname) FROM pg_type t"
	" LEFT JOIN pg_class c ON c.oid = t.typrelid WHERE t.typnamespace = ANY ($1::oid[])"
	" AND (t.typtype = 'r' OR c.relkind = 'c' OR (t.typtype = 'b' AND t.typcategory <> 'A'))"
	" AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_type'::regclass"
	" AND x.objid = t.oid AND x.deptype IN ('e', 'i'))"
	" UNION ALL SELECT format('options %s of view %L', array_to_string(o.rest, ', '), c.relname)"
	" FROM pg_class c CROSS JOIN LATERAL (SELECT array_agg(r) AS rest FROM unnest(c.reloptions) r"
	" WHERE r NOT LIKE 'check_option=%') o WHERE c.relkind IN ('v', 'm') AND o.rest IS NOT NULL"
	" AND c.relnamespace = ANY ($1::oid[])"
	" UNION ALL SELECT format('index %L of materialized view %L', i.relname, c.relname)"
	" FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid"
	" WHERE c.relkind = 'm' AND c.relnamespace = ANY ($1::oid[])"
	" UNION ALL SELECT format('the name %L of the check of domain %L', k.conname, t.typname)"
	" FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid"
	" WHERE k.conname <> t.typname || '_check' AND t.typnamespace = ANY ($1::oid[])"
	" UNION ALL SELECT format('comment on %s %s', i.type, i.identity) FROM pg_description d"
	" LEFT JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid"
	" CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i"
	" WHERE d.objoid >= 16384 AND d.classoid <> 'pg_extension'::regclass"
	" AND c.relkind IS DISTINCT FROM 'r' AND c.relkind IS DISTINCT FROM 'p'"
	" AND coalesce(i.schema, i.name) IN (SELECT quote_ident(n.nspname) FROM pg_namespace n"
	" WHERE n.oid = ANY ($1::oid[])) AND NOT EXISTS (SELECT FROM pg_depend x"
	" WHERE x.classid = d.classoid AND x.objid = d.objoid AND x.deptype = 'e')"
	" UNION ALL SELECT format('comment on schema %I', n.nspname) FROM pg_namespace n"
	" JOIN pg_description d ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid"
	" WHERE n.oid = ANY ($1::oid[]) AND n.oid < 16384 AND d.description <> 'standard public schema'";

static int take_other(struct inspection *inspection, const PGresult *result, int row)
{
	inspect_unmodelled(inspection, "%s", PQgetvalue(result, row, 0));
	return 0;
}

int inspect_others(struct inspection *inspection)
{
	struct retort_buf sql;

	retort_buf_init(&sql, inspection->arena);
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		retort_buf_printf(&sql,
			"%sSELECT format('%s %%L', o.%s) FROM %s o WHERE o.%s = ANY ($1::oid[])"
			" AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = '%s'::regclass"
			" AND x.objid = o.oid AND x.deptype = 'e')",
			i ? " UNION ALL " : "", named[i].what, named[i].name, named[i].catalog,
			named[i].schema, named[i].catalog);
	return inspect_rows(inspection, others_sql, take_other) ||
			inspect_rows(inspection, sql.data, take_other)
		? -1
		: 0;
}
