/* SPDX-License-Identifier: MIT
 *
 * script/checksum.h: what a revision does, as a digest.
 *
 * Over the tree of script/write.h and the bytes of the files that operations name: comments, layout, line
 * ends and the order of an operation's keys don't count.
 */
#ifndef RETORT_SCRIPT_CHECKSUM_H
#define RETORT_SCRIPT_CHECKSUM_H

#include "script/write.h"

/* Appends the bytes that stand for a tree. */
void checksum_put(struct retort_buf *out, const struct node *node);

#endif
