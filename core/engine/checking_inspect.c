/* SPDX-License-Identifier: MIT
 *
 * Inspection by name, and canonical forms that leave no trace.
 */
#include <string.h>

#include "engine/checking.h"
#include "model/compare.h"

#define TWO                                                                                                  \
	"- create_table:\n"                                                                                  \
	"    name: retort_check_a\n"                                                                         \
	"    columns: {id: {type: bigint, primary_key: true}, a: string(20)}\n"                              \
	"    indexes: {retort_check_ix_a: [a]}\n"                                                            \
	"- create_table: {name: retort_check_b, columns: {id: {type: bigint, references: "                   \
	"retort_check_a(id)}}}\n"

#define RICH                                                                                                 \
	"- create_table:\n"                                                                                  \
	"    name: retort_check_rich\n"                                                                      \
	"    columns:\n"                                                                                     \
	"      id: {type: bigint, primary_key: true}\n"                                                      \
	"      a: {type: 'numeric(12,2)', default: '1.50', nullable: false}\n"                               \
	"      b: {type: string(20), default: \"it's\"}\n"                                                   \
	"      c: {type: 'enum(x, y)', default: x}\n"                                                        \
	"      d: {type: boolean, default: true}\n"                                                          \
	"    check_constraints: {retort_check_ck: \"a  BETWEEN 0 AND 10 or b in ('p','q')\"}\n"              \
	"    indexes: {retort_check_ix: {columns: [b, a]}}\n"

/* Inspects only these tables. */
static int inspect_tables(struct checking *checking, const char *const *tables, size_t count,
	struct retort_schema **ret)
{
	const struct retort_inspect_options options = {.size = sizeof options,
		.tables = tables,
		.table_count = count};

	return checking->session->driver->inspect(checking->session->conn, &options, checking->arena, ret,
		checking->err);
}

static int one_table(struct checking *checking)
{
	static const char *const names[] = {"retort_check_a", "retort_check_nowhere"};
	struct retort_schema *schema;

	if (check_ops(checking, NULL, TWO) < 0 || inspect_tables(checking, names, 2, &schema) < 0)
		return -1;
	if (schema->table_count != 1 || strcmp(schema->tables[0]->name, names[0]) != 0)
		return check_fault(checking, "asked for one table that is there, inspection gave %zu",
			schema->table_count);
	if (!retort_table_index(schema->tables[0], "retort_check_ix_a"))
		return check_fault(checking, "the table came without its index");
	if (inspect_tables(checking, names + 1, 1, &schema) < 0)
		return -1;
	if (schema->table_count)
		return check_fault(checking, "asked for a table that isn't there, inspection gave %zu",
			schema->table_count);
	return 0;
}

/* One table alone is as it is among all. */
static int alone_as_among_all(struct checking *checking)
{
	static const char *const names[] = {"retort_check_a", "retort_check_b"};
	const struct compare_options options = {.syntax = checking->session->dialect->syntax};

	if (check_ops(checking, NULL, TWO) < 0)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		struct retort_schema *all, *alone;
		struct difference *differences;
		size_t count;

		if (check_inspect(checking, &all) < 0 || inspect_tables(checking, names + i, 1, &alone) < 0)
			return -1;
		if (!retort_schema_table(all, NULL, names[i]) || !retort_schema_table(alone, NULL, names[i]))
			return check_fault(checking, "table '%s' is missing", names[i]);
		compare_tables(checking->arena, retort_schema_table(all, NULL, names[i]),
			retort_schema_table(alone, NULL, names[i]), &options, &differences, &count);
		if (count)
			return check_fault(checking, "%s%s%s differs between all tables and '%s' alone",
				differences[0].object, differences[0].property ? ", " : "",
				differences[0].property ? differences[0].property : "", names[i]);
	}
	return 0;
}

/* Nothing of an inspection is the connection's. */
static int outlives_connection(struct checking *checking)
{
	struct session *other;
	struct retort_schema *schema;
	const struct retort_inspect_options options = {.size = sizeof options};

	if (check_ops(checking, NULL, TWO) < 0 ||
		check_shared(checking, "retort_check_a", 1000, &other) < 0 ||
		other->driver->inspect(other->conn, &options, checking->arena, &schema, checking->err) < 0)
		return -1;
	session_close(other);
	if (!retort_schema_table(schema, NULL, "retort_check_a"))
		return check_fault(checking, "table 'retort_check_a' is missing");
	return check_same(checking, schema, "after the connection was closed");
}

/* ---- canonical forms ---- */

/* The operations' schema without running anything. */
static int replayed(struct checking *checking, const char *text, struct retort_schema **ret)
{
	const struct retort_op **ops;
	struct retort_plan *plan;
	size_t count;

	*ret = retort_schema_new(checking->arena);
	if (check_resolve(checking, *ret, text, &ops, &count) < 0)
		return -1;
	return plan_render(checking->session, *ret, ops, count, &plan, checking->err);
}

static int canonical_table(struct checking *checking)
{
	const struct retort_driver *driver = checking->session->driver;
	struct retort_schema *before, *after, *schema;
	struct retort_table *canonical;
	bool known;

	if (!driver->canonical)
		return check_skip(checking, "the driver has no canonical");
	if (check_ops(checking, NULL, TWO) < 0 || replayed(checking, RICH, &schema) < 0 ||
		check_inspect(checking, &before) < 0 ||
		driver->canonical(checking->session->conn, schema->tables[0], checking->arena, &canonical,
			checking->err) < 0 ||
		check_inspect(checking, &after) < 0 ||
		check_unchanged(checking, before, after, "canonical left a trace") < 0)
		return -1;
	if (session_state(checking->session, &known) != RETORT_TX_IDLE && known)
		return check_fault(checking, "canonical left a transaction open");
	if (check_ops(checking, NULL, RICH) < 0)
		return -1;
	schema = retort_schema_copy(checking->arena, before);
	retort_schema_put_table(schema, canonical);
	return check_same(checking, schema, "the canonical form and the table itself");
}

static int canonical_objects(struct checking *checking)
{
	const struct retort_driver *driver = checking->session->driver;
	struct retort_schema *before, *after, *schema, *canonical;

	if (!driver->canonical_objects)
		return check_skip(checking, "the driver has no canonical_objects");
	if (check_ops(checking, NULL, TWO) < 0 ||
		replayed(checking,
			TWO "- create_view: {name: retort_check_view, query: select  ID from retort_check_a "
			    "where a>'x'}\n",
			&schema) < 0 ||
		check_inspect(checking, &before) < 0)
		return -1;
	schema->table_count = 0;
	if (driver->canonical_objects(checking->session->conn, schema, checking->arena, &canonical,
		    checking->err) < 0 ||
		check_inspect(checking, &after) < 0 ||
		check_unchanged(checking, before, after, "canonical_objects left a trace") < 0)
		return -1;
	return canonical->view_count == 1
		? 0
		: check_fault(checking, "canonical_objects gave %zu views for one", canonical->view_count);
}

const struct check checks_catalog[] = {
	{"inspect/tables", one_table, NULL},
	{"inspect/alone_as_among_all", alone_as_among_all, NULL},
	{"inspect/outlives_connection", outlives_connection, NULL},
	{"inspect/canonical", canonical_table, NULL},
	{"inspect/canonical_objects", canonical_objects, NULL},
	{NULL, NULL, NULL},
};
