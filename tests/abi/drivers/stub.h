/* SPDX-License-Identifier: MIT
 *
 * What a driver must have, doing nothing: each plugin beside this is a whole one but for what it is to show.
 */
#ifndef RETORT_TESTS_STUB_H
#define RETORT_TESTS_STUB_H

#include "retort/driver.h"

/* For those that are not written by RETORT_DRIVER. */
RETORT_EXPORT const struct retort_driver *retort_driver_entry(uint32_t host_abi);

static struct retort_conn *stub_open(const struct retort_open_options *options, struct retort_error *err)
{
	(void)options;
	retort_fail(err, RETORT_E_CONNECT, "this driver only exists to be loaded");
	return NULL;
}

static void stub_close(struct retort_conn *conn)
{
	(void)conn;
}

static int stub_exec(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	long long *affected, struct retort_error *err)
{
	(void)conn, (void)sql, (void)params, (void)n, (void)affected, (void)err;
	return 0;
}

static int stub_query(struct retort_conn *conn, const char *sql, const char *const *params, size_t n,
	retort_row_fn *row, void *context, struct retort_error *err)
{
	(void)conn, (void)sql, (void)params, (void)n, (void)row, (void)context, (void)err;
	return 0;
}

static int stub_inspect(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err)
{
	(void)conn, (void)options, (void)arena, (void)ret, (void)err;
	return 0;
}

static const struct retort_dialect stub_dialect = {.size = sizeof(struct retort_dialect), .name = "stub"};

#define STUB_SLOTS                                                                                           \
	.open = stub_open, .close = stub_close, .exec = stub_exec, .query = stub_query,                      \
	.inspect = stub_inspect

#endif
