/* SPDX-License-Identifier: MIT */
#include "engine/source.h"

#include <string.h>

#include "engine/plan_standing.h"

static bool same_engine(const struct session *a, const struct session *b)
{
	const char *left = a->dialect->family ? a->dialect->family : a->dialect->name;
	const char *right = b->dialect->family ? b->dialect->family : b->dialect->name;

	return strcmp(left, right) == 0;
}

/* For which dialect all is read: that of what is live, else the one that was given or that the URL means. */
static int settle_dialect(struct sources *sources, struct retort_error *err)
{
	if (!sources->dialect && sources->target)
		sources->dialect = sources->target;
	if (!sources->dialect && sources->opened_count)
		sources->dialect = sources->opened[0];
	for (size_t i = 0; i < sources->opened_count; i++)
		if (!same_engine(sources->dialect, sources->opened[i]))
			return retort_fail(err, RETORT_E_USAGE,
				"cannot compare '%s' with '%s': one is %s, the other %s: write a schema file "
				"with 'retort inspect' and compare with that",
				sources->dialect->shown_url ? sources->dialect->shown_url : "",
				sources->opened[i]->shown_url, sources->dialect->dialect->name,
				sources->opened[i]->dialect->name);
	if (sources->dialect)
		return 0;
	if (session_offline(sources->arena, sources->loader, sources->settings, sources->dialect_word,
		    sources->observer, &sources->dialect, err) < 0) {
		sources->dialect = NULL;
		retort_error_prefix(err, "cannot tell for which engine (give --dialect NAME, or a url)");
		return -1;
	}
	return 0;
}

void sources_close(struct sources *sources)
{
	for (size_t i = 0; i < sources->opened_count; i++)
		session_close(sources->opened[i]);
	sources->opened_count = 0;
	sources->target = sources->dialect = NULL;
}

int source_project(struct sources *sources, struct project **ret, struct retort_error *err)
{
	if (!sources->project &&
		project_load(sources->arena, sources->settings, &sources->project, err) < 0) {
		sources->project = NULL;
		return -1;
	}
	*ret = sources->project;
	return 0;
}

int source_replay(struct sources *sources, const struct revision_list *heads, struct retort_schema **ret,
	struct retort_error *err)
{
	struct revision_list list;
	struct project *project;

	if (source_project(sources, &project, err) < 0 || settle_dialect(sources, err) < 0)
		return -1;
	list = heads ? *heads : graph_heads(project->graph, true);
	list = graph_ancestors(project->graph, (const struct revision *const *)list.items, list.count, true);
	list = graph_sort(project->graph, &list);
	for (size_t i = 0; i < list.count; i++) {
		struct script *script;

		if (list.items[i]->foreign)
			return project_script(project, list.items[i], &script, err);
	}
	return standing_model(sources->dialect, project, &list, ret, err);
}
