/* SPDX-License-Identifier: MIT
 *
 * Fuzzing of revision files, for libFuzzer: whatever the bytes are, reading ends with a script or with
 * faults that have a place, and a script that is written and read again is the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "script/head.h"
#include "script/revision.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A head that the scanner takes is the one that the YAML parser sees. */
static void check_head(struct retort_arena *arena, const char *text, size_t len)
{
	struct revision quick = {0}, slow = {0};
	struct yaml *root;

	if (!head_scan(arena, text, len, true, &quick))
		return;
	if (yaml_parse(arena, arena, "f", text, len, &root, NULL) ||
		head_from_yaml(arena, "f", root, &slow, NULL))
		return; /* the body, or what follows it, may be wrong */
	if (strcmp(quick.id, slow.id) || quick.down_count != slow.down_count ||
		quick.tag_count != slow.tag_count)
		abort();
	if (!quick.message != !slow.message || (quick.message && strcmp(quick.message, slow.message)))
		abort();
}

/* What was read can be written and read again. */
static void check_script(const struct script_reader *reader, const struct script *script)
{
	struct retort_error *err = retort_error_new();
	struct retort_buf first, second;
	struct script *again;

	retort_buf_init(&first, reader->arena);
	retort_buf_init(&second, reader->arena);
	script_write(&first, script, NULL);
	if (script_parse(reader, "/nowhere/f.yaml", first.data, first.len, &again, err))
		abort();
	script_write(&second, again, NULL);
	if (strcmp(first.data, second.data) || strcmp(script->checksum, again->checksum))
		abort();
	retort_error_free(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct retort_arena *arena = retort_arena_new();
	struct script_reader reader = {.arena = arena, .shown_path = "f.yaml"};
	struct retort_error *err = retort_error_new();
	const char *text = retort_strndup(arena, (const char *)data, size);
	const struct retort_problem *problem;
	struct script *script;

	check_head(arena, text, size);
	if (!script_parse(&reader, "/nowhere/f.yaml", text, size, &script, err))
		check_script(&reader, script);
	else if (!retort_error_count(err))
		abort();
	for (problem = retort_error_first(err); problem; problem = problem->next)
		if (problem->message[strcspn(problem->message, "\x1b\x07\x7f")])
			abort();
	retort_error_free(err);
	retort_arena_free(arena);
	return 0;
}
