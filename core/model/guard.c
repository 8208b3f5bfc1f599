/* SPDX-License-Identifier: MIT */
/* What keeps a column from being dropped. */
#include "model/query.h"
#include "model/replaying.h"

/* A view or trigger that uses a column keeps it from being dropped. */
static int check_queries(const struct replaying *replaying, const struct retort_table *table,
	const char *column)
{
	const struct retort_schema *schema = replaying->schema;
	struct query query = {NULL, NULL, replaying->syntax, schema};
	size_t i;

	for (i = 0; i < schema->view_count; i++) {
		query.sql = schema->views[i]->query ? schema->views[i]->query->sql : NULL;
		if (query.sql && query_uses_column(&query, table->schema, table->name, column))
			return replaying_fail(replaying, "view %s uses it: drop or replace the view first",
				replaying_quote(replaying, schema->views[i]->name));
	}
	for (i = 0; i < schema->trigger_count; i++) {
		query.sql = schema->triggers[i]->body ? schema->triggers[i]->body->sql : NULL;
		query.trigger_table = schema->triggers[i]->table;
		if (query.sql && query_uses_column(&query, table->schema, table->name, column))
			return replaying_fail(replaying,
				"trigger %s uses it: drop or replace the trigger first",
				replaying_quote(replaying, schema->triggers[i]->name));
	}
	return 0;
}

/* A foreign key of another table keeps the column it refers to from being dropped. */
static int check_referrers(const struct replaying *replaying, const struct retort_table *table,
	const char *column)
{
	struct retort_table **referrers;
	size_t n, i, j, k;

	n = catalog_referrers(replaying->arena, replaying->schema, table->schema, table->name, &referrers);
	for (i = 0; i < n; i++) {
		if (name_equal(referrers[i]->name, table->name) &&
			name_equal(referrers[i]->schema, table->schema))
			continue;
		for (j = 0; j < referrers[i]->constraint_count; j++) {
			const struct retort_constraint *key = referrers[i]->constraints[j];

			if (key->kind != RETORT_FOREIGN_KEY ||
				!name_equal(key->references->table, table->name) ||
				!name_equal(key->references->schema, table->schema))
				continue;
			for (k = 0; k < key->references->column_count; k++) {
				if (name_equal(key->references->columns[k], column))
					return replaying_fail(replaying,
						"foreign key %s of %s refers to it: drop the foreign key "
						"first",
						replaying_quote(replaying, key->name),
						replaying_quote(replaying, referrers[i]->name));
			}
		}
	}
	return 0;
}

int guard_column(const struct replaying *replaying, const struct retort_table *table, const char *column)
{
	if (check_queries(replaying, table, column) != 0)
		return -1;
	return check_referrers(replaying, table, column);
}
