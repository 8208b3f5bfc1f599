/* SPDX-License-Identifier: MIT
 *
 * alter.h: operations on a table as few ALTER TABLE statements.
 *
 * What an operation does to keys, indexes and CHECKs is read off the table before and after it, so that all
 * it brings along is told in the same statement: the index behind a foreign key, the index and the
 * constraints of a dropped column, a CHECK that names a renamed one. Neighbouring operations share a
 * statement where they are equally fast.
 */
#ifndef MYSQL_ALTER_H
#define MYSQL_ALTER_H

#include "dialect.h"

/* Statements under construction. */
struct alter {
	struct retort_render *render;
	struct retort_error *err;
	/* the operation at work and the table around it */
	const struct retort_op *op;
	const struct retort_table *before, *after;
	struct retort_buf actions; /* its own */
	enum speed speed;
	unsigned flags;
	const char *changed; /* the column that it modifies, or NULL */
	bool unchecked;      /* the rows are known to keep the foreign keys that it adds */
	/* the statement that is gathered: operations of one speed */
	const struct retort_op *first;
	const struct retort_table *start, *reached;
	struct retort_buf gathered, described;
	enum speed gathered_speed;
	unsigned gathered_flags;
	bool gathered_unchecked;
	const char **modified; /* columns */
	size_t modified_count;
};

/* Begins an action of the operation and returns where to write it. */
struct retort_buf *alter_action(struct alter *alter, enum speed speed, unsigned flags);
/* Ends what the operation wrote: it joins what is gathered, or begins anew. */
void alter_join(struct alter *alter);
/* Writes out the statement. */
void alter_flush(struct alter *alter);
/* Ends the statement so far at a table of the operation's own making; what follows starts there. */
void alter_pass(struct alter *alter, const struct retort_table *reached);
/* An UPDATE between two statements of the operation. */
void alter_update(struct alter *alter, const char *sql, const char *description);

/* alter_keys.c: what differs between before and after in constraints and indexes. */
int alter_keys(struct alter *alter);
/* Adds to the gathered statement what becomes of the indexes behind foreign keys between its start and its
 * end. */
void alter_implied(struct alter *alter);
/* Drops and makes again all that names a column, whose place another one takes. */
int alter_remake_users(struct alter *alter, const char *column);

/* alter_column.c */
int alter_add_column(struct alter *alter);
int alter_change_column(struct alter *alter);
int alter_rename_column(struct alter *alter);
/* MODIFY COLUMN with everything the column has in table. */
int alter_modify(struct alter *alter, const struct retort_table *table, const struct retort_column *before,
	const struct retort_column *after);

#endif
