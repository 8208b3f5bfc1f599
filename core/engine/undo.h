/* SPDX-License-Identifier: MIT
 *
 * engine/undo.h: takes a half-done upgrade back.
 *
 * Its done operations are reversed, last first, as `auto` would, whatever the file's downgrade says, in a
 * step that is journalled the same way. An operation of which only a part is done is first made whole, or
 * taken back from where it stands where that can be told: a table that is made can be dropped, columns that
 * were added too, and of the rows of a file those that are in.
 */
#ifndef RETORT_ENGINE_UNDO_H
#define RETORT_ENGINE_UNDO_H

#include "engine/run.h"

/* undo: the entry of an undo that was begun, or NULL. */
int undo_upgrade(struct run *run, const struct history_entry *upgrade, const struct history_entry *undo,
	struct retort_error *err);

#endif
