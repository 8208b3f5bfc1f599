/* SPDX-License-Identifier: MIT
 *
 * The generic renderer: one function for each kind of operation.
 */
#include "model/catalog.h"
#include "model/replay.h"
#include "sql/alter.h"
#include "sql/generic.h"
#include "sql/remake.h"

const struct retort_table *generic_table(const struct retort_render *render, const struct retort_op *op,
	struct retort_error *err)
{
	const struct retort_table *table = retort_schema_table(render->schema, op->schema, op->table);

	if (!table)
		retort_fail(err, RETORT_E_PLAN, "cannot %s: table %s doesn't exist%s",
			retort_op_describe(render->arena, op),
			name_quote(render->arena, op->schema, op->table),
			catalog_hint(render->arena, render->schema, FAMILY_TABLE, op->table));
	return table;
}

int generic_alter(struct alteration *alteration, const struct retort_op *op, struct retort_error *err)
{
	if (!(alteration->render->dialect->syntax & RETORT_SYNTAX_REMAKES))
		return alter_render(alteration, op, err);
	alteration_flush(alteration);
	return remake_render(alteration->render, op, err);
}

/* One operation on a table by itself. */
static int one_alteration(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	struct alteration alteration;

	alteration_init(&alteration, render, op->schema, op->table);
	if (generic_alter(&alteration, op, err))
		return -1;
	alteration_flush(&alteration);
	return 0;
}

int retort_sql_generic(struct retort_render *render, const struct retort_op *op, struct retort_error *err)
{
	static retort_render_fn *const generic[RETORT_OP_COUNT] = {
		[RETORT_OP_CREATE_TABLE] = generic_create_table,
		[RETORT_OP_DROP_TABLE] = generic_drop_table,
		[RETORT_OP_RENAME_TABLE] = generic_rename_table,
		[RETORT_OP_CREATE_ENUM] = generic_create_enum,
		[RETORT_OP_ALTER_ENUM] = generic_alter_enum,
		[RETORT_OP_DROP_ENUM] = generic_drop_enum,
		[RETORT_OP_CREATE_SEQUENCE] = generic_create_sequence,
		[RETORT_OP_DROP_SEQUENCE] = generic_drop,
		[RETORT_OP_CREATE_SCHEMA] = generic_create_schema,
		[RETORT_OP_DROP_SCHEMA] = generic_drop,
		[RETORT_OP_CREATE_DOMAIN] = generic_create_domain,
		[RETORT_OP_DROP_DOMAIN] = generic_drop,
		[RETORT_OP_CREATE_EXTENSION] = generic_create_extension,
		[RETORT_OP_DROP_EXTENSION] = generic_drop,
		[RETORT_OP_ALTER_EXTENSION] = generic_alter_extension,
		[RETORT_OP_CREATE_VIEW] = generic_make_view,
		[RETORT_OP_REPLACE_VIEW] = generic_make_view,
		[RETORT_OP_DROP_VIEW] = generic_drop,
		[RETORT_OP_CREATE_ROUTINE] = generic_make_routine,
		[RETORT_OP_REPLACE_ROUTINE] = generic_make_routine,
		[RETORT_OP_DROP_ROUTINE] = generic_drop,
		[RETORT_OP_CREATE_TRIGGER] = generic_make_trigger,
		[RETORT_OP_REPLACE_TRIGGER] = generic_make_trigger,
		[RETORT_OP_DROP_TRIGGER] = generic_drop,
		[RETORT_OP_INSERT_ROWS] = generic_insert_rows,
		[RETORT_OP_UPDATE_ROWS] = generic_update_rows,
		[RETORT_OP_DELETE_ROWS] = generic_delete_rows,
		[RETORT_OP_EXECUTE] = generic_execute,
		[RETORT_OP_ASSERT] = generic_assert,
		[RETORT_OP_RUN] = generic_run,
	};

	if (replay_is_table_op(op))
		return one_alteration(render, op, err);
	if (!generic[op->kind])
		return retort_fail(err, RETORT_E_INTERNAL, "cannot render %s", retort_op_word(op));
	return generic[op->kind](render, op, err);
}
