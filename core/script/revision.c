/* SPDX-License-Identifier: MIT */
#include "script/revision.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "script/checksum.h"
#include "script/head.h"
#include "script/revision_read.h"

enum { ECHOED = 60 };

/* auto, a list, or {irreversible: why}. */
static void read_downgrade(struct reader *reader, const struct yaml *node, struct script *script)
{
	const struct yaml *why;

	script->downgrade_kind = DOWNGRADE_AUTO;
	if (!node || (node->kind == YAML_SCALAR && !strcmp(node->text, "auto")))
		return;
	if (node->kind == YAML_LIST) {
		script->downgrade_kind = DOWNGRADE_LIST;
		read_ops(reader, "downgrade", node, &script->downgrade, &script->downgrade_count);
		return;
	}
	why = yaml_get(node, "irreversible");
	if (!why || node->count != 1) {
		reader_fault(reader, node,
			"'downgrade' must be auto, a list of operations or {irreversible: why}, found %s",
			reader_found(reader, node));
		return;
	}
	script->downgrade_kind = DOWNGRADE_IRREVERSIBLE;
	if (why->kind != YAML_SCALAR || yaml_is_null(why) || !why->len)
		reader_fault(reader, why, "'irreversible' must say why, found %s", reader_found(reader, why));
	script->irreversible = why->kind == YAML_SCALAR ? why->text : NULL;
}

/* The reader of a file; path NULL: of no file. */
static struct reader reader_of(const struct script_reader *in, const char *path, struct retort_error *err)
{
	struct reader reader = {.in = in, .arena = in->arena, .err = err, .what = "a revision file"};

	reader.file = in->shown_path ? retort_strdup(in->arena, in->shown_path)
		: path               ? head_shown_path(in->arena, path)
				     : NULL;
	reader.folder = path ? path_folder(in->arena, path) : ".";
	return reader;
}

int script_parse(const struct script_reader *in, const char *path, const char *text, size_t len,
	struct script **ret, struct retort_error *err)
{
	struct script *script = retort_alloc(in->arena, sizeof *script);
	struct reader reader = reader_of(in, path, err);
	size_t before = retort_error_count(err);
	const struct yaml *upgrade;
	struct yaml *root;
	int status = yaml_parse(in->arena, in->arena, reader.file, text, len, &root, err);

	if (!root)
		return -1;
	script->revision = retort_alloc(in->arena, sizeof *script->revision);
	script->revision->path = path_absolute(in->arena, path);
	if (head_from_yaml(in->arena, reader.file, root, script->revision, err))
		status = -1;
	if (root->kind != YAML_MAP)
		return -1;
	if (!script->revision->message)
		script->revision->message = "";
	upgrade = yaml_get(root, "upgrade");
	if (upgrade)
		read_ops(&reader, "upgrade", upgrade, &script->upgrade, &script->upgrade_count);
	read_downgrade(&reader, yaml_get(root, "downgrade"), script);
	reader_tell(&reader);
	/* What the file's text, its head and its operations have is told as one list. */
	error_sort(err, before);
	if (status || reader.faults)
		return -1;
	if (script_checksum(script, reader.folder, script->checksum, err)) {
		retort_error_at(err, reader.file, 0, 0);
		return -1;
	}
	*ret = script;
	return 0;
}

int script_read(const struct script_reader *in, const char *path, struct script **ret,
	struct retort_error *err)
{
	const char *shown = in->shown_path ? in->shown_path : head_shown_path(in->arena, path);
	size_t n = strlen(path), len;
	char *text;

	if (n > 3 && !strcmp(path + n - 3, ".py")) {
		retort_fail(err, RETORT_E_FILE, "a Python revision: run it with alembic, then retort adopt");
		retort_error_at(err, shown, 1, 0);
		return -1;
	}
	if (file_read_shown(in->arena, path, shown, YAML_MAX_SIZE, &text, &len, err))
		return -1;
	return script_parse(in, path, text, len, ret, err);
}

int script_ops_parse(const struct script_reader *in, const char *json, const struct retort_op *const **ret,
	size_t *count, struct retort_error *err)
{
	struct reader reader = reader_of(in, NULL, err);
	struct yaml *root;
	int status = yaml_parse(in->arena, in->arena, reader.file, json, strlen(json), &root, err);

	*ret = NULL;
	*count = 0;
	if (!root)
		return -1;
	read_ops(&reader, "operations", root, ret, count);
	reader_tell(&reader);
	return status || reader.faults ? -1 : 0;
}
