/* SPDX-License-Identifier: MIT
 *
 * engine/checking.h: what the checks of the conformance suite work with.
 *
 * Each check has a connection and an arena of its own. It returns 0 where all is as promised; else -1 after
 * check_fault or check_skip, or with the error of a call that should have succeeded, which counts as a fault.
 *
 * Statements are written once for all dialects: [name] becomes a quoted name, {2} the mark of the second
 * parameter.
 */
#ifndef RETORT_ENGINE_CHECKING_H
#define RETORT_ENGINE_CHECKING_H

#include "engine/conformance.h"
#include "engine/planner.h"

struct checking {
	struct retort_arena *arena;
	struct retort_error *err;
	const struct conformance *conformance;
	struct settings settings;
	struct session *session;
	struct session *others[2]; /* by check_other */
	size_t other_count;
	struct retort_listener listener;
	struct retort_buf notices; /* a line for each */
	enum check_outcome outcome;
	const char *reason;
};

struct check {
	const char *name;
	int (*run)(struct checking *checking);
	const struct check_case *operations; /* of a check of operations */
};

/* Operations as data. They must run, and what inspection then finds must be what replay says; so must what
 * reverses them. */
struct check_case {
	const char *name;     /* OPERATION/WHAT */
	uint64_t needs;       /* RETORT_CAP_* without which it is skipped */
	unsigned flags;       /* CASE_* */
	const char *before;   /* the operations that lead to where it starts; NULL: nothing */
	const char *forms[4]; /* the operations; where engines write a thing differently, all known ways */
};

#define CASE_MAY_REFUSE (1u << 0) /* a plan error is the engine's good right */
#define CASE_IRREVERSIBLE (1u << 1)
#define CASE_ROLLED_BACK (1u << 2) /* tried in a transaction that is rolled back */

/* The groups of checks; each list ends with a name NULL. */
extern const struct check checks_connection[], checks_error[], checks_value[], checks_transaction[],
	checks_rows[], checks_catalog[];
extern const struct check_case check_cases[];

/* ---- outcomes ---- */
int check_fault(struct checking *checking, const char *format, ...) RETORT_PRINTF(2, 3);
int check_skip(struct checking *checking, const char *format, ...) RETORT_PRINTF(2, 3);
/* A fault unless both are equal; NULL is SQL NULL. */
int check_equal(struct checking *checking, const char *what, const char *expected, const char *found);
/* What went wrong in words: message, code, SQLSTATE and statement of the first problem. */
const char *check_error_text(struct checking *checking);
/* Skips unless the server has the capability. */
int check_needs(struct checking *checking, uint64_t cap);

/* ---- statements ---- */
const char *check_sql(struct checking *checking, const char *text);
int check_exec(struct checking *checking, struct session *session, const char *text,
	const char *const *params, size_t n);
/* All rows: cells divided by |, rows by a line end, NULL as ~. */
int check_ask(struct checking *checking, struct session *session, const char *text, const char *const *params,
	size_t n, const char **ret);
/* The answer of a query without parameters must be this. */
int check_answer(struct checking *checking, struct session *session, const char *text, const char *expected);
/* A statement that must fail: *ret is how, as long as the arena. */
int check_refused(struct checking *checking, struct session *session, const char *text,
	const struct retort_problem **ret);

/* ---- connections ---- */
/* The settings of the suite with other timeouts. */
int check_other(struct checking *checking, long lock_timeout_ms, bool read_only, struct session **ret);
/* Another connection that sees the same tables: skips where each has a database of its own. table exists. */
int check_shared(struct checking *checking, const char *table, long lock_timeout_ms, struct session **ret);

/* ---- operations ---- */
/* Runs a list of operations, written as in a revision file, and moves schema on (NULL: from nothing). */
int check_ops(struct checking *checking, struct retort_schema *schema, const char *text);
/* The operations of a list for the session's dialect, starting from schema. */
int check_resolve(struct checking *checking, struct retort_schema *schema, const char *text,
	const struct retort_op ***ret, size_t *count);
int check_run_plan(struct checking *checking, const struct retort_plan *plan);
int check_run_case(struct checking *checking, const struct check_case *operations);

/* ---- the catalog ---- */
/* What is there under the suite's names, as inspection reports it. */
int check_inspect(struct checking *checking, struct retort_schema **ret);
/* What is there must be what replay says. stage names the moment in a fault. */
int check_same(struct checking *checking, const struct retort_schema *replayed, const char *stage);
/* Two schemas as inspected must be the same. */
int check_unchanged(struct checking *checking, const struct retort_schema *before,
	const struct retort_schema *after, const char *what);
/* Removes all that bears the suite's names. */
int check_clean(struct checking *checking);
/* RETORT_E_STATE in err where there are tables that aren't the suite's. */
int check_foreign(struct checking *checking, struct retort_error *err);

#endif
