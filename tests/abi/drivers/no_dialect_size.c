/* SPDX-License-Identifier: MIT
 * Its dialect doesn't tell its size. */
#include "stub.h"

static const struct retort_dialect dialect = {.name = "sizeless"};

const struct retort_driver *retort_driver_entry(uint32_t host_abi)
{
	static const struct retort_driver driver = {.size = sizeof driver,
		.abi = RETORT_ABI,
		.name = "no_dialect_size",
		.schemes = "no_dialect_size",
		.dialect = &dialect,
		STUB_SLOTS};

	(void)host_abi;
	(void)stub_dialect;
	return &driver;
}
