/* SPDX-License-Identifier: MIT */
#include "engine/entry.h"

#include <jansson.h>
#include <stdlib.h>

#include "script/revision.h"

/* The statements of a plan as JSON. */
static const char *plan_json(struct retort_arena *arena, const struct retort_plan *plan)
{
	json_t *list = json_array();
	char *text;
	const char *ret;

	for (size_t i = 0; i < plan->statement_count; i++) {
		const struct retort_statement *statement = plan->statements[i];

		json_array_append_new(list,
			json_pack("{s:s?, s:s?}", "sql", statement->sql, "operation",
				statement->op ? retort_op_word(statement->op) : NULL));
	}
	text = json_dumps(list, JSON_COMPACT);
	ret = retort_strdup(arena, text ? text : "[]");
	free(text);
	json_decref(list);
	return ret;
}

struct history_entry entry_make(struct run *run, const struct planned *planned, const char *started)
{
	const struct step *step = planned->step;
	struct history_entry entry = {
		.revision = step->revision ? step->revision->id : NULL,
		.direction = direction_word(step->direction),
		.message = step->revision ? step->revision->message : NULL,
		.state = "done",
		.started_at = started,
	};

	if (planned->script) {
		entry.checksum = planned->script->checksum;
		entry.file_hash = history_file_hash(run->arena, planned->script);
	}
	if (planned->plan) {
		entry.statements = entry.done = (long long)planned->plan->statement_count;
		entry.plan = plan_json(run->arena, planned->plan);
	}
	if (planned->undo && step->direction == DIRECTION_UPGRADE) {
		struct retort_buf out;

		retort_buf_init(&out, run->arena);
		script_ops_json(&out, planned->undo, planned->undo_count);
		entry.downgrade = out.data;
	}
	return entry;
}
