/* SPDX-License-Identifier: MIT */
#include "engine/inspect.h"

#include <string.h>

#include "base/text.h"
#include "engine/history.h"
#include "model/catalog.h"

/* Where tools keep what they have applied. Names are compared without case, as their tools make them in the
 * engine's own. A schema without name means all tables of that schema. */
static const struct {
	const char *tool, *schema, *table;
} bookkeeping[] = {
	{"retort", NULL, "retort_version"},
	{"retort", NULL, HISTORY_TABLE},
	{"retort", NULL, HISTORY_LOCK_TABLE},
	{"Alembic", NULL, "alembic_version"},
	{"Flyway", NULL, "flyway_schema_history"},
	{"Liquibase", NULL, "databasechangelog"},
	{"Liquibase", NULL, "databasechangeloglock"},
	{"golang-migrate, dbmate, Rails", NULL, "schema_migrations"},
	{"Rails", NULL, "ar_internal_metadata"},
	{"goose", NULL, "goose_db_version"},
	{"Atlas", NULL, "atlas_schema_revisions"},
	{"Atlas", "atlas_schema_revisions", NULL},
	{"Django", NULL, "django_migrations"},
	{"Sqitch", "sqitch", NULL},
	{"Phinx", NULL, "phinxlog"},
	{"Doctrine", NULL, "doctrine_migration_versions"},
	{"Prisma", NULL, "_prisma_migrations"},
	{"Knex", NULL, "knex_migrations"},
	{"Knex", NULL, "knex_migrations_lock"},
	{"Sequelize", NULL, "SequelizeMeta"},
	{"Entity Framework", NULL, "__EFMigrationsHistory"},
	{"SQLx", NULL, "_sqlx_migrations"},
	{"Diesel", NULL, "__diesel_schema_migrations"},
	{"Refinery", NULL, "refinery_schema_history"},
};

/* Whether a table is one in which a tool, or this project, keeps its books. */
static bool is_bookkeeping(const struct settings *settings, const char *schema, const char *name)
{
	if (settings->version_table && !strcmp(settings->version_table, name) &&
		name_equal(settings->version_table_schema, schema))
		return true;
	for (size_t i = 0; i < sizeof bookkeeping / sizeof *bookkeeping; i++) {
		const char *table = bookkeeping[i].table, *within = bookkeeping[i].schema;

		if (within && !(schema && !text_casecmp(schema, within)))
			continue;
		if (!table || !text_casecmp(table, name))
			return true;
	}
	return false;
}

/* ---- include and exclude ---- */

/* A glob without a dot means names in any schema, one with it means schema.name. */
static bool matches(const char *const *globs, size_t count, const char *schema, const char *name)
{
	struct retort_arena *scratch;
	const char *whole;
	bool ret = false;

	if (!count)
		return false;
	scratch = retort_arena_new();
	whole = schema ? retort_printf(scratch, "%s.%s", schema, name) : name;
	for (size_t i = 0; i < count && !ret; i++)
		ret = text_glob(globs[i], whole) || (schema && text_glob(globs[i], name));
	retort_arena_free(scratch);
	return ret;
}

static bool is_named(const struct settings *settings, const char *schema, const char *name)
{
	if (settings->include_count && !matches(settings->include, settings->include_count, schema, name))
		return false;
	return !matches(settings->exclude, settings->exclude_count, schema, name);
}

/* Whether objects of a schema are looked at: those of the default one always. */
static bool is_in_schemas(const struct settings *settings, const char *schema)
{
	for (size_t i = 0; schema && i < settings->include_schema_count; i++)
		if (!strcmp(settings->include_schemas[i], schema))
			return true;
	return !schema;
}

static bool is_kept(const struct settings *settings, enum family family, const void *object)
{
	const char *schema = family_item_schema(family, object), *name = family_item_name(family, object);

	/* An extension is no object of the schema that its objects lie in. */
	if (family != FAMILY_EXTENSION && !is_in_schemas(settings, schema))
		return false;
	if (family == FAMILY_TABLE && is_bookkeeping(settings, schema, name))
		return false;
	if (family == FAMILY_TRIGGER) {
		const char *table = ((const struct retort_trigger *)object)->table;

		/* It stands and falls with its table; views have triggers too. */
		if (is_bookkeeping(settings, schema, table) || !is_named(settings, schema, table))
			return false;
		return !matches(settings->exclude, settings->exclude_count, schema, name);
	}
	return is_named(settings, family == FAMILY_EXTENSION ? NULL : schema, name);
}

struct retort_schema *inspect_filter(struct retort_arena *arena, const struct settings *settings,
	const struct retort_schema *schema)
{
	struct retort_schema *ret = retort_schema_new(arena);

	for (int family = 0; family < FAMILY_COUNT; family++)
		for (size_t i = 0; i < family_count(schema, (enum family)family); i++) {
			void *object = family_item(schema, (enum family)family, i);

			if (is_kept(settings, (enum family)family, object))
				catalog_put(ret, (enum family)family, object);
		}
	for (size_t i = 0; i < schema->schema_count; i++)
		if (is_in_schemas(settings, schema->schemas[i]))
			RETORT_PUSH(arena, ret->schemas, ret->schema_count, schema->schemas[i]);
	for (size_t i = 0; i < schema->unmodelled_count; i++)
		RETORT_PUSH(arena, ret->unmodelled, ret->unmodelled_count, schema->unmodelled[i]);
	return ret;
}

int inspect_live(struct session *session, struct retort_arena *arena, struct retort_schema **ret,
	struct retort_error *err)
{
	const struct settings *settings = session->settings;
	const char **schemas = NULL;
	struct retort_inspect_options options = {.size = sizeof options};
	struct retort_schema *all;

	RETORT_PUSH(arena, schemas, options.schema_count, NULL); /* the default one */
	for (size_t i = 0; i < settings->include_schema_count; i++)
		RETORT_PUSH(arena, schemas, options.schema_count, settings->include_schemas[i]);
	options.schemas = schemas;
	if (session->driver->inspect(session->conn, &options, arena, &all, err) < 0)
		return -1;
	*ret = inspect_filter(arena, settings, all);
	return 0;
}
