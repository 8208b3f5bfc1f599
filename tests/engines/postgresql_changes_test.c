/* SPDX-License-Identifier: MIT
 *
 * Every property on a server: detected, written, applied, undone. Without DATABASE_URL the program starts a
 * private one by start.sh and itself again beside it.
 */
#include "changes.h"

int main(int argc, char **argv)
{
	struct changes changes = {.url = getenv("DATABASE_URL"),
		.dialect = "postgresql/15.0",
		.collation = "C",
		.star = "*",
		.options = "postgresql: {unlogged: true}",
		.other_options = "postgresql: {unlogged: false}",
		.method = "hash",
		.opclass = "text_pattern_ops",
		.tells = RESTRICTS | COLLATES | MATCHES | STARTS | SEQUENCE_TYPES};

	(void)argc;
	if (changes.url)
		return changes_main(&changes);
	execlp("sh", "sh", RETORT_SOURCE "/tests/engines/start.sh", "postgresql", argv[0], (char *)NULL);
	return 1;
}
