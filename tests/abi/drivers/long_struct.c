/* SPDX-License-Identifier: MIT
 * Made for a later release that has more slots. */
#include "stub.h"

const struct retort_driver *retort_driver_entry(uint32_t host_abi)
{
	static const struct {
		struct retort_driver known;
		void (*later)(struct retort_conn *conn);
	} driver = {{.size = sizeof driver,
			    .abi = RETORT_ABI,
			    .name = "long_struct",
			    .schemes = "long_struct",
			    .version = "9",
			    .dialect = &stub_dialect,
			    STUB_SLOTS},
		stub_close};

	(void)host_abi;
	return &driver.known;
}
