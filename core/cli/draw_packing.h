/* SPDX-License-Identifier: MIT
 *
 * cli/draw_packing.h: the connected parts of a layout, put beside and below each other.
 */
#ifndef RETORT_CLI_DRAW_PACKING_H
#define RETORT_CLI_DRAW_PACKING_H

#include "cli/draw_layout.h"

struct packing_item {
	size_t *boxes;
	size_t count;
	long width, height, x, y;
};

struct packing {
	struct packing_item *items;
	size_t count;
	size_t *item_of; /* by box */
};

/* Finds the connected parts, in the order of their first boxes. */
void packing_split(struct retort_arena *arena, const struct layout *layout, struct packing *ret);
/* Moves each part, laid out by itself, to its place in the whole. */
void packing_place(struct retort_arena *arena, struct layout *layout, struct packing *packing);

#endif
