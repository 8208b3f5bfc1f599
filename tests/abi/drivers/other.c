/* SPDX-License-Identifier: MIT
 * A driver whose file is not named after what it serves. */
#include "stub.h"

static const struct retort_dialect dialect = {.size = sizeof(struct retort_dialect),
	.name = "corgish",
	.quote_open = '`',
	.placeholder = "$"};

RETORT_DRIVER(.name = "corgi", .schemes = "corgi", .dialect = &dialect, STUB_SLOTS)
