/* SPDX-License-Identifier: MIT
 * Written without the macro, and without a size. */
#include "stub.h"

const struct retort_driver *retort_driver_entry(uint32_t host_abi)
{
	static const struct retort_driver driver = {.abi = RETORT_ABI,
		.name = "no_size",
		.schemes = "no_size",
		.dialect = &stub_dialect,
		STUB_SLOTS};

	(void)host_abi;
	return &driver;
}
