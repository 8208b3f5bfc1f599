/* SPDX-License-Identifier: MIT
 *
 * script/variables.h: what stands for something else inside the values of configuration files.
 *
 * In retort.ini %(here)s is the folder of the file and ${NAME} a variable of the environment, whose
 * value is taken as it is; $${ stands for ${, and every other % and $ for itself. In alembic.ini the
 * rules are configparser's: %(key)s is another key of the section or of [DEFAULT], %% is %.
 */
#ifndef RETORT_SCRIPT_VARIABLES_H
#define RETORT_SCRIPT_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "retort/error.h"
#include "script/ini.h"

/* Replaces what retort.ini's rules know. Returns NULL and sets *missing to the name of the first
 * variable that is not set. */
const char *variables_expand(struct retort_arena *arena, const char *text, const char *here,
	const char **missing);
/* The same for a shell command: ${NAME} is left for the shell, which quotes it right, but must be set
 * unless it is one that retort itself sets. */
const char *variables_expand_command(struct retort_arena *arena, const char *text, const char *here,
	const char **missing);
/* The value of a key of alembic.ini's section, replaced by configparser's rules. Faults are RETORT_E_CONFIG.
 */
int variables_interpolate(struct retort_arena *arena, const struct ini *ini,
	const struct ini_section *section, const struct ini_entry *entry, const char *here, const char **ret,
	struct retort_error *err);
/* Whether text is a name as ${...} takes it: a letter or _, then letters, digits and _. */
bool variables_is_name(const char *text, size_t n);

#endif
