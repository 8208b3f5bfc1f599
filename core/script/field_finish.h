/* SPDX-License-Identifier: MIT
 *
 * script/field_finish.h: what the tables can't say: values given in another place than the structs keep
 * them, and keys that only make sense together.
 */
#ifndef RETORT_SCRIPT_FIELD_FINISH_H
#define RETORT_SCRIPT_FIELD_FINISH_H

#include "script/field.h"

void type_begin(void *draft);
void column_begin(void *draft);
void column_finish(struct reader *reader, void *draft, const struct yaml *node);
void column_prepare(struct retort_arena *arena, void *draft);
void constraint_finish(struct reader *reader, void *draft, const struct yaml *node);
void constraint_prepare(struct retort_arena *arena, void *draft);
void element_finish(struct reader *reader, void *draft, const struct yaml *node);
void index_column_finish(struct reader *reader, void *draft, const struct yaml *node);
void domain_begin(void *draft);
void domain_finish(struct reader *reader, void *draft, const struct yaml *node);
void rows_finish(struct reader *reader, void *draft, const struct yaml *node);
void enum_change_finish(struct reader *reader, void *draft, const struct yaml *node);

void add_column_finish(struct reader *reader, struct retort_op *op, const struct yaml *node);
void alter_column_finish(struct reader *reader, struct retort_op *op, const struct yaml *node);
void set_options_finish(struct reader *reader, struct retort_op *op, const struct yaml *node);
void alter_table_finish(struct reader *reader, struct retort_op *op, const struct yaml *node);
void alter_enum_finish(struct reader *reader, struct retort_op *op, const struct yaml *node);
void insert_rows_finish(struct reader *reader, struct retort_op *op, const struct yaml *node);
void delete_rows_finish(struct reader *reader, struct retort_op *op, const struct yaml *node);
void execute_finish(struct reader *reader, struct retort_op *op, const struct yaml *node);

#endif
