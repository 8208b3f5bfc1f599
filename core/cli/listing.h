/* SPDX-License-Identifier: MIT
 *
 * cli/listing.h: what listings and status share.
 */
#ifndef RETORT_CLI_LISTING_H
#define RETORT_CLI_LISTING_H

#include "base/text.h"
#include "base/url.h"
#include "cli/cli.h"

/* The version rows of a target as revisions; connects and closes again. */
int listing_rows(struct cli *cli, struct settings *settings, struct project *project,
	struct revision_list *rows);
/* Whether a symbol or range speaks of where the database is; NULL doesn't. */
bool listing_needs_rows(const char *symbol);
/* {target, url, revisions, is_head, pending, partial} of a target. */
int status_document(struct cli *cli, struct settings *settings, json_t **document);

#endif
