/* SPDX-License-Identifier: MIT
 *
 * sql/generic.h: the parts of the generic renderer, one for each family of operations.
 */
#ifndef RETORT_SQL_GENERIC_H
#define RETORT_SQL_GENERIC_H

#include "retort/sql.h"

/* The table that op works on; NULL after a fault, which says what was probably meant. */
const struct retort_table *generic_table(const struct retort_render *render, const struct retort_op *op,
	struct retort_error *err);
/* Renders one operation on a table, in the way of the dialect: alter.h or remake.h. */
struct alteration;
int generic_alter(struct alteration *alteration, const struct retort_op *op, struct retort_error *err);
/* generic_table.c */
int generic_create_table(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int generic_drop_table(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int generic_rename_table(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
/* enum.c: on engines without named enums creating and dropping one is nothing, and changing one is
 * done through enum_column_ops. */
int generic_create_enum(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int generic_alter_enum(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int generic_drop_enum(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
/* The alter_column operations, table by table, that change the values of an enum in each column that
 * uses it. */
void enum_column_ops(struct retort_render *render, const struct retort_op *op, const struct retort_op ***ret,
	size_t *count);
/* object.c */
int generic_create_sequence(struct retort_render *render, const struct retort_op *op,
	struct retort_error *err);
int generic_create_schema(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int generic_create_domain(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int generic_alter_extension(struct retort_render *render, const struct retort_op *op,
	struct retort_error *err);
int generic_create_extension(struct retort_render *render, const struct retort_op *op,
	struct retort_error *err);
int generic_make_view(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int generic_make_routine(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int generic_make_trigger(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
/* Whether a statement adds a value to a type. */
bool enum_adds_value(const struct retort_statement *statement);
/* A new value can't be used in the transaction that adds it: where a later statement may, it is added
 * outside. */
void enum_set_apart(struct retort_plan *plan);
/* Every DROP of an object that is neither table nor enum. */
int generic_drop(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
/* rows.c; source: the rows of a file, NULL where they stand in the operation. */
int rows_insert(struct retort_render *render, const struct retort_op *op, struct retort_row_source *source,
	struct retort_error *err);
/* change_rows.c */
int rows_delete(struct retort_render *render, const struct retort_op *op, struct retort_row_source *source,
	struct retort_error *err);
int generic_insert_rows(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int generic_update_rows(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int generic_delete_rows(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
/* execute.c */
int generic_execute(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int generic_assert(struct retort_render *render, const struct retort_op *op, struct retort_error *err);
int generic_run(struct retort_render *render, const struct retort_op *op, struct retort_error *err);

#endif
