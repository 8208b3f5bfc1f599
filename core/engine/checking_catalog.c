/* SPDX-License-Identifier: MIT
 *
 * What inspection finds against what replay says, and cleaning up.
 */
#include <string.h>

#include "base/text.h"
#include "engine/checking.h"
#include "model/catalog.h"
#include "model/compare.h"

#define OWN_SCHEMA CONFORMANCE_PREFIX "schema"

enum { DIFFERENCES_SHOWN = 3, ROUNDS = 20 };

static bool is_ours(const char *name)
{
	/* A server may fold case, or be told names so. */
	return name && text_ncasecmp(name, CONFORMANCE_PREFIX, strlen(CONFORMANCE_PREFIX)) == 0;
}

/* ---- looking ---- */

/* All there is, in the default schema and in the suite's own. */
static int inspect_all(struct checking *checking, struct retort_schema **ret, struct retort_error *err)
{
	static const char *const schemas[] = {NULL, OWN_SCHEMA};
	struct retort_inspect_options options = {.size = sizeof options};

	if (session_has(checking->session, RETORT_CAP_SCHEMAS)) {
		options.schemas = schemas;
		options.schema_count = 2;
	}
	return checking->session->driver->inspect(checking->session->conn, &options, checking->arena, ret,
		err);
}

int check_inspect(struct checking *checking, struct retort_schema **ret)
{
	struct retort_schema *all;

	if (inspect_all(checking, &all, checking->err) < 0)
		return -1;
	*ret = retort_schema_copy(checking->arena, all);
	for (int family = 0; family < FAMILY_COUNT; family++)
		for (size_t i = family_count(*ret, (enum family)family); i-- > 0;) {
			void *item = family_item(*ret, (enum family)family, i);

			if (!is_ours(family_item_name((enum family)family, item)))
				catalog_remove(*ret, (enum family)family, item);
		}
	(*ret)->schema_count = 0;
	for (size_t i = 0; i < all->schema_count; i++)
		if (is_ours(all->schemas[i]))
			RETORT_PUSH(checking->arena, (*ret)->schemas, (*ret)->schema_count, all->schemas[i]);
	return 0;
}

int check_foreign(struct checking *checking, struct retort_error *err)
{
	struct retort_schema *all;
	const char *first = NULL;
	size_t count = 0;

	if (inspect_all(checking, &all, err) < 0)
		return -1;
	for (size_t i = 0; i < all->table_count; i++)
		if (!is_ours(all->tables[i]->name)) {
			first = first ? first : all->tables[i]->name;
			count++;
		}
	if (!count)
		return 0;
	return retort_fail(err, RETORT_E_STATE,
		"cannot check the driver on '%s': it holds table '%s'%s that the checks did not make: give "
		"an empty "
		"database, or --force, by which only names that start with " CONFORMANCE_PREFIX
		" are touched",
		checking->session->shown_url, text_echo(checking->arena, first, 60),
		count > 1 ? " and others" : "");
}

/* ---- comparing ---- */

static int normalize(struct checking *checking, struct retort_schema *schema)
{
	const struct retort_dialect *dialect = checking->session->dialect;

	return dialect->normalize ? dialect->normalize(checking->arena, schema, checking->err) : 0;
}

static struct compare_options compare_by(const struct checking *checking)
{
	return (struct compare_options){.syntax = checking->session->dialect->syntax,
		.ignore_comments = !session_has(checking->session, RETORT_CAP_COMMENTS)};
}

/* Views, routines, triggers and domains in the engine's own words. */
static int settle_objects(struct checking *checking, struct retort_schema *settled)
{
	const struct retort_driver *driver = checking->session->driver;
	struct retort_schema *objects = retort_schema_copy(checking->arena, settled), *canonical;

	if (!driver->canonical_objects)
		return 0;
	objects->table_count = 0;
	if (driver->canonical_objects(checking->session->conn, objects, checking->arena, &canonical,
		    checking->err) < 0)
		return -1;
	for (int family = FAMILY_DOMAIN; family <= FAMILY_TRIGGER; family++)
		for (size_t i = 0; i < family_count(canonical, (enum family)family); i++)
			catalog_put(settled, (enum family)family,
				family_item(canonical, (enum family)family, i));
	return 0;
}

/* The replayed schema in the engine's own words: tables that differ as they stand are made canonical by the
 * driver, where it can. live and *ret are normalised. */
static int settle(struct checking *checking, const struct retort_schema *replayed,
	const struct retort_schema *live, struct retort_schema **ret)
{
	const struct compare_options options = compare_by(checking);
	const struct retort_driver *driver = checking->session->driver;
	struct retort_schema *plain = retort_schema_copy(checking->arena, replayed);
	struct difference *differences;
	size_t count;

	*ret = retort_schema_copy(checking->arena, replayed);
	if (normalize(checking, plain) < 0)
		return -1;
	for (size_t i = 0; driver->canonical && i < replayed->table_count; i++) {
		const struct retort_table *table = replayed->tables[i], *other;
		struct retort_table *canonical;

		other = retort_schema_table(live, table->schema, table->name);
		if (!other)
			continue;
		compare_tables(checking->arena, retort_schema_table(plain, table->schema, table->name), other,
			&options, &differences, &count);
		if (!count)
			continue;
		if (driver->canonical(checking->session->conn, table, checking->arena, &canonical,
			    checking->err) < 0)
			return -1;
		retort_schema_put_table(*ret, canonical);
	}
	return settle_objects(checking, *ret) < 0 ? -1 : normalize(checking, *ret);
}

/* A fault that lists the first differences; left and right are what the sides are called. */
static int tell_differences(struct checking *checking, const char *stage,
	const struct difference *differences, size_t count, const char *left, const char *right)
{
	struct retort_buf out;

	if (!count)
		return 0;
	retort_buf_init(&out, checking->arena);
	for (size_t i = 0; i < count && i < DIFFERENCES_SHOWN; i++) {
		const struct difference *one = &differences[i];

		retort_buf_printf(&out, "%s%s%s%s: %s has %s, %s has %s", i ? "; " : "", one->object,
			one->property ? ", " : "", one->property ? one->property : "", left,
			one->left ? retort_printf(checking->arena, "'%s'", one->left) : "none", right,
			one->right ? retort_printf(checking->arena, "'%s'", one->right) : "none");
	}
	if (count > DIFFERENCES_SHOWN)
		retort_buf_printf(&out, "; and %zu more", count - DIFFERENCES_SHOWN);
	return check_fault(checking, "%s: %s", stage, out.data);
}

int check_same(struct checking *checking, const struct retort_schema *replayed, const char *stage)
{
	const struct compare_options options = compare_by(checking);
	struct retort_schema *expected, *live;
	struct difference *differences;
	size_t count;

	if (check_inspect(checking, &live) < 0 || normalize(checking, live) < 0 ||
		settle(checking, replayed, live, &expected) < 0)
		return -1;
	compare_schemas(checking->arena, expected, live, &options, &differences, &count);
	return tell_differences(checking, stage, differences, count, "replay", "inspection");
}

int check_unchanged(struct checking *checking, const struct retort_schema *before,
	const struct retort_schema *after, const char *what)
{
	const struct compare_options options = compare_by(checking);
	struct difference *differences;
	size_t count;

	compare_schemas(checking->arena, before, after, &options, &differences, &count);
	return tell_differences(checking, what, differences, count, "before, it", "after, it");
}

/* ---- cleaning up ---- */

/* 'name' for a YAML value. */
static const char *yaml_quoted(struct retort_arena *arena, const char *text)
{
	struct retort_buf out;

	retort_buf_init(&out, arena);
	retort_buf_char(&out, '\'');
	for (; *text; text++)
		retort_buf_printf(&out, *text == '\'' ? "''" : "%c", *text);
	retort_buf_char(&out, '\'');
	return out.data;
}

/* The operation that removes an object. */
static const char *drop_text(struct retort_arena *arena, enum family family, const void *item)
{
	static const char *const words[FAMILY_COUNT] = {
		[FAMILY_TABLE] = "table",
		[FAMILY_ENUM] = "enum",
		[FAMILY_DOMAIN] = "domain",
		[FAMILY_SEQUENCE] = "sequence",
		[FAMILY_VIEW] = "view",
	};
	const char *word = words[family], *schema = family_item_schema(family, item);

	if (family == FAMILY_ROUTINE)
		word = ((const struct retort_routine *)item)->kind == RETORT_PROCEDURE ? "procedure"
										       : "function";
	if (!word)
		return NULL;
	return retort_printf(arena, "- drop_%s: {name: %s%s%s%s}\n", word,
		yaml_quoted(arena, family_item_name(family, item)), schema ? ", schema: " : "",
		schema ? yaml_quoted(arena, schema) : "",
		family == FAMILY_VIEW && ((const struct retort_view *)item)->materialized
			? ", materialized: true"
			: "");
}

/* Removes what can be removed now; *removed is set where something was. */
static int clean_once(struct checking *checking, bool *removed, size_t *left)
{
	static const enum family order[] = {FAMILY_VIEW, FAMILY_TABLE, FAMILY_SEQUENCE, FAMILY_ROUTINE,
		FAMILY_DOMAIN, FAMILY_ENUM};
	struct retort_schema *live;

	*removed = false;
	*left = 0;
	if (check_inspect(checking, &live) < 0)
		return -1;
	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (size_t i = family_count(live, order[k]); i-- > 0;) {
			struct retort_schema *schema = retort_schema_copy(checking->arena, live);
			const void *item = family_item(live, order[k], i);

			++*left;
			retort_error_clear(checking->err);
			if (check_ops(checking, schema, drop_text(checking->arena, order[k], item)) == 0) {
				catalog_remove(live, order[k], family_item(live, order[k], i));
				*removed = true;
				--*left;
			}
		}
	for (size_t i = 0; *left == 0 && i < live->schema_count; i++) {
		++*left;
		if (check_ops(checking, retort_schema_copy(checking->arena, live),
			    retort_printf(checking->arena, "- drop_schema: %s\n",
				    yaml_quoted(checking->arena, live->schemas[i]))) == 0) {
			*removed = true;
			--*left;
		}
	}
	return 0;
}

int check_clean(struct checking *checking)
{
	bool removed = true;
	size_t left = 1;

	for (int round = 0; round < ROUNDS && removed && left; round++)
		if (clean_once(checking, &removed, &left) < 0)
			return -1;
	return left ? -1 : 0;
}
