/* SPDX-License-Identifier: MIT */
#include "script/checksum.h"

#include <stdio.h>
#include <string.h>

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

void checksum_add(struct digest *digest, const struct node *node)
{
	static const char *const kinds[] = {"null", "raw", "text", "text", "list", "map", "record"};
	size_t order[MOST_KEYS], i;
	bool sorted = node->kind == NODE_RECORD && node->count <= MOST_KEYS;

	/* A number and the same text mean the same. */
	digest_add_field(digest, node->kind == NODE_RAW ? "text" : kinds[node->kind]);
	if (node->kind < NODE_LIST) {
		digest_add_field(digest, node->text);
		return;
	}
	if (sorted)
		sort_keys(node, order);
	for (i = 0; i < node->count; i++) {
		size_t at = sorted ? order[i] : i;

		if (node->key_count)
			digest_add_field(digest, node->keys[at]);
		checksum_add(digest, node->items[at]);
	}
	digest_add_field(digest, "end");
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
	struct digest digest;

	digest_init(&digest);
	digest_add_field(&digest, "upgrade");
	checksum_add(&digest, write_ops(&writer, script->upgrade, script->upgrade_count, NULL));
	digest_add_field(&digest, kinds[script->downgrade_kind]);
	checksum_add(&digest, write_ops(&writer, script->downgrade, script->downgrade_count, NULL));
	digest_hex(&digest, hex);
	retort_arena_free(writer.arena);
	return writer.failed ? -1 : 0;
}
