/* SPDX-License-Identifier: MIT
 *
 * The plan of a journalled step as it is stored.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/digest.h"
#include "engine/journal.h"
#include "script/revision.h"

const char *journal_prefix(struct retort_arena *arena, const struct retort_op *const *ops, size_t n)
{
	struct digest digest;
	struct retort_buf text;
	char hex[65];

	retort_buf_init(&text, arena);
	script_ops_json(&text, ops, n);
	digest_init(&digest);
	digest_add(&digest, text.data, text.len);
	digest_hex(&digest, hex);
	return retort_strndup(arena, hex, 16);
}

/* Whether op, or what it was made of, is the one at an index. */
static bool is_op(const struct retort_op *op, const struct retort_op *listed)
{
	return op == listed ||
		(op->index_in_file && op->index_in_file == listed->index_in_file &&
			op->line == listed->line && op->file == listed->file);
}

const size_t *journal_ops(struct retort_arena *arena, const struct retort_plan *plan,
	const struct retort_op *const *ops, size_t n)
{
	size_t *ret = retort_alloc_array(arena, plan->statement_count + 1, sizeof *ret);
	size_t at = 0;

	for (size_t i = 0; i < plan->statement_count; i++) {
		const struct retort_op *op = plan->statements[i]->op;

		/* Checks that were put in front belong to later operations; they count for the first. */
		if (!(plan->statements[i]->flags & RETORT_STMT_CHECK))
			for (size_t k = at; op && k < n; k++)
				if (is_op(op, ops[k])) {
					at = k;
					break;
				}
		ret[i] = at;
	}
	return ret;
}

/* The first operation after that of statement i. */
static size_t next_op(const struct retort_plan *plan, const size_t *op_of, size_t i, size_t n)
{
	for (size_t k = i + 1; k < plan->statement_count; k++)
		if (op_of[k] > op_of[i])
			return op_of[k];
	return n;
}

const char *journal_plan_json(struct retort_arena *arena, const struct retort_plan *plan,
	const struct retort_op *const *ops, size_t n, const size_t *op_of)
{
	json_t *list = json_array();
	const char *prefix = "", *ret;
	size_t hashed = (size_t)-1;
	char *text;

	for (size_t i = 0; i < plan->statement_count; i++) {
		const struct retort_statement *statement = plan->statements[i];
		size_t next = next_op(plan, op_of, i, n);

		if (hashed != next)
			prefix = journal_prefix(arena, ops, next);
		hashed = next;
		json_array_append_new(list,
			json_pack("{s:s?, s:s?, s:i, s:I, s:I, s:I, s:s}", "sql", statement->sql, "operation",
				statement->op ? retort_op_word(statement->op) : NULL, "kind",
				(int)statement->kind, "flags", (json_int_t)statement->flags, "op",
				(json_int_t)op_of[i], "next", (json_int_t)next, "prefix", prefix));
	}
	text = json_dumps(list, JSON_COMPACT);
	ret = retort_strdup(arena, text ? text : "[]");
	free(text);
	json_decref(list);
	return ret;
}
