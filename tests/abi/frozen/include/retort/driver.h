/* SPDX-License-Identifier: MIT
 *
 * retort/driver.h: the driver plugin ABI, version 1.
 *
 * A driver is one shared object that exports one function, written by the macro
 * RETORT_DRIVER. It returns a const struct: fields are only ever appended, size tells how
 * many there are, NULL means the documented default. Nothing in a driver prints, exits or
 * keeps global state. One connection is used by one thread at a time; cancel alone may be
 * called from another. Functions of the dialect, which know no connection, are called by
 * several threads at a time. Values travel as text: NULL pointer for SQL NULL, 0x and hex for
 * bytes, ISO 8601 in UTC for times.
 */
#ifndef RETORT_DRIVER_H
#define RETORT_DRIVER_H

#include "retort/sql.h"
#include "retort/url.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RETORT_ABI 1
#define RETORT_DRIVER_SYMBOL "retort_driver_entry"

/* Each driver defines its own. */
struct retort_conn;

enum retort_notice_level { RETORT_NOTICE_DEBUG, RETORT_NOTICE_INFO, RETORT_NOTICE_WARNING };

/* How a driver passes the server's messages, and the progress of long statements, on. */
struct retort_listener {
	void *context;
	void (*notice)(void *context, enum retort_notice_level level, const char *text);
	/* total 0: not known */
	void (*progress)(void *context, const char *what, unsigned long long done, unsigned long long total);
};

struct retort_open_options {
	size_t size;
	const struct retort_url *url;
	bool read_only;            /* the command only reads: refuse writes where the engine can */
	bool create;               /* a missing database file may be made */
	long lock_timeout_ms;      /* waiting for another writer; negative: for ever */
	long statement_timeout_ms; /* 0: none */
	long ddl_lock_timeout_ms;  /* waiting for a table's lock; 0: the engine's default */
	const char *application_name;
	const struct retort_listener *listener; /* outlives the connection */
};

struct retort_inspect_options {
	size_t size;
	const char *const *schemas; /* none: the default schema only; NULL among them is that one */
	size_t schema_count;
	const char *const *tables; /* none: all; else only these, with their indexes and triggers */
	size_t table_count;
};

/* Called for each row; columns are valid during the call. Not 0 ends the query without error. */
typedef int retort_row_fn(void *context, size_t column_count, const char *const *columns);

/* A query, as struct retort_driver has it. */
typedef int retort_query_fn(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err);

/* What the rows of a query of retort_read_catalog tell, cell by cell; cells at the end may be left out. Yes
 * is 1, t, true or yes, and all else no. schema NULL: the default one. Values are part of the ABI: append
 * only. */
enum retort_catalog_rows {
	RETORT_CATALOG_END,
	/* In order: schema, table, column, type (in words of files, e.g. numeric(10,2), else as the engine
	 * says it), whether nullable, default, computed, whether stored, identity (yes or always), collation,
	 * the column's comment, the table's. Tables come into being by their columns. */
	RETORT_CATALOG_COLUMNS,
	/* By key, its columns in order: schema, table, name, whether the engine itself gave that, kind
	 * (PRIMARY KEY, UNIQUE or FOREIGN KEY), column; for a foreign key schema, table and column that it
	 * refers to, the words behind ON DELETE and ON UPDATE. */
	RETORT_CATALOG_KEYS,
	RETORT_CATALOG_CHECKS, /* schema, table, name or NULL, expression */
	/* By index, its columns in order: schema, table, name, whether unique, column or NULL, expression,
	 * whether descending, the predicate of a partial one, method. */
	RETORT_CATALOG_INDEXES,
	RETORT_CATALOG_TRIGGERS, /* schema, table, name, the text after CREATE TRIGGER name */
	/* These are left out where only some tables are asked for. */
	RETORT_CATALOG_VIEWS,  /* schema, name, query */
	RETORT_CATALOG_OTHERS  /* a sentence for unmodelled */
};

struct retort_catalog_query {
	enum retort_catalog_rows rows; /* the list ends with RETORT_CATALOG_END */
	const char *sql;
};

enum retort_tx_state { RETORT_TX_IDLE, RETORT_TX_ACTIVE, RETORT_TX_FAILED };

/* What another connection is doing. The host sets size. */
struct retort_activity {
	size_t size;
	bool there;       /* the connection is there */
	const char *sql;  /* what it runs; NULL: nothing */
	long long age_ms; /* of that statement */
};

/* A statement without rows and its parameters. */
struct retort_command {
	const char *sql;
	const char *const *params; /* NULL: none */
	size_t param_count;
};

struct retort_driver {
	size_t size;  /* set by RETORT_DRIVER */
	uint32_t abi; /* set by RETORT_DRIVER */
	const char *name;
	const char *schemes; /* of URLs, comma-separated: "postgresql,postgres" */
	const char *version;
	const struct retort_dialect *dialect;

	/* Required. */

	/* NULL on failure. RETORT_E_CONNECT where the server or file is not there or refuses,
	 * RETORT_E_CONFIG for a parameter of the URL that is not known. */
	struct retort_conn *(*open)(const struct retort_open_options *options, struct retort_error *err);
	void (*close)(struct retort_conn *conn);
	/* One statement without rows. params may be NULL; *affected (may be NULL) is set to the
	 * number of rows changed, -1 where the engine doesn't tell. */
	int (*exec)(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
		long long *affected, struct retort_error *err);
	/* One statement with rows. */
	int (*query)(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
		retort_row_fn *row, void *context, struct retort_error *err);
	/* What the database holds, in the arena. */
	int (*inspect)(struct retort_conn *conn, const struct retort_inspect_options *options,
		struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err);

	/* Optional: NULL means ... */

	/* dialect->caps */
	uint64_t (*capabilities)(struct retort_conn *conn);
	/* 0: not known. As major * 10000 + minor * 100 + patch. */
	unsigned (*server_version)(struct retort_conn *conn);
	/* exec of the dialect's begin and commit, else "BEGIN", "COMMIT", "ROLLBACK". begin: RETORT_TX_*.
	 * With RETORT_CAP_TX_LOCK a busy database is RETORT_E_LOCK after lock_timeout. A begin that was
	 * given RETORT_TX_REBUILD is followed by commit or rollback that restores what it switched off. */
	int (*begin)(struct retort_conn *conn, unsigned flags, struct retort_error *err);
	int (*commit)(struct retort_conn *conn, struct retort_error *err);
	int (*rollback)(struct retort_conn *conn, struct retort_error *err);
	/* not known */
	enum retort_tx_state (*transaction_state)(struct retort_conn *conn);
	/* The table as the engine would report it after making it, leaving no trace. NULL: the host
	 * makes it in a transaction that is rolled back. */
	int (*canonical)(struct retort_conn *conn, const struct retort_table *table,
		struct retort_arena *arena, struct retort_table **ret, struct retort_error *err);
	/* A lease row kept by the host. timeout_ms: 0 try once, negative for ever; not obtained is
	 * RETORT_E_LOCK. A lock goes with its connection. May PASS where the connection can't hold one, e.g.
	 * behind a pooler: as if this slot were NULL. */
	int (*lock)(struct retort_conn *conn, const char *name, long timeout_ms, struct retort_error *err);
	int (*unlock)(struct retort_conn *conn, const char *name, struct retort_error *err);
	/* INSERT statements of several rows by exec. *rows: how many went in. */
	int (*bulk)(struct retort_conn *conn, const struct retort_bulk *bulk, unsigned long long *rows,
		struct retort_error *err);
	/* nothing */
	int (*cancel)(struct retort_conn *conn);

	/* Further dialects besides dialect, the list ends with NULL: for servers of one family that one
	 * driver serves. A URL whose scheme is a dialect's name means that one until the server is known.
	 * NULL: none. */
	const struct retort_dialect *const *dialects;
	/* The one of dialect and dialects that the server at hand speaks. NULL: the one that the URL
	 * means. */
	const struct retort_dialect *(*dialect_of)(struct retort_conn *conn);
	/* The views, routines, triggers and domains of a schema that holds nothing else as the engine
	 * would report them after making them, leaving no trace; one that it refuses comes back as it is.
	 * NULL: their texts are compared. */
	int (*canonical_objects)(struct retort_conn *conn, const struct retort_schema *objects,
		struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err);
	/* The schema in which names without one are made, in the arena; NULL: none, or a failure that err
	 * tells. NULL: a database has one schema only. */
	const char *(*home)(struct retort_conn *conn, struct retort_arena *arena, struct retort_error *err);
	/* What tells this connection from all others that its server has had since, for another connection to
	 * look for, in the arena. NULL: not known. */
	int (*identify)(struct retort_conn *conn, struct retort_arena *arena, const char **identity,
		struct retort_error *err);
	/* What the connection of an identity is doing, told by another one; with end it is ended, with its
	 * statement, which may take a while. NULL: it is taken to be gone. */
	int (*observe)(struct retort_conn *conn, const char *identity, bool end, struct retort_arena *arena,
		struct retort_activity *activity, struct retort_error *err);
	/* Several statements of exec inside a transaction, in order, up to the first that fails; *done: how
	 * many have passed; affected has a place for each. For engines that take them in one round trip.
	 * NULL: exec of each. */
	int (*exec_all)(struct retort_conn *conn, const struct retort_command *commands, size_t count,
		long long *affected, size_t *done, struct retort_error *err);
};

/* For inspect: what a database holds, told by queries that are run in their order; tables stand before what
 * belongs to them. Expressions lose their outer parentheses; with RETORT_SYNTAX_UPPER names of capitals are
 * given in small letters. */
RETORT_EXPORT int retort_read_catalog(struct retort_conn *conn, retort_query_fn *query,
	const struct retort_dialect *dialect, const struct retort_catalog_query *queries,
	const struct retort_inspect_options *options, struct retort_arena *arena, struct retort_schema **ret,
	struct retort_error *err);

/* The same for every driver: what libretort was built with, for a driver that serves several. */
typedef const struct retort_driver *retort_driver_entry_fn(uint32_t host_abi);

#if defined(__cplusplus)
#define RETORT_EXTERN_C extern "C"
#else
#define RETORT_EXTERN_C
#endif

/* Writes the exported function: RETORT_DRIVER(.name = "foo", .schemes = "foo", ...) */
#define RETORT_DRIVER(...)                                                                                   \
	RETORT_EXTERN_C RETORT_EXPORT const struct retort_driver *retort_driver_entry(uint32_t host_abi);    \
	const struct retort_driver *retort_driver_entry(uint32_t host_abi)                                   \
	{                                                                                                    \
		static const struct retort_driver driver = {.size = sizeof(struct retort_driver),            \
			.abi = RETORT_ABI,                                                                   \
			__VA_ARGS__};                                                                        \
		(void)host_abi;                                                                              \
		return &driver;                                                                              \
	}

#ifdef __cplusplus
}
#endif
#endif
