/* SPDX-License-Identifier: MIT */
#include "script/graph_internal.h"

#include "base/text.h"

#include <string.h>

enum {
	SHOWN = 80,           /* characters of what the user typed that a message repeats */
	SHORTEST_WHOLE = 4,   /* characters: what is shorter is only found by its whole name */
	MOST_CANDIDATES = 10, /* that a message lists */
	MOST_STEPS = 1000000000
};

static const char *shown(const struct query *query, const char *text)
{
	return text_echo(query->scratch, text, SHOWN);
}

/* Where the number of NAME+N begins, or NULL. */
static const char *find_number(const char *text)
{
	const char *sign = NULL, *c;

	for (c = text; *c; c++)
		if (*c == '+' || *c == '-')
			sign = c;
	if (!sign || !sign[1] || sign[1 + strspn(sign + 1, "0123456789")])
		return NULL;
	return sign;
}

static long read_number(const char *text)
{
	long number = 0;
	const char *c;

	for (c = text + 1; *c; c++)
		number = number < MOST_STEPS ? number * 10 + (*c - '0') : MOST_STEPS;
	return *text == '-' ? -number : number;
}

static enum symbol_word read_word(const char *text)
{
	static const char *const words[] =
		{[SYMBOL_HEAD] = "head", [SYMBOL_HEADS] = "heads", [SYMBOL_BASE] = "base"};
	size_t i;

	for (i = SYMBOL_HEAD; i <= SYMBOL_BASE; i++)
		if (!strcmp(text, words[i]))
			return (enum symbol_word)i;
	return SYMBOL_NAME;
}

int symbol_parse(const struct query *query, const char *text, struct symbol *ret)
{
	const char *at = graph_name(query->graph, text) ? NULL : strchr(text, '@'), *rest = text, *number;

	*ret = (struct symbol){.typed = text, .word = SYMBOL_NONE};
	if (strchr(text, ':'))
		return retort_fail(query->err, RETORT_E_GRAPH,
			"cannot use the range '%s' here: name one revision", shown(query, text));
	if (at) {
		ret->branch = retort_strndup(query->scratch, text, (size_t)(at - text));
		rest = at + 1;
	}
	if ((at && at == text) || !*rest)
		return retort_fail(query->err, RETORT_E_GRAPH,
			"cannot find revision '%s': a name is missing%s", shown(query, text),
			at ? " beside the @" : "");
	number = graph_name(query->graph, rest) ? NULL : find_number(rest);
	if (number) {
		ret->relative = true;
		ret->steps = read_number(number);
		rest = number == rest ? NULL : retort_strndup(query->scratch, rest, (size_t)(number - rest));
	}
	ret->name = rest;
	if (rest)
		ret->word = read_word(rest);
	return 0;
}

/* The ids and labels that begin with text. */
struct candidates {
	const char **names;
	size_t count;
	struct revision *first;
	bool differ; /* they stand for more than one revision */
};

/* Looks for what begins with text among the revisions that are marked in lineage (NULL: all). */
static struct candidates find_beginning(const struct query *query, const char *text,
	const unsigned char *lineage)
{
	const struct graph_names *names = query->graph->names;
	struct candidates found = {NULL, 0, NULL, false};
	size_t i;

	for (i = 0; i < names->count; i++) {
		const struct name *name = &names->items[i];

		if (name->kind == NAME_TAG || !text_starts(name->text, text) ||
			text_utf8_count(name->text, strlen(name->text)) < SHORTEST_WHOLE)
			continue;
		if (lineage && !lineage[name->revision->index])
			continue;
		found.differ |= found.first && found.first != name->revision;
		found.first = name->revision;
		RETORT_PUSH(query->scratch, found.names, found.count, name->text);
	}
	return found;
}

/* Fails: no such revision or branch. */
static int unknown(const struct query *query, const char *what, const char *text, const char *branch)
{
	const struct graph_names *names = query->graph->names;
	const char *near = text_nearest(text, names->items, names->count, sizeof *names->items);
	const char *where = "";

	if (branch)
		where = retort_printf(query->scratch, " on branch '%s'", shown(query, branch));
	if (near && strcmp(near, text))
		return retort_fail(query->err, RETORT_E_GRAPH, "cannot find %s '%s'%s: did you mean '%s'?",
			what, shown(query, text), where, near);
	return retort_fail(query->err, RETORT_E_GRAPH, "cannot find %s '%s'%s: no file has it", what,
		shown(query, text), where);
}

/* Fails: text is the beginning of several. */
static int ambiguous(const struct query *query, const char *what, const char *text,
	const struct candidates *found)
{
	size_t more = found->count > MOST_CANDIDATES ? found->count - MOST_CANDIDATES : 0;
	const char *list = text_list(query->scratch, found->names, found->count - more, '\'');

	if (more)
		list = retort_printf(query->scratch, "%s and %zu more", list, more);
	return retort_fail(query->err, RETORT_E_GRAPH,
		"cannot find %s '%s': it is ambiguous: %s begin with it", what, shown(query, text), list);
}

/* Finds a name, or the only one that begins so, within a branch where lineage is not NULL. */
static int find_named(const struct query *query, const char *what, const char *text, const char *branch,
	const unsigned char *lineage, struct revision **ret)
{
	const struct name *name = graph_name(query->graph, text);
	struct candidates found;

	if (name) {
		*ret = name->revision;
		if (!lineage || lineage[name->revision->index])
			return 0;
		return retort_fail(query->err, RETORT_E_GRAPH,
			"cannot find %s '%s' on branch '%s': it lies outside of it", what, shown(query, text),
			shown(query, branch));
	}
	found = find_beginning(query, text, lineage);
	if (found.count && !found.differ) {
		*ret = found.first;
		return 0;
	}
	if (!found.count)
		return unknown(query, what, text, branch);
	return ambiguous(query, what, text, &found);
}

int symbol_branch(const struct query *query, const char *branch, struct revision **ret)
{
	return find_named(query, "branch", branch, NULL, NULL, ret);
}

/* Fails: one revision is wanted where there are several heads. */
static int several_heads(const struct query *query, const struct symbol *symbol,
	const struct revision_list *heads, bool all_would_do)
{
	const char *all = "";

	if (all_would_do && symbol->branch)
		all = retort_printf(query->scratch, ", or '%s@heads' for all", shown(query, symbol->branch));
	else if (all_would_do)
		all = ", or 'heads' for all";
	return retort_fail(query->err, RETORT_E_GRAPH,
		"cannot use '%s' for one revision: there are several heads, %s: "
		"name one of them%s",
		shown(query, symbol->typed), list_quoted(query->scratch, heads), all);
}

int symbol_all(const struct query *query, const struct symbol *symbol, struct revision_list *ret)
{
	struct revision *branch, *found = NULL;
	unsigned char *lineage = NULL;
	struct revision_list heads;

	*ret = (struct revision_list){NULL, 0};
	if (symbol->branch) {
		if (symbol_branch(query, symbol->branch, &branch))
			return -1;
		lineage = marks_lineage(query->graph, query->scratch, branch);
	}
	switch (symbol->word) {
	case SYMBOL_HEAD:
	case SYMBOL_HEADS:
		heads = graph_heads(query->graph, symbol->word == SYMBOL_HEADS && !lineage);
		*ret = list_filter(query->graph->arena, &heads, lineage);
		if (symbol->word == SYMBOL_HEAD && ret->count > 1)
			return several_heads(query, symbol, ret, true);
		return 0;
	case SYMBOL_NAME:
		if (find_named(query, "revision", symbol->name, symbol->branch, lineage, &found))
			return -1;
		list_add(query->graph->arena, ret, found);
		return 0;
	case SYMBOL_BASE:
	case SYMBOL_NONE:
		break;
	}
	return 0;
}

int symbol_one(const struct query *query, const struct symbol *symbol, struct revision **ret)
{
	struct revision_list list;

	*ret = NULL;
	if (symbol_all(query, symbol, &list))
		return -1;
	if (list.count > 1)
		return several_heads(query, symbol, &list, false);
	if (list.count)
		*ret = list.items[0];
	return 0;
}
