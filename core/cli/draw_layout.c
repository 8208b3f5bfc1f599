/* SPDX-License-Identifier: MIT */
#include "cli/draw_layout.h"

#include "cli/draw_packing.h"

enum {
	LAYER_GAP = 64, /* between two layers, and for each line there */
	LINE_ROOM = 5,
	LINES_MOST = 24,
	ROOM = 30,             /* around a box, to tell how much all will take */
	PASSED_MOST = 128,     /* layers that a line passes; a longer one runs straight */
	VERTICES_MOST = 200000 /* lines that would make more places run straight */
};

/* What is used for every part in turn. */
struct work {
	struct layout *layout;
	struct retort_arena *arena;
	size_t *edges_of;    /* edges sorted by the box they begin at */
	size_t *edges_start; /* by box, and one more */
	size_t *incoming;    /* by box: how many edges lead there */
	size_t *layer_of;    /* by box */
	size_t *vertex_of;   /* by box */
	size_t *waiting;     /* by box: how many on its left have no layer yet */
	/* by trunk: its places in the layers that it passes */
	struct chain {
		size_t *vertices;
		size_t count;
	} * chains;
	struct chain **chain_of; /* by edge */
};

/* One connected part. */
struct part {
	const size_t *boxes;
	size_t count;
	size_t *order; /* boxes, each after those on its left */
	struct layout_part it;
	long *layer_x, *layer_width;
};

static size_t left_of(const struct layout_edge *edge)
{
	return edge->swapped ? edge->to : edge->from;
}

static size_t right_of(const struct layout_edge *edge)
{
	return edge->swapped ? edge->from : edge->to;
}

static bool is_loop(const struct layout_edge *edge)
{
	return edge->from == edge->to;
}

/* Sorts the edges by the box on their left, and counts those that lead to each box. */
static void sort_edges(struct work *work)
{
	const struct layout *layout = work->layout;
	size_t *at = work->edges_start;

	for (size_t i = 0; i <= layout->box_count; i++)
		at[i] = 0;
	for (size_t i = 0; i < layout->box_count; i++)
		work->incoming[i] = 0;
	for (size_t i = 0; i < layout->edge_count; i++)
		if (!is_loop(&layout->edges[i])) {
			at[left_of(&layout->edges[i]) + 1]++;
			work->incoming[right_of(&layout->edges[i])]++;
		}
	for (size_t i = 0; i < layout->box_count; i++)
		at[i + 1] += at[i];
	for (size_t i = layout->edge_count; i-- > 0;)
		if (!is_loop(&layout->edges[i]))
			work->edges_of[--at[left_of(&layout->edges[i]) + 1]] = i;
	/* at[b + 1] now is where those of b start */
	for (size_t i = 0; i < layout->box_count; i++)
		at[i] = at[i + 1];
	at[layout->box_count] = 0;
	for (size_t i = 0; i < layout->edge_count; i++)
		at[layout->box_count] += !is_loop(&layout->edges[i]);
}

/* Walks from a box along its edges and swaps those that lead back to where the walk came from. */
static void walk(struct work *work, size_t start, unsigned char *state, size_t *stack, size_t *next)
{
	struct layout_edge *edges = work->layout->edges;
	size_t depth = 0;

	stack[depth++] = start;
	state[start] = 1;
	while (depth) {
		size_t box = stack[depth - 1];

		if (next[box] == work->edges_start[box + 1]) {
			state[box] = 2;
			depth--;
			continue;
		}
		struct layout_edge *edge = &edges[work->edges_of[next[box]++]];

		if (state[edge->to] == 1) {
			edge->swapped = true;
		} else if (!state[edge->to]) {
			state[edge->to] = 1;
			stack[depth++] = edge->to;
		}
	}
}

/* Swaps edges until there is no cycle, beginning at boxes to which nothing leads. */
static void break_cycles(struct work *work)
{
	size_t n = work->layout->box_count;
	unsigned char *state = retort_alloc_array(work->arena, n, 1);
	size_t *stack = retort_alloc_array(work->arena, n, sizeof *stack);
	size_t *next = retort_alloc_array(work->arena, n, sizeof *next);

	sort_edges(work);
	for (size_t i = 0; i < n; i++)
		next[i] = work->edges_start[i];
	for (size_t i = 0; i < n; i++)
		if (!work->incoming[i])
			walk(work, i, state, stack, next);
	for (size_t i = 0; i < n; i++)
		if (!state[i])
			walk(work, i, state, stack, next);
	sort_edges(work);
}

/* The height of a part's layers: so that all its boxes together are about as wide as high. */
static long height_limit(const struct work *work, const struct part *part)
{
	long long area = 0;
	long tallest = 0, limit = 1;

	for (size_t i = 0; i < part->count; i++) {
		const struct layout_box *box = &work->layout->boxes[part->boxes[i]];

		area += (long long)(box->width + LAYER_GAP) * (box->height + ROOM);
		tallest = tallest > box->height + ROOM ? tallest : box->height + ROOM;
	}
	while ((long long)limit * limit < area * 3 / 5)
		limit += limit / 16 + 1;
	return limit > tallest ? limit : tallest;
}

/* Puts each box into the first layer right of all that lead to it that has room. */
static void choose_layers(struct work *work, struct part *part)
{
	const struct layout *layout = work->layout;
	size_t *waiting = work->waiting;
	long limit = height_limit(work, part), *heights;
	size_t tail = 0;

	heights = retort_alloc_array(work->arena, part->count + 1, sizeof *heights);
	part->order = retort_alloc_array(work->arena, part->count, sizeof *part->order);
	for (size_t i = 0; i < part->count; i++) {
		waiting[part->boxes[i]] = work->incoming[part->boxes[i]];
		work->layer_of[part->boxes[i]] = 0;
		if (!waiting[part->boxes[i]])
			part->order[tail++] = part->boxes[i];
	}
	for (size_t i = 0; i < tail; i++) {
		size_t box = part->order[i], layer = work->layer_of[box];
		long height = layout->boxes[box].height + ROOM;

		while (heights[layer] && heights[layer] + height > limit)
			layer++;
		heights[layer] += height;
		work->layer_of[box] = layer;
		for (size_t k = work->edges_start[box]; k < work->edges_start[box + 1]; k++) {
			size_t right = right_of(&layout->edges[work->edges_of[k]]);

			if (work->layer_of[right] <= layer)
				work->layer_of[right] = layer + 1;
			if (!--waiting[right])
				part->order[tail++] = right;
		}
	}
	/* what nothing leads to stands as near to what it leads to as there is room */
	for (size_t i = part->count; i-- > 0;) {
		size_t box = part->order[i], nearest = LAYOUT_NONE;
		long height = layout->boxes[box].height + ROOM;

		if (work->incoming[box])
			continue;
		for (size_t k = work->edges_start[box]; k < work->edges_start[box + 1]; k++) {
			size_t right = work->layer_of[right_of(&layout->edges[work->edges_of[k]])];

			nearest = nearest < right ? nearest : right;
		}
		for (size_t layer = nearest; nearest != LAYOUT_NONE && layer-- > work->layer_of[box] + 1;)
			if (heights[layer] + height <= limit) {
				heights[work->layer_of[box]] -= height;
				heights[layer] += height;
				work->layer_of[box] = layer;
			}
	}
}

static size_t add_vertex(struct work *work, struct part *part, size_t box, size_t layer)
{
	struct layout_vertex vertex = {.box = box, .layer = layer};

	if (box != LAYOUT_NONE) {
		vertex.height = work->layout->boxes[box].height;
		work->vertex_of[box] = part->it.vertex_count;
	}
	RETORT_PUSH(work->arena, part->it.vertices, part->it.vertex_count, vertex);
	return part->it.vertex_count - 1;
}

static void add_segment(struct work *work, struct part *part, size_t left, long left_at, size_t right,
	long right_at)
{
	struct layout_segment segment = {left, right, left_at, right_at};

	RETORT_PUSH(work->arena, part->it.segments, part->it.segment_count, segment);
}

/* Leads an edge from layer to layer; the trunk that it belongs to may lead a part of the way already. */
static void add_line(struct work *work, struct part *part, size_t number)
{
	const struct layout_edge *edge = &work->layout->edges[number];
	size_t left = left_of(edge), right = right_of(edge);
	long left_at = edge->swapped ? edge->to_at : edge->from_at;
	long right_at = edge->swapped ? edge->from_at : edge->to_at;
	size_t passed = work->layer_of[right] - work->layer_of[left] - 1, from = work->vertex_of[left];
	struct chain *chain = &work->chains[edge->trunk];

	if (edge->swapped)
		chain = retort_alloc(work->arena, sizeof *chain);
	if (passed > PASSED_MOST || part->it.vertex_count + passed > VERTICES_MOST)
		return;
	work->chain_of[number] = chain;
	while (chain->count < passed) {
		size_t last = chain->count ? chain->vertices[chain->count - 1] : from;
		size_t next = add_vertex(work, part, LAYOUT_NONE, work->layer_of[left] + chain->count + 1);

		add_segment(work, part, last, chain->count ? 0 : left_at, next, 0);
		RETORT_PUSH(work->arena, chain->vertices, chain->count, next);
	}
	add_segment(work, part, passed ? chain->vertices[passed - 1] : from, passed ? 0 : left_at,
		work->vertex_of[right], right_at);
}

/* Numbers the layers that are not empty, and makes the vertices and segments of a part. */
static void make_part(struct work *work, struct part *part)
{
	size_t *number, last = 0, count = 0;

	for (size_t i = 0; i < part->count; i++)
		last = last > work->layer_of[part->boxes[i]] ? last : work->layer_of[part->boxes[i]];
	number = retort_alloc_array(work->arena, last + 1, sizeof *number);
	for (size_t i = 0; i < part->count; i++)
		number[work->layer_of[part->boxes[i]]] = 1;
	for (size_t i = 0; i <= last; i++)
		number[i] = number[i] ? count++ : 0;
	part->it.arena = work->arena;
	part->it.layer_count = count;
	for (size_t i = 0; i < part->count; i++) {
		work->layer_of[part->boxes[i]] = number[work->layer_of[part->boxes[i]]];
		add_vertex(work, part, part->boxes[i], work->layer_of[part->boxes[i]]);
	}
	for (size_t i = 0; i < part->count; i++) {
		size_t box = part->order[i];

		for (size_t k = work->edges_start[box]; k < work->edges_start[box + 1]; k++)
			add_line(work, part, work->edges_of[k]);
	}
}

/* At first the lines that pass a layer do so in its middle: where nothing else decides they stay there, and a
 * trunk doesn't lead downward from layer to layer. */
static void begin_in_middle(struct layout_part *part, size_t layer)
{
	size_t n = part->layer_counts[layer], boxes = 0, *members = part->layers[layer];
	size_t *before = retort_alloc_array(part->arena, n, sizeof *before);

	for (size_t i = 0; i < n; i++) {
		before[i] = members[i];
		boxes += part->vertices[members[i]].box != LAYOUT_NONE;
	}
	/* the boxes are the first members */
	for (size_t i = 0; i < n; i++) {
		size_t lines = n - boxes;
		size_t from = i < boxes / 2 ? i : i < boxes / 2 + lines ? boxes + i - boxes / 2 : i - lines;

		members[i] = before[from];
		part->vertices[members[i]].order = i;
	}
}

/* Sorts the segments by the vertices at their ends, and the vertices by layer. */
static void index_part(struct layout_part *part)
{
	size_t left = 0, right = 0;

	part->by_left = retort_alloc_array(part->arena, part->segment_count, sizeof *part->by_left);
	part->by_right = retort_alloc_array(part->arena, part->segment_count, sizeof *part->by_right);
	part->layers = retort_alloc_array(part->arena, part->layer_count, sizeof *part->layers);
	part->layer_counts = retort_alloc_array(part->arena, part->layer_count, sizeof *part->layer_counts);
	for (size_t i = 0; i < part->segment_count; i++) {
		part->vertices[part->segments[i].left].right_count++;
		part->vertices[part->segments[i].right].left_count++;
	}
	for (size_t i = 0; i < part->vertex_count; i++) {
		struct layout_vertex *vertex = &part->vertices[i];

		vertex->right_start = left;
		vertex->left_start = right;
		left += vertex->right_count;
		right += vertex->left_count;
		vertex->left_count = vertex->right_count = 0;
		RETORT_PUSH(part->arena, part->layers[vertex->layer], part->layer_counts[vertex->layer], i);
	}
	for (size_t i = 0; i < part->segment_count; i++) {
		struct layout_vertex *from = &part->vertices[part->segments[i].left];
		struct layout_vertex *to = &part->vertices[part->segments[i].right];

		part->by_left[from->right_start + from->right_count++] = i;
		part->by_right[to->left_start + to->left_count++] = i;
	}
	for (size_t i = 0; i < part->layer_count; i++)
		begin_in_middle(part, i);
}

/* Where each layer begins and how wide it is. */
static void measure_layers(struct work *work, struct part *part)
{
	long x = 0;

	part->layer_x = retort_alloc_array(work->arena, part->it.layer_count, sizeof *part->layer_x);
	part->layer_width = retort_alloc_array(work->arena, part->it.layer_count, sizeof *part->layer_width);
	for (size_t layer = 0; layer < part->it.layer_count; layer++) {
		size_t lines = 0;

		for (size_t i = 0; i < part->it.layer_counts[layer]; i++) {
			const struct layout_vertex *vertex = &part->it.vertices[part->it.layers[layer][i]];

			lines += vertex->right_count;
			if (vertex->box != LAYOUT_NONE &&
				work->layout->boxes[vertex->box].width > part->layer_width[layer])
				part->layer_width[layer] = work->layout->boxes[vertex->box].width;
		}
		part->layer_x[layer] = x;
		x += part->layer_width[layer] + LAYER_GAP +
			LINE_ROOM * (long)(lines < LINES_MOST ? lines : LINES_MOST);
	}
}

static void add_point(struct work *work, struct layout_edge *edge, long x, long y)
{
	struct layout_point point = {x, y};

	RETORT_PUSH(work->arena, edge->points, edge->point_count, point);
}

/* The points of an edge, once its boxes have their places. */
static void trace(struct work *work, const struct part *part, size_t number)
{
	struct layout_edge *edge = &work->layout->edges[number];
	const struct layout_box *left = &work->layout->boxes[left_of(edge)];
	const struct layout_box *right = &work->layout->boxes[right_of(edge)];
	size_t from = work->layer_of[left_of(edge)];
	size_t passed = work->chain_of[number] ? work->layer_of[right_of(edge)] - from - 1 : 0;
	long y = left->y + (edge->swapped ? edge->to_at : edge->from_at);

	add_point(work, edge, left->x + left->width, y);
	add_point(work, edge, part->layer_x[from] + part->layer_width[from], y);
	for (size_t i = 0; i < passed; i++) {
		const struct layout_vertex *vertex = &part->it.vertices[work->chain_of[number]->vertices[i]];
		long x = part->layer_x[vertex->layer];

		add_point(work, edge, x, vertex->y);
		add_point(work, edge, x + part->layer_width[vertex->layer], vertex->y);
	}
	add_point(work, edge, right->x, right->y + (edge->swapped ? edge->from_at : edge->to_at));
}

static void lay_out_part(struct work *work, const size_t *boxes, size_t count)
{
	struct part part = {.boxes = boxes, .count = count};

	choose_layers(work, &part);
	make_part(work, &part);
	index_part(&part.it);
	layout_order(&part.it);
	layout_place(&part.it);
	measure_layers(work, &part);
	for (size_t i = 0; i < count; i++) {
		struct layout_box *box = &work->layout->boxes[boxes[i]];

		box->x = part.layer_x[work->layer_of[boxes[i]]];
		box->y = part.it.vertices[work->vertex_of[boxes[i]]].y;
	}
	for (size_t i = 0; i < count; i++)
		for (size_t k = work->edges_start[boxes[i]]; k < work->edges_start[boxes[i] + 1]; k++)
			trace(work, &part, work->edges_of[k]);
}

void layout_run(struct retort_arena *arena, struct layout *layout)
{
	struct work work = {.layout = layout, .arena = arena};
	size_t n = layout->box_count;
	struct packing packing;

	work.edges_of = retort_alloc_array(arena, layout->edge_count, sizeof *work.edges_of);
	work.edges_start = retort_alloc_array(arena, n + 1, sizeof *work.edges_start);
	work.incoming = retort_alloc_array(arena, n, sizeof *work.incoming);
	work.layer_of = retort_alloc_array(arena, n, sizeof *work.layer_of);
	work.vertex_of = retort_alloc_array(arena, n, sizeof *work.vertex_of);
	work.waiting = retort_alloc_array(arena, n, sizeof *work.waiting);
	work.chains = retort_alloc_array(arena, layout->trunk_count, sizeof *work.chains);
	work.chain_of = retort_alloc_array(arena, layout->edge_count, sizeof *work.chain_of);
	break_cycles(&work);
	packing_split(arena, layout, &packing);
	for (size_t i = 0; i < packing.count; i++)
		lay_out_part(&work, packing.items[i].boxes, packing.items[i].count);
	packing_place(arena, layout, &packing);
}
