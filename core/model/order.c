/* SPDX-License-Identifier: MIT */
#include "model/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "model/catalog.h"

/* A table in the graph of foreign keys. */
struct node {
	const struct retort_table *table;
	size_t next_constraint; /* to be looked at when the walk comes back */
	size_t place;           /* in the result; set when done */
	enum { NODE_NEW, NODE_OPEN, NODE_DONE } state;
};

static int by_name(const void *a, const void *b)
{
	const struct retort_table *left, *right;
	int order;

	memcpy(&left, a, sizeof left);
	memcpy(&right, b, sizeof right);
	order = strcmp(left->schema ? left->schema : "", right->schema ? right->schema : "");
	return order ? order : strcmp(left->name, right->name);
}

static const char *key_of(struct retort_arena *arena, const char *schema, const char *name)
{
	return schema ? retort_printf(arena, "%s\x1f%s", schema, name) : name;
}

/* The node that a constraint of a table leads to; NULL where it is none of the list, or itself. */
static struct node *target_of(struct retort_arena *arena, const struct map *nodes, const struct node *from,
	const struct retort_constraint *constraint)
{
	struct node *to;

	if (constraint->kind != RETORT_FOREIGN_KEY || !constraint->references ||
		!constraint->references->table)
		return NULL;
	to = map_get(nodes, key_of(arena, constraint->references->schema, constraint->references->table));
	return to == from ? NULL : to;
}

/* Walks from a node to all that it needs, depth first, and appends each when all it needs is done. */
static void walk(struct retort_arena *arena, const struct map *nodes, struct node *start, struct node **stack,
	const struct retort_table **tables, size_t *done)
{
	size_t depth = 0;

	stack[depth++] = start;
	start->state = NODE_OPEN;
	while (depth > 0) {
		struct node *node = stack[depth - 1], *to = NULL;

		while (!to && node->next_constraint < node->table->constraint_count) {
			to = target_of(arena, nodes, node, node->table->constraints[node->next_constraint++]);
			if (to && to->state != NODE_NEW)
				to = NULL;
		}
		if (to) {
			to->state = NODE_OPEN;
			stack[depth++] = to;
			continue;
		}
		node->state = NODE_DONE;
		node->place = *done;
		tables[(*done)++] = node->table;
		depth--;
	}
}

void order_tables(struct retort_arena *arena, const struct retort_table **tables, size_t n,
	struct order_late **late, size_t *late_count)
{
	struct node *nodes = retort_alloc_array(arena, n, sizeof *nodes);
	struct node **stack = retort_alloc_array(arena, n, sizeof *stack);
	struct map *by_key = map_new(arena);
	size_t done = 0, i, j;

	*late = NULL;
	*late_count = 0;
	if (n)
		qsort(tables, n, sizeof *tables, by_name);
	for (i = 0; i < n; i++) {
		nodes[i].table = tables[i];
		map_put(by_key, key_of(arena, tables[i]->schema, tables[i]->name), &nodes[i]);
	}
	for (i = 0; i < n; i++) {
		if (nodes[i].state == NODE_NEW)
			walk(arena, by_key, &nodes[i], stack, tables, &done);
	}
	/* The walk leaves a table behind what it needs, unless the way there led through the table itself:
	 * only a key that closes a cycle refers to a later one. */
	for (i = 0; i < n; i++) {
		for (j = 0; j < nodes[i].table->constraint_count; j++) {
			const struct retort_constraint *constraint = nodes[i].table->constraints[j];
			const struct node *to = target_of(arena, by_key, &nodes[i], constraint);
			struct order_late one = {nodes[i].table, constraint};

			if (to && to->place > nodes[i].place)
				RETORT_PUSH(arena, *late, *late_count, one);
		}
	}
}
