/* SPDX-License-Identifier: MIT */
#include "cli/draw_packing.h"

#include <stdlib.h>

enum { GAP = 44 };

/* The box that stands for all that one is connected with; shortens the way for the next time. */
static size_t leader(size_t *of, size_t box)
{
	while (of[box] != box)
		box = of[box] = of[of[box]];
	return box;
}

void packing_split(struct retort_arena *arena, const struct layout *layout, struct packing *ret)
{
	size_t *of = retort_alloc_array(arena, layout->box_count, sizeof *of);

	*ret = (struct packing){0};
	ret->item_of = retort_alloc_array(arena, layout->box_count, sizeof *ret->item_of);
	for (size_t i = 0; i < layout->box_count; i++)
		of[i] = i;
	for (size_t i = 0; i < layout->edge_count; i++) {
		size_t a = leader(of, layout->edges[i].from), b = leader(of, layout->edges[i].to);

		/* the first box leads, so that it is met first below */
		of[a > b ? a : b] = a > b ? b : a;
	}
	for (size_t i = 0; i < layout->box_count; i++) {
		size_t first = leader(of, i);
		struct packing_item *item;

		if (first == i) {
			ret->item_of[i] = ret->count;
			RETORT_PUSH(arena, ret->items, ret->count, (struct packing_item){0});
		}
		ret->item_of[i] = ret->item_of[first];
		item = &ret->items[ret->item_of[i]];
		RETORT_PUSH(arena, item->boxes, item->count, i);
	}
}

/* How much room each part takes. */
static void measure(struct layout *layout, struct packing *packing)
{
	for (size_t i = 0; i < packing->count; i++) {
		struct packing_item *item = &packing->items[i];

		for (size_t k = 0; k < item->count; k++) {
			const struct layout_box *box = &layout->boxes[item->boxes[k]];

			item->width = item->width > box->x + box->width ? item->width : box->x + box->width;
			item->height =
				item->height > box->y + box->height ? item->height : box->y + box->height;
		}
	}
	/* a line may run below all boxes */
	for (size_t i = 0; i < layout->edge_count; i++) {
		struct packing_item *item = &packing->items[packing->item_of[layout->edges[i].from]];

		for (size_t k = 0; k < layout->edges[i].point_count; k++)
			if (layout->edges[i].points[k].y > item->height)
				item->height = layout->edges[i].points[k].y;
	}
}

/* Higher ones first, else in order. */
static int by_height(const void *a, const void *b)
{
	const struct packing_item *x = *(struct packing_item *const *)a,
				  *y = *(struct packing_item *const *)b;

	if (x->height != y->height)
		return x->height > y->height ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* How wide the whole may be to look well on a screen. */
static long width_wanted(const struct packing *packing)
{
	long long area = 0;
	long widest = 0, wanted = 1;

	for (size_t i = 0; i < packing->count; i++) {
		area += (long long)(packing->items[i].width + GAP) * (packing->items[i].height + GAP);
		widest = widest > packing->items[i].width ? widest : packing->items[i].width;
	}
	while ((long long)wanted * wanted < area * 8 / 5)
		wanted += wanted / 16 + 1;
	return wanted > widest ? wanted : widest;
}

/* In shelves as high as their first part; lower ones stand below each other on them. */
static void fill_shelves(struct packing_item **items, size_t count, long wanted, struct layout *layout)
{
	long shelf_y = 0, shelf_height = 0, x = 0, column_width = 0, used = 0;

	for (size_t i = 0; i < count; i++) {
		struct packing_item *item = items[i];

		if (i && used + GAP + item->height <= shelf_height && x + item->width <= wanted) {
			used += GAP;
		} else {
			x += i ? column_width + GAP : 0;
			column_width = used = 0;
			if (!i || x + item->width > wanted) {
				shelf_y += i ? shelf_height + GAP : 0;
				shelf_height = item->height;
				x = 0;
			}
		}
		item->x = x;
		item->y = shelf_y + used;
		used += item->height;
		column_width = column_width > item->width ? column_width : item->width;
		layout->width = layout->width > x + item->width ? layout->width : x + item->width;
		layout->height = layout->height > shelf_y + used ? layout->height : shelf_y + used;
	}
}

void packing_place(struct retort_arena *arena, struct layout *layout, struct packing *packing)
{
	struct packing_item **sorted = retort_alloc_array(arena, packing->count, sizeof *sorted);

	measure(layout, packing);
	for (size_t i = 0; i < packing->count; i++)
		sorted[i] = &packing->items[i];
	qsort(sorted, packing->count, sizeof *sorted, by_height);
	layout->width = layout->height = 0;
	fill_shelves(sorted, packing->count, width_wanted(packing), layout);
	for (size_t i = 0; i < layout->box_count; i++) {
		layout->boxes[i].x += packing->items[packing->item_of[i]].x;
		layout->boxes[i].y += packing->items[packing->item_of[i]].y;
	}
	for (size_t i = 0; i < layout->edge_count; i++) {
		const struct packing_item *item = &packing->items[packing->item_of[layout->edges[i].from]];

		for (size_t k = 0; k < layout->edges[i].point_count; k++) {
			layout->edges[i].points[k].x += item->x;
			layout->edges[i].points[k].y += item->y;
		}
	}
}
