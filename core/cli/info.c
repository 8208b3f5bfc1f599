/* SPDX-License-Identifier: MIT
 *
 * drivers and types: what is installed, and what each engine makes of the neutral types.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "sql/capability.h"

/* Settings where there may be no configuration at all. */
static int open_loader(struct cli *cli, struct loader **loader)
{
	struct settings *settings;

	if (cli_settings(cli, &settings) < 0)
		return -1;
	*loader = cli_loader(cli, settings);
	return 0;
}

static json_t *capabilities_json(const struct retort_dialect *dialect)
{
	json_t *array = json_array();

	for (const struct capability *row = capabilities; row->word; row++)
		if (dialect->caps & row->bit)
			json_array_append_new(array, json_string(row->word));
	return array;
}

/* A driver's dialects, one after the other: its first, then the further ones; NULL at the end. */
static const struct retort_dialect *dialect_at(const struct retort_driver *driver, size_t i)
{
	if (i == 0)
		return driver->dialect;
	return driver->dialects ? driver->dialects[i - 1] : NULL;
}

static json_t *dialects_json(const struct retort_driver *driver)
{
	const struct retort_dialect *dialect;
	json_t *array = json_array();

	for (size_t i = 0; (dialect = dialect_at(driver, i)); i++)
		json_array_append_new(array,
			json_pack("{s:s, s:o}", "name", dialect->name, "capabilities",
				capabilities_json(dialect)));
	return array;
}

static json_t *driver_json(const struct loaded *loaded)
{
	const struct retort_driver *driver = loaded->driver;

	if (!driver)
		return json_pack("{s:s, s:s}", "path", loaded->path, "error", loaded->reason);
	return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:o, s:o}", "name", driver->name, "version",
		driver->version ? driver->version : "", "abi", (int)driver->abi, "schemes", driver->schemes,
		"dialect", driver->dialect->name, "path", loaded->path, "capabilities",
		capabilities_json(driver->dialect), "dialects", dialects_json(driver));
}

/* What a dialect can, and the options of its objects. */
static void print_dialect(const struct retort_dialect *dialect)
{
	printf("  %s can:", dialect->name);
	for (const struct capability *row = capabilities; row->word; row++)
		if (dialect->caps & row->bit)
			printf(" %s", row->word);
	putchar('\n');
	for (const struct retort_option_row *row = dialect->options; row && row->object; row++)
		printf("  option of a %s: %s (%s): %s\n", row->object, row->key, row->kind, row->doc);
}

static void print_driver(struct cli *cli, const struct loaded *loaded)
{
	const struct retort_driver *driver = loaded->driver;

	if (!driver) {
		printf("%s\n  refused: %s\n", loaded->path, loaded->reason);
		return;
	}
	printf("%s %s (ABI %u)\n  schemes: %s\n", driver->name, driver->version ? driver->version : "-",
		(unsigned)driver->abi, driver->schemes);
	for (size_t i = 0; dialect_at(driver, i); i++)
		printf("%s%s", i ? ", " : "  dialects: ", dialect_at(driver, i)->name);
	printf("\n  file: %s\n", loaded->path);
	for (size_t i = 0; cli_flag(cli, OPTION_VERBOSE) && dialect_at(driver, i); i++)
		print_dialect(dialect_at(driver, i));
}

static int list_drivers(struct cli *cli)
{
	json_t *array;
	struct loader *loader;
	struct loaded *all;
	size_t count;

	if (open_loader(cli, &loader) < 0)
		return -1;
	loader_all(loader, &all, &count);
	if (!cli->json) {
		for (size_t i = 0; i < count; i++)
			print_driver(cli, &all[i]);
		if (!count)
			puts("no driver is installed: see the packages retort-driver-*");
		return 0;
	}
	array = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, driver_json(&all[i]));
	cli_print_json(array);
	return 0;
}

int command_drivers(struct cli *cli)
{
	const char *stray = cli_argument(cli, 0, NULL);

	if (cli_flag(cli, OPTION_CHECK))
		return check_driver(cli);
	if (stray)
		return retort_fail(cli->err, RETORT_E_USAGE,
			"unexpected argument '%s': to check a driver write retort drivers --check FILE URL",
			text_echo(cli->arena, stray, 60));
	if (cli_flag(cli, OPTION_FORCE))
		return retort_fail(cli->err, RETORT_E_USAGE, "'--force' needs --check FILE URL");
	return list_drivers(cli);
}

/* One of each neutral type, in the order of the manual. */
static const char *const samples[] = {"boolean", "smallint", "integer", "bigint", "smallint unsigned",
	"integer unsigned", "bigint unsigned", "float", "double", "numeric(12,2)", "string(50)", "char(10)",
	"text", "date", "time", "datetime", "timestamp", "interval", "binary(16)", "varbinary(255)", "blob",
	"json", "uuid", "enum(a, b)", "array(integer)"};

#define SAMPLE_COUNT (sizeof samples / sizeof *samples)
#define MAX_DIALECTS 16

struct column {
	const struct retort_dialect *dialect;
	unsigned version;
};

/* The native name of a type, with its CHECK where the engine needs one; NULL: it can't have it. */
static const char *native_type(struct cli *cli, const struct column *column, const struct retort_type *type)
{
	struct retort_error *err = retort_error_new();
	struct retort_plan plan = {.arena = cli->arena};
	struct retort_schema *schema = retort_schema_new(cli->arena);
	struct retort_render render = {.size = sizeof render,
		.arena = cli->arena,
		.dialect = column->dialect,
		.version = column->version,
		.schema = schema,
		.plan = &plan};
	struct retort_column sample = {.name = "x", .type = type, .nullable = true};
	struct retort_buf out;
	int failed;

	retort_buf_init(&out, cli->arena);
	failed = retort_sql_type(&render, &out, type, err);
	if (!failed && column->dialect->type_check) {
		size_t len;

		retort_buf_str(&out, " CHECK (");
		len = out.len;
		if (column->dialect->type_check(&render, &sample, &out, err) != RETORT_OK || out.len == len) {
			out.data[len - strlen(" CHECK (")] = '\0';
		} else {
			retort_buf_char(&out, ')');
		}
	}
	retort_error_free(err);
	return failed ? NULL : out.data;
}

static int choose_dialects(struct cli *cli, struct loader *loader, struct column *columns, size_t *count)
{
	const char *wanted = cli_value(cli, OPTION_DIALECT, NULL);
	struct loaded *all;
	size_t loaded;

	*count = 0;
	if (wanted) {
		struct session *session;

		if (session_offline(cli->arena, loader, cli->config->settings[0], wanted, &cli->observer,
			    &session, cli->err) < 0)
			return -1;
		columns[(*count)++] =
			(struct column){.dialect = session->dialect, .version = session->version};
		return 0;
	}
	loader_all(loader, &all, &loaded);
	for (size_t i = 0; i < loaded && *count < MAX_DIALECTS; i++)
		if (all[i].driver)
			columns[(*count)++] = (struct column){.dialect = all[i].driver->dialect};
	return 0;
}

static json_t *type_json(struct cli *cli, const char *name, const struct retort_type *type,
	const struct column *columns, size_t count)
{
	json_t *natives = json_object();

	for (size_t i = 0; i < count; i++) {
		const char *native = native_type(cli, &columns[i], type);

		json_object_set_new(natives, columns[i].dialect->name,
			native ? json_string(native) : json_null());
	}
	return json_pack("{s:s, s:o}", "type", name, "native", natives);
}

static void print_type(struct cli *cli, const char *name, const struct retort_type *type,
	const struct column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *native = native_type(cli, &columns[i], type);

		printf("%-18s %-12s %s\n", i ? "" : name, columns[i].dialect->name,
			native ? native : "- (give a variant for it)");
	}
}

int command_types(struct cli *cli)
{
	const char *name = cli_argument(cli, 0, NULL);
	struct column columns[MAX_DIALECTS];
	struct loader *loader;
	json_t *array;
	size_t count;

	if (open_loader(cli, &loader) < 0 || choose_dialects(cli, loader, columns, &count) < 0)
		return -1;
	array = json_array();
	for (size_t i = 0; i < (name ? 1 : SAMPLE_COUNT); i++) {
		const char *text = name ? name : samples[i];
		const struct retort_type *type;

		if (retort_type_parse(cli->arena, text, &type, cli->err) < 0) {
			json_decref(array);
			return -1;
		}
		if (cli->json)
			json_array_append_new(array, type_json(cli, text, type, columns, count));
		else
			print_type(cli, text, type, columns, count);
	}
	if (cli->json)
		cli_print_json(array);
	else
		json_decref(array);
	return 0;
}
