/* SPDX-License-Identifier: MIT
 * Made for a version of the interface before the first. */
#include "stub.h"

const struct retort_driver *retort_driver_entry(uint32_t host_abi)
{
	static const struct retort_driver driver = {.size = sizeof driver, .abi = 0, .name = "too_old"};

	(void)host_abi;
	(void)stub_dialect, (void)stub_open, (void)stub_close, (void)stub_exec, (void)stub_query,
		(void)stub_inspect;
	return &driver;
}
