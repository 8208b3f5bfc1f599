/* SPDX-License-Identifier: MIT */
/* A renamed table's constraints and indexes that bear the names the conventions gave them. */
#include <string.h>

#include "model/replaying.h"
#include "model/resolve.h"

/* A convention's name for something of a table called name; NULL where it is called otherwise today. */
static const char *next_name(const struct resolve *naming, const char *current, const char *template,
	const char *const tables[2], const struct retort_constraint *constraint, const char *const *columns,
	size_t n, const char *label)
{
	const char *names[2];
	size_t i;

	for (i = 0; i < 2; i++) {
		const struct retort_references *references = constraint ? constraint->references : NULL;
		const char *referred = references ? references->table : NULL;

		/* both names are asked for after the rename: a key to the table itself has the new one */
		if (i == 0 && referred && strcmp(referred, tables[1]) == 0)
			referred = tables[0];
		names[i] = naming_apply(naming, template, tables[i], columns, n, referred, label);
	}
	return name_equal(current, names[0]) ? names[1] : NULL;
}

/* The name of a constraint after its table was renamed. */
static const char *next_constraint_name(const struct resolve *naming,
	const struct retort_constraint *constraint, const char *const tables[2])
{
	const struct naming *templates = naming->naming;
	const char *const by_kind[] = {[RETORT_PRIMARY_KEY] = templates->pk,
		[RETORT_UNIQUE] = templates->uq,
		[RETORT_FOREIGN_KEY] = templates->fk,
		[RETORT_CHECK] = templates->ck,
		[RETORT_EXCLUDE] = NULL};
	const char *template = by_kind[constraint->kind], *prefix, *label;
	const char *mark = "\x01";
	size_t n;

	if (!constraint->name || !template)
		return NULL;
	if (constraint->kind != RETORT_CHECK)
		return next_name(naming, constraint->name, template, tables, constraint, constraint->columns,
			constraint->column_count, NULL);
	/* what a CHECK's name ends in isn't known: it is what the convention leaves open */
	prefix = naming_apply(naming, template, tables[0], NULL, 0, NULL, mark);
	n = strcspn(prefix, mark);
	if (strncmp(constraint->name, prefix, n) != 0 || prefix[n] != *mark || prefix[n + 1])
		return NULL;
	label = constraint->name + n;
	return *label ? next_name(naming, constraint->name, template, tables, NULL, NULL, 0, label) : NULL;
}

/* Gives everything in the renamed table that bears its convention name the new one. */
void follow_conventions(struct replaying *replaying, struct retort_table *table, const char *from)
{
	const struct retort_conventions *conventions = replaying->op->conventions;
	struct resolve naming = {.arena = replaying->arena};
	const char *const tables[2] = {from, table->name};
	const char *name, **columns;
	size_t i, j, n;

	if (!conventions)
		return;
	naming.naming = &conventions->naming;
	naming.max_name = conventions->max_name;
	naming.max_name_characters = conventions->max_name_characters;
	for (i = 0; i < table->constraint_count; i++) {
		name = next_constraint_name(&naming, table->constraints[i], tables);
		if (name) {
			table->constraints[i] = COPY(replaying->arena, table->constraints[i]);
			table->constraints[i]->name = name;
		}
	}
	for (i = 0; i < table->index_count; i++) {
		columns = NULL;
		for (j = n = 0; j < table->indexes[i]->column_count; j++)
			RETORT_PUSH(replaying->arena, columns, n,
				table->indexes[i]->columns[j]->column ? table->indexes[i]->columns[j]->column
								      : "expr");
		name = next_name(&naming, table->indexes[i]->name, conventions->naming.ix, tables, NULL,
			columns, n, NULL);
		if (name) {
			table->indexes[i] = COPY(replaying->arena, table->indexes[i]);
			table->indexes[i]->name = name;
			table->indexes[i]->definition = NULL;
		}
	}
	for (i = 0; i < table->column_count; i++) {
		struct retort_column *column = retort_table_own_column(replaying->arena, table, i);

		name = next_name(&naming, column->type_check_name, conventions->naming.ck, tables, NULL,
			&column->name, 1, column->name);
		column->type_check_name = name ? name : column->type_check_name;
		name = next_name(&naming, column->enum_type_name, conventions->naming.en, tables, NULL,
			&column->name, 1, column->name);
		column->enum_type_name = name ? name : column->enum_type_name;
	}
}
