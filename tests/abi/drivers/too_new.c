/* SPDX-License-Identifier: MIT
 * Made for the next version of the interface. */
#include "stub.h"

const struct retort_driver *retort_driver_entry(uint32_t host_abi)
{
	static const struct retort_driver driver = {.size = sizeof driver,
		.abi = RETORT_ABI + 1,
		.name = "too_new"};

	(void)host_abi;
	(void)stub_dialect, (void)stub_open, (void)stub_close, (void)stub_exec, (void)stub_query,
		(void)stub_inspect;
	return &driver;
}
