/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include "script/config.h"
#include "script/dialects.h"

static struct config *load_with(struct scratch *scratch, const struct config_options *options)
{
	struct config *config = NULL;

	retort_error_clear(scratch->err);
	if (config_load(scratch->arena, options, &config, scratch->err) < 0) {
		assert_true(retort_error_count(scratch->err) > 0);
		return NULL;
	}
	expect_count(scratch, 0);
	return config;
}

/* The settings of the only target. */
static struct settings *load(struct scratch *scratch)
{
	struct config *config = load_with(scratch, &(struct config_options){0});

	if (!config) {
		expect_count(scratch, 0);
		return NULL;
	}
	assert_int_equal(config->count, 1);
	return config->settings[0];
}

static void load_fails(struct scratch *scratch, const struct config_options *options)
{
	assert_null(load_with(scratch, options));
}

static void defaults_are_the_documented_ones(void **state)
{
	struct scratch *scratch = *state;
	struct settings *settings;

	scratch_write(scratch, "retort.ini", "[retort]\n");
	settings = load(scratch);
	assert_null(settings->target);
	assert_null(settings->url);
	assert_false(settings->alembic);
	assert_string_equal(settings->config_path, scratch_path(scratch, "retort.ini"));
	assert_string_equal(settings->folder, scratch->folder);
	assert_string_equal(settings->script_location, scratch_path(scratch, "migrations"));
	assert_int_equal(settings->version_location_count, 1);
	assert_string_equal(settings->version_locations[0], scratch_path(scratch, "migrations/versions"));
	assert_string_equal(settings->version_table, "retort_version");
	assert_null(settings->version_table_schema);
	assert_int_equal(settings->transaction, TRANSACTION_MIGRATION);
	assert_int_equal(settings->lock_timeout_ms, 10000);
	assert_int_equal(settings->statement_timeout_ms, 0);
	assert_int_equal(settings->ddl_lock_timeout_ms, 5000);
	assert_false(settings->lock_lease);
	assert_string_equal(settings->file_template, "%(rev)s_%(slug)s");
	assert_null(settings->timezone);
	assert_int_equal(settings->truncate_slug_length, 40);
	assert_true(settings->compare_type && settings->compare_server_default);
	assert_string_equal(settings->log_level, "info");
	assert_string_equal(settings->naming.fk, "fk_%(table)s_%(columns)s_%(referred_table)s");
	assert_int_equal(map_count(settings->variables), 0);
}

static void every_kind_of_value(void **state)
{
	struct scratch *scratch = *state;
	struct settings *settings;

	scratch_write(scratch, "sub/retort.ini",
		"[retort]\n"
		"script_location = db            ; relative to this file\n"
		"url = x://u:100%@h/%(here)s\n"
		"schema = s.yaml\n"
		"version_locations = a, %(here)s/b\n  /c\n"
		"recursive_version_locations = yes\n"
		"transaction = all\n"
		"lock = lease\n"
		"lock_timeout = none\nstatement_timeout = 1.5m\nddl_lock_timeout = 250ms\n"
		"file_template = %(year)d_%(month).2d-%(slug)s\n"
		"truncate_slug_length = 12\n"
		"include = a*, b c\nexclude = tmp_?\n"
		"protect = on\n"
		"driver_path = /d:e\n"
		"compare_type = false\n"
		"log_level = DEBUG\n"
		"timezone = UTC\n"
		"[retort.naming]\nck = chk_%(table)s_%(name)s\n"
		"[retort.variables]\niso_codes = /usr/share ; c\n"
		"[retort.hooks]\npost_write = a b ; c\n");
	settings = load_with(scratch, &(struct config_options){.config = "sub/retort.ini"})->settings[0];
	assert_string_equal(settings->script_location, scratch_path(scratch, "sub/db"));
	assert_string_equal(settings->url,
		retort_printf(scratch->arena, "x://u:100%%@h/%s/sub", scratch->folder));
	assert_string_equal(settings->schema, scratch_path(scratch, "sub/s.yaml"));
	assert_int_equal(settings->version_location_count, 3);
	assert_string_equal(settings->version_locations[1], scratch_path(scratch, "sub/b"));
	assert_string_equal(settings->version_locations[2], "/c");
	assert_true(settings->recursive_version_locations && settings->lock_lease && settings->protect);
	assert_int_equal(settings->transaction, TRANSACTION_ALL);
	assert_int_equal(settings->lock_timeout_ms, -1);
	assert_int_equal(settings->statement_timeout_ms, 90000);
	assert_int_equal(settings->ddl_lock_timeout_ms, 250);
	assert_int_equal(settings->truncate_slug_length, 12);
	assert_int_equal(settings->include_count, 2);
	assert_string_equal(settings->include[1], "b c");
	assert_int_equal(settings->exclude_count, 1);
	assert_int_equal(settings->driver_path_count, 2);
	assert_string_equal(settings->driver_path[1], scratch_path(scratch, "sub/e"));
	assert_false(settings->compare_type);
	assert_string_equal(settings->log_level, "debug");
	assert_string_equal(settings->naming.ck, "chk_%(table)s_%(name)s");
	assert_string_equal(settings->naming.pk, "pk_%(table)s");
	assert_string_equal(map_get(settings->variables, "iso_codes"), "/usr/share");
	assert_string_equal(settings->post_write, "a b ; c");
}

static void all_faults_of_a_file_are_listed(void **state)
{
	struct scratch *scratch = *state;

	scratch_write(scratch, "retort.ini",
		"[retort]\nlock_timeot = 1\nlock_timeout = soon\ntransaction = mıgration\nprotect = maybe\n"
		"truncate_slug_length = 0\nfile_template = %(revision)s\ntimezone = Mars/Olympus\npk = "
		"x\nfoo_bar_baz = 1\n"
		"url = a\nurl_command = b\nlog_level = warn\nschema = ${NOT_THERE}\nversion_table = a\n  b\n"
		"[retort.naming]\nuq = %(tabel)s\nix = 5%\n[retort.hooks]\nurl = x\n[retort.variables]\n1a = "
		"b\n"
		"[retort.hoks]\n[target.x]\nlock = row\n[other]\n");
	setenv("RETORT_LOCK_TIMEOUT", "-", 1);
	load_fails(scratch, &(struct config_options){0});
	unsetenv("RETORT_LOCK_TIMEOUT");
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"retort.ini:2: unknown key 'lock_timeot': did you mean 'lock_timeout'?");
	expect_problem(scratch, 1, RETORT_E_CONFIG,
		"retort.ini:3: cannot use 'soon' for 'lock_timeout': expected a time such as 10s, 500ms, 2m "
		"or none");
	expect_problem(scratch, 2, RETORT_E_CONFIG,
		"retort.ini:4: cannot use 'mıgration' for 'transaction': did you mean 'migration'?");
	expect_problem(scratch, 3, RETORT_E_CONFIG,
		"retort.ini:5: cannot use 'maybe' for 'protect': expected true or false");
	expect_problem(scratch, 4, RETORT_E_CONFIG,
		"retort.ini:6: cannot use '0' for 'truncate_slug_length': expected a number from 1 to 200");
	expect_problem(scratch, 5, RETORT_E_CONFIG,
		"retort.ini:7: cannot use '%(revision)' in a file template: expected one of "
		"rev, slug, epoch, year, month, day, hour, minute and second");
	expect_problem(scratch, 6, RETORT_E_CONFIG,
		"retort.ini:8: cannot find the time zone 'Mars/Olympus': "
		"expected an IANA name such as UTC or Asia/Tokyo");
	expect_problem(scratch, 7, RETORT_E_CONFIG,
		"retort.ini:9: key 'pk' belongs in the section [retort.naming]");
	expect_problem(scratch, 8, RETORT_E_CONFIG, "retort.ini:10: unknown key 'foo_bar_baz'");
	expect_problem(scratch, 9, RETORT_E_CONFIG, "retort.ini:12: give 'url' or 'url_command', not both");
	expect_problem(scratch, 10, RETORT_E_CONFIG,
		"retort.ini:13: cannot use 'warn' for 'log_level': expected one of debug, info, warning and "
		"error");
	expect_problem(scratch, 11, RETORT_E_CONFIG, "retort.ini:14: NOT_THERE is not set");
	expect_problem(scratch, 12, RETORT_E_CONFIG,
		"retort.ini:15: cannot use a value of several lines for 'version_table': "
		"a line that is indented continues the one above");
	expect_problem(scratch, 13, RETORT_E_CONFIG,
		"retort.ini:18: cannot use '%(tabel)s' for 'uq': there is no 'tabel' in it, only table and "
		"columns");
	expect_problem(scratch, 14, RETORT_E_CONFIG,
		"retort.ini:19: cannot use '5%' for 'ix': a % is followed by (word)s");
	expect_problem(scratch, 15, RETORT_E_CONFIG,
		"retort.ini:21: key 'url' belongs in the section [retort]");
	expect_problem(scratch, 16, RETORT_E_CONFIG,
		"retort.ini:23: cannot name a variable '1a': expected letters, digits and _");
	expect_problem(scratch, 17, RETORT_E_CONFIG,
		"retort.ini:24: unknown section [retort.hoks]: did you mean [retort.hooks]?");
	expect_problem(scratch, 18, RETORT_E_CONFIG,
		"retort.ini:26: cannot use 'row' for 'lock': expected one of auto and lease");
	expect_problem(scratch, 19, RETORT_E_CONFIG,
		"retort.ini:27: unknown section [other]: "
		"expected [retort], [retort.naming], [retort.variables], [retort.hooks] or [target.NAME]");
	expect_problem(scratch, 20, RETORT_E_CONFIG,
		"RETORT_LOCK_TIMEOUT: cannot use '-' for 'lock_timeout': "
		"expected a time such as 10s, 500ms, 2m or none");
	expect_count(scratch, 21);
}

static void files_that_are_none(void **state)
{
	struct scratch *scratch = *state;
	const struct config_options none = {0}, other = {.config = "other.ini"},
				    can_do_without = {.no_config = true};
	struct config *config;

	load_fails(scratch, &none);
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"there is no retort.ini here: run 'retort init' to start a project here, or name its file "
		"with -c");
	load_fails(scratch, &other);
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"cannot find the configuration 'other.ini': "
		"run 'retort init' to start a project here, or name its file with -c");
	config = load_with(scratch, &can_do_without);
	assert_int_equal(config->count, 1);
	assert_null(config->settings[0]->config_path);
	assert_string_equal(config->settings[0]->script_location, scratch_path(scratch, "migrations"));

	scratch_write(scratch, "retort.ini", "; nothing\n");
	load_fails(scratch, &none);
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"retort.ini: the configuration is empty: write a section [retort] with "
		"url = ..., or remove it and run 'retort init' to start a project here, or name its file "
		"with -c");
	scratch_write(scratch, "retort.ini", "[target.a]\n");
	load_fails(scratch, &none);
	expect_problem(scratch, 0, RETORT_E_CONFIG, "retort.ini: there is no section [retort]");
	assert_int_equal(mkdir("folder.ini", 0777), 0);
	load_fails(scratch, &(struct config_options){.config = "folder.ini"});
	expect_problem(scratch, 0, RETORT_E_IO, "cannot read 'folder.ini': is a directory");
	if (geteuid() != 0) {
		assert_int_equal(chmod("retort.ini", 0), 0);
		load_fails(scratch, &none);
		expect_problem(scratch, 0, RETORT_E_IO, "cannot read 'retort.ini': permission denied");
	}
}

static const char *url_of(struct scratch *scratch, const struct config_options *options)
{
	struct config *config = load_with(scratch, options);
	const char *url = NULL;

	assert_non_null(config);
	if (settings_url(scratch->arena, config->settings[0], &url, scratch->err) < 0)
		return NULL;
	return url;
}

static void the_nearest_url_counts(void **state)
{
	struct scratch *scratch = *state;
	const char *const target = "a";
	const struct config_options none = {0}, option = {.url = "x://option"},
				    targets = {.targets = &target, .target_count = 1};

	setenv("DATABASE_URL", "x://database", 1);
	scratch_write(scratch, "retort.ini",
		"[retort]\nurl =\n[target.a]\nurl = x://target\n[target.b]\nurl_command = echo 1\n");
	assert_string_equal(url_of(scratch, &none), "x://database");
	scratch_write(scratch, "retort.ini",
		"[retort]\nurl_command = echo x://command; echo 2\n[target.a]\nurl = x://target\n");
	assert_string_equal(url_of(scratch, &none), "x://command");
	assert_string_equal(url_of(scratch, &targets), "x://target");
	assert_string_equal(url_of(scratch, &option), "x://option");
	setenv("RETORT_URL", "x://environment", 1);
	assert_string_equal(url_of(scratch, &none), "x://environment");
	assert_string_equal(url_of(scratch, &option), "x://option");
	load_fails(scratch, &targets);
	expect_problem(scratch, 0, RETORT_E_USAGE,
		"cannot use RETORT_URL together with -t or --all: it names one database");
	unsetenv("RETORT_URL");
	load_fails(scratch, &(struct config_options){.url = "x", .all = true});
	expect_problem(scratch, 0, RETORT_E_USAGE,
		"cannot use -u together with -t or --all: it names one database");
	scratch_write(scratch, "retort.ini",
		"[retort]\nurl = x://file\n[target.a]\nurl_command = echo x://said\n");
	assert_string_equal(url_of(scratch, &none), "x://file");
	assert_string_equal(url_of(scratch, &targets), "x://said");
	unsetenv("DATABASE_URL");
}

static void a_missing_variable_matters_when_connecting(void **state)
{
	struct scratch *scratch = *state;
	const struct config_options none = {0};

	scratch_write(scratch, "retort.ini", "[retort]\n\nurl = ${A_URL}\n");
	assert_null(url_of(scratch, &none));
	expect_problem(scratch, 0, RETORT_E_CONFIG, "retort.ini:3: A_URL is not set");
	assert_string_equal(url_of(scratch, &(struct config_options){.url = "x://o"}), "x://o");
	setenv("A_URL", "x://u:%41%(here)s${B}@h", 1);
	assert_string_equal(url_of(scratch, &none), "x://u:%41%(here)s${B}@h");
	unsetenv("A_URL");
	scratch_write(scratch, "retort.ini", "[retort]\n");
	assert_null(url_of(scratch, &none));
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"no database is named: give -u URL, set DATABASE_URL, or write url = URL in retort.ini");
}

static void a_url_command_that_fails(void **state)
{
	struct scratch *scratch = *state;
	const struct config_options none = {0};

	scratch_write(scratch, "retort.ini", "[retort]\nurl_command = echo secret; exit 3\n");
	assert_null(url_of(scratch, &none));
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"retort.ini:2: cannot run 'url_command': it ended with status 3");
	scratch_write(scratch, "retort.ini", "[retort]\nurl_command = echo; echo x://late\n");
	assert_null(url_of(scratch, &none));
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"retort.ini:2: cannot use 'url_command': it printed no URL in its first line");
	scratch_write(scratch, "retort.ini", "[retort]\nurl_command = kill -9 $$\n");
	assert_null(url_of(scratch, &none));
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"retort.ini:2: cannot run 'url_command': it was ended by signal 9");
	scratch_write(scratch, "retort.ini", "[retort]\nurl_command = echo ${A_URL}\n");
	assert_null(url_of(scratch, &none));
	expect_problem(scratch, 0, RETORT_E_CONFIG, "retort.ini:2: A_URL is not set");
}

static void targets_are_chosen_by_globs(void **state)
{
	const char *const all[] = {"eu*", "us", "eu1"}, *const none[] = {"e", "zz"};
	struct scratch *scratch = *state;
	struct config *config;

	scratch_write(scratch, "retort.ini",
		"[retort]\nurl = x://main\nlock_timeout = 1\n[retort.hooks]\nbefore_upgrade = "
		"main\non_failure = f\n"
		"[retort.naming]\npk = p_%(table)s\n[retort.variables]\na = 1\nb = 2\n"
		"[target.us]\nurl = x://us\nlock_timeout = 2\nversion_table = v\n"
		"[target.eu.west]\nurl = x://west\nlock_timeout =\n[target.eu.west.variables]\nb = 3\n"
		"[target.eu.west.hooks]\nbefore_upgrade =\n[target.eu1]\nurl = x://eu1\nscript_location = "
		"other\n");
	config = load_with(scratch, &(struct config_options){.targets = all, .target_count = 3});
	assert_int_equal(config->count, 3);
	assert_string_equal(config->settings[0]->target, "us");
	assert_int_equal(config->settings[0]->lock_timeout_ms, 2000);
	assert_string_equal(config->settings[0]->version_table, "v");
	assert_string_equal(config->settings[0]->before_upgrade, "main");
	assert_string_equal(map_get(config->settings[0]->variables, "b"), "2");
	assert_string_equal(config->settings[1]->target, "eu.west");
	assert_int_equal(config->settings[1]->lock_timeout_ms, 10000);
	assert_null(config->settings[1]->before_upgrade);
	assert_string_equal(config->settings[1]->on_failure, "f");
	assert_string_equal(config->settings[1]->naming.pk, "p_%(table)s");
	assert_string_equal(map_get(config->settings[1]->variables, "a"), "1");
	assert_string_equal(map_get(config->settings[1]->variables, "b"), "3");
	assert_string_equal(config->settings[2]->target, "eu1");
	assert_string_equal(config->settings[2]->version_locations[0],
		scratch_path(scratch, "other/versions"));
	config = load_with(scratch, &(struct config_options){.all = true});
	assert_int_equal(config->count, 4);
	assert_null(config->settings[0]->target);
	load_fails(scratch, &(struct config_options){.targets = none, .target_count = 2});
	expect_count(scratch, 2);
	expect_problem(scratch, 0, RETORT_E_USAGE, "no target is called 'e': there are us, eu.west and eu1");
	scratch_write(scratch, "retort.ini", "[retort]\n");
	load_fails(scratch, &(struct config_options){.targets = none, .target_count = 1});
	expect_problem(scratch, 0, RETORT_E_USAGE,
		"no target is called 'e': retort.ini has no section [target.NAME]");
}

static void two_targets_on_one_database(void **state)
{
	struct scratch *scratch = *state;
	const char *const both = "?";

	scratch_write(scratch, "retort.ini",
		"[retort]\nurl = x://one\n[target.a]\n[target.b]\nversion_table_schema = "
		"s\n[target.c]\nversion_table_schema = s\n");
	load_fails(scratch, &(struct config_options){.all = true});
	expect_count(scratch, 2);
	expect_problem(scratch, 0, RETORT_E_USAGE,
		"cannot run target 'a' with 'the database of the main section': both have the same URL and "
		"schema");
	expect_problem(scratch, 1, RETORT_E_USAGE,
		"cannot run target 'c' with 'b': both have the same URL and schema");
	load_fails(scratch, &(struct config_options){.targets = &both, .target_count = 1});
	expect_count(scratch, 1);
}

static void variables_can_be_overridden(void **state)
{
	const char *const given[] = {"iso_codes=/x=y", "empty"},
			  *const wrong[] = {"iso_code=1", "a b=1", "zzzzz=1"};
	struct scratch *scratch = *state;
	struct config *config;

	scratch_write(scratch, "retort.ini",
		"[retort]\n[retort.variables]\niso_codes = ${NOT_THERE}\nempty = full\n");
	load_fails(scratch, &(struct config_options){0});
	expect_problem(scratch, 0, RETORT_E_CONFIG, "retort.ini:3: NOT_THERE is not set");
	setenv("RETORT_ISO_CODES", "/e", 1);
	config = load_with(scratch, &(struct config_options){0});
	assert_string_equal(map_get(config->settings[0]->variables, "iso_codes"), "/e");
	config = load_with(scratch, &(struct config_options){.variables = given, .variable_count = 2});
	assert_string_equal(map_get(config->settings[0]->variables, "iso_codes"), "/x=y");
	assert_string_equal(map_get(config->settings[0]->variables, "empty"), "");
	load_fails(scratch, &(struct config_options){.variables = wrong, .variable_count = 3});
	unsetenv("RETORT_ISO_CODES");
	expect_count(scratch, 3);
	expect_problem(scratch, 0, RETORT_E_USAGE, "cannot use -x iso_code: did you mean 'iso_codes'?");
	expect_problem(scratch, 1, RETORT_E_USAGE, "cannot use -x 'a b': expected NAME=VALUE");
	expect_problem(scratch, 2, RETORT_E_USAGE,
		"cannot use -x zzzzz: [retort.variables] of the configuration declares no such variable");
}

static void other_sections_by_name(void **state)
{
	struct scratch *scratch = *state;
	struct config *config;

	scratch_write(scratch, "retort.ini",
		"[retort]\nscript_location = a\n[billing]\nscript_location = b\n"
		"[billing.naming]\npk = b_%(table)s\n");
	assert_string_equal(load(scratch)->script_location, scratch_path(scratch, "a"));
	config = load_with(scratch, &(struct config_options){.section = "billing"});
	assert_string_equal(config->settings[0]->script_location, scratch_path(scratch, "b"));
	assert_string_equal(config->settings[0]->naming.pk, "b_%(table)s");
	load_fails(scratch, &(struct config_options){.section = "biling"});
	expect_problem(scratch, 0, RETORT_E_CONFIG, "retort.ini: there is no section [biling]");
}

static void driver_folders_add_up(void **state)
{
	struct scratch *scratch = *state;
	struct settings *settings;

	scratch_write(scratch, "retort.ini", "[retort]\ndriver_path = file\n");
	setenv("RETORT_DRIVER_PATH", "/environment::", 1);
	settings = load_with(scratch, &(struct config_options){.driver_path = "/option"})->settings[0];
	unsetenv("RETORT_DRIVER_PATH");
	assert_int_equal(settings->driver_path_count, 3);
	assert_string_equal(settings->driver_path[0], "/option");
	assert_string_equal(settings->driver_path[1], "/environment");
	assert_string_equal(settings->driver_path[2], scratch_path(scratch, "file"));
}

/* As Alembic writes it, comments and logging included. */
static const char alembic_ini[] =
	"# A generic, single database configuration.\n\n[alembic]\n"
	"# path to migration scripts\nscript_location = %(here)s/alembic\n\n"
	"file_template = %%(year)d_%%(month).2d-%%(rev)s_%%(slug)s\n\n"
	"prepend_sys_path = .\n\n# timezone =\n\n"
	"version_locations = %(here)s/bar:%(here)s/bat\nversion_path_separator = os\n"
	"sqlalchemy.url = x://scott:ti%%ger@localhost/%(name)s\n\n"
	"[post_write_hooks]\n# hooks = black\n[DEFAULT]\nname = shop\n"
	"[loggers]\nkeys = root,sqlalchemy\n[formatter_generic]\nformat = %(levelname)-5.5s [%(name)s] "
	"%(message)s\n";

static void an_alembic_ini_as_it_stands(void **state)
{
	struct scratch *scratch = *state;
	struct settings *settings;

	scratch_write(scratch, "alembic.ini", alembic_ini);
	assert_int_equal(mkdir("alembic", 0777), 0);
	settings = load(scratch);
	assert_true(settings->alembic);
	assert_string_equal(settings->script_location, scratch_path(scratch, "alembic"));
	assert_string_equal(settings->file_template, "%(year)d_%(month).2d-%(rev)s_%(slug)s");
	assert_string_equal(settings->url, "x://scott:ti%ger@localhost/shop");
	assert_int_equal(settings->version_location_count, 2);
	assert_string_equal(settings->version_locations[1], scratch_path(scratch, "bat"));
	assert_string_equal(settings->version_table, "alembic_version");
	assert_null(settings->post_write);
	/* retort.ini goes first where both are there */
	scratch_write(scratch, "retort.ini", "[retort]\n");
	assert_false(load(scratch)->alembic);
}

static void alembic_folders_and_urls(void **state)
{
	struct scratch *scratch = *state;
	struct settings *settings;

	scratch_write(scratch, "m/my.ini",
		"[alembic]\nversion_table = v\nsqlalchemy.url = driver://user:pass@localhost/dbname\n");
	load_fails(scratch, &(struct config_options){.config = "m/my.ini"});
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"m/my.ini: the section [alembic] has no key 'script_location'");
	assert_int_equal(mkdir("m/versions", 0777), 0);
	settings = load_with(scratch, &(struct config_options){.config = "m/my.ini"})->settings[0];
	assert_string_equal(settings->script_location, scratch_path(scratch, "m"));
	assert_string_equal(settings->version_locations[0], scratch_path(scratch, "m/versions"));
	assert_string_equal(settings->version_table, "v");
	assert_null(settings->url);
	scratch_write(scratch, "m/my.ini",
		"[alembic]\nscript_location = shop.db:migrations\nsqlalchemy.url = 5%\ntimezone = 1%\n");
	load_fails(scratch, &(struct config_options){.config = "m/my.ini"});
	expect_count(scratch, 2);
	scratch_write(scratch, "m/my.ini", "[alembic]\nscript_location = shop.db:migrations\n");
	scratch_write(scratch, "m/shop/db/migrations/env.py", "");
	settings = load_with(scratch, &(struct config_options){.config = "m/my.ini"})->settings[0];
	assert_string_equal(settings->script_location, scratch_path(scratch, "m/shop/db/migrations"));
}

static void known_dialects(void **state)
{
	struct scratch *scratch = *state;
	struct dialects *dialects = dialects_load(scratch->arena);
	const char *meant = NULL;

	assert_true(dialects_accept(dialects, "postgresql", &meant));
	assert_false(dialects_accept(dialects, "postgres", &meant));
	assert_string_equal(meant, "postgresql");
	assert_false(dialects_accept(dialects, "psql", &meant));
	assert_string_equal(meant, "postgresql");
	assert_false(dialects_accept(dialects, "sqllite", &meant));
	assert_string_equal(meant, "sqlite");
	assert_true(dialects_accept(dialects, "oracle", &meant));
	assert_null(meant);
	assert_string_equal(dialects_find(dialects, "mariadb")->package, "retort-driver-mysql");
	setenv("RETORT_DATADIR", "/nonexistent", 1);
	dialects = dialects_load(scratch->arena);
	assert_int_equal(dialects->count, 0);
	assert_true(dialects_accept(dialects, "postgres", &meant));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(defaults_are_the_documented_ones),
		TEST(every_kind_of_value),
		TEST(all_faults_of_a_file_are_listed),
		TEST(files_that_are_none),
		TEST(the_nearest_url_counts),
		TEST(a_missing_variable_matters_when_connecting),
		TEST(a_url_command_that_fails),
		TEST(targets_are_chosen_by_globs),
		TEST(two_targets_on_one_database),
		TEST(variables_can_be_overridden),
		TEST(other_sections_by_name),
		TEST(driver_folders_add_up),
		TEST(an_alembic_ini_as_it_stands),
		TEST(alembic_folders_and_urls),
		TEST(known_dialects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
