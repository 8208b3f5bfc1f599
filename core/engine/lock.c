/* SPDX-License-Identifier: MIT */
#include "engine/lock.h"

#include <string.h>

#include "base/digest.h"

/* The schema that the version table lies in, whether the settings name it or the connection; NULL: the
 * database has one only. */
static const char *schema_of(const struct session *session)
{
	struct retort_error *ignored;
	const char *home;

	if (session->settings->version_table_schema || !session->driver->home)
		return session->settings->version_table_schema;
	ignored = retort_error_new();
	home = session->driver->home(session->conn, session->arena, ignored);
	retort_error_free(ignored);
	return home;
}

/* "retort:" and 40 hex digits of what is locked: short enough for every engine. */
static const char *lock_name(const struct session *session)
{
	const struct settings *settings = session->settings;
	struct digest digest;
	char hex[65];

	digest_init(&digest);
	digest_add_field(&digest, session->url ? session->url->path : NULL);
	digest_add_field(&digest, schema_of(session));
	digest_add_field(&digest, settings->version_table);
	digest_hex(&digest, hex);
	return retort_printf(session->arena, "retort:%.40s", hex);
}

bool lock_wanted(const struct session *session)
{
	return session->settings->lock_lease || !session_has(session, RETORT_CAP_TX_LOCK);
}

int lock_take(struct session *session, struct lock *lock, struct retort_error *err)
{
	int ret;

	if (lock->kind != LOCK_NONE || !lock_wanted(session))
		return 0;
	if (session->settings->lock_lease || !session->driver->lock)
		return lock_take_lease(session, lock, err);
	lock->name = lock_name(session);
	ret = session->driver->lock(session->conn, lock->name, session->settings->lock_timeout_ms, err);
	if (ret == RETORT_PASS)
		return lock_take_lease(session, lock, err);
	if (ret < 0)
		return -1;
	lock->kind = LOCK_DRIVER;
	return 0;
}

int lock_take_lease(struct session *session, struct lock *lock, struct retort_error *err)
{
	if (lock->kind != LOCK_NONE)
		return 0;
	/* The row lies beside its version table: that table's name is enough. */
	lock->name = session->settings->version_table;
	if (lease_take(session, lock->name, &lock->lease, err) < 0)
		return -1;
	lock->kind = LOCK_LEASE;
	return 0;
}

int lock_check(struct session *session, const struct lock *lock, struct retort_error *err)
{
	(void)session;
	return lock->kind == LOCK_LEASE ? lease_renew(lock->lease, err) : 0;
}

void lock_release(struct session *session, struct lock *lock)
{
	if (lock->kind == LOCK_LEASE) {
		lease_release(lock->lease);
	} else if (lock->kind == LOCK_DRIVER && session->driver->unlock) {
		struct retort_error *ignored = retort_error_new();

		session->driver->unlock(session->conn, lock->name, ignored);
		retort_error_free(ignored);
	}
	*lock = (struct lock){.kind = LOCK_NONE};
}
