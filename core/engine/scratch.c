/* SPDX-License-Identifier: MIT */
#include "engine/scratch.h"

#include <ctype.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/url.h"

#define NAME_PREFIX "retort_test_"

enum { RANDOM_BYTES = 8, DROP_TRIES = 25, DROP_PAUSE_MS = 200 };

/* ---- URLs ---- */

/* Where the path of a URL's text begins and ends. */
static void find_path(const char *url, const char **begin, const char **end)
{
	const char *authority = strstr(url, "://") + 3;

	*begin = authority + strcspn(authority, "/?");
	*end = *begin + strcspn(*begin, "?");
}

/* The URL with another path. */
static const char *url_at(struct retort_arena *arena, const char *url, const char *path)
{
	const char *begin, *end;

	find_path(url, &begin, &end);
	return retort_printf(arena, "%.*s/%s%s", (int)(begin - url), url, path, end);
}

/* The URL of its scheme alone, with its parameters. */
static const char *url_of_scheme(struct retort_arena *arena, const char *url)
{
	const char *begin, *end;

	find_path(url, &begin, &end);
	return retort_printf(arena, "%.*s%s", (int)(strstr(url, "://") + 3 - url), url, end);
}

static void put_escaped(struct retort_buf *out, const char *text)
{
	for (; *text; text++)
		retort_buf_printf(out, isalnum((unsigned char)*text) ? "%c" : "%%%02X", (unsigned char)*text);
}

/* The URL with one more parameter, "key=value". What it says of the same key already stays in front. */
static const char *url_with(struct retort_arena *arena, const char *text, const struct retort_url *url,
	const char *parameter)
{
	const char *equals = strchr(parameter, '=');
	const char *key = retort_strndup(arena, parameter, (size_t)(equals - parameter));
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_buf_printf(&out, "%s%c%s=", text, strchr(text, '?') ? '&' : '?', key);
	for (size_t i = 0; i < url->parameter_count; i++)
		if (strcmp(url->parameters[i].key, key) == 0) {
			put_escaped(&out, url->parameters[i].value);
			retort_buf_str(&out, "%20");
		}
	put_escaped(&out, equals + 1);
	return out.data;
}

/* ---- making ---- */

/* Settings with another URL, and without what belongs to a real database: its hooks, its guard. */
static struct settings *settings_for(struct retort_arena *arena, const struct settings *base, const char *url)
{
	struct settings *settings = retort_alloc(arena, sizeof *settings);

	*settings = *base;
	settings->target = NULL;
	settings->url = url;
	settings->url_command = settings->url_missing = NULL;
	settings->version_table_schema = NULL;
	settings->protect = false;
	settings->before_upgrade = settings->after_upgrade = settings->on_failure = NULL;
	return settings;
}

static const char *make_name(struct retort_arena *arena)
{
	unsigned char bytes[RANDOM_BYTES];
	struct retort_buf out;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		memcpy(bytes, &now.tv_nsec, sizeof bytes);
	retort_buf_init(&out, arena);
	retort_buf_str(&out, NAME_PREFIX);
	for (size_t i = 0; i < sizeof bytes; i++)
		retort_buf_printf(&out, "%02x", bytes[i]);
	return out.data;
}

/* A template with the name in it, quoted for SQL or bare. */
static const char *fill(const struct session *session, const char *template, const char *name, bool quoted)
{
	struct retort_render render = session_render(session, session->arena, NULL, NULL);
	const char *mark = strstr(template, "{name}");
	struct retort_buf out;

	retort_buf_init(&out, session->arena);
	retort_buf_mem(&out, template, mark ? (size_t)(mark - template) : strlen(template));
	if (mark && quoted)
		retort_sql_name(&render, &out, name);
	else if (mark)
		retort_buf_str(&out, name);
	if (mark)
		retort_buf_str(&out, mark + strlen("{name}"));
	return out.data;
}

/* Connects to the new place and makes sure that it is the new one: nothing may run anywhere else. */
static int enter(struct scratch *scratch, const struct retort_scratch_row *row, const struct settings *base,
	const char *url, struct retort_error *err)
{
	struct session *maker = scratch->maker;
	struct retort_arena *arena = maker->arena;
	const char *there = NULL;

	url = row->parameter
		? url_with(arena, url, maker->url, fill(maker, row->parameter, scratch->name, false))
		: url_at(arena, url, scratch->name);
	scratch->settings = settings_for(arena, base, url);
	scratch->schemas_outside = row->schemas_outside;
	if (session_open(arena, scratch->loader, scratch->settings, maker->observer, maker->listener, false,
		    false, &scratch->session, err) < 0 ||
		session_value(scratch->session, arena, row->where, NULL, 0, &there, NULL, err) < 0)
		return -1;
	if (there && strcmp(there, scratch->name) == 0)
		return 0;
	return retort_fail(err, RETORT_E_STATE,
		"cannot test on '%s': the URL leads to '%s', whatever its path is: leave out the parameter "
		"that names a database",
		scratch->shown, there ? there : "nowhere");
}

/* Tries each way of the dialect. */
static int make_on_server(struct scratch *scratch, const struct settings *base, const char *url,
	struct retort_error *err)
{
	struct session *maker = scratch->maker;
	struct retort_error *reason = retort_error_new();
	struct retort_buf reasons;
	const struct retort_scratch_row *row;
	int ret = -1;

	retort_buf_init(&reasons, maker->arena);
	for (row = maker->dialect->scratch; row->make; row++) {
		const struct retort_problem *problem;

		retort_error_clear(reason);
		if (session_exec(maker, fill(maker, row->make, scratch->name, true), NULL, 0, NULL, reason) ==
			0)
			break;
		problem = retort_error_first(reason);
		retort_buf_printf(&reasons, "%s%s", reasons.len ? "; " : "",
			problem ? problem->message : "unknown reason");
	}
	retort_error_free(reason);
	if (!row->make) {
		retort_fail(err, RETORT_E_STATE,
			"cannot make a scratch database on '%s': %s: give a role that may create one",
			scratch->shown, reasons.data);
	} else {
		scratch->drop = fill(maker, row->drop, scratch->name, true);
		ret = enter(scratch, row, base, url, err);
	}
	if (ret == 0 && row->parameter)
		session_log(maker, LOG_INFO_LEVEL, "retort.test",
			"%s: tested in a schema of its own: the role may not create a database",
			scratch->shown);
	return ret;
}

/* A database that goes with its connection. */
static int make_in_memory(struct retort_arena *arena, struct scratch *scratch, const struct settings *base,
	const char *url, const struct observer *observer, const struct retort_listener *listener,
	struct retort_error *err)
{
	const char *bare = url_of_scheme(arena, url);

	scratch->settings = settings_for(arena, base, bare);
	return session_open(arena, scratch->loader, scratch->settings, observer, listener, false, false,
		&scratch->session, err);
}

int scratch_make(struct retort_arena *arena, struct loader *loader, const struct settings *base,
	const char *url, const struct observer *observer, const struct retort_listener *listener,
	struct scratch **ret, struct retort_error *err)
{
	struct scratch *scratch = retort_alloc(arena, sizeof *scratch);
	const struct retort_driver *driver;
	const struct retort_url *parsed;
	struct retort_error *ignored;

	*ret = NULL;
	scratch->loader = loader;
	scratch->shown = url_masked(arena, url);
	scratch->name = make_name(arena);
	if (url_parse(arena, url, &parsed, err) < 0 ||
		loader_driver(loader, parsed->scheme, &driver, err) < 0)
		return -1;
	if (!loader_dialect_of(driver, parsed->scheme)->scratch) {
		if (make_in_memory(arena, scratch, base, url, observer, listener, err) < 0)
			return -1;
		*ret = scratch;
		return 0;
	}
	scratch->maker_settings = settings_for(arena, base, url);
	if (session_open(arena, loader, scratch->maker_settings, observer, listener, false, false,
		    &scratch->maker, err) < 0)
		return -1;
	if (make_on_server(scratch, base, url, err) == 0) {
		*ret = scratch;
		return 0;
	}
	ignored = retort_error_new();
	scratch_drop(scratch, ignored);
	retort_error_free(ignored);
	return -1;
}

/* ---- removing ---- */

/* A new connection where the old one is gone. */
static void connect_again(struct scratch *scratch, struct retort_error *err)
{
	struct session *old = scratch->maker, *fresh;

	if (session_open(old->arena, scratch->loader, scratch->maker_settings, old->observer, old->listener,
		    false, false, &fresh, err) < 0)
		return;
	session_close(old);
	scratch->maker = fresh;
}

int scratch_drop(struct scratch *scratch, struct retort_error *err)
{
	struct retort_error *reason = retort_error_new(), *ignored = retort_error_new();
	const struct timespec pause = {.tv_nsec = DROP_PAUSE_MS * 1000000L};
	int ret = 0;

	session_close(scratch->session);
	for (int i = 0; scratch->maker && scratch->drop && i < DROP_TRIES; i++) {
		retort_error_clear(reason);
		ret = session_exec(scratch->maker, scratch->drop, NULL, 0, NULL, reason);
		if (ret == 0)
			break;
		nanosleep(&pause, NULL);
		if (retort_error_first(reason) && retort_error_first(reason)->code == RETORT_E_CONNECT)
			connect_again(scratch, ignored);
	}
	session_close(scratch->maker);
	if (ret < 0)
		retort_fail(err, RETORT_E_STATE,
			"cannot remove the scratch database '%s' on '%s': %s: drop it by hand", scratch->name,
			scratch->shown,
			retort_error_first(reason) ? retort_error_first(reason)->message : "unknown reason");
	retort_error_free(reason);
	retort_error_free(ignored);
	return ret;
}

const char *scratch_memory_url(struct retort_arena *arena, const struct retort_driver *driver)
{
	size_t len = strcspn(driver->schemes, ",");

	return driver->dialect->scratch ? NULL : retort_printf(arena, "%.*s://", (int)len, driver->schemes);
}
