/* SPDX-License-Identifier: MIT
 * Calls what nothing has. */
#include "stub.h"

int retort_nobody_has_this(void);

static int cancel(struct retort_conn *conn)
{
	(void)conn;
	return retort_nobody_has_this();
}

RETORT_DRIVER(.name = "missing_symbol", .schemes = "missing_symbol", .dialect = &stub_dialect, STUB_SLOTS,
	.cancel = cancel)
