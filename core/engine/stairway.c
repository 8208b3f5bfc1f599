/* SPDX-License-Identifier: MIT */
#include "engine/stairway.h"

#include <string.h>

#include "base/clock.h"
#include "engine/plan_standing.h"
#include "engine/runner.h"
#include "engine/verify.h"

/* One engine on its way. */
struct climber {
	struct stairway *walk;
	struct stairway_engine *result;
	struct scratch *scratch;
	struct retort_schema *stated;    /* replay of what is applied */
	struct retort_arena *arena;      /* of the revision at hand */
	struct retort_arena *kept_arena; /* of the one before: holds live */
	struct retort_schema *live;      /* as last inspected on the way up */
	struct retort_schema *before;    /* the same, before the revision at hand */
	struct retort_schema *empty;     /* before the first */
	struct session session;          /* the scratch's, with the arena of the revision */
	struct project project;          /* the same */
	struct observer observer;
	bool second; /* what the first upgrade told is not told again */
	bool active;
};

struct stairway {
	struct retort_arena *arena;
	const struct stairway_request *request;
	struct stairway_result *result;
	struct climber *climbers;
	struct revision_list rows; /* where all stand */
	const struct revision *revision;
	const struct script *script;
};

/* ---- what runs say ---- */

/* Steps are told by the walk itself, so of the runs only warnings and statements go on. */
static void climber_log(void *context, enum log_level level, const char *logger, const char *text)
{
	struct climber *climber = context;
	const struct observer *observer = climber->walk->request->observer;

	if (level == LOG_INFO_LEVEL || (climber->second && level > LOG_INFO_LEVEL) || !observer ||
		!observer->log)
		return;
	observer->log(observer->context, level, logger,
		retort_printf(climber->arena, "%s: %s", climber->result->name, text));
}

static void climber_event(void *context, const struct event *event)
{
	if (event->kind == EVENT_STATEMENT && event->sql)
		climber_log(context, LOG_DEBUG_LEVEL, "retort.sql", event->sql);
}

static int climber_interrupted(void *context)
{
	const struct climber *climber = context;
	const struct observer *observer = climber->walk->request->observer;

	return observer && observer->interrupted && observer->interrupted(observer->context);
}

static int check_interrupted(const struct stairway *walk, struct retort_error *err)
{
	const struct observer *observer = walk->request->observer;

	if (!observer || !observer->interrupted || !observer->interrupted(observer->context))
		return 0;
	return retort_fail(err, RETORT_E_INTERRUPTED, "interrupted");
}

/* ---- faults ---- */

static void found(struct climber *climber, const char *moment, const char *expected,
	const struct difference *differences, size_t count)
{
	struct stairway_engine *engine = climber->result;

	engine->failed = true;
	engine->fault = (struct stairway_fault){
		.revision = climber->walk->revision ? climber->walk->revision->id : NULL,
		.moment = moment,
		.expected = expected,
		.differences = differences,
		.count = count,
	};
}

/* The differences outlive the revision. */
static const struct difference *keep(struct retort_arena *arena, const struct difference *differences,
	size_t count)
{
	struct difference *kept = retort_alloc_array(arena, count, sizeof *kept);

	for (size_t i = 0; i < count; i++)
		kept[i] = (struct difference){retort_strdup(arena, differences[i].object),
			retort_strdup(arena, differences[i].property),
			retort_strdup(arena, differences[i].left), retort_strdup(arena, differences[i].right),
			retort_strdup(arena, differences[i].part)};
	return kept;
}

/* 1 where there are differences, which are then the engine's fault. */
static int judge(struct climber *climber, const char *moment, const char *expected,
	const struct difference *differences, size_t count)
{
	if (!count)
		return 0;
	found(climber, moment, expected, keep(climber->walk->arena, differences, count), count);
	return 1;
}

static void free_error(void *err)
{
	retort_error_free(err);
}

/* What a run failed with: a finding where the revision or the engine is to blame, else a fault of the walk.
 */
static int blame(struct climber *climber, const char *moment, struct retort_error *reason,
	struct retort_error *err)
{
	const struct retort_problem *problem = retort_error_first(reason);
	enum retort_code code = problem ? problem->code : RETORT_E_INTERNAL;

	if (check_interrupted(climber->walk, err) < 0) {
		retort_error_free(reason);
		return -1;
	}
	if (code != RETORT_E_SQL && code != RETORT_E_PLAN && code != RETORT_E_STATE) {
		for (; problem; problem = problem->next) {
			retort_fail(err, problem->code, "%s: %s", climber->result->name, problem->message);
			retort_error_at(err, problem->file, problem->line, problem->column);
			retort_error_revision(err, problem->revision);
			retort_error_statement(err, problem->statement);
		}
		retort_error_free(reason);
		return -1;
	}
	found(climber, moment, NULL, NULL, 0);
	climber->result->fault.error = reason;
	retort_arena_cleanup(climber->walk->arena, free_error, reason);
	return 1;
}

/* The first operation whose effect on the schema replay can't know. */
static const struct retort_op *silent_op(const struct retort_op *const *ops, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((ops[i]->kind == RETORT_OP_EXECUTE && !ops[i]->op_count) || ops[i]->kind == RETORT_OP_RUN)
			return ops[i];
	return NULL;
}

/* What to do about a schema that is not the replayed one. */
static const char *advise(const struct climber *climber)
{
	const struct script *script = climber->walk->script;
	const struct retort_op *op = silent_op(script->upgrade, script->upgrade_count);

	if (!op)
		return NULL;
	return retort_printf(climber->walk->arena,
		"%s:%u: what '%s' does to the schema is not known to replay: declare it under `effects`",
		op->file, op->line, retort_op_word(op));
}

/* ---- one engine ---- */

/* A session and a project whose memory goes when the revision is done. */
static void begin_revision(struct climber *climber)
{
	climber->kept_arena = climber->arena;
	climber->arena = retort_arena_new();
	climber->session.arena = climber->arena;
	climber->project = *climber->walk->request->project;
	climber->project.arena = climber->arena;
	climber->project.reader.arena = climber->arena;
	climber->second = false;
}

static void end_revision(struct climber *climber)
{
	retort_arena_free(climber->kept_arena);
	climber->kept_arena = NULL;
}

/* Runs what request says. 0, 1 with the engine's fault, or -1. */
static int run(struct climber *climber, const struct run_request *request, const char *moment,
	struct retort_error *err)
{
	const struct stairway_request *walk = climber->walk->request;
	struct retort_error *reason = retort_error_new();
	struct run_result result;
	int ret;

	if (walk->working)
		walk->working(walk->context, &climber->session);
	ret = run_online(&climber->session, &climber->project, request, &result, reason);
	if (walk->working)
		walk->working(walk->context, NULL);
	if (ret < 0)
		return blame(climber, moment, reason, err);
	retort_error_free(reason);
	return check_interrupted(climber->walk, err);
}

static int run_step(struct climber *climber, const struct step *step, const char *moment,
	struct retort_error *err)
{
	struct step one = *step;
	const struct step_list steps = {.items = &one, .count = 1};
	const struct run_request request = {.direction = step->direction, .steps = &steps};

	return run(climber, &request, moment, err);
}

/* After an upgrade: inspection against replay. */
static int compare_with_replay(struct climber *climber, const char *moment, struct retort_error *err)
{
	struct retort_error *reason = retort_error_new();
	struct difference *differences;
	size_t count;
	int ret;

	ret = verify_schema(&climber->session, climber->arena, climber->stated, &climber->live, &differences,
		&count, reason);
	if (ret < 0)
		return blame(climber, moment, reason, err);
	retort_error_free(reason);
	ret = judge(climber, moment, "replayed", differences, count);
	if (ret)
		climber->result->fault.advice = advise(climber);
	return ret;
}

/* Inspection against an earlier one. */
static int compare_with(struct climber *climber, const struct retort_schema *before, const char *moment,
	const char *expected, struct retort_error *err)
{
	struct retort_error *reason = retort_error_new();
	struct difference *differences;
	struct retort_schema *now;
	size_t count;

	if (verify_inspect(&climber->session, climber->arena, climber->stated, &now, reason) < 0)
		return blame(climber, moment, reason, err);
	retort_error_free(reason);
	verify_unchanged(&climber->session, climber->arena, before, now, &differences, &count);
	return judge(climber, moment, expected, differences, count);
}

/* Moves replay on by the revision. Its objects stay for the whole walk. */
static int restate(struct climber *climber, struct retort_error *err)
{
	struct session session = climber->session;
	struct retort_error *reason = retort_error_new();

	session.arena = climber->walk->arena;
	if (standing_script(&session, &climber->stated, climber->walk->script, reason) < 0)
		return blame(climber, "in replay", reason, err);
	retort_error_free(reason);
	return 0;
}

/* A revision that works outside of the scratch place must not run. */
static int check_schemas(struct climber *climber, struct retort_error *err)
{
	const struct script *script = climber->walk->script;
	const struct retort_op **ops;
	size_t count;

	if (!climber->scratch->schemas_outside)
		return 0;
	if (plan_upgrade_ops(&climber->session, climber->stated, script, &ops, &count, NULL) < 0)
		return 0; /* running it tells why */
	for (size_t i = 0; i < count; i++) {
		const char *schema = stairway_foreign_schema(ops[i]);
		struct retort_error *reason;

		if (!schema)
			continue;
		reason = retort_error_new();
		retort_fail(reason, RETORT_E_STATE,
			"not run: it works in schema '%s', which would lie outside of the scratch database",
			schema);
		retort_error_at(reason, ops[i]->file, ops[i]->line, ops[i]->line_column);
		return blame(climber, "before the upgrade", reason, err);
	}
	return 0;
}

/* Up and compared with replay: where all engines meet. */
static int climb_up(struct climber *climber, const struct step *up, struct retort_error *err)
{
	int ret = check_schemas(climber, err);

	if (ret == 0)
		ret = run_step(climber, up, "in the upgrade", err);
	if (ret == 0)
		ret = restate(climber, err);
	return ret ? ret : compare_with_replay(climber, "after the upgrade", err);
}

/* Down to where it was, and up again. */
static int climb_again(struct climber *climber, const struct retort_schema *before, const struct step *up,
	const struct step *down, struct retort_error *err)
{
	int ret;

	climber->second = true;
	if (climber->walk->script->downgrade_kind == DOWNGRADE_IRREVERSIBLE) {
		RETORT_PUSH(climber->walk->arena, climber->result->irreversible,
			climber->result->irreversible_count, climber->walk->revision->id);
		return 0;
	}
	ret = run_step(climber, down, "in the downgrade", err);
	if (ret == 0)
		ret = compare_with(climber, before, "after the downgrade", "before the upgrade", err);
	if (ret == 0)
		ret = run_step(climber, up, "in the second upgrade", err);
	if (ret == 0)
		ret = compare_with(climber, climber->live, "after the second upgrade",
			"after the first upgrade", err);
	return ret;
}

/* From the top to the bottom, where that is possible. */
static int climb_down(struct climber *climber, const struct retort_schema *empty, struct retort_error *err)
{
	static const char *const base[] = {"base"};
	const struct run_request request = {.direction = DIRECTION_DOWNGRADE,
		.targets = base,
		.target_count = 1};
	int ret;

	if (climber->result->irreversible_count)
		return 0;
	begin_revision(climber);
	climber->second = true;
	ret = run(climber, &request, "in the downgrade to base", err);
	if (ret == 0)
		ret = compare_with(climber, empty, "after the downgrade to base", "the empty database", err);
	end_revision(climber);
	return ret;
}

/* ---- all engines ---- */

/* Runs one part for an engine and books time and outcome. */
static int account(struct climber *climber, int outcome, double started)
{
	climber->result->ms += clock_ms() - started;
	if (outcome > 0)
		climber->active = false;
	return outcome < 0 ? -1 : 0;
}

/* The engines that are still walking must hold the same. */
static void agree(struct stairway *walk)
{
	const struct climber *first = NULL;

	for (size_t i = 0; i < walk->result->count; i++) {
		struct climber *climber = &walk->climbers[i];
		struct difference *differences;
		size_t count;

		if (!climber->active)
			continue;
		if (!first) {
			first = climber;
			continue;
		}
		stairway_agree(climber->arena,
			&(struct stairway_side){first->result->name, first->session.caps, first->live,
				first->stated},
			&(struct stairway_side){climber->result->name, climber->session.caps, climber->live,
				climber->stated},
			&differences, &count);
		if (judge(climber, "after the upgrade",
			    retort_printf(walk->arena, "on %s", first->result->name), differences, count))
			climber->active = false;
	}
}

/* The step that undoes a step. */
static struct step inverse(struct retort_arena *arena, const struct step *up)
{
	struct step down = {.direction = DIRECTION_DOWNGRADE,
		.revision = up->revision,
		.from = up->to,
		.from_count = up->to_count,
		.to = up->from,
		.to_count = up->from_count};
	const char **ids;

	if (up->update_from) {
		down.update_from = up->update_to;
		down.update_to = up->update_from;
		down.insert_rows = up->delete_rows;
		down.insert_count = up->delete_count;
		return down;
	}
	ids = retort_alloc(arena, sizeof *ids);
	*ids = up->revision->id;
	down.delete_rows = ids;
	down.delete_count = 1;
	return down;
}

/* One revision on all engines. */
static int take_stair(struct stairway *walk, const struct step *up, struct retort_error *err)
{
	const struct step down = inverse(walk->arena, up);
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < walk->result->count; i++) {
		struct climber *climber = &walk->climbers[i];
		double started = clock_ms();

		begin_revision(climber);
		if (climber->active)
			ret = account(climber, climb_up(climber, up, err), started);
	}
	if (ret == 0)
		agree(walk);
	for (size_t i = 0; ret == 0 && i < walk->result->count; i++) {
		struct climber *climber = &walk->climbers[i];
		double started = clock_ms();

		if (!climber->active)
			continue;
		ret = account(climber, climb_again(climber, climber->before, up, &down, err), started);
		climber->before = climber->live;
		if (ret == 0 && climber->active)
			climber->result->revisions++;
	}
	for (size_t i = 0; i < walk->result->count; i++)
		end_revision(&walk->climbers[i]);
	return ret;
}

static void tell_stair(const struct stairway *walk, size_t index)
{
	const struct observer *observer = walk->request->observer;
	const char *message = walk->revision->message;

	if (observer && observer->log)
		observer->log(observer->context, LOG_INFO_LEVEL, "retort.test",
			retort_printf(walk->arena, "%zu of %zu: %s%s%s", index + 1, walk->result->revisions,
				walk->revision->id, message && *message ? ", " : "", message ? message : ""));
}

/* All revisions, in the order of replay. */
static int take_all(struct stairway *walk, struct retort_error *err)
{
	const struct graph *graph = walk->request->project->graph;
	struct revision_list sorted = graph_sorted(graph);

	for (size_t i = 0; i < sorted.count; i++) {
		struct script *script;
		struct step_list steps;

		walk->revision = sorted.items[i];
		tell_stair(walk, i);
		if (check_interrupted(walk, err) < 0 ||
			project_script(walk->request->project, sorted.items[i], &script, err) < 0 ||
			graph_upgrade(graph, &walk->rows, sorted.items[i]->id, &steps, err) < 0)
			return -1;
		walk->script = script;
		if (steps.count != 1)
			return retort_fail(err, RETORT_E_INTERNAL, "cannot reach '%s' in one step",
				sorted.items[i]->id);
		if (take_stair(walk, &steps.items[0], err) < 0)
			return -1;
		if (graph_apply(graph, &steps.items[0], &walk->rows) < 0)
			return retort_fail(err, RETORT_E_INTERNAL, "cannot apply '%s' to the version rows",
				sorted.items[i]->id);
	}
	walk->revision = NULL;
	return 0;
}

static const char *version_text(struct retort_arena *arena, unsigned version)
{
	if (!version)
		return "";
	if (version % 100)
		return retort_printf(arena, "%u.%u.%u", version / 10000, version / 100 % 100, version % 100);
	return retort_printf(arena, "%u.%u", version / 10000, version / 100 % 100);
}

/* An engine at the bottom of the stairs. */
static int start_climber(struct stairway *walk, size_t i, struct retort_error *err)
{
	const struct stairway_request *request = walk->request;
	struct climber *climber = &walk->climbers[i];
	struct stairway_engine *engine = &walk->result->engines[i];

	climber->walk = walk;
	climber->result = engine;
	climber->observer = (struct observer){climber, climber_log, climber_event, climber_interrupted};
	climber->arena = retort_arena_new();
	engine->name = "";
	if (scratch_make(walk->arena, request->loader, request->settings, request->urls[i], request->observer,
		    request->listener, &climber->scratch, err) < 0)
		return -1;
	climber->session = *climber->scratch->session;
	climber->session.observer = &climber->observer;
	climber->session.arena = climber->arena;
	climber->stated = retort_schema_new(walk->arena);
	climber->active = true;
	engine->name = climber->session.dialect->name;
	engine->version = version_text(walk->arena, climber->session.version);
	engine->shown = climber->scratch->shown;
	return verify_inspect(&climber->session, walk->arena, climber->stated, &climber->empty, err);
}

/* Removes every scratch database; the first that stays is the error. */
static int stop_climbers(struct stairway *walk, struct retort_error *err)
{
	int ret = 0;

	for (size_t i = 0; i < walk->result->count; i++) {
		struct climber *climber = &walk->climbers[i];

		if (climber->scratch && scratch_drop(climber->scratch, err) < 0)
			ret = -1;
		retort_arena_free(climber->kept_arena);
		retort_arena_free(climber->arena);
	}
	return ret;
}

static int walk_all(struct stairway *walk, struct retort_error *err)
{
	for (size_t i = 0; i < walk->result->count; i++) {
		if (check_interrupted(walk, err) < 0 || start_climber(walk, i, err) < 0)
			return -1;
		walk->climbers[i].before = walk->climbers[i].live = walk->climbers[i].empty;
	}
	if (take_all(walk, err) < 0)
		return -1;
	for (size_t i = 0; i < walk->result->count; i++) {
		struct climber *climber = &walk->climbers[i];
		double started = clock_ms();

		if (climber->active &&
			account(climber, climb_down(climber, climber->empty, err), started) < 0)
			return -1;
	}
	return 0;
}

int stairway_walk(struct retort_arena *arena, const struct stairway_request *request,
	struct stairway_result *ret, struct retort_error *err)
{
	struct stairway walk = {.arena = arena, .request = request, .result = ret};
	int failed;

	*ret = (struct stairway_result){
		.engines = retort_alloc_array(arena, request->url_count, sizeof *ret->engines),
		.count = request->url_count,
		.revisions = request->project->graph->count,
	};
	if (!ret->revisions)
		return retort_fail(err, RETORT_E_GRAPH,
			"cannot test: there are no revisions in '%s': write one with retort revision",
			request->settings->version_locations[0]);
	walk.climbers = retort_alloc_array(arena, request->url_count, sizeof *walk.climbers);
	failed = walk_all(&walk, err);
	return stop_climbers(&walk, err) < 0 ? -1 : failed;
}
