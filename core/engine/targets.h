/* SPDX-License-Identifier: MIT
 *
 * engine/targets.h: the targets that a query or a program lists (targets_query, targets_command).
 *
 * A section with one of these keys is the pattern of many targets: each name NAME that is listed becomes the
 * target SECTION/NAME, with the settings of the section. %(tenant)s in url, version_table_schema,
 * version_table and the values of variables is the name; in url it is percent-encoded. A URL that stands
 * beside a name counts instead of url.
 */
#ifndef RETORT_ENGINE_TARGETS_H
#define RETORT_ENGINE_TARGETS_H

#include "engine/session.h"

/* Whether settings are such a pattern. */
bool targets_listed(const struct settings *settings);
/* Says in front of a reason that the targets of settings can't be listed, and where that is asked for.
 * Returns -1. */
int targets_fault(const struct settings *settings, struct retort_error *err);
/* What targets_query is to be asked with; NULL: nothing is connected to, a program lists the targets.
 * RETORT_E_CONFIG where no URL is known. */
int targets_source(struct retort_arena *arena, struct settings *settings, struct settings **source,
	struct retort_error *err);
/* Adds the targets that settings stand for to config. session is connected to the source, NULL: the program
 * is run. No name, one that can't be used, one that is listed twice: RETORT_E_CONFIG; a glob that chooses
 * none is RETORT_E_USAGE. Nothing that is listed beside a name is ever shown. */
int targets_add(struct config *config, struct settings *settings, struct session *session,
	struct retort_error *err);

#endif
