/* SPDX-License-Identifier: MIT */
#include "script/config_keys.h"

#include <string.h>

static const char *const transactions[] = {
	[TRANSACTION_MIGRATION] = "migration", [TRANSACTION_ALL] = "all", [TRANSACTION_NONE] = "none", NULL};
static const char *const locks[] = {"auto", "lease", NULL};
static const char *const levels[] = {"debug", "info", "warning", "error", NULL};
static const char *const of_columns[] = {"table", "columns", NULL};
static const char *const of_foreign_keys[] = {"table", "columns", "referred_table", NULL};
static const char *const of_checks[] = {"table", "name", NULL};
static const char *const of_enums[] = {"table", "column", NULL};

#define AT(member) offsetof(struct settings, member)

const struct config_key config_keys[] = {
	{.name = "script_location", .kind = CONFIG_PATH, .at = AT(script_location), .initial = "migrations",
		.alembic = "script_location", .doc = "the folder of the template and of versions/"},
	{.name = "url", .kind = CONFIG_URL, .at = AT(url), .alembic = "sqlalchemy.url",
		.rival = "url_command", .doc = "the database"},
	{.name = "url_command", .kind = CONFIG_COMMAND, .at = AT(url_command), .rival = "url",
		.doc = "a program that prints the URL; never shown"},
	{.name = "schema", .kind = CONFIG_SOURCE, .at = AT(schema), .rival = "schema_command",
		.doc = "the desired state: a file, a folder of files or a database URL"},
	{.name = "schema_command", .kind = CONFIG_COMMAND, .at = AT(schema_command), .rival = "schema",
		.doc = "a program that prints a schema file, or the URL of a database it has made ready"},
	{.name = "path_separator", .kind = CONFIG_TEXT, .at = AT(path_separator), .alembic = "path_separator",
		.doc = "between version_locations: os, :, ;, space or newline"},
	{.name = "version_locations", .kind = CONFIG_PATHS, .at = AT(version_locations),
		.count_at = AT(version_location_count), .alembic = "version_locations",
		.doc = "the folders of the revision files; versions/ of script_location unless given"},
	{.name = "recursive_version_locations", .kind = CONFIG_BOOL, .at = AT(recursive_version_locations),
		.initial = "false", .alembic = "recursive_version_locations", .doc = "look into folders below them too"},
	{.name = "file_template", .kind = CONFIG_FILE_TEMPLATE, .at = AT(file_template), .initial = "%(rev)s_%(slug)s",
		.alembic = "file_template", .doc = "names of new files: rev, slug, epoch, year, month, day, hour, minute, second"},
	{.name = "timezone", .kind = CONFIG_TIMEZONE, .at = AT(timezone), .alembic = "timezone",
		.doc = "of the dates in new files; UTC unless given"},
	{.name = "truncate_slug_length", .kind = CONFIG_NUMBER, .at = AT(truncate_slug_length), .initial = "40",
		.alembic = "truncate_slug_length", .doc = "characters of the slug"},
	{.name = "version_table", .kind = CONFIG_TEXT, .at = AT(version_table), .initial = "retort_version",
		.alembic = "version_table", .doc = "the table that holds the current revisions"},
	{.name = "version_table_schema", .kind = CONFIG_TEXT, .at = AT(version_table_schema),
		.alembic = "version_table_schema", .doc = "its schema"},
	{.name = "transaction", .kind = CONFIG_CHOICE, .at = AT(transaction), .initial = "migration",
		.words = transactions, .doc = "one for each migration, one for all, or none"},
	{.name = "lock", .kind = CONFIG_SWITCH, .at = AT(lock_lease), .initial = "auto", .words = locks,
		.doc = "auto: the engine's own lock; lease: a row, for connection poolers"},
	{.name = "lock_timeout", .kind = CONFIG_DURATION, .at = AT(lock_timeout_ms), .initial = "10s", .none = -1,
		.doc = "waiting for another retort; none: for ever"},
	{.name = "statement_timeout", .kind = CONFIG_DURATION, .at = AT(statement_timeout_ms), .initial = "none",
		.doc = "for each statement"},
	{.name = "ddl_lock_timeout", .kind = CONFIG_DURATION, .at = AT(ddl_lock_timeout_ms), .initial = "5s",
		.doc = "waiting for the locks of tables, with retries; none: the engine's default"},
	{.name = "driver_path", .kind = CONFIG_FOLDERS, .at = AT(driver_path), .count_at = AT(driver_path_count),
		.no_environment = true, .doc = "further folders of drivers"},
	{.name = "include_schemas", .kind = CONFIG_LIST, .at = AT(include_schemas), .count_at = AT(include_schema_count),
		.doc = "schemas to look at besides the default one"},
	{.name = "include", .kind = CONFIG_LIST, .at = AT(include), .count_at = AT(include_count),
		.doc = "globs: only these objects are compared"},
	{.name = "exclude", .kind = CONFIG_LIST, .at = AT(exclude), .count_at = AT(exclude_count),
		.doc = "globs: these objects are not compared"},
	{.name = "compare_type", .kind = CONFIG_BOOL, .at = AT(compare_type), .initial = "true",
		.doc = "whether autogenerate compares the types of columns"},
	{.name = "compare_server_default", .kind = CONFIG_BOOL, .at = AT(compare_server_default), .initial = "true",
		.doc = "whether autogenerate compares defaults"},
	{.name = "protect", .kind = CONFIG_BOOL, .at = AT(protect), .initial = "false",
		.doc = "destructive operations need --allow"},
	{.name = "log_level", .kind = CONFIG_WORD, .at = AT(log_level), .initial = "info", .words = levels,
		.doc = "what is logged"},
	{.name = "pk", .part = "naming", .kind = CONFIG_NAMING, .at = AT(naming.pk), .words = of_columns,
		.doc = "names of primary keys"},
	{.name = "uq", .part = "naming", .kind = CONFIG_NAMING, .at = AT(naming.uq), .words = of_columns,
		.doc = "names of unique constraints"},
	{.name = "ix", .part = "naming", .kind = CONFIG_NAMING, .at = AT(naming.ix), .words = of_columns,
		.doc = "names of indexes"},
	{.name = "fk", .part = "naming", .kind = CONFIG_NAMING, .at = AT(naming.fk), .words = of_foreign_keys,
		.doc = "names of foreign keys"},
	{.name = "ck", .part = "naming", .kind = CONFIG_NAMING, .at = AT(naming.ck), .words = of_checks,
		.doc = "names of checks; name is the column or a number"},
	{.name = "en", .part = "naming", .kind = CONFIG_NAMING, .at = AT(naming.en), .words = of_enums,
		.doc = "names of the types of inline enums"},
	{.name = "post_write", .part = "hooks", .kind = CONFIG_COMMAND, .at = AT(post_write),
		.doc = "run with a new file in RETORT_FILE"},
	{.name = "before_upgrade", .part = "hooks", .kind = CONFIG_COMMAND, .at = AT(before_upgrade),
		.doc = "run before a target is upgraded, which a failure stops"},
	{.name = "after_upgrade", .part = "hooks", .kind = CONFIG_COMMAND, .at = AT(after_upgrade),
		.doc = "run after a target was upgraded"},
	{.name = "on_failure", .part = "hooks", .kind = CONFIG_COMMAND, .at = AT(on_failure),
		.doc = "run when a target failed"},
};

const size_t config_key_count = sizeof config_keys / sizeof *config_keys;

const struct config_key *config_key_find(const char *part, const char *name)
{
	size_t i;

	for (i = 0; i < config_key_count; i++)
		if (!strcmp(config_keys[i].name, name) && !strcmp(config_keys[i].part ? config_keys[i].part : "", part))
			return &config_keys[i];
	return NULL;
}

const char *config_key_environment(struct retort_arena *arena, const struct config_key *key)
{
	char *name, *c;

	if (key->part || key->no_environment)
		return NULL;
	name = retort_printf(arena, "RETORT_%s", key->name);
	for (c = name; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return name;
}
