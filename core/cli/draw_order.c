/* SPDX-License-Identifier: MIT
 *
 * Within the layers of a layout: who stands above whom, and how high.
 */
#include "cli/draw_layout.h"

#include <stdlib.h>

enum {
	SCALE = 1024,  /* of a place in a layer: its box, and where in it */
	SWEEPS = 24,   /* of ordering, for small layouts */
	LARGE = 20000, /* segments from which on fewer must do */
	LARGE_SWEEPS = 6,
	PLACINGS = 10,
	BOX_GAP = 26,  /* between two boxes */
	LINE_GAP = 12, /* between a line and what is beside it */
	STRAIGHT = 6   /* how much more a line resists a bend than a box a move */
};

/* Where a segment meets a vertex, in the order of its layer. */
static long long place_of(const struct layout_vertex *vertex, long at)
{
	return (long long)vertex->order * SCALE + (vertex->height ? at * (SCALE - 1) / vertex->height : 0);
}

/* ---- order ---- */

struct sorted {
	long long key;
	size_t order, vertex;
};

static int by_key(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* The mean place of what a vertex is connected with on one side; its own place where there is nothing. */
static long long mean_of(const struct layout_part *part, const struct layout_vertex *vertex, bool leftward)
{
	size_t n = leftward ? vertex->left_count : vertex->right_count;
	long long sum = 0;

	for (size_t i = 0; i < n; i++) {
		const struct layout_segment *segment =
			&part->segments[leftward ? part->by_right[vertex->left_start + i]
						 : part->by_left[vertex->right_start + i]];

		sum += leftward ? place_of(&part->vertices[segment->left], segment->left_at)
				: place_of(&part->vertices[segment->right], segment->right_at);
	}
	return n ? sum / (long long)n : (long long)vertex->order * SCALE;
}

/* Sorts a layer by what its vertices are connected with in the layer on one side. */
static void sort_layer(struct layout_part *part, size_t layer, bool leftward, struct sorted *scratch)
{
	size_t n = part->layer_counts[layer];

	for (size_t i = 0; i < n; i++) {
		const struct layout_vertex *vertex = &part->vertices[part->layers[layer][i]];

		scratch[i] = (struct sorted){mean_of(part, vertex, leftward), i, part->layers[layer][i]};
	}
	qsort(scratch, n, sizeof *scratch, by_key);
	for (size_t i = 0; i < n; i++) {
		part->layers[layer][i] = scratch[i].vertex;
		part->vertices[scratch[i].vertex].order = i;
	}
}

/* The number of pairs that stand the wrong way round in keys, which are sorted on the way: a merge sort from
 * below. */
static long long inversions(long long *keys, long long *spare, size_t n)
{
	long long count = 0;

	for (size_t width = 1; width < n; width *= 2) {
		for (size_t start = 0; start < n; start += 2 * width) {
			size_t middle = start + width < n ? start + width : n;
			size_t end = middle + width < n ? middle + width : n;
			size_t a = start, b = middle, at = start;

			while (a < middle || b < end) {
				if (b == end || (a < middle && keys[a] <= keys[b])) {
					spare[at++] = keys[a++];
				} else {
					count += (long long)(middle - a);
					spare[at++] = keys[b++];
				}
			}
		}
		for (size_t i = 0; i < n; i++)
			keys[i] = spare[i];
	}
	return count;
}

/* How many segments cross: each layer's, sorted by their left ends, and then how their right ends lie. */
static long long crossings(const struct layout_part *part, struct sorted *ends, long long *keys,
	long long *spare)
{
	long long count = 0;

	for (size_t layer = 0; layer + 1 < part->layer_count; layer++) {
		size_t n = 0;

		for (size_t i = 0; i < part->layer_counts[layer]; i++) {
			const struct layout_vertex *vertex = &part->vertices[part->layers[layer][i]];

			for (size_t k = 0; k < vertex->right_count; k++) {
				const struct layout_segment *segment =
					&part->segments[part->by_left[vertex->right_start + k]];

				ends[n].key = place_of(vertex, segment->left_at);
				ends[n].order =
					(size_t)place_of(&part->vertices[segment->right], segment->right_at);
				n++;
			}
		}
		qsort(ends, n, sizeof *ends, by_key);
		for (size_t i = 0; i < n; i++)
			keys[i] = (long long)ends[i].order;
		count += inversions(keys, spare, n);
	}
	return count;
}

/* Keeps the present order, or brings back the one that was kept. */
static void keep_order(struct layout_part *part, size_t *kept, bool back)
{
	for (size_t layer = 0; layer < part->layer_count; layer++)
		for (size_t i = 0; i < part->layer_counts[layer]; i++) {
			if (back) {
				part->layers[layer][i] = *kept;
				part->vertices[*kept].order = i;
			} else {
				*kept = part->layers[layer][i];
			}
			kept++;
		}
}

void layout_order(struct layout_part *part)
{
	size_t sweeps = part->segment_count > LARGE ? LARGE_SWEEPS : SWEEPS;
	size_t *kept = retort_alloc_array(part->arena, part->vertex_count, sizeof *kept);
	size_t most = part->vertex_count > part->segment_count ? part->vertex_count : part->segment_count;
	struct sorted *scratch = retort_alloc_array(part->arena, most, sizeof *scratch);
	long long *keys = retort_alloc_array(part->arena, most, sizeof *keys);
	long long *spare = retort_alloc_array(part->arena, most, sizeof *spare);
	long long best = -1, now;

	for (size_t sweep = 0; sweep < sweeps && best != 0; sweep++) {
		bool leftward = sweep % 2 == 0;

		for (size_t i = 1; i < part->layer_count; i++)
			sort_layer(part, leftward ? i : part->layer_count - 1 - i, leftward, scratch);
		now = crossings(part, scratch, keys, spare);
		if (best >= 0 && now >= best)
			continue;
		best = now;
		keep_order(part, kept, false);
	}
	keep_order(part, kept, true);
}

/* ---- height ---- */

/* Vertices that touch and so move together. */
struct block {
	long long sum, weight; /* of where they would rather be */
	size_t first;
};

static long gap_between(const struct layout_vertex *above, const struct layout_vertex *below)
{
	return above->box == LAYOUT_NONE || below->box == LAYOUT_NONE ? LINE_GAP : BOX_GAP;
}

/* Where a vertex would like to be for its segments of the sides asked for, and how much. */
static long long wish_of(const struct layout_part *part, const struct layout_vertex *vertex, bool left,
	bool right, long long *weight)
{
	long long sum = 0, n = 0;

	for (size_t i = 0; left && i < vertex->left_count; i++, n++) {
		const struct layout_segment *segment =
			&part->segments[part->by_right[vertex->left_start + i]];

		sum += part->vertices[segment->left].y + segment->left_at - segment->right_at;
	}
	for (size_t i = 0; right && i < vertex->right_count; i++, n++) {
		const struct layout_segment *segment =
			&part->segments[part->by_left[vertex->right_start + i]];

		sum += part->vertices[segment->right].y + segment->right_at - segment->left_at;
	}
	*weight = n == 0 ? 1 : vertex->box == LAYOUT_NONE ? n * STRAIGHT : n;
	return n ? sum / n : vertex->y;
}

static bool lies_above(const struct block *above, const struct block *below)
{
	return above->sum / above->weight <= below->sum / below->weight;
}

/* Moves each vertex of a layer as near to where it would like to be as the order and the others allow:
 * blocks that would overlap become one, which goes where its members want it on average. */
static void place_layer(struct layout_part *part, size_t layer, bool left, bool right, struct block *blocks)
{
	const size_t *members = part->layers[layer];
	size_t n = part->layer_counts[layer], count = 0;
	long offset = 0;

	for (size_t i = 0; i < n; i++) {
		const struct layout_vertex *vertex = &part->vertices[members[i]];
		struct block block = {.first = i};
		long long wish = wish_of(part, vertex, left, right, &block.weight);

		if (i)
			offset += part->vertices[members[i - 1]].height +
				gap_between(&part->vertices[members[i - 1]], vertex);
		block.sum = (wish - offset) * block.weight;
		while (count && !lies_above(&blocks[count - 1], &block)) {
			count--;
			block.sum += blocks[count].sum;
			block.weight += blocks[count].weight;
			block.first = blocks[count].first;
		}
		blocks[count++] = block;
	}
	offset = 0;
	for (size_t i = 0, at = 0; i < n; i++) {
		struct layout_vertex *vertex = &part->vertices[members[i]];

		if (i)
			offset += part->vertices[members[i - 1]].height +
				gap_between(&part->vertices[members[i - 1]], vertex);
		if (at + 1 < count && blocks[at + 1].first == i)
			at++;
		vertex->y = (long)(blocks[at].sum / blocks[at].weight) + offset;
	}
}

/* All layers from the top, their middles on one line. */
static void stack(struct layout_part *part)
{
	for (size_t layer = 0; layer < part->layer_count; layer++) {
		long y = 0;

		for (size_t i = 0; i < part->layer_counts[layer]; i++) {
			part->vertices[part->layers[layer][i]].y = y;
			y += part->vertices[part->layers[layer][i]].height + BOX_GAP;
		}
		for (size_t i = 0; i < part->layer_counts[layer]; i++)
			part->vertices[part->layers[layer][i]].y -= y / 2;
	}
}

void layout_place(struct layout_part *part)
{
	struct block *blocks = retort_alloc_array(part->arena, part->vertex_count, sizeof *blocks);
	long least = 0;

	stack(part);
	for (size_t round = 0; round < PLACINGS; round++) {
		bool leftward = round % 2 == 0, both = round + 4 >= PLACINGS;

		for (size_t i = 0; i < part->layer_count; i++)
			place_layer(part, leftward ? i : part->layer_count - 1 - i, leftward || both,
				!leftward || both, blocks);
	}
	for (size_t i = 0; i < part->vertex_count; i++)
		if (i == 0 || part->vertices[i].y < least)
			least = part->vertices[i].y;
	for (size_t i = 0; i < part->vertex_count; i++)
		part->vertices[i].y -= least;
}
