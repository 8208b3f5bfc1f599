/* SPDX-License-Identifier: MIT
 * Made when the structs ended sooner: what follows in memory is none of theirs. */
#include <string.h>

#include "stub.h"

enum {
	DRIVER_SIZE = offsetof(struct retort_driver, begin),
	DIALECT_SIZE = offsetof(struct retort_dialect, begin)
};

/* The bytes behind the struct would be taken for slots. */
struct old_driver {
	union {
		char bytes[DRIVER_SIZE];
		void *aligned;
	} head;
	char behind[sizeof(struct retort_driver)];
};

struct old_dialect {
	union {
		char bytes[DIALECT_SIZE];
		void *aligned;
	} head;
	char behind[sizeof(struct retort_dialect)];
};

const struct retort_driver *retort_driver_entry(uint32_t host_abi)
{
	static struct old_dialect dialect;
	static struct old_driver driver;
	struct retort_dialect new_dialect = {.size = DIALECT_SIZE, .name = "short"};
	struct retort_driver new_driver = {.size = DRIVER_SIZE,
		.abi = RETORT_ABI,
		.name = "short_struct",
		.schemes = "short_struct",
		.dialect = (const struct retort_dialect *)(const void *)&dialect,
		STUB_SLOTS};

	(void)host_abi;
	(void)stub_dialect;
	memset(&dialect, 0x55, sizeof dialect);
	memset(&driver, 0x55, sizeof driver);
	memcpy(&dialect, &new_dialect, DIALECT_SIZE);
	memcpy(&driver, &new_driver, DRIVER_SIZE);
	return (const struct retort_driver *)(const void *)&driver;
}
