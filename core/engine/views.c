/* SPDX-License-Identifier: MIT */
#include "engine/views.h"

#include <string.h>

#include "engine/bookkeeping.h"
#include "engine/plan_live.h"

/* Whether an operation may change what a view reads. */
static bool may_break(const struct retort_op *op)
{
	switch (op->kind) {
	case RETORT_OP_DROP_TABLE:
	case RETORT_OP_RENAME_TABLE:
	case RETORT_OP_DROP_COLUMN:
	case RETORT_OP_RENAME_COLUMN:
	case RETORT_OP_ALTER_COLUMN:
	case RETORT_OP_REPLACE_VIEW:
	case RETORT_OP_DROP_VIEW:
		return true;
	default:
		return false;
	}
}

static bool step_may_break(const struct planned *planned)
{
	if (planned->tx_flags & RETORT_TX_REBUILD)
		return true;
	for (size_t i = 0; i < planned->op_count; i++)
		if (may_break(planned->ops[i]))
			return true;
	return false;
}

static void add_view(struct session *session, struct views *views, const char *schema, const char *name)
{
	struct retort_render render = session_render(session, session->arena, NULL, NULL);
	struct retort_buf out;
	size_t count = views->count;

	retort_buf_init(&out, session->arena);
	retort_sql_qualified(&render, &out, schema, name);
	RETORT_PUSH(session->arena, views->plain, count, retort_strdup(session->arena, name));
	count = views->count;
	RETORT_PUSH(session->arena, views->works, count, false);
	RETORT_PUSH(session->arena, views->names, views->count, out.data);
}

/* Asks the catalog, once. */
static int list_views(struct session *session, struct views *views, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	struct retort_schema *live;
	int ret = plan_inspect(session, scratch, NULL, 0, &live, err);

	for (size_t i = 0; ret == 0 && i < live->view_count; i++)
		add_view(session, views, live->views[i]->schema, live->views[i]->name);
	views->known = ret == 0;
	retort_arena_free(scratch);
	return ret;
}

/* Whether a view can be read. A failure must not take the transaction along, as it does on engines that let
 * nothing but a rollback follow it. */
static bool is_sound(struct session *session, const char *name, struct retort_error *reason)
{
	struct retort_arena *scratch = retort_arena_new();
	const char *value;
	bool known, inside = session_state(session, &known) == RETORT_TX_ACTIVE && known;
	int ret;

	if (inside && session_exec(session, "SAVEPOINT retort_view", NULL, 0, NULL, reason) < 0)
		inside = false;
	ret = session_value(session, scratch, retort_printf(scratch, "SELECT 1 FROM %s WHERE 1 = 0", name),
		NULL, 0, &value, NULL, reason);
	if (inside && ret < 0)
		session_exec(session, "ROLLBACK TO SAVEPOINT retort_view", NULL, 0, NULL, NULL);
	if (inside)
		session_exec(session, "RELEASE SAVEPOINT retort_view", NULL, 0, NULL, NULL);
	retort_arena_free(scratch);
	return ret == 0;
}

int views_before(struct session *session, struct views *views, const struct planned *planned,
	struct retort_error *err)
{
	struct retort_error *ignored;

	if (!step_may_break(planned))
		return 0;
	if (!views->known && list_views(session, views, err) < 0)
		return -1;
	ignored = retort_error_new();
	for (size_t i = 0; i < views->count; i++)
		views->works[i] = is_sound(session, views->names[i], ignored);
	retort_error_free(ignored);
	return 0;
}

/* Whether the step, or a statement of its own, took the view away on purpose. */
static bool is_gone(struct session *session, const char *name)
{
	struct retort_arena *scratch = retort_arena_new();
	struct retort_schema *live;
	bool gone = plan_inspect(session, scratch, NULL, 0, &live, NULL) == 0;

	for (size_t i = 0; gone && i < live->view_count; i++)
		gone = strcmp(live->views[i]->name, name) != 0;
	retort_arena_free(scratch);
	return gone;
}

int views_after(struct session *session, struct views *views, const struct planned *planned,
	struct retort_error *err)
{
	struct retort_error *reason = retort_error_new();
	bool may = step_may_break(planned);
	int ret = 0;

	for (size_t i = 0; may && ret == 0 && i < views->count; i++) {
		retort_error_clear(reason);
		if (!views->works[i] || is_sound(session, views->names[i], reason))
			continue;
		views->works[i] = false;
		if (!is_gone(session, views->plain[i]))
			ret = bookkeeping_fault(err, reason,
				retort_printf(session->arena,
					"view '%s' worked before this revision and no longer does",
					views->plain[i]));
	}
	for (size_t i = 0; views->known && i < planned->op_count; i++)
		if (planned->ops[i]->kind == RETORT_OP_CREATE_VIEW)
			add_view(session, views, planned->ops[i]->schema, planned->ops[i]->name);
	retort_error_free(reason);
	return ret;
}
