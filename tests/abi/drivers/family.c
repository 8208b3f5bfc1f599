/* SPDX-License-Identifier: MIT
 * One driver for two dialects. */
#include "stub.h"

static const struct retort_dialect child = {
	.size = sizeof(struct retort_dialect), .name = "child", .family = "parent", .quote_open = '`'};
static const struct retort_dialect parent = {.size = sizeof(struct retort_dialect), .name = "parent"};
static const struct retort_dialect *const further[] = {&child, NULL};

RETORT_DRIVER(.name = "family", .schemes = "parent,child,cousin", .version = "1", .dialect = &parent,
	.dialects = further, STUB_SLOTS)
