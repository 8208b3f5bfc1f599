/* SPDX-License-Identifier: MIT
 *
 * cli/diff.h: revision --autogenerate and migrate.
 */
#ifndef RETORT_CLI_DIFF_H
#define RETORT_CLI_DIFF_H

#include "cli/cli.h"

/* Fills what's bodies with the difference between --from (db) and --to (schema). *nothing: there is none, and
 * nothing is to be written. */
int diff_revision(struct cli *cli, struct settings *settings, struct project *project,
	struct project_new *what, bool *nothing);

#endif
