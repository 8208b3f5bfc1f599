/* SPDX-License-Identifier: MIT
 *
 * Every property on a server: detected, written, applied, undone. Without DATABASE_URL the program starts a
 * private one by start.sh and itself again beside it.
 */
#include "changes.h"

int main(int argc, char **argv)
{
	struct changes changes = {.url = getenv("DATABASE_URL"),
		.dialect = "mysql/8.0.31",
		.collation = "utf8mb4_bin",
		.method = "fulltext",
		.star = "*",
		.options = "mysql: {engine: MyISAM}",
		.other_options = "mysql: {collate: latin1_bin, row_format: compressed}"};

	(void)argc;
	if (changes.url)
		return changes_main(&changes);
	execlp("sh", "sh", RETORT_SOURCE "/tests/engines/start.sh", "mysql", argv[0], (char *)NULL);
	return 1;
}
