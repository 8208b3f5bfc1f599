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
		.options = "sqlite: {strict: true}",
		.other_options = "sqlite: {without_rowid: true}",
		.tells = RESTRICTS | COLLATES};

	return changes_main(&changes);
}
