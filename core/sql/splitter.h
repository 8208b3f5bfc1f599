/* SPDX-License-Identifier: MIT
 *
 * sql/splitter.h: a text of several statements, cut where a client would cut it.
 *
 * Knows strings, quoted names, comments, dollar quotes, DELIMITER lines, and BEGIN ... END with
 * CASE inside the bodies of triggers and routines.
 */
#ifndef RETORT_SQL_SPLITTER_H
#define RETORT_SQL_SPLITTER_H

#include "retort/sql.h"

enum piece_class {
	PIECE_ROWS,        /* INSERT UPDATE DELETE REPLACE WITH MERGE */
	PIECE_SCHEMA,      /* CREATE ALTER DROP COMMENT GRANT... */
	PIECE_QUERY,       /* SELECT VALUES TABLE EXPLAIN SHOW PRAGMA without = */
	PIECE_TRANSACTION, /* BEGIN COMMIT ROLLBACK SAVEPOINT..., LOCK TABLES, SET autocommit */
	PIECE_OUTSIDE,     /* VACUUM, CREATE INDEX CONCURRENTLY...: can't run in a transaction */
	PIECE_UNKNOWN      /* CALL DO ... */
};

struct piece {
	const char *sql; /* trimmed, without the delimiter; comments inside are kept */
	enum piece_class class;
	size_t offset;     /* of sql in the text, in bytes */
	const char *table; /* ROWS: the table it changes, or NULL */
	const char *verb;  /* the first keyword in upper case */
};

/* The statements of text; empty ones and mere comments are left out. Something that does not
 * balance is RETORT_E_FILE with its position as line and column relative to text. */
int split_sql(struct retort_arena *arena, unsigned syntax, const char *text, struct piece **ret,
	size_t *count, struct retort_error *err);

#endif
