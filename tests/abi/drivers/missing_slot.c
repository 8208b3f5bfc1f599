/* SPDX-License-Identifier: MIT
 * Lacks the dialect and two functions. */
#include "stub.h"

const struct retort_driver *retort_driver_entry(uint32_t host_abi)
{
	static const struct retort_driver driver = {.size = sizeof driver,
		.abi = RETORT_ABI,
		.name = "missing_slot",
		.schemes = "missing_slot",
		.open = stub_open,
		.close = stub_close,
		.inspect = stub_inspect};

	(void)host_abi;
	(void)stub_dialect, (void)stub_exec, (void)stub_query;
	return &driver;
}
