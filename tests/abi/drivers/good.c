/* SPDX-License-Identifier: MIT
 * A driver that has all it must have. */
#include "stub.h"

RETORT_DRIVER(.name = "good", .schemes = "good,fine", .version = "1.2", .dialect = &stub_dialect, STUB_SLOTS)
