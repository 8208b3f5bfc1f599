/* SPDX-License-Identifier: MIT */
#include "engine/autogenerate_file.h"

#include <string.h>

#include "engine/inspect.h"
#include "model/catalog.h"
#include "script/schema_file.h"

#define COPY(arena, object) memcpy(retort_alloc((arena), sizeof *(object)), (object), sizeof *(object))

struct declaring {
	struct retort_arena *arena;
	const char *name, *dialect;           /* the engine's, and the key for what is said to it alone */
	const struct retort_schema *declared; /* of the side that the operations lead to; NULL: unknown */
};

/* ---- texts and types by dialect ---- */

/* What a text by dialect says to this engine. */
static const char *answer(const struct declaring *declaring, const struct retort_text *text)
{
	const char *const keys[] = {declaring->name, declaring->dialect, "default"};

	for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
		for (size_t i = 0; i < text->variant_count; i++)
			if (strcmp(text->variants[i].dialect, keys[k]) == 0)
				return text->variants[i].sql;
	return NULL;
}

/* The text for all dialects where it says to this one what an operation says. */
static const struct retort_text *declared_text(const struct declaring *declaring,
	const struct retort_text *now, const struct retort_text *then)
{
	return now && then && then->variant_count && name_equal(answer(declaring, then), now->sql) ? then
												   : now;
}

static const struct retort_default *declared_default(const struct declaring *declaring,
	const struct retort_default *now, const struct retort_default *then)
{
	const char *const keys[] = {declaring->name, declaring->dialect, "default"};

	for (size_t k = 0; now && then && k < sizeof keys / sizeof *keys; k++)
		for (size_t i = 0; i < then->variant_count; i++) {
			const struct retort_default_variant *variant = &then->variants[i];

			if (strcmp(variant->dialect, keys[k]) == 0)
				return variant->value && variant->value->kind == now->kind &&
						name_equal(variant->value->text, now->text)
					? then
					: now;
		}
	return now;
}

/* Likewise a type. */
static const struct retort_type *declared_type(const struct declaring *declaring,
	const struct retort_type *now, const struct retort_type *then)
{
	const char *own;

	if (!now || !then || !then->native_variants)
		return now;
	own = answer(declaring, then->native_variants);
	if (own ? name_equal(own, now->native)
		: !now->native && now->kind == then->kind && now->length == then->length &&
				now->precision == then->precision && now->scale == then->scale)
		return then;
	return now;
}

/* The engine's own word for a type, with the nearest neutral type for the rest. */
static const struct retort_type *own_type(const struct declaring *declaring, const struct retort_type *type)
{
	struct retort_variant *variant;
	struct retort_text *variants;
	struct retort_type *copy;

	if (!type || !type->native)
		return type;
	copy = COPY(declaring->arena, type);
	variant = retort_alloc(declaring->arena, sizeof *variant);
	variant->dialect = declaring->dialect;
	variant->sql = type->native;
	variants = retort_alloc(declaring->arena, sizeof *variants);
	variants->variants = variant;
	variants->variant_count = 1;
	copy->native = NULL;
	copy->native_variants = variants;
	if (copy->kind == RETORT_TYPE_NATIVE)
		copy->kind = RETORT_TYPE_NONE;
	return copy;
}

static struct retort_column *declare_column(const struct declaring *declaring,
	const struct retort_table *table, struct retort_column *given)
{
	struct retort_column *column = COPY(declaring->arena, given);
	const struct retort_column *then = table ? retort_table_column(table, given->name) : NULL;

	column->type = declared_type(declaring, column->type, then ? then->type : NULL);
	if (!column->type || !column->type->native_variants)
		column->type = own_type(declaring, column->type);
	column->def = declared_default(declaring, column->def, then ? then->def : NULL);
	column->computed = declared_text(declaring, column->computed, then ? then->computed : NULL);
	column->check = declared_text(declaring, column->check, then ? then->check : NULL);
	if (!column->collations && then && then->collations &&
		name_equal(answer(declaring, then->collations), column->collation)) {
		column->collations = then->collations;
		column->collation = NULL;
	}
	return column;
}

/* The condition by dialect that a column of the table gives for itself, where it is that of a check. */
static const struct retort_text *declared_check(const struct declaring *declaring,
	const struct retort_table *table, const struct retort_text *expression)
{
	const struct retort_text *check = expression;

	for (size_t i = 0; check == expression && i < table->column_count; i++)
		check = declared_text(declaring, expression, table->columns[i]->check);
	return check;
}

static struct retort_constraint *declare_constraint(const struct declaring *declaring,
	const struct retort_table *table, struct retort_constraint *given)
{
	struct retort_constraint *constraint = COPY(declaring->arena, given);
	const struct retort_constraint *then =
		table && given->name ? retort_table_constraint(table, given->name) : NULL;

	if (!constraint->expression)
		return constraint;
	for (size_t i = 0; !then && table && i < table->constraint_count; i++)
		if (table->constraints[i]->line && table->constraints[i]->line == given->line &&
			table->constraints[i]->line_column == given->line_column)
			then = table->constraints[i];
	if (table && !then)
		constraint->expression = declared_check(declaring, table, constraint->expression);
	else
		constraint->expression =
			declared_text(declaring, constraint->expression, then ? then->expression : NULL);
	return constraint;
}

static const struct retort_index_column *const *declare_index_columns(const struct declaring *declaring,
	const struct retort_index *index, const struct retort_index *then)
{
	const struct retort_index_column **columns =
		retort_alloc_array(declaring->arena, index->column_count + 1, sizeof *columns);

	for (size_t i = 0; i < index->column_count; i++) {
		struct retort_index_column *column = COPY(declaring->arena, index->columns[i]);

		if (then->column_count == index->column_count)
			column->expression =
				declared_text(declaring, column->expression, then->columns[i]->expression);
		columns[i] = column;
	}
	return columns;
}

static struct retort_index *declare_index(const struct declaring *declaring, const struct retort_table *table,
	struct retort_index *given)
{
	struct retort_index *index = COPY(declaring->arena, given);
	const struct retort_index *then =
		table && given->name ? retort_table_index(table, given->name) : NULL;

	index->definition = NULL;
	if (!then)
		return index;
	index->where = declared_text(declaring, index->where, then->where);
	index->columns = declare_index_columns(declaring, index, then);
	return index;
}

static struct retort_table *declare_table(const struct declaring *declaring, const struct retort_table *then,
	const struct retort_table *given)
{
	struct retort_table *table = retort_table_copy(declaring->arena, given);

	for (size_t i = 0; i < table->column_count; i++)
		table->columns[i] = declare_column(declaring, then, table->columns[i]);
	for (size_t i = 0; i < table->constraint_count; i++)
		table->constraints[i] = declare_constraint(declaring, then, table->constraints[i]);
	for (size_t i = 0; i < table->index_count; i++)
		table->indexes[i] = declare_index(declaring, then, table->indexes[i]);
	if (then && then->option_count) {
		table->options = then->options;
		table->option_count = then->option_count;
	}
	return table;
}

/* ---- operations ---- */

static struct retort_op *declare_op(const struct declaring *declaring, const struct retort_op *given)
{
	struct retort_op *op = COPY(declaring->arena, given);
	const struct retort_table *then = declaring->declared && op->table
		? retort_schema_table(declaring->declared, op->schema, op->table)
		: NULL;

	if (op->create)
		op->create = declare_table(declaring, then, op->create);
	if (op->column)
		op->column = declare_column(declaring, then, op->column);
	if (op->constraint)
		op->constraint = declare_constraint(declaring, then, op->constraint);
	if (op->index)
		op->index = declare_index(declaring, then, op->index);
	if (op->view) {
		const struct retort_view *view = declaring->declared
			? retort_schema_view(declaring->declared, op->view->schema, op->view->name)
			: NULL;

		op->view = COPY(declaring->arena, op->view);
		op->view->definition = NULL;
		op->view->query = declared_text(declaring, op->view->query, view ? view->query : NULL);
	}
	if (op->routine && op->routine->body) {
		const struct retort_routine *routine = declaring->declared
			? catalog_find(declaring->declared, FAMILY_ROUTINE,
				  op->routine->kind == RETORT_FUNCTION ? "function" : "procedure",
				  op->routine->schema, op->routine->name)
			: NULL;

		op->routine = COPY(declaring->arena, op->routine);
		op->routine->body =
			declared_text(declaring, op->routine->body, routine ? routine->body : NULL);
	}
	if (op->trigger) {
		const struct retort_trigger *trigger = declaring->declared
			? catalog_find(declaring->declared, FAMILY_TRIGGER, op->trigger->table,
				  op->trigger->schema, op->trigger->name)
			: NULL;

		op->trigger = COPY(declaring->arena, op->trigger);
		op->trigger->definition = NULL;
		op->trigger->body =
			declared_text(declaring, op->trigger->body, trigger ? trigger->body : NULL);
	}
	return op;
}

/* What is lost, where an operation loses something of its own. */
static const char *loss(struct retort_arena *arena, const struct retort_op *op)
{
	if (op->kind == RETORT_OP_DROP_TABLE)
		return retort_printf(arena, "the rows of '%s' are lost", op->name);
	if (op->kind == RETORT_OP_DROP_COLUMN)
		return retort_printf(arena, "the values of '%s' are lost", op->name);
	return NULL;
}

static const char *both(struct retort_arena *arena, const char *a, const char *b)
{
	if (a && b && strstr(a, b))
		return a;
	return a && b ? retort_printf(arena, "%s\n%s", a, b) : a ? a : b;
}

/* n operations, those of a group as one. notes: of each, NULL: what they lose. */
static void gather(const struct declaring *declaring, const struct retort_op *const *ops,
	const char *const *notes, size_t n, struct file_ops *ret)
{
	struct retort_arena *arena = declaring->arena;
	const struct retort_op **all = NULL;
	const char **all_notes = NULL;
	size_t count = 0, note_count = 0, i = 0;

	while (i < n) {
		const struct retort_op **parts = NULL;
		size_t part_count = 0, first = i;
		const char *note = NULL;
		struct retort_op *group;

		do {
			RETORT_PUSH(arena, parts, part_count, declare_op(declaring, ops[i]));
			note = both(arena, note, notes ? notes[i] : loss(arena, ops[i]));
			i++;
		} while (i < n && ops[first]->group && ops[i]->group == ops[first]->group);
		if (part_count > 1) {
			group = retort_alloc(arena, sizeof *group);
			group->kind = RETORT_OP_ALTER_TABLE;
			group->schema = ops[first]->schema;
			group->table = group->name = ops[first]->table;
			group->ops = parts;
			group->op_count = part_count;
			RETORT_PUSH(arena, all, count, group);
		} else {
			((struct retort_op *)parts[0])->group = 0;
			RETORT_PUSH(arena, all, count, parts[0]);
		}
		RETORT_PUSH(arena, all_notes, note_count, note);
	}
	*ret = (struct file_ops){all, all_notes, count};
}

/* What a side says for all dialects; NULL where it says nothing more than for this one. */
static int declared_by(struct sources *sources, const struct source *source, const struct retort_schema **ret,
	struct retort_error *err)
{
	struct retort_schema *portable;
	const char **ignored;
	size_t ignored_count;

	*ret = NULL;
	if (source->file)
		*ret = schema_file_declared(sources->arena, source->file);
	if (!source->session)
		return 0;
	if (inspect_portable(source->session, sources->arena, source->schema, &portable, &ignored,
		    &ignored_count, err) < 0)
		return -1;
	*ret = portable;
	return 0;
}

int autogenerate_file(struct sources *sources, const struct source *from, const struct source *to,
	const struct autogenerated *found, struct file_ops *upgrade, struct file_ops *downgrade,
	struct retort_error *err)
{
	const struct retort_dialect *dialect = sources->dialect->dialect;
	struct declaring declaring = {.arena = sources->arena,
		.name = dialect->name,
		.dialect = dialect->family ? dialect->family : dialect->name};
	size_t n = found->diff.change_count;
	const struct retort_op **ops = retort_alloc_array(sources->arena, n + 1, sizeof *ops);
	const char **notes = retort_alloc_array(sources->arena, n + 1, sizeof *notes);

	for (size_t i = 0; i < n; i++) {
		ops[i] = found->diff.changes[i].op;
		notes[i] = found->diff.changes[i].note;
	}
	if (declared_by(sources, to, &declaring.declared, err) < 0)
		return -1;
	gather(&declaring, ops, notes, n, upgrade);
	if (declared_by(sources, from, &declaring.declared, err) < 0)
		return -1;
	gather(&declaring, found->downgrade, NULL, found->downgrade_count, downgrade);
	return 0;
}
