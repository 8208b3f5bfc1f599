/* SPDX-License-Identifier: MIT */
#include "engine/inspect_script.h"

#include "engine/offline.h"
#include "engine/planner.h"

int inspect_script(struct session *session, const struct schema_file *file, struct retort_buf *out,
	struct retort_error *err)
{
	const struct retort_dialect *dialect = session->dialect;
	struct resolve resolve = plan_resolve(session);
	struct offline offline = {.session = session};
	const struct retort_op **ops;
	struct retort_schema *schema;
	struct retort_plan *plan;
	size_t count;

	if (schema_file_resolve(file, &resolve, dialect->syntax, &ops, &count, &schema, err) < 0 ||
		plan_render(session, retort_schema_new(session->arena), ops, count, &plan, err) < 0)
		return -1;
	retort_buf_init(&offline.out, session->arena);
	for (const char *const *sql = dialect->session; sql && *sql; sql++)
		offline_statement(&offline, *sql);
	for (size_t i = 0; i < plan->note_count; i++)
		offline_comment(&offline, "note: %s", plan->notes[i]);
	for (size_t i = 0; i < plan->statement_count; i++)
		if (plan->statements[i]->kind == RETORT_STATEMENT_SQL)
			offline_statement(&offline, plan->statements[i]->sql);
	retort_buf_mem(out, offline.out.data, offline.out.len);
	return 0;
}
