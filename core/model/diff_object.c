/* SPDX-License-Identifier: MIT */
/* Types, sequences, routines and extensions. */
#include <string.h>

#include "model/diffing.h"
#include "retort/sql.h"

/* An object of `to` in the form that operations speak of. */
static void *written_object(const struct retort_schema *schema, enum family family, const char *within,
	const char *schema_name, const char *name, void *fallback)
{
	void *ret = catalog_find(schema, family, within, schema_name, name);

	return ret ? ret : fallback;
}

/* ---- enums ---- */

static bool has_value(const struct retort_enum *enumeration, const char *value)
{
	for (size_t i = 0; i < enumeration->value_count; i++)
		if (strcmp(enumeration->values[i], value) == 0)
			return true;
	return false;
}

/* Whether the values that both have stand in the same order. */
static bool same_order(const struct retort_enum *from, const struct retort_enum *to)
{
	size_t at = 0;

	for (size_t i = 0; i < from->value_count; i++) {
		if (!has_value(to, from->values[i]))
			continue;
		while (at < to->value_count && !has_value(from, to->values[at]))
			at++;
		if (at == to->value_count || strcmp(from->values[i], to->values[at]) != 0)
			return false;
		at++;
	}
	return true;
}

static struct retort_enum_change *alter_enum(struct diffing *diffing, enum phase phase,
	const struct retort_enum *to)
{
	struct retort_op *op = diffing_emit(diffing, phase, RETORT_OP_ALTER_ENUM, to->schema, NULL, to->name);

	op->enum_change = retort_alloc(diffing->arena, sizeof *op->enum_change);
	return op->enum_change;
}

/* A column of `table` whose type is (an array of) the enum or domain of this name. */
static bool is_of(const struct retort_column *column, enum retort_type_kind kind, const char *schema,
	const char *name)
{
	const struct retort_type *type = column->type;

	while (type && type->kind == RETORT_TYPE_ARRAY)
		type = type->items;
	return type && type->kind == kind && name_equal(type->name, name) && name_equal(type->schema, schema);
}

/* Columns of a type that is made anew pass through text (an enum's) or the type below (a domain's), before it
 * goes and after it came. */
static void around_columns(struct diffing *diffing, enum retort_type_kind kind, const char *schema,
	const char *name, const struct retort_type *between, bool back)
{
	for (size_t i = 0; i < diffing->pair_count; i++) {
		const struct table_pair *pair = &diffing->pairs[i];

		for (size_t k = 0; pair->from && pair->to && k < pair->from_written->column_count; k++) {
			const struct retort_column *column = pair->from_written->columns[k];
			struct retort_column *copy;
			struct retort_op *op;

			if (!is_of(column, kind, schema, name) ||
				!retort_table_column(pair->to_written, column->name))
				continue;
			copy = retort_alloc(diffing->arena, sizeof *copy);
			*copy = *column;
			if (!back)
				copy->type = between;
			op = diffing_emit(diffing, PHASE_TYPES, RETORT_OP_ALTER_COLUMN, pair->to->schema,
				pair->to->name, column->name);
			op->column = copy;
			op->alter = RETORT_ALTER_TYPE;
		}
	}
}

static void remake_enum(struct diffing *diffing, const struct retort_enum *to)
{
	struct retort_op *op;

	around_columns(diffing, RETORT_TYPE_ENUM, to->schema, to->name,
		retort_type_new(diffing->arena, RETORT_TYPE_TEXT), false);
	diffing_emit(diffing, PHASE_TYPES, RETORT_OP_DROP_ENUM, to->schema, NULL, to->name);
	op = diffing_emit(diffing, PHASE_TYPES, RETORT_OP_CREATE_ENUM, to->schema, NULL, to->name);
	op->enumeration = (struct retort_enum *)to;
	around_columns(diffing, RETORT_TYPE_ENUM, to->schema, to->name, NULL, true);
}

static void change_enum(struct diffing *diffing, const struct retort_enum *from, const struct retort_enum *to)
{
	struct retort_enum_change *change;

	if (!same_order(from, to)) {
		remake_enum(diffing, to);
		return;
	}
	for (size_t i = 0; i < to->value_count; i++) {
		if (has_value(from, to->values[i]))
			continue;
		change = alter_enum(diffing, PHASE_TYPES, to);
		change->add = to->values[i];
		if (i > 0)
			change->after = to->values[i - 1];
		else
			change->before = from->values[0];
	}
	for (size_t i = 0; i < from->value_count; i++) {
		if (has_value(to, from->values[i]))
			continue;
		alter_enum(diffing, PHASE_ENUM_VALUES, to)->drop = from->values[i];
		diffing_note(diffing, PHASE_ENUM_VALUES, true,
			"rows that hold '%s' need another value: give mapping; where it has a new name, "
			"write rename_value instead",
			from->values[i]);
	}
}

static bool same_values(const struct retort_enum *from, const struct retort_enum *to)
{
	return compare_names(from->values, from->value_count, to->values, to->value_count);
}

/* Engines without enum types have their values in the columns: what is written decides. */
static void diff_enums(struct diffing *diffing)
{
	const struct retort_schema *from = diffing->from.written, *to = diffing->to.written;

	for (size_t i = 0; i < to->enum_count; i++) {
		struct retort_enum *enumeration = to->enums[i];
		const struct retort_enum *before =
			retort_schema_enum(from, enumeration->schema, enumeration->name);

		if (!before)
			diffing_emit(diffing, PHASE_TYPES, RETORT_OP_CREATE_ENUM, enumeration->schema, NULL,
				enumeration->name)
				->enumeration = enumeration;
		else if (!same_values(before, enumeration))
			change_enum(diffing, before, enumeration);
	}
	for (size_t i = from->enum_count; i-- > 0;)
		if (!retort_schema_enum(to, from->enums[i]->schema, from->enums[i]->name))
			diffing_emit(diffing, PHASE_DROP_TYPES, RETORT_OP_DROP_ENUM, from->enums[i]->schema,
				NULL, from->enums[i]->name);
}

/* ---- domains ---- */

static bool same_domain(struct diffing *diffing, const struct retort_domain *from,
	const struct retort_domain *to)
{
	const struct compare_options *options = &diffing->options->compare;

	return from->nullable == to->nullable && compare_default(options, from->def, to->def) &&
		compare_text(options, from->check, to->check) &&
		strcmp(from->type ? retort_type_text(diffing->arena, from->type) : "",
			to->type ? retort_type_text(diffing->arena, to->type) : "") == 0;
}

static bool domain_calls(const struct diffing *diffing, const struct retort_domain *domain, const char *name)
{
	struct retort_text def = {.sql = domain->def && domain->def->kind == RETORT_DEFAULT_EXPRESSION
			? domain->def->text
			: NULL};

	return diffing_names(diffing, domain->check, name) || diffing_names(diffing, &def, name);
}

/* Whether a new domain may call a routine that has to come first. */
static bool calls_any(const struct diffing *diffing, const struct retort_domain *domain)
{
	const struct retort_schema *to = diffing->to.canonical;

	for (size_t i = 0; i < to->routine_count; i++)
		if (domain_calls(diffing, domain, to->routines[i]->name))
			return true;
	return false;
}

static void diff_domains(struct diffing *diffing)
{
	const struct retort_schema *from = diffing->from.canonical, *to = diffing->to.canonical;

	for (size_t i = 0; i < to->domain_count; i++) {
		struct retort_domain *domain = to->domains[i];
		const struct retort_domain *before =
			catalog_find(from, FAMILY_DOMAIN, NULL, domain->schema, domain->name);
		struct retort_domain *now = written_object(diffing->to.written, FAMILY_DOMAIN, NULL,
			domain->schema, domain->name, domain);

		if (before && same_domain(diffing, before, domain))
			continue;
		if (before) {
			around_columns(diffing, RETORT_TYPE_DOMAIN, domain->schema, domain->name, now->type,
				false);
			diffing_emit(diffing, PHASE_TYPES, RETORT_OP_DROP_DOMAIN, domain->schema, NULL,
				domain->name);
		}
		diffing_emit(diffing, !before && calls_any(diffing, now) ? PHASE_DOMAINS : PHASE_TYPES,
			RETORT_OP_CREATE_DOMAIN, domain->schema, NULL, domain->name)
			->domain = now;
		if (before)
			around_columns(diffing, RETORT_TYPE_DOMAIN, domain->schema, domain->name, NULL, true);
	}
	for (size_t i = from->domain_count; i-- > 0;)
		if (!catalog_find(to, FAMILY_DOMAIN, NULL, from->domains[i]->schema, from->domains[i]->name))
			diffing_emit(diffing, PHASE_DROP_TYPES, RETORT_OP_DROP_DOMAIN,
				from->domains[i]->schema, NULL, from->domains[i]->name);
}

/* ---- sequences ---- */

static bool same_sequence(struct diffing *diffing, const struct retort_sequence *from,
	const struct retort_sequence *to)
{
	return from->start == to->start &&
		(from->increment ? from->increment : 1) == (to->increment ? to->increment : 1) &&
		from->minimum == to->minimum && from->maximum == to->maximum && from->cache == to->cache &&
		from->cycle == to->cycle &&
		strcmp(from->type ? retort_type_text(diffing->arena, from->type) : "bigint",
			to->type ? retort_type_text(diffing->arena, to->type) : "bigint") == 0;
}

/* Defaults that take values of a sequence are put aside while it is made anew. */
static void around_defaults(struct diffing *diffing, const char *name, bool back)
{
	for (size_t i = 0; i < diffing->pair_count; i++) {
		const struct table_pair *pair = &diffing->pairs[i];

		for (size_t k = 0; pair->from && pair->to && k < pair->from_written->column_count; k++) {
			const struct retort_column *column = pair->from_written->columns[k];
			struct retort_text text = {
				.sql = column->def && column->def->kind == RETORT_DEFAULT_EXPRESSION
					? column->def->text
					: NULL};
			struct retort_column *copy;
			struct retort_op *op;

			if (!diffing_names(diffing, &text, name) ||
				!retort_table_column(pair->to_written, column->name))
				continue;
			copy = retort_alloc(diffing->arena, sizeof *copy);
			*copy = *column;
			if (!back)
				copy->def = NULL;
			op = diffing_emit(diffing, PHASE_TYPES, RETORT_OP_ALTER_COLUMN, pair->to->schema,
				pair->to->name, column->name);
			op->column = copy;
			op->alter = RETORT_ALTER_DEFAULT;
		}
	}
}

static void diff_sequences(struct diffing *diffing)
{
	const struct retort_schema *from = diffing->from.canonical, *to = diffing->to.canonical;

	for (size_t i = 0; i < to->sequence_count; i++) {
		struct retort_sequence *sequence = to->sequences[i];
		const struct retort_sequence *before =
			catalog_find(from, FAMILY_SEQUENCE, NULL, sequence->schema, sequence->name);

		if (before && same_sequence(diffing, before, sequence))
			continue;
		if (before) {
			around_defaults(diffing, sequence->name, false);
			diffing_emit(diffing, PHASE_TYPES, RETORT_OP_DROP_SEQUENCE, sequence->schema, NULL,
				sequence->name);
			diffing_note(diffing, PHASE_TYPES, true,
				"the present value of '%s' is lost: it begins anew", sequence->name);
		}
		diffing_emit(diffing, PHASE_TYPES, RETORT_OP_CREATE_SEQUENCE, sequence->schema, NULL,
			sequence->name)
			->sequence = written_object(diffing->to.written, FAMILY_SEQUENCE, NULL,
			sequence->schema, sequence->name, sequence);
		if (before)
			around_defaults(diffing, sequence->name, true);
	}
	for (size_t i = from->sequence_count; i-- > 0;)
		if (!catalog_find(to, FAMILY_SEQUENCE, NULL, from->sequences[i]->schema,
			    from->sequences[i]->name)) {
			diffing_emit(diffing, PHASE_DROP_TYPES, RETORT_OP_DROP_SEQUENCE,
				from->sequences[i]->schema, NULL, from->sequences[i]->name);
			diffing_note(diffing, PHASE_DROP_TYPES, true, "the present value of '%s' is lost",
				from->sequences[i]->name);
		}
}

/* ---- extensions ---- */

static void diff_extensions(struct diffing *diffing)
{
	const struct retort_schema *from = diffing->from.canonical, *to = diffing->to.canonical;

	for (size_t i = 0; i < to->extension_count; i++) {
		struct retort_extension *extension = to->extensions[i];
		const struct retort_extension *before =
			catalog_find(from, FAMILY_EXTENSION, NULL, extension->schema, extension->name);

		for (size_t k = 0; !before && k < from->extension_count; k++)
			if (strcmp(from->extensions[k]->name, extension->name) == 0)
				before = from->extensions[k];
		if (before && extension->version && before->version &&
			strcmp(before->version, extension->version) != 0)
			diffing_emit(diffing, PHASE_SCHEMAS, RETORT_OP_ALTER_EXTENSION, NULL, NULL,
				extension->name)
				->extension = extension;
		if (!before)
			diffing_emit(diffing, PHASE_SCHEMAS, RETORT_OP_CREATE_EXTENSION, extension->schema,
				NULL, extension->name)
				->extension = extension;
	}
	for (size_t i = from->extension_count; i-- > 0;) {
		bool stays = false;

		for (size_t k = 0; k < to->extension_count; k++)
			stays |= strcmp(to->extensions[k]->name, from->extensions[i]->name) == 0;
		if (!stays)
			diffing_emit(diffing, PHASE_DROP_SCHEMAS, RETORT_OP_DROP_EXTENSION, NULL, NULL,
				from->extensions[i]->name);
	}
}

/* ---- routines ---- */

static const char *routine_word(const struct retort_routine *routine)
{
	return routine->kind == RETORT_PROCEDURE ? "procedure" : "function";
}

/* Whether anything in a table may call a routine. */
static bool table_calls(const struct diffing *diffing, const struct retort_table *table, const char *name)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const struct retort_column *column = table->columns[i];
		struct retort_text def = {.sql = column->def && column->def->kind == RETORT_DEFAULT_EXPRESSION
				? column->def->text
				: NULL};

		if (diffing_names(diffing, &def, name) || diffing_names(diffing, column->computed, name))
			return true;
	}
	for (size_t i = 0; i < table->constraint_count; i++)
		if (diffing_names(diffing, table->constraints[i]->expression, name))
			return true;
	for (size_t i = 0; i < table->index_count; i++) {
		if (diffing_names(diffing, table->indexes[i]->where, name))
			return true;
		for (size_t k = 0; k < table->indexes[i]->column_count; k++)
			if (diffing_names(diffing, table->indexes[i]->columns[k]->expression, name))
				return true;
	}
	return false;
}

/* Whether a domain, or a table that comes or changes, may call a routine, so that it must be there before. */
static bool is_called(const struct diffing *diffing, const char *name)
{
	for (size_t i = 0; i < diffing->pair_count; i++) {
		const struct table_pair *pair = &diffing->pairs[i];

		if (pair->to && (!pair->from || pair->differs) &&
			table_calls(diffing, pair->to_written, name))
			return true;
	}
	for (size_t i = 0; i < diffing->to.written->domain_count; i++)
		if (domain_calls(diffing, diffing->to.written->domains[i], name))
			return true;
	return false;
}

/* Whether a routine's signature may name a table or type that goes. */
static bool speaks_of_what_goes(const struct diffing *diffing, const struct retort_routine *routine)
{
	for (size_t i = 0; i < diffing->pair_count; i++)
		if (!diffing->pairs[i].to &&
			diffing_names(diffing, routine->body, diffing->pairs[i].from->name))
			return true;
	return false;
}

static void diff_routines(struct diffing *diffing)
{
	const struct retort_schema *from = diffing->from.canonical, *to = diffing->to.canonical;

	for (size_t i = 0; i < to->routine_count; i++) {
		const struct retort_routine *routine = to->routines[i];
		const struct retort_routine *before = catalog_find(from, FAMILY_ROUTINE,
			routine_word(routine), routine->schema, routine->name);

		if (before && compare_text(&diffing->options->compare, before->body, routine->body))
			continue;
		diffing_emit(diffing,
			is_called(diffing, routine->name) ? PHASE_ROUTINES_EARLY : PHASE_ROUTINES,
			before ? RETORT_OP_REPLACE_ROUTINE : RETORT_OP_CREATE_ROUTINE, routine->schema, NULL,
			routine->name)
			->routine = written_object(diffing->to.written, FAMILY_ROUTINE, routine_word(routine),
			routine->schema, routine->name, (struct retort_routine *)routine);
	}
	for (size_t i = from->routine_count; i-- > 0;) {
		const struct retort_routine *routine = from->routines[i];

		if (catalog_find(to, FAMILY_ROUTINE, routine_word(routine), routine->schema, routine->name))
			continue;
		diffing_emit(diffing,
			speaks_of_what_goes(diffing, routine) ? PHASE_DROP_ROUTINES
							      : PHASE_DROP_ROUTINES_LATE,
			RETORT_OP_DROP_ROUTINE, routine->schema, NULL, routine->name)
			->routine = (struct retort_routine *)routine;
	}
}

void diff_objects(struct diffing *diffing)
{
	diff_enums(diffing);
	diff_domains(diffing);
	diff_sequences(diffing);
	diff_routines(diffing);
	diff_extensions(diffing);
}
