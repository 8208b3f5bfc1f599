/* SPDX-License-Identifier: MIT */
#include "script/write.h"

#include <string.h>

#include "base/text.h"
#include "script/head.h"
#include "script/revision.h"

/* A list of the head: null, a name, or names in []. */
static void put_names(struct retort_buf *out, const struct head_key *key, const char *const *names,
	size_t count)
{
	size_t i;

	if (!count && !key->required)
		return;
	retort_buf_printf(out, "%s: ", key->key);
	if (count == 1 && key->required) {
		yaml_write_string(out, names[0], 0, true);
	} else if (!count) {
		retort_buf_str(out, "null");
	} else {
		for (i = 0; i < count; i++) {
			retort_buf_str(out, i ? ", " : "[");
			yaml_write_string(out, names[i], 0, true);
		}
		retort_buf_char(out, ']');
	}
	retort_buf_char(out, '\n');
}

/* The head of a file. */
static void put_head(struct retort_buf *out, const struct revision *head)
{
	const char *base = (const char *)head;
	size_t i;

	for (i = 0; i < head_key_count; i++) {
		const struct head_key *key = &head_keys[i];
		const void *at = base + key->offset;
		const char *text;

		if (key->kind == HEAD_NAMES) {
			put_names(out, key, *(const char *const *const *)at,
				*(const size_t *)(const void *)(base + key->count_offset));
			continue;
		}
		text = *(const char *const *)at;
		if (!text || (!*text && key->kind == HEAD_TEXT))
			continue;
		retort_buf_printf(out, "%s: ", key->key);
		yaml_write_string(out, text, 0, false);
		retort_buf_char(out, '\n');
	}
}

/* A list of operations under a key of the file. */
static void put_ops(struct retort_buf *out, const char *key, const struct retort_op *const *ops, size_t n)
{
	retort_buf_printf(out, "%s:%s\n", key, n ? "" : " []");
	script_write_ops(out, ops, n, 2);
}

void script_write(struct retort_buf *out, const struct script *script, const char *schema_comment)
{
	if (schema_comment)
		retort_buf_printf(out, "# yaml-language-server: $schema=%s\n", schema_comment);
	put_head(out, script->revision);
	retort_buf_char(out, '\n');
	put_ops(out, "upgrade", script->upgrade, script->upgrade_count);
	if (script->downgrade_kind == DOWNGRADE_LIST) {
		put_ops(out, "downgrade", script->downgrade, script->downgrade_count);
	} else if (script->downgrade_kind == DOWNGRADE_AUTO) {
		retort_buf_str(out, "downgrade: auto\n");
	} else {
		retort_buf_str(out, "downgrade:\n  irreversible: ");
		yaml_write_string(out, script->irreversible ? script->irreversible : "", 2, false);
		retort_buf_char(out, '\n');
	}
}

enum { NOTE_WIDTH = 96 };

/* How much of a line of n bytes goes on one: to the last blank that is not too far. */
static size_t note_piece(const char *note, size_t n)
{
	size_t end = NOTE_WIDTH;

	if (n <= NOTE_WIDTH)
		return n;
	while (end > 0 && note[end] != ' ')
		end--;
	return end ? end : n;
}

/* A comment; nothing in it ends a line otherwise. */
static void put_note(struct retort_buf *out, const char *note, unsigned indent)
{
	while (*note) {
		size_t n = strcspn(note, "\n"), piece = note_piece(note, n);

		retort_buf_printf(out, "%*s# %s\n", (int)indent, "",
			text_safe(out->arena, retort_strndup(out->arena, note, piece)));
		note += piece;
		note += strspn(note, " \n");
	}
}

void script_write_noted(struct retort_buf *out, const struct retort_op *const *ops, const char *const *notes,
	size_t n, unsigned indent)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (notes && notes[i])
			put_note(out, notes[i], indent);
		script_write_ops(out, &ops[i], 1, indent);
	}
}

void script_write_ops(struct retort_buf *out, const struct retort_op *const *ops, size_t n, unsigned indent)
{
	struct writer writer = {.arena = retort_arena_new(), .mode = WRITE_FILE};
	struct node *list = write_ops(&writer, ops, n, NULL);
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct node *op = list->items[i];

		if (!op->count)
			continue;
		retort_buf_printf(out, "%*s- ", (int)indent, "");
		write_yaml_key(out, op->keys[0]);
		retort_buf_char(out, ':');
		write_yaml(out, op->items[0], indent + 2);
	}
	retort_arena_free(writer.arena);
}

void script_ops_json(struct retort_buf *out, const struct retort_op *const *ops, size_t n)
{
	struct writer writer = {.arena = retort_arena_new(), .mode = WRITE_COMPLETE};

	write_json(out, write_ops(&writer, ops, n, NULL));
	retort_arena_free(writer.arena);
}
