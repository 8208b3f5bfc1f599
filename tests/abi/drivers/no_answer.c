/* SPDX-License-Identifier: MIT
 * Serves other versions of the interface than the host's. */
#include "stub.h"

const struct retort_driver *retort_driver_entry(uint32_t host_abi)
{
	(void)host_abi;
	(void)stub_dialect, (void)stub_open, (void)stub_close, (void)stub_exec, (void)stub_query,
		(void)stub_inspect;
	return NULL;
}
