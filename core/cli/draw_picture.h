/* SPDX-License-Identifier: MIT
 *
 * cli/draw_picture.h: the svg element of a schema, alone or in a page.
 */
#ifndef RETORT_CLI_DRAW_PICTURE_H
#define RETORT_CLI_DRAW_PICTURE_H

#include "cli/draw.h"
#include "cli/draw_diagram.h"

/* Appends the svg element. Table n is the g element with data-table n, a key one with data-from and
 * data-to. */
void draw_picture(struct retort_buf *out, const struct diagram *diagram, const struct draw_options *options);

#endif
