/* SPDX-License-Identifier: MIT */
#include "script/checksum.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "script/revision.h"

enum { PIECE = 64 << 10, MOST_KEYS = 64 };

/* The order in which the keys of a record are taken: by name, so that tables may be rearranged. */
static void sort_keys(const struct node *record, size_t *order)
{
	size_t i, j;

	for (i = 0; i < record->count; i++) {
		for (j = i; j > 0 && strcmp(record->keys[order[j - 1]], record->keys[i]) > 0; j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
}

/* A text with its length, so that what is fed piece by piece can't be shifted. */
static void put_text(struct retort_buf *out, const char *text)
{
	size_t n = strlen(text), rest;

	for (rest = n; rest >= 0x80; rest >>= 7)
		retort_buf_char(out, (char)(0x80 | (rest & 0x7f)));
	retort_buf_char(out, (char)rest);
	retort_buf_mem(out, text, n);
}

void checksum_put(struct retort_buf *out, const struct node *node)
{
	/* A number and the same text mean the same. */
	static const char marks[] = {
		[NODE_NULL] = 'n',
		[NODE_RAW] = 't',
		[NODE_TEXT] = 't',
		[NODE_SQL] = 't',
		[NODE_LIST] = 'l',
		[NODE_MAP] = 'm',
		[NODE_RECORD] = 'r',
	};
	size_t order[MOST_KEYS], i;
	bool sorted = node->kind == NODE_RECORD && node->count <= MOST_KEYS;

	retort_buf_char(out, marks[node->kind]);
	if (node->kind < NODE_LIST) {
		if (node->text)
			put_text(out, node->text);
		return;
	}
	if (sorted)
		sort_keys(node, order);
	for (i = 0; i < node->count; i++) {
		size_t at = sorted ? order[i] : i;

		if (node->key_count)
			put_text(out, node->keys[at]);
		checksum_put(out, node->items[at]);
	}
	retort_buf_char(out, 'e');
}

const char *write_file_digest(struct writer *writer, const char *path)
{
	char *hex = retort_alloc(writer->arena, 65), *piece;
	struct digest digest;
	FILE *file = fopen(path, "rbe");
	size_t n;

	if (!file) {
		file_fail(writer->err, "read", path);
		writer->failed = true;
		return "";
	}
	piece = retort_alloc(writer->arena, PIECE);
	digest_init(&digest);
	while ((n = fread(piece, 1, PIECE, file)) > 0)
		digest_add(&digest, piece, n);
	if (ferror(file)) {
		file_fail(writer->err, "read", path);
		writer->failed = true;
	}
	fclose(file);
	digest_hex(&digest, hex);
	return hex;
}

int script_checksum(const struct script *script, const char *folder, char hex[65], struct retort_error *err)
{
	struct writer writer = {.arena = retort_arena_new(),
		.mode = WRITE_CHECKSUM,
		.folder = folder,
		.err = err};
	static const char *const kinds[] = {"auto", "list", "irreversible"};
	struct retort_buf text;
	struct digest digest;

	retort_buf_init(&text, writer.arena);
	checksum_put(&text, write_ops(&writer, script->upgrade, script->upgrade_count, NULL));
	put_text(&text, kinds[script->downgrade_kind]);
	checksum_put(&text, write_ops(&writer, script->downgrade, script->downgrade_count, NULL));
	digest_init(&digest);
	digest_add(&digest, text.data, text.len);
	digest_hex(&digest, hex);
	retort_arena_free(writer.arena);
	return writer.failed ? -1 : 0;
}
