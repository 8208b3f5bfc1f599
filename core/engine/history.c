/* SPDX-License-Identifier: MIT */
#include "engine/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "engine/bookkeeping.h"

const char *history_now(struct retort_arena *arena)
{
	struct timeval now;
	struct tm utc;

	gettimeofday(&now, NULL);
	gmtime_r(&now.tv_sec, &utc);
	return retort_printf(arena, "%04d-%02d-%02d %02d:%02d:%02d.%03d", utc.tm_year + 1900, utc.tm_mon + 1,
		utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, (int)(now.tv_usec / 1000));
}

const char *direction_word(enum direction direction)
{
	static const char *const words[] = {
		[DIRECTION_UPGRADE] = "upgrade",
		[DIRECTION_DOWNGRADE] = "downgrade",
		[DIRECTION_STAMP] = "stamp",
	};

	return words[direction];
}

/* ---- version rows ---- */

/* Rows as they are read. */
struct row_list {
	struct retort_arena *arena;
	const char **rows;
	size_t count;
};

static int take_row(void *context, size_t column_count, const char *const *columns)
{
	struct row_list *list = context;

	if (column_count && columns[0])
		RETORT_PUSH(list->arena, list->rows, list->count, retort_strdup(list->arena, columns[0]));
	return 0;
}

int history_rows(struct session *session, const char ***rows, size_t *count, bool *exists,
	struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	struct retort_error *reason = retort_error_new();
	struct row_list list = {.arena = session->arena};
	bool version, history;
	const char *sql;
	int ret = 0;

	*exists = false;
	if (session->absent)
		goto out;
	sql = retort_printf(scratch, "SELECT version_num FROM %s ORDER BY version_num",
		history_table(session, scratch, session->settings->version_table));
	*exists = true;
	ret = session_query(session, sql, NULL, 0, take_row, &list, reason);
	if (ret < 0 && (ret = history_exists(session, &version, &history, err)) == 0) {
		/* A table that isn't there is empty; one that is there now may just have been made by another
		 * run. */
		*exists = version;
		list = (struct row_list){.arena = session->arena};
		retort_error_clear(reason);
		if (version && session_query(session, sql, NULL, 0, take_row, &list, reason) < 0)
			ret = bookkeeping_fault(err, reason, "cannot read the version table");
	}
out:
	*rows = list.rows;
	*count = list.count;
	retort_error_free(reason);
	retort_arena_free(scratch);
	return ret;
}

/* A statement with its parameters kept in the arena. */
static struct retort_command command_of(struct retort_arena *arena, const char *sql,
	const char *const *params, size_t n)
{
	const char **copy = retort_alloc_array(arena, n + 1, sizeof *copy);

	memcpy(copy, params, n * sizeof *copy);
	return (struct retort_command){.sql = sql, .params = copy, .param_count = n};
}

/* The statements that move the rows; rows[i] is the one that must be there for the i-th. */
static size_t row_commands(struct session *session, struct retort_arena *arena, const struct step *step,
	struct retort_command *commands, const char **rows)
{
	const char *table = history_table(session, arena, session->settings->version_table);
	const char *one = bookkeeping_mark(session, arena, 1), *two = bookkeeping_mark(session, arena, 2);
	const char *sql;
	size_t n = 0;

	sql = retort_printf(arena, "DELETE FROM %s WHERE version_num = %s", table, one);
	for (size_t i = 0; i < step->delete_count; i++, n++) {
		rows[n] = step->delete_rows[i];
		commands[n] = command_of(arena, sql, &rows[n], 1);
	}
	if (step->update_from) {
		const char *const params[] = {step->update_to, step->update_from};

		sql = retort_printf(arena, "UPDATE %s SET version_num = %s WHERE version_num = %s", table,
			one, two);
		rows[n] = step->update_from;
		commands[n++] = command_of(arena, sql, params, 2);
	}
	sql = retort_printf(arena, "INSERT INTO %s (version_num) VALUES (%s)", table, one);
	for (size_t i = 0; i < step->insert_count; i++, n++) {
		rows[n] = step->insert_rows[i];
		commands[n] = command_of(arena, sql, &rows[n], 1);
	}
	return n;
}

static struct retort_command add_command(struct session *session, struct retort_arena *arena,
	const struct history_entry *entry);

int history_apply(struct session *session, const struct step *step, const struct history_entry *entry,
	struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	size_t most = step->delete_count + step->insert_count + 2, moved, count;
	struct retort_command *commands = retort_alloc_array(scratch, most, sizeof *commands);
	const char **rows = retort_alloc_array(scratch, most, sizeof *rows);
	long long *affected = retort_alloc_array(scratch, most, sizeof *affected);
	int ret;

	count = moved = row_commands(session, scratch, step, commands, rows);
	if (entry)
		commands[count++] = add_command(session, scratch, entry);
	ret = session_exec_all(session, commands, count, affected, err);
	for (size_t i = 0; i < moved && ret == 0; i++)
		if (affected[i] == 0 || affected[i] > 1)
			ret = retort_fail(err, RETORT_E_STATE,
				"the version row '%s' was changed by something else while this ran", rows[i]);
	retort_arena_free(scratch);
	return ret;
}

int history_apply_sql(struct session *session, const struct step *step,
	int (*statement)(void *context, const char *sql, struct retort_error *err), void *context,
	struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	struct retort_render render = session_render(session, scratch, NULL, NULL);
	const char *table = history_table(session, scratch, session->settings->version_table);
	struct retort_buf out;
	int ret = 0;

	retort_buf_init(&out, scratch);
	for (size_t i = 0; ret == 0 && i < step->delete_count; i++) {
		retort_buf_clear(&out);
		retort_buf_printf(&out, "DELETE FROM %s WHERE version_num = ", table);
		retort_sql_string(&render, &out, step->delete_rows[i]);
		ret = statement(context, out.data, err);
	}
	if (ret == 0 && step->update_from) {
		retort_buf_clear(&out);
		retort_buf_printf(&out, "UPDATE %s SET version_num = ", table);
		retort_sql_string(&render, &out, step->update_to);
		retort_buf_str(&out, " WHERE version_num = ");
		retort_sql_string(&render, &out, step->update_from);
		ret = statement(context, out.data, err);
	}
	for (size_t i = 0; ret == 0 && i < step->insert_count; i++) {
		retort_buf_clear(&out);
		retort_buf_printf(&out, "INSERT INTO %s (version_num) VALUES (", table);
		retort_sql_string(&render, &out, step->insert_rows[i]);
		retort_buf_char(&out, ')');
		ret = statement(context, out.data, err);
	}
	retort_arena_free(scratch);
	return ret;
}

int history_purge(struct session *session, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	int ret;

	ret = session_exec(session,
		retort_printf(scratch, "DELETE FROM %s",
			history_table(session, scratch, session->settings->version_table)),
		NULL, 0, NULL, err);
	retort_arena_free(scratch);
	return ret;
}

/* A column's name in quotes: what is no word of one engine is reserved by another. */
static const char *column_name(const struct session *session, struct retort_arena *arena,
	const struct history_column *column)
{
	struct retort_render render = session_render(session, arena, NULL, NULL);
	struct retort_buf name;

	retort_buf_init(&name, arena);
	retort_sql_name(&render, &name, column->name);
	return name.data;
}

/* ---- history rows ---- */

/* A member of an entry as the text of a parameter. */
static const char *member_text(struct retort_arena *arena, const struct history_entry *entry,
	const struct history_column *column)
{
	const char *at = (const char *)entry + column->at;

	if (column->number)
		return retort_printf(arena, "%lld", *(const long long *)(const void *)at);
	return *(const char *const *)(const void *)at;
}

static struct retort_command add_command(struct session *session, struct retort_arena *arena,
	const struct history_entry *entry)
{
	const char *params[HISTORY_COLUMNS + 1];
	struct history_entry full = *entry;
	struct retort_buf sql, marks;
	size_t n = 0;

	full.applied_by = full.applied_by ? full.applied_by : bookkeeping_user(arena);
	full.host = full.host ? full.host : bookkeeping_host(arena);
	full.retort_version = full.retort_version ? full.retort_version : RETORT_VERSION;
	retort_buf_init(&sql, arena);
	retort_buf_init(&marks, arena);
	params[n++] = session->settings->version_table;
	retort_buf_printf(&sql, "INSERT INTO %s (version_table",
		history_table(session, arena, HISTORY_TABLE));
	retort_buf_str(&marks, bookkeeping_mark(session, arena, n));
	for (size_t i = 0; i < HISTORY_COLUMNS; i++) {
		const struct history_column *column = &history_columns[i];

		if (column->at == offsetof(struct history_entry, id))
			continue;
		params[n++] = member_text(arena, &full, column);
		retort_buf_printf(&sql, ", %s", column_name(session, arena, column));
		retort_buf_printf(&marks, ", %s", bookkeeping_mark(session, arena, n));
	}
	retort_buf_printf(&sql, ") VALUES (%s)", marks.data);
	return command_of(arena, sql.data, params, n);
}

int history_add(struct session *session, const struct history_entry *entry, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	struct retort_command command = add_command(session, scratch, entry);
	int ret = session_exec(session, command.sql, command.params, command.param_count, NULL, err);

	retort_arena_free(scratch);
	return ret;
}

/* Writes the columns at n offsets of the row entry->id. */
static int update_columns(struct session *session, const struct history_entry *entry, const size_t *changing,
	size_t changing_count, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	const char *params[HISTORY_COLUMNS + 1];
	long long affected = -1;
	struct retort_buf sql;
	size_t n = 0;
	int ret;

	retort_buf_init(&sql, scratch);
	retort_buf_printf(&sql, "UPDATE %s SET ", history_table(session, scratch, HISTORY_TABLE));
	for (size_t i = 0; i < changing_count; i++) {
		const struct history_column *column = history_columns;

		while (column->at != changing[i])
			column++;
		params[n++] = member_text(scratch, entry, column);
		retort_buf_printf(&sql, "%s%s = %s", i ? ", " : "", column_name(session, scratch, column),
			bookkeeping_mark(session, scratch, n));
	}
	params[n++] = retort_printf(scratch, "%lld", entry->id);
	retort_buf_printf(&sql, " WHERE id = %s", bookkeeping_mark(session, scratch, n));
	ret = session_exec(session, sql.data, params, n, &affected, err);
	if (ret == 0 && affected == 0)
		ret = retort_fail(err, RETORT_E_STATE, "the history row %lld was removed while this ran",
			entry->id);
	retort_arena_free(scratch);
	return ret;
}

int history_update(struct session *session, const struct history_entry *entry, struct retort_error *err)
{
	static const size_t changing[] = {
		offsetof(struct history_entry, state),
		offsetof(struct history_entry, done),
		offsetof(struct history_entry, intent),
		offsetof(struct history_entry, finished_at),
		offsetof(struct history_entry, error),
	};

	return update_columns(session, entry, changing, sizeof changing / sizeof *changing, err);
}

int history_replan(struct session *session, const struct history_entry *entry, struct retort_error *err)
{
	static const size_t changing[] = {
		offsetof(struct history_entry, statements),
		offsetof(struct history_entry, done),
		offsetof(struct history_entry, intent),
		offsetof(struct history_entry, plan),
		offsetof(struct history_entry, checksum),
		offsetof(struct history_entry, file_hash),
		offsetof(struct history_entry, downgrade),
	};

	return update_columns(session, entry, changing, sizeof changing / sizeof *changing, err);
}

int history_add_sql(struct session *session, const struct history_entry *entry, struct retort_buf *out,
	struct retort_error *err)
{
	static const struct retort_default now = {.kind = RETORT_DEFAULT_FUNCTION, .text = "now"};
	struct retort_render render = session_render(session, out->arena, NULL, NULL);
	const struct retort_type *timestamp = retort_type_new(out->arena, RETORT_TYPE_TIMESTAMP);
	struct retort_buf values;

	retort_buf_init(&values, out->arena);
	retort_buf_printf(out, "INSERT INTO %s (version_table",
		history_table(session, out->arena, HISTORY_TABLE));
	retort_sql_string(&render, &values, session->settings->version_table);
	for (size_t i = 0; i < HISTORY_COLUMNS; i++) {
		const struct history_column *column = &history_columns[i];
		const char *text;

		if (column->at == offsetof(struct history_entry, id))
			continue;
		text = member_text(out->arena, entry, column);
		retort_buf_printf(out, ", %s", column_name(session, out->arena, column));
		retort_buf_str(&values, ", ");
		if (column->time) {
			if (retort_sql_default(&render, &values, timestamp, &now, err) < 0)
				return -1;
		} else if (!text) {
			retort_buf_str(&values, "NULL");
		} else if (column->number) {
			retort_buf_str(&values, text);
		} else {
			retort_sql_string(&render, &values, text);
		}
	}
	retort_buf_printf(out, ") VALUES (%s)", values.data);
	return 0;
}

int history_last_id(struct session *session, long long *id, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	const char *value = NULL;
	int ret;

	ret = session_value(session, scratch,
		retort_printf(scratch, "SELECT MAX(id) FROM %s",
			history_table(session, scratch, HISTORY_TABLE)),
		NULL, 0, &value, NULL, err);
	*id = ret == 0 && value ? strtoll(value, NULL, 10) : 0;
	retort_arena_free(scratch);
	return ret;
}

/* Which columns are read. */
enum entry_part { ENTRY_MARKS, ENTRY_SHORT, ENTRY_WHOLE };

/* Entries as they are read. */
struct entry_list {
	struct retort_arena *arena;
	const struct history_column *columns[HISTORY_COLUMNS];
	size_t column_count;
	struct history_entry *entries;
	size_t count;
};

static int take_entry(void *context, size_t column_count, const char *const *columns)
{
	struct entry_list *list = context;
	struct history_entry entry = {0};

	for (size_t i = 0; i < column_count && i < list->column_count; i++) {
		char *at = (char *)&entry + list->columns[i]->at;

		if (list->columns[i]->number)
			*(long long *)(void *)at = columns[i] ? strtoll(columns[i], NULL, 10) : 0;
		else
			*(const char **)(void *)at = retort_strdup(list->arena, columns[i]);
	}
	RETORT_PUSH(list->arena, list->entries, list->count, entry);
	return 0;
}

/* Reads the history of this version table, newest first. */
static int read_entries(struct session *session, enum entry_part part, const char *condition,
	struct entry_list *list, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	struct retort_buf sql;
	int ret;

	list->column_count = 0;
	retort_buf_init(&sql, scratch);
	retort_buf_str(&sql, "SELECT ");
	for (size_t i = 0; i < HISTORY_COLUMNS; i++) {
		if ((part == ENTRY_MARKS && !history_columns[i].mark) ||
			(part == ENTRY_SHORT && history_columns[i].large))
			continue;
		retort_buf_printf(&sql, "%s%s", list->column_count ? ", " : "",
			column_name(session, scratch, &history_columns[i]));
		list->columns[list->column_count++] = &history_columns[i];
	}
	retort_buf_printf(&sql, " FROM %s WHERE version_table = %s%s ORDER BY id DESC",
		history_table(session, scratch, HISTORY_TABLE), bookkeeping_mark(session, scratch, 1),
		condition);
	ret = session_query(session, sql.data, &session->settings->version_table, 1, take_entry, list, err);
	retort_arena_free(scratch);
	return ret;
}

/* The same, and nothing where there is no table. */
static int read_if_there(struct session *session, enum entry_part part, const char *condition,
	struct history_entry **entries, size_t *count, struct retort_error *err)
{
	struct entry_list list = {.arena = session->arena};
	struct retort_error *reason = retort_error_new();
	bool version, history;
	int ret = 0;

	if (!session->absent)
		ret = read_entries(session, part, condition, &list, reason);
	if (ret < 0 && (ret = history_exists(session, &version, &history, err)) == 0) {
		list = (struct entry_list){.arena = session->arena};
		retort_error_clear(reason);
		if (history && read_entries(session, part, condition, &list, reason) < 0)
			ret = bookkeeping_fault(err, reason, "cannot read the history");
	}
	*entries = list.entries;
	*count = list.count;
	retort_error_free(reason);
	return ret;
}

int history_entries(struct session *session, struct history_entry **ret, size_t *count,
	struct retort_error *err)
{
	return read_if_there(session, ENTRY_SHORT, "", ret, count, err);
}

int history_marks(struct session *session, struct history_entry **ret, size_t *count,
	struct retort_error *err)
{
	return read_if_there(session, ENTRY_MARKS, "", ret, count, err);
}

int history_newest_running(struct session *session, long long after, long long *id, struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	const char *params[] = {retort_printf(scratch, "%lld", after), session->settings->version_table};
	const char *sql, *value = NULL;
	int ret;

	sql = retort_printf(scratch,
		"SELECT MAX(id) FROM %s WHERE id > %s AND version_table = %s AND state = 'running'",
		history_table(session, scratch, HISTORY_TABLE), bookkeeping_mark(session, scratch, 1),
		bookkeeping_mark(session, scratch, 2));
	ret = session_value(session, scratch, sql, params, 2, &value, NULL, err);
	*id = ret == 0 && value ? strtoll(value, NULL, 10) : 0;
	retort_arena_free(scratch);
	return ret;
}

int history_running(struct session *session, struct history_entry **ret, size_t *count,
	struct retort_error *err)
{
	return read_if_there(session, ENTRY_WHOLE, " AND state = 'running'", ret, count, err);
}

int history_downgrade(struct session *session, const char *revision, const char **json,
	struct retort_error *err)
{
	struct retort_arena *scratch = retort_arena_new();
	const char *params[] = {session->settings->version_table, revision};
	const char *sql;
	int ret;

	*json = NULL;
	sql = retort_printf(scratch,
		"SELECT downgrade FROM %s WHERE version_table = %s AND revision = %s AND direction = "
		"'upgrade' "
		"AND state = 'done' ORDER BY id DESC",
		history_table(session, scratch, HISTORY_TABLE), bookkeeping_mark(session, scratch, 1),
		bookkeeping_mark(session, scratch, 2));
	ret = session_value(session, session->arena, sql, params, 2, json, NULL, err);
	retort_arena_free(scratch);
	return ret;
}
