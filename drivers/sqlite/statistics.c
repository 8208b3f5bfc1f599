/* SPDX-License-Identifier: MIT
 *
 * What ANALYZE has learnt of a table goes when a rebuild drops it. Which tables hold it depends on the
 * database (there may be none), so it is no part of the plan: it is put by when a transaction that
 * rebuilds begins, and what is then missing is put back before the commit.
 */
#include "connection.h"

static const char *const tables[] = {"sqlite_stat1", "sqlite_stat4"};

static int note_row(void *context, size_t n, const char *const *cells)
{
	bool *found = context;

	(void)n;
	(void)cells;
	*found = true;
	return 0;
}

static int table_exists(struct retort_conn *conn, const char *name, bool *ret, struct retort_error *err)
{
	*ret = false;
	return connection_run(conn, "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?",
		&name, 1, note_row, ret, NULL, err);
}

static int run_for(struct retort_conn *conn, const char *format, const char *table, struct retort_error *err)
{
	struct retort_buf sql;

	retort_buf_init(&sql, conn->transaction);
	for (; *format; format++)
		if (*format == '%')
			retort_buf_str(&sql, table);
		else
			retort_buf_char(&sql, *format);
	return connection_run(conn, sql.data, NULL, 0, NULL, NULL, NULL, err);
}

int statistics_save(struct retort_conn *conn, struct retort_error *err)
{
	conn->statistics = 0;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		bool exists;

		if (table_exists(conn, tables[i], &exists, err))
			return -1;
		if (!exists)
			continue;
		if (run_for(conn, "CREATE TEMP TABLE _retort_% AS SELECT * FROM main.%", tables[i], err))
			return -1;
		conn->statistics |= 1u << i;
	}
	return 0;
}

int statistics_restore(struct retort_conn *conn, struct retort_error *err)
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		bool exists;

		if (!(conn->statistics & (1u << i)))
			continue;
		if (table_exists(conn, tables[i], &exists, err))
			return -1;
		if (exists &&
			run_for(conn,
				"INSERT INTO main.% SELECT * FROM temp._retort_% AS was"
				" WHERE NOT EXISTS (SELECT 1 FROM main.% AS is_ WHERE is_.tbl IS was.tbl AND "
				"is_.idx IS was.idx)"
				" AND EXISTS (SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name "
				"= was.tbl)"
				" AND (was.idx IS NULL OR was.idx = was.tbl OR EXISTS (SELECT 1 FROM "
				"main.sqlite_master"
				" WHERE type = 'index' AND name = was.idx AND tbl_name = was.tbl))",
				tables[i], err))
			return -1;
		if (run_for(conn, "DROP TABLE temp._retort_%", tables[i], err))
			return -1;
	}
	conn->statistics = 0;
	return 0;
}
