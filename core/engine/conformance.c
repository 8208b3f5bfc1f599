/* SPDX-License-Identifier: MIT */
#include "engine/conformance.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/checking.h"

enum { LOCK_TIMEOUT_MS = 5000, ECHOED = 60 };

static const struct check *const groups[] = {checks_connection, checks_error, checks_value,
	checks_transaction, checks_rows, checks_catalog};

/* ---- the list ---- */

/* All checks that the pattern admits. */
static struct check *list_checks(struct retort_arena *arena, const char *only, size_t *count)
{
	struct check *list = NULL;

	*count = 0;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		for (const struct check *check = groups[i]; check->name; check++)
			if (!only || text_glob(only, check->name))
				RETORT_PUSH(arena, list, *count, *check);
	for (const struct check_case *one = check_cases; one->name; one++) {
		struct check check = {.name = retort_printf(arena, "operations/%s", one->name),
			.operations = one};

		if (!only || text_glob(only, check.name))
			RETORT_PUSH(arena, list, *count, check);
	}
	return list;
}

/* ---- one check ---- */

static void take_notice(void *context, enum retort_notice_level level, const char *text)
{
	struct checking *checking = context;

	(void)level;
	retort_buf_printf(&checking->notices, "%s\n", text ? text : "(null)");
}

/* Connects; release_checking must follow. */
static int open_checking(struct checking *checking, const struct conformance *conformance,
	struct retort_error *err)
{
	*checking = (struct checking){.arena = retort_arena_new(),
		.err = retort_error_new(),
		.conformance = conformance};
	retort_buf_init(&checking->notices, checking->arena);
	checking->listener = (struct retort_listener){.context = checking, .notice = take_notice};
	checking->settings = (struct settings){.url = conformance->url,
		.version_table = "retort_version",
		.naming = naming_default,
		.lock_timeout_ms = LOCK_TIMEOUT_MS};
	return session_open_driver(checking->arena, conformance->driver, &checking->settings, NULL,
		&checking->listener, false, &checking->session, err);
}

static void release_checking(struct checking *checking)
{
	while (checking->other_count > 0)
		session_close(checking->others[--checking->other_count]);
	session_close(checking->session);
	retort_error_free(checking->err);
	retort_arena_free(checking->arena);
}

/* Runs it on a connection of its own and removes what it left. */
static void run_check(struct retort_arena *arena, const struct conformance *conformance,
	const struct check *check, struct check_result *result)
{
	double start = clock_ms();
	struct checking checking;
	int ret;

	ret = open_checking(&checking, conformance, NULL);
	if (ret < 0)
		check_fault(&checking, "cannot connect any more");
	else
		ret = check->operations ? check_run_case(&checking, check->operations)
					: check->run(&checking);
	if (ret < 0 && checking.outcome == CHECK_PASSED)
		check_fault(&checking, "%s", check_error_text(&checking));
	while (checking.other_count > 0)
		session_close(checking.others[--checking.other_count]);
	if (checking.session && checking.session->conn) {
		retort_error_clear(checking.err);
		session_rollback(checking.session);
		if (check_clean(&checking) < 0 && checking.outcome != CHECK_FAILED)
			check_fault(&checking, "cannot remove what it made: %s", check_error_text(&checking));
	}
	*result = (struct check_result){.name = retort_strdup(arena, check->name),
		.outcome = checking.outcome,
		.reason = retort_strdup(arena, checking.reason),
		.ms = clock_ms() - start};
	release_checking(&checking);
}

/* ---- all ---- */

/* Whether the URL is one that the driver serves. */
static int check_scheme(struct retort_arena *arena, const struct conformance *conformance,
	struct retort_error *err)
{
	const struct retort_driver *driver = conformance->driver;
	const struct retort_url *url;
	const char *at = driver->schemes;

	if (url_parse(arena, conformance->url, &url, err) < 0)
		return -1;
	while (*at) {
		size_t n = strcspn(at, ",");

		if (strlen(url->scheme) == n && text_ncasecmp(at, url->scheme, n) == 0)
			return 0;
		at += n + (at[n] != 0);
	}
	return retort_fail(err, RETORT_E_USAGE, "cannot check driver '%s' on a '%s' URL: it serves %s",
		driver->name, text_echo(arena, url->scheme, ECHOED), driver->schemes);
}

/* Learns what there is and whether the suite may work there. */
static int look(struct retort_arena *arena, const struct conformance *conformance,
	struct conformance_report *report, struct retort_error *err)
{
	struct checking checking;
	int ret;

	ret = open_checking(&checking, conformance, err);
	if (ret == 0) {
		report->dialect = checking.session->dialect;
		report->server_version = checking.session->version;
		report->shown_url = retort_strdup(arena, checking.session->shown_url);
		ret = conformance->force ? 0 : check_foreign(&checking, err);
	}
	if (ret == 0 && check_clean(&checking) < 0)
		ret = retort_fail(err, RETORT_E_STATE, "cannot remove what an earlier check left: %s",
			checking.reason ? checking.reason : check_error_text(&checking));
	release_checking(&checking);
	return ret;
}

int conformance_run(struct retort_arena *arena, const struct conformance *conformance,
	struct conformance_report *report, struct retort_error *err)
{
	static const struct observer silent;
	const struct observer *observer = conformance->observer ? conformance->observer : &silent;
	struct check *list;
	size_t count;

	*report = (struct conformance_report){0};
	list = list_checks(arena, conformance->only, &count);
	if (!count)
		return retort_fail(err, RETORT_E_USAGE, "no check is called '%s'",
			text_echo(arena, conformance->only ? conformance->only : "", ECHOED));
	if (check_scheme(arena, conformance, err) < 0 || look(arena, conformance, report, err) < 0)
		return -1;
	report->results = retort_alloc_array(arena, count, sizeof *report->results);
	for (size_t i = 0; i < count; i++) {
		struct check_result *result = &report->results[i];

		if (observer->interrupted && observer->interrupted(observer->context))
			return retort_fail(err, RETORT_E_INTERRUPTED, "interrupted");
		run_check(arena, conformance, &list[i], result);
		report->outcomes[result->outcome]++;
		report->count++;
		if (conformance->tell)
			conformance->tell(conformance->context, result);
	}
	return 0;
}
