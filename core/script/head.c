/* SPDX-License-Identifier: MIT */
#include "script/head.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "script/revision.h"

enum {
	HEAD_BYTES = 16 << 10, /* of a file, in which its head is looked for before all of it is read */
	MOST_NAMES = 32,       /* elements of a list that the scanner takes */
	ECHOED = 60            /* characters of a text in a message */
};

const char *const head_modes[] = {"migration", "all", "none", NULL};

#define AT(member) offsetof(struct revision, member)
const struct head_key head_keys[] = {
	{"revision", HEAD_ID, true, AT(id), 0, "the id, at most 32 characters"},
	{"down_revision", HEAD_NAMES, true, AT(down), AT(down_count),
		"the parent; null: a base; a list: a merge point"},
	{"branch_labels", HEAD_NAMES, false, AT(labels), AT(label_count),
		"names of the branch that begins here"},
	{"depends_on", HEAD_NAMES, false, AT(depends), AT(depends_count),
		"ids or labels that must run before"},
	{"tags", HEAD_NAMES, false, AT(tags), AT(tag_count),
		"names of this one revision, usable wherever an id is"},
	{"create_date", HEAD_TEXT, false, AT(create_date), 0, "when it was written"},
	{"message", HEAD_TEXT, false, AT(message), 0, "what it does"},
	{"transaction", HEAD_MODE, false, AT(transaction), 0,
		"one transaction for this revision, for all, or none"},
	{"replaces", HEAD_NAMES, false, AT(replaces), AT(replaces_count), "the ids that squash made one of"},
};
#undef AT
const size_t head_key_count = sizeof head_keys / sizeof *head_keys;

static const char *const body_keys[] = {"upgrade", "downgrade"};

/* The row of a key of n bytes, or NULL. */
static const struct head_key *find_key(const char *key, size_t n)
{
	size_t i;

	for (i = 0; i < head_key_count; i++)
		if (!strncmp(head_keys[i].key, key, n) && !head_keys[i].key[n])
			return &head_keys[i];
	return NULL;
}

/* Whether n bytes name a part of the body. */
static bool is_body_key(const char *key, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof body_keys / sizeof *body_keys; i++)
		if (!strncmp(body_keys[i], key, n) && !body_keys[i][n])
			return true;
	return false;
}

/* Sets a text of the head. */
static void set_text(struct revision *head, const struct head_key *key, const char *text)
{
	memcpy((char *)head + key->offset, &text, sizeof text);
}

/* Sets a list of the head. */
static void set_names(struct revision *head, const struct head_key *key, const char *const *names,
	size_t count)
{
	memcpy((char *)head + key->offset, &names, sizeof names);
	memcpy((char *)head + key->count_offset, &count, sizeof count);
}

static bool is_mode(const char *text)
{
	const char *const *mode;

	for (mode = head_modes; *mode; mode++)
		if (!strcmp(*mode, text))
			return true;
	return false;
}

/* ---- the scanner ---- */

struct scan {
	struct retort_arena *arena;
	const char *at, *end; /* of the line at hand, its end not included */
};

/* Whether a byte may stand anywhere in a plain value without meaning something. */
static bool is_plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		strchr("_.-+@/()=;$^\\<>", c) != NULL;
}

/* Whether characters beyond ASCII that stand in a line are such that YAML takes them as they are. */
static bool is_tame(const char *at, const char *end)
{
	const char *start = at;

	for (; at < end && !(*at & 0x80); at++)
		;
	if (at == end)
		return true;
	if (text_utf8_fault(start, (size_t)(end - start)) != (size_t)(end - start))
		return false;
	for (; at + 1 < end; at++) {
		unsigned char c = (unsigned char)*at, next = (unsigned char)at[1];

		/* C1 controls, the line and paragraph separators, the byte order mark and its neighbours */
		if ((c == 0xc2 && next < 0xa0) || (c == 0xe2 && next == 0x80) || c == 0xef)
			return false;
	}
	return true;
}

/* Whether a byte may begin a plain value. */
static bool begins_plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void skip_blanks(struct scan *scan)
{
	while (scan->at < scan->end && *scan->at == ' ')
		scan->at++;
}

/* Whether only blanks, or blanks and a comment, are left of the line. */
static bool at_end(struct scan *scan)
{
	const char *before = scan->at;

	skip_blanks(scan);
	return scan->at == scan->end || (*scan->at == '#' && scan->at > before);
}

/* A quoted value without escapes; NULL: something else. */
static const char *scan_quoted(struct scan *scan)
{
	char quote = *scan->at++;
	const char *start = scan->at;

	for (; scan->at < scan->end && *scan->at != quote; scan->at++) {
		unsigned char c = (unsigned char)*scan->at;

		if (c < ' ' || c == 0x7f || c == '\\')
			return NULL;
	}
	if (scan->at == scan->end)
		return NULL;
	scan->at++;
	if (scan->at < scan->end && *scan->at == quote)
		return NULL;
	return retort_strndup(scan->arena, start, (size_t)(scan->at - 1 - start));
}

/* A word without blanks, plain or quoted; NULL: something else. */
static const char *scan_word(struct scan *scan)
{
	const char *start = scan->at;

	if (start == scan->end)
		return NULL;
	if (*start == '"' || *start == '\'')
		return scan_quoted(scan);
	if (!begins_plain((unsigned char)*start))
		return NULL;
	while (scan->at < scan->end && *scan->at && is_plain((unsigned char)*scan->at))
		scan->at++;
	return retort_strndup(scan->arena, start, (size_t)(scan->at - start));
}

/* Whether a plain word means null. The caller has seen that it was not quoted. */
static bool is_null_word(const char *word)
{
	return !strcmp(word, "null") || !strcmp(word, "Null") || !strcmp(word, "NULL");
}

/* [a, b] on one line. */
static bool scan_list(struct scan *scan, struct revision *head, const struct head_key *key)
{
	const char *names[MOST_NAMES], **kept;
	size_t count = 0;

	scan->at++;
	skip_blanks(scan);
	while (scan->at < scan->end && *scan->at != ']') {
		bool quoted = *scan->at == '"' || *scan->at == '\'';
		const char *word = count < MOST_NAMES ? scan_word(scan) : NULL;

		if (!word || !*word || (!quoted && is_null_word(word)))
			return false;
		names[count++] = word;
		skip_blanks(scan);
		if (scan->at == scan->end || (*scan->at != ',' && *scan->at != ']'))
			return false;
		if (*scan->at == ',') {
			scan->at++;
			skip_blanks(scan);
			if (scan->at < scan->end && (*scan->at == ']' || *scan->at == ','))
				return false;
		}
	}
	if (scan->at == scan->end)
		return false;
	scan->at++;
	kept = retort_alloc_array(scan->arena, count, sizeof *kept);
	memcpy(kept, names, count * sizeof *kept);
	set_names(head, key, kept, count);
	return true;
}

/* A value of several words. */
static bool scan_text(struct scan *scan, struct revision *head, const struct head_key *key)
{
	const char *start = scan->at, *end = start, *text;

	if (*start == '"' || *start == '\'') {
		text = scan_quoted(scan);
		if (text)
			set_text(head, key, text);
		return text != NULL;
	}
	if (!begins_plain((unsigned char)*start) && !(*start & 0x80))
		return false;
	for (; scan->at < scan->end; scan->at++) {
		unsigned char c = (unsigned char)*scan->at;

		if (c == ' ')
			continue;
		if (c == '#' && scan->at[-1] == ' ')
			break;
		/* A colon inside a word is text; before a blank it is not. */
		if (!c ||
			(!(c & 0x80) && !is_plain(c) && !strchr(",'\"[]{}!?&*%|~`", c) &&
				!(c == ':' && scan->at + 1 < scan->end && scan->at[1] != ' ')))
			return false;
		end = scan->at + 1;
	}
	scan->at = end;
	text = retort_strndup(scan->arena, start, (size_t)(end - start));
	set_text(head, key, is_null_word(text) ? NULL : text);
	return true;
}

/* One word that is an id or the only name of a list. */
static bool scan_name(struct scan *scan, struct revision *head, const struct head_key *key)
{
	bool quoted = *scan->at == '"' || *scan->at == '\'';
	const char *word = scan_word(scan), **names;

	if (!word || !*word)
		return false;
	if (!quoted && is_null_word(word))
		return key->kind == HEAD_NAMES;
	if (key->kind == HEAD_MODE && !is_mode(word))
		return false;
	if (key->kind != HEAD_NAMES) {
		set_text(head, key, word);
		return true;
	}
	names = retort_alloc(scan->arena, sizeof *names);
	names[0] = word;
	set_names(head, key, names, 1);
	return true;
}

/* The value of a key, up to the end of its line. */
static bool scan_value(struct scan *scan, struct revision *head, const struct head_key *key)
{
	const char *before = scan->at;

	skip_blanks(scan);
	if (scan->at == before || scan->at == scan->end || *scan->at == '#')
		return false;
	if (*scan->at == '~' && key->kind == HEAD_NAMES) {
		scan->at++;
		return at_end(scan);
	}
	if (*scan->at == '[' && key->kind == HEAD_NAMES)
		return scan_list(scan, head, key) && at_end(scan);
	if (key->kind == HEAD_TEXT)
		return scan_text(scan, head, key) && at_end(scan);
	return scan_name(scan, head, key) && at_end(scan);
}

/* Whether a later line of the text begins with a key of the head: then the order is wrong. */
static bool key_follows(const char *at, const char *end)
{
	while (at && at < end) {
		const char *colon = at;

		while (colon < end && *colon >= '_' && *colon <= 'z')
			colon++;
		if (colon > at && colon < end && *colon == ':' && find_key(at, (size_t)(colon - at)))
			return true;
		if (at < end && (*at == '"' || *at == '\'' || *at == '?'))
			return true;
		at = memchr(at, '\n', (size_t)(end - at));
		if (at)
			at++;
	}
	return false;
}

/* A comment may hold anything that YAML allows. */
static bool scan_comment(const struct scan *scan)
{
	const char *at;

	for (at = scan->at; at < scan->end; at++)
		if (((unsigned char)*at < ' ' && *at != '\t') || *at == 0x7f)
			return false;
	return true;
}

/* One line of a head. 1: the body begins here, -1: not for the scanner. */
static int scan_line(struct scan *scan, struct revision *head, unsigned number, unsigned *seen)
{
	const char *line = scan->at, *colon = line;
	const struct head_key *key;

	if (!is_tame(line, scan->end))
		return -1;
	if (line == scan->end)
		return 0;
	if (*line == '#')
		return scan_comment(scan) ? 0 : -1;
	while (colon < scan->end && *colon >= '_' && *colon <= 'z')
		colon++;
	if (colon == line || colon == scan->end || *colon != ':')
		return -1;
	if (is_body_key(line, (size_t)(colon - line)))
		return colon + 1 < scan->end && colon[1] != ' ' ? -1 : 1;
	key = find_key(line, (size_t)(colon - line));
	scan->at = colon + 1;
	if (!key || (*seen & 1u << (key - head_keys)) || !scan_value(scan, head, key))
		return -1;
	*seen |= 1u << (key - head_keys);
	if (key->kind == HEAD_ID) {
		head->id_line = number;
		head->id_column = (unsigned)(strspn(colon + 1, " ") + (size_t)(colon + 1 - line)) + 1;
	}
	return 0;
}

int head_scan(struct retort_arena *arena, const char *text, size_t len, bool complete, struct revision *head)
{
	const char *line = text, *end = text + len, *next;
	unsigned seen = 0, number = 1;
	int got;

	for (; line < end; line = next, number++) {
		const char *line_end = memchr(line, '\n', (size_t)(end - line));
		struct scan scan = {.arena = arena, .at = line};

		if (!line_end && !complete)
			return 0;
		next = line_end ? line_end + 1 : end;
		if (!line_end)
			line_end = end;
		scan.end = line_end > line && line_end[-1] == '\r' ? line_end - 1 : line_end;
		got = scan_line(&scan, head, number, &seen);
		if (got > 0)
			/* revision and down_revision are the first two rows. */
			return (seen & 3) == 3 && !(complete && key_follows(next, end));
		if (got < 0)
			return 0;
	}
	return 0;
}

/* ---- out of the tree ---- */

static int fault(const char *file, const struct yaml *node, struct retort_error *err, const char *format, ...)
	RETORT_PRINTF(4, 5);

/* Adds a problem at a node; returns -1. */
static int fault(const char *file, const struct yaml *node, struct retort_error *err, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	retort_vfail(err, RETORT_E_FILE, format, ap);
	va_end(ap);
	retort_error_at(err, file, node->line, node->column);
	return -1;
}

/* What a node is, for messages. */
static const char *found(struct retort_arena *arena, const struct yaml *node)
{
	if (node->kind != YAML_SCALAR)
		return node->kind == YAML_LIST ? "a list" : "a map";
	if (yaml_is_null(node))
		return "nothing";
	return retort_printf(arena, "'%s'", text_echo(arena, node->text, ECHOED));
}

/* A list of names, or one alone, or null. */
static int take_names(struct retort_arena *arena, const char *file, const struct head_key *key,
	const struct yaml *node, struct revision *head, struct retort_error *err)
{
	size_t n = node->kind == YAML_LIST ? node->count : 1, i;
	const char **names;
	int status = 0;

	if (yaml_is_null(node))
		return 0;
	if (node->kind == YAML_MAP)
		return fault(file, node, err, "'%s' must be a name or a list of names, found a map",
			key->key);
	names = retort_alloc_array(arena, n, sizeof *names);
	for (i = 0; i < n; i++) {
		const struct yaml *item = node->kind == YAML_LIST ? node->items[i] : node;

		if (item->kind != YAML_SCALAR || yaml_is_null(item) || !item->len)
			status = fault(file, item, err, "'%s' must hold names, found %s", key->key,
				found(arena, item));
		names[i] = item->kind == YAML_SCALAR ? item->text : "";
	}
	set_names(head, key, names, n);
	return status;
}

/* One key of the head. */
static int take_key(struct retort_arena *arena, const char *file, const struct head_key *key,
	const struct yaml *node, struct revision *head, struct retort_error *err)
{
	const char *near;

	if (key->kind == HEAD_NAMES)
		return take_names(arena, file, key, node, head, err);
	if (node->kind == YAML_SCALAR && yaml_is_null(node) && key->kind != HEAD_ID)
		return 0;
	if (node->kind != YAML_SCALAR || (key->kind != HEAD_TEXT && (yaml_is_null(node) || !node->len)))
		return fault(file, node, err, "'%s' must be a %s, found %s", key->key,
			key->kind == HEAD_ID ? "name" : "text", found(arena, node));
	if (key->kind == HEAD_MODE && !is_mode(node->text)) {
		near = text_nearest(node->text, head_modes, 3, sizeof *head_modes);
		return fault(file, node, err, "'%s' must be migration, all or none, found %s%s%s%s", key->key,
			found(arena, node), near ? ": did you mean '" : "", near ? near : "",
			near ? "'?" : "");
	}
	set_text(head, key, node->text);
	if (key->kind == HEAD_ID) {
		head->id_line = node->line;
		head->id_column = node->column;
	}
	return 0;
}

/* Tells of a key that no revision file has. */
static int unknown_key(struct retort_arena *arena, const char *file, const struct yaml *key,
	struct retort_error *err)
{
	const char *near = text_nearest(key->text, head_keys, head_key_count, sizeof *head_keys);

	if (!near)
		near = text_nearest(key->text, body_keys, sizeof body_keys / sizeof *body_keys,
			sizeof *body_keys);
	return fault(file, key, err, "unknown key '%s' in a revision file%s%s%s",
		text_echo(arena, key->text, ECHOED), near ? ": did you mean '" : "", near ? near : "",
		near ? "'?" : "");
}

int head_from_yaml(struct retort_arena *arena, const char *file, const struct yaml *root,
	struct revision *head, struct retort_error *err)
{
	bool body = false;
	int status = 0;
	size_t i;

	if (root->kind != YAML_MAP)
		return fault(file, root, err,
			"a revision file is a map that begins with revision and down_revision, found %s",
			found(arena, root));
	for (i = 0; i < root->count; i++) {
		const struct yaml *name = root->keys[i];
		const struct head_key *key = find_key(name->text, name->len);

		if (is_body_key(name->text, name->len)) {
			body = true;
			continue;
		}
		if (!key)
			status = unknown_key(arena, file, name, err);
		else if (body && !root->flow)
			status = fault(file, name, err, "'%s' must stand before upgrade and downgrade",
				key->key);
		else if (take_key(arena, file, key, root->items[i], head, err))
			status = -1;
	}
	for (i = 0; i < head_key_count; i++)
		if (head_keys[i].required && !yaml_get(root, head_keys[i].key))
			status = fault(file, root, err, "'%s' is missing", head_keys[i].key);
	if (!yaml_get(root, "upgrade"))
		status = fault(file, root, err,
			"'upgrade' is missing: a list of operations, [] where there are none");
	return status;
}

/* ---- files ---- */

const char *head_shown_path(struct retort_arena *arena, const char *path)
{
	const char *relative = path_relative(arena, path, ".");

	return text_starts(relative, "../") ? path_absolute(arena, path) : relative;
}

/* Whether a path is absolute and has nothing to be cleaned away. */
static bool is_clean(const char *path)
{
	const char *at = path;

	if (*path != '/')
		return false;
	for (; at; at = strchr(at + 1, '/'))
		if (at[1] == '/' ||
			(at[1] == '.' &&
				(at[2] == '/' || !at[2] || (at[2] == '.' && (at[3] == '/' || !at[3])))))
			return false;
	return true;
}

/* An empty head of a file. */
static struct revision *head_new(struct retort_arena *arena, const char *path)
{
	struct revision *head = retort_alloc(arena, sizeof *head);

	head->path = is_clean(path) ? retort_strdup(arena, path) : path_absolute(arena, path);
	return head;
}

/* Reads a head from the whole text of its file, for what the scanner leaves. */
static int read_slowly(struct retort_arena *arena, const char *path, struct revision *head,
	struct retort_error *err)
{
	const char *shown = head_shown_path(arena, path);
	size_t before = retort_error_count(err), len;
	struct yaml *root;
	char *text;
	int status;

	if (file_read_shown(arena, path, shown, YAML_MAX_SIZE, &text, &len, err))
		return -1;
	if (head->foreign)
		return head_from_python(arena, shown, text, len, head, err);
	status = yaml_parse(arena, arena, shown, text, len, &root, err);
	if (root && head_from_yaml(arena, shown, root, head, err))
		status = -1;
	error_sort(err, before);
	return status;
}

int revision_read_head(struct retort_arena *arena, const char *path, struct revision **ret,
	struct retort_error *err)
{
	struct revision *head = head_new(arena, path);
	size_t n = strlen(path);
	char text[HEAD_BYTES];
	ssize_t got = -1;
	int fd, status = 0;

	head->foreign = n > 3 && !strcmp(path + n - 3, ".py");
	if (!head->foreign) {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd >= 0) {
			got = read(fd, text, sizeof text);
			close(fd);
		}
		status = got > 0 ? head_scan(arena, text, (size_t)got, (size_t)got < sizeof text, head) : 0;
	}
	if (!status) {
		*head = (struct revision){.path = head->path, .foreign = head->foreign};
		if (read_slowly(arena, path, head, err))
			return -1;
	}
	if (!head->message)
		head->message = "";
	/* What was read already needs no second reading when files are compared with what was applied. */
	if (got > 0 && (size_t)got < sizeof text)
		head->file_hash = digest_quick(text, (size_t)got);
	*ret = head;
	return 0;
}
