/* SPDX-License-Identifier: MIT
 *
 * Every property on SQLite: detected, written, applied, undone.
 */
#include "../engines/changes.h"

int main(void)
{
	struct changes changes = {.dialect = "sqlite",
		.collation = "NOCASE",
		.star = "*",
		.tells = RESTRICTS | COLLATES};

	return changes_main(&changes);
}
