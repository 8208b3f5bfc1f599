/* SPDX-License-Identifier: MIT
 *
 * What a database holds, from the RDB$ tables: a fixed number of queries.
 */
#include "firebird.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct inspection {
	struct retort_conn *conn;
	const struct retort_inspect_options *options;
	struct retort_arena *arena;
	struct retort_render *render;
	struct retort_schema *schema;
	struct retort_error *err;
};

/* ---- names and texts ---- */

/* A name of capitals is what a name without quotes means: it is given in small letters. */
static char *name_of(struct inspection *inspection, const char *text)
{
	char *name = retort_strdup(inspection->arena, text);
	size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	for (char *at = name; !name[n] && *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return name;
}

/* NULL for what Firebird named by itself. */
static char *given_name(struct inspection *inspection, const char *text)
{
	return strncmp(text, "INTEG_", 6) == 0 ? NULL : name_of(inspection, text);
}

/* A stored source without the words in front of it and, with bare, without its outer parentheses. */
static char *source_of(struct inspection *inspection, const char *text, const char *word, bool bare)
{
	size_t n;

	text += strspn(text, " \t\r\n");
	if (strncasecmp(text, word, strlen(word)) == 0)
		text += strlen(word);
	text += strspn(text, " \t\r\n");
	n = strlen(text);
	while (n > 0 && strchr(" \t\r\n", text[n - 1]))
		n--;
	if (bare && n > 1 && *text == '(' && text[n - 1] == ')')
		text++, n -= 2;
	return retort_strndup(inspection->arena, text, n);
}

/* The table of a row, NULL where it isn't asked for. */
static struct retort_table *table_of(struct inspection *inspection, const char *text)
{
	return retort_schema_table(inspection->schema, NULL, name_of(inspection, text));
}

static bool is_wanted(const struct inspection *inspection, const char *name)
{
	const struct retort_inspect_options *options = inspection->options;

	for (size_t i = 0; i < options->table_count; i++)
		if (strcmp(options->tables[i], name) == 0)
			return true;
	return options->table_count == 0;
}

/* A number of the catalog; NULL is otherwise. */
static int number(const char *text, int otherwise)
{
	return text ? (int)strtol(text, NULL, 10) : otherwise;
}

/* ---- columns ---- */

enum { OCTETS = 1 };

/* Type, sub type, length in characters, precision, scale and character set of RDB$FIELDS. */
static struct retort_type *type_of(struct inspection *inspection, const char *const *cells)
{
	static const struct {
		int code;
		enum retort_type_kind kind;
	} kinds[] = {{7, RETORT_TYPE_SMALLINT}, {8, RETORT_TYPE_INTEGER}, {16, RETORT_TYPE_BIGINT},
		{10, RETORT_TYPE_FLOAT}, {27, RETORT_TYPE_DOUBLE}, {12, RETORT_TYPE_DATE},
		{13, RETORT_TYPE_TIME}, {35, RETORT_TYPE_DATETIME}, {14, RETORT_TYPE_CHAR},
		{37, RETORT_TYPE_STRING}, {261, RETORT_TYPE_BLOB}, {23, RETORT_TYPE_BOOLEAN}};
	int code = number(cells[0], 0), sub = number(cells[1], 0);
	bool octets = number(cells[5], 0) == OCTETS;
	struct retort_type *type = retort_type_new(inspection->arena, RETORT_TYPE_NATIVE);

	type->native = retort_printf(inspection->arena, "type %d", code);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].code == code)
			type = retort_type_new(inspection->arena, kinds[i].kind);
	if (type->kind == RETORT_TYPE_BLOB && sub == 1)
		return retort_type_new(inspection->arena, RETORT_TYPE_TEXT);
	if ((code == 7 || code == 8 || code == 16) && (sub == 1 || sub == 2)) {
		type = retort_type_new(inspection->arena, RETORT_TYPE_NUMERIC);
		type->precision = number(cells[3], 18);
		type->scale = -number(cells[4], 0);
	}
	if (octets && (code == 14 || code == 37))
		type = retort_type_new(inspection->arena,
			code == 14 ? RETORT_TYPE_BINARY : RETORT_TYPE_VARBINARY);
	if ((code == 14 || code == 37) && cells[2])
		type->length = number(cells[2], 0);
	return type;
}

static const char columns_sql[] =
	"SELECT TRIM(r.RDB$RELATION_NAME), r.RDB$DESCRIPTION, TRIM(c.RDB$FIELD_NAME), c.RDB$DESCRIPTION,"
	" COALESCE(c.RDB$NULL_FLAG, f.RDB$NULL_FLAG, 0), COALESCE(c.RDB$DEFAULT_SOURCE, "
	"f.RDB$DEFAULT_SOURCE),"
	" f.RDB$COMPUTED_SOURCE, c.RDB$IDENTITY_TYPE, TRIM(l.RDB$COLLATION_NAME),"
	" f.RDB$FIELD_TYPE, f.RDB$FIELD_SUB_TYPE, f.RDB$CHARACTER_LENGTH, f.RDB$FIELD_PRECISION, "
	"f.RDB$FIELD_SCALE,"
	" f.RDB$CHARACTER_SET_ID"
	" FROM RDB$RELATIONS r JOIN RDB$RELATION_FIELDS c ON c.RDB$RELATION_NAME = r.RDB$RELATION_NAME"
	" JOIN RDB$FIELDS f ON f.RDB$FIELD_NAME = c.RDB$FIELD_SOURCE"
	" LEFT JOIN RDB$COLLATIONS l ON l.RDB$CHARACTER_SET_ID = f.RDB$CHARACTER_SET_ID"
	" AND l.RDB$COLLATION_ID = COALESCE(c.RDB$COLLATION_ID, f.RDB$COLLATION_ID) AND l.RDB$COLLATION_ID "
	"<> 0"
	" WHERE r.RDB$SYSTEM_FLAG = 0 AND r.RDB$VIEW_BLR IS NULL"
	" ORDER BY r.RDB$RELATION_ID, c.RDB$FIELD_POSITION";

static int take_column(void *context, size_t n, const char *const *cells)
{
	struct inspection *inspection = context;
	const char *name = name_of(inspection, cells[0]);
	struct retort_table *table = retort_schema_table(inspection->schema, NULL, name);
	struct retort_column *column;
	struct retort_buf native;

	(void)n;
	if (!is_wanted(inspection, name))
		return 0;
	if (!table) {
		table = retort_table_new(inspection->arena, NULL, name);
		table->comment = retort_strdup(inspection->arena, cells[1]);
		retort_schema_put_table(inspection->schema, table);
	}
	column = retort_table_add_column(inspection->arena, table, name_of(inspection, cells[2]));
	column->comment = retort_strdup(inspection->arena, cells[3]);
	column->nullable = strcmp(cells[4], "0") == 0;
	column->type = type_of(inspection, cells + 9);
	column->collation = retort_strdup(inspection->arena, cells[8]);
	retort_buf_init(&native, inspection->arena);
	if (retort_sql_type(inspection->render, &native, column->type, NULL) == 0)
		column->native_type = native.data;
	if (cells[5])
		column->def = retort_default_new(inspection->arena, RETORT_DEFAULT_EXPRESSION,
			source_of(inspection, cells[5], "DEFAULT", false));
	if (cells[6])
		column->computed =
			retort_text_new(inspection->arena, source_of(inspection, cells[6], "", true));
	if (cells[7])
		column->autoincrement = RETORT_AUTO_BY_DEFAULT;
	return 0;
}

/* ---- keys and checks ---- */

static enum retort_action action_of(const char *rule)
{
	static const char *const rules[] = {"CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT"};
	static const enum retort_action actions[] = {RETORT_ACTION_CASCADE, RETORT_ACTION_SET_NULL,
		RETORT_ACTION_SET_DEFAULT, RETORT_ACTION_NONE};

	for (size_t i = 0; rule && i < sizeof rules / sizeof *rules; i++)
		if (strcmp(rule, rules[i]) == 0)
			return actions[i];
	return RETORT_ACTION_NONE;
}

static const char keys_sql[] =
	"SELECT TRIM(k.RDB$RELATION_NAME), TRIM(k.RDB$CONSTRAINT_NAME), TRIM(k.RDB$CONSTRAINT_TYPE),"
	" TRIM(s.RDB$FIELD_NAME), TRIM(o.RDB$RELATION_NAME), TRIM(t.RDB$FIELD_NAME), TRIM(x.RDB$DELETE_RULE),"
	" TRIM(x.RDB$UPDATE_RULE), s.RDB$FIELD_POSITION"
	" FROM RDB$RELATION_CONSTRAINTS k JOIN RDB$INDEX_SEGMENTS s ON s.RDB$INDEX_NAME = k.RDB$INDEX_NAME"
	" JOIN RDB$INDICES i ON i.RDB$INDEX_NAME = k.RDB$INDEX_NAME"
	" LEFT JOIN RDB$REF_CONSTRAINTS x ON x.RDB$CONSTRAINT_NAME = k.RDB$CONSTRAINT_NAME"
	" LEFT JOIN RDB$RELATION_CONSTRAINTS o ON o.RDB$CONSTRAINT_NAME = x.RDB$CONST_NAME_UQ"
	" LEFT JOIN RDB$INDEX_SEGMENTS t ON t.RDB$INDEX_NAME = o.RDB$INDEX_NAME"
	" AND t.RDB$FIELD_POSITION = s.RDB$FIELD_POSITION"
	" ORDER BY i.RDB$INDEX_ID, k.RDB$RELATION_NAME, k.RDB$CONSTRAINT_NAME, s.RDB$FIELD_POSITION";

static int take_key(void *context, size_t n, const char *const *cells)
{
	struct inspection *inspection = context;
	struct retort_table *table = table_of(inspection, cells[0]);
	struct retort_constraint *key;
	struct retort_references *references;

	(void)n;
	if (!table)
		return 0;
	if (strcmp(cells[8], "0") == 0)
		retort_table_add_constraint(inspection->arena, table,
			*cells[2] == 'P'           ? RETORT_PRIMARY_KEY
				: *cells[2] == 'U' ? RETORT_UNIQUE
						   : RETORT_FOREIGN_KEY,
			given_name(inspection, cells[1]));
	key = table->constraints[table->constraint_count - 1];
	retort_constraint_add_column(inspection->arena, key, name_of(inspection, cells[3]));
	if (!cells[4] || !cells[5])
		return 0;
	references = retort_constraint_refer(inspection->arena, key, NULL, name_of(inspection, cells[4]));
	references->on_delete = action_of(cells[6]);
	references->on_update = action_of(cells[7]);
	retort_references_add_column(inspection->arena, references, name_of(inspection, cells[5]));
	return 0;
}

static const char checks_sql[] =
	"SELECT TRIM(k.RDB$RELATION_NAME), TRIM(k.RDB$CONSTRAINT_NAME), t.RDB$TRIGGER_SOURCE"
	" FROM RDB$RELATION_CONSTRAINTS k JOIN RDB$CHECK_CONSTRAINTS c ON c.RDB$CONSTRAINT_NAME = "
	"k.RDB$CONSTRAINT_NAME"
	" JOIN RDB$TRIGGERS t ON t.RDB$TRIGGER_NAME = c.RDB$TRIGGER_NAME AND t.RDB$TRIGGER_TYPE = 1"
	" WHERE k.RDB$CONSTRAINT_TYPE = 'CHECK' ORDER BY k.RDB$RELATION_NAME, t.RDB$TRIGGER_SEQUENCE, 2";

static int take_check(void *context, size_t n, const char *const *cells)
{
	struct inspection *inspection = context;
	struct retort_table *table = table_of(inspection, cells[0]);

	(void)n;
	if (table && cells[2])
		retort_table_add_constraint(inspection->arena, table, RETORT_CHECK,
			given_name(inspection, cells[1]))
			->expression =
			retort_text_new(inspection->arena, source_of(inspection, cells[2], "CHECK", true));
	return 0;
}

static const char indexes_sql[] =
	"SELECT TRIM(i.RDB$RELATION_NAME), TRIM(i.RDB$INDEX_NAME), COALESCE(i.RDB$UNIQUE_FLAG, 0),"
	" COALESCE(i.RDB$INDEX_TYPE, 0), TRIM(s.RDB$FIELD_NAME), s.RDB$FIELD_POSITION, "
	"i.RDB$EXPRESSION_SOURCE"
	" FROM RDB$INDICES i LEFT JOIN RDB$INDEX_SEGMENTS s ON s.RDB$INDEX_NAME = i.RDB$INDEX_NAME"
	" WHERE i.RDB$SYSTEM_FLAG = 0 AND NOT EXISTS (SELECT 1 FROM RDB$RELATION_CONSTRAINTS k"
	" WHERE k.RDB$INDEX_NAME = i.RDB$INDEX_NAME)"
	" ORDER BY i.RDB$RELATION_NAME, i.RDB$INDEX_ID, s.RDB$FIELD_POSITION";

static int take_index(void *context, size_t n, const char *const *cells)
{
	struct inspection *inspection = context;
	struct retort_table *table = table_of(inspection, cells[0]);
	struct retort_index *index;
	struct retort_index_column *column;

	(void)n;
	if (!table)
		return 0;
	if (!cells[5] || strcmp(cells[5], "0") == 0)
		retort_table_add_index(inspection->arena, table, name_of(inspection, cells[1]));
	index = table->indexes[table->index_count - 1];
	index->unique = strcmp(cells[2], "0") != 0;
	column = retort_index_add_column(inspection->arena, index,
		cells[4] ? name_of(inspection, cells[4]) : NULL);
	if (!cells[4])
		column->expression =
			retort_text_new(inspection->arena, source_of(inspection, cells[6], "", true));
	column->order = strcmp(cells[3], "0") == 0 ? RETORT_ORDER_NONE : RETORT_ORDER_DESC;
	return 0;
}

/* ---- views, triggers, and the rest ---- */

static const char views_sql[] =
	"SELECT TRIM(RDB$RELATION_NAME), RDB$VIEW_SOURCE FROM RDB$RELATIONS"
	" WHERE RDB$SYSTEM_FLAG = 0 AND RDB$VIEW_BLR IS NOT NULL ORDER BY RDB$RELATION_ID";

static int take_view(void *context, size_t n, const char *const *cells)
{
	struct inspection *inspection = context;

	(void)n;
	retort_schema_add_view(inspection->schema, NULL, name_of(inspection, cells[0]),
		source_of(inspection, cells[1] ? cells[1] : "", "", false));
	return 0;
}

static const char triggers_sql[] = "SELECT TRIM(RDB$TRIGGER_NAME), TRIM(RDB$RELATION_NAME), "
				   "RDB$TRIGGER_TYPE, RDB$TRIGGER_SOURCE, RDB$TRIGGER_SEQUENCE"
				   " FROM RDB$TRIGGERS WHERE RDB$SYSTEM_FLAG = 0 AND RDB$RELATION_NAME IS "
				   "NOT NULL ORDER BY RDB$TRIGGER_NAME";

/* The head of a trigger is kept as numbers: (type + 1) is BEFORE or AFTER in its lowest bit, then two bits
 * for each event. */
static int take_trigger(void *context, size_t n, const char *const *cells)
{
	static const char *const events[] = {"", "INSERT", "UPDATE", "DELETE"};
	struct inspection *inspection = context;
	unsigned type = (unsigned)number(cells[2], 0) + 1;
	struct retort_buf body;

	(void)n;
	if (!is_wanted(inspection, name_of(inspection, cells[1])))
		return 0;
	retort_buf_init(&body, inspection->arena);
	retort_buf_str(&body, type & 1 ? "AFTER" : "BEFORE");
	for (int slot = 0; slot < 3; slot++)
		if (type >> (1 + 2 * slot) & 3)
			retort_buf_printf(&body, "%s%s", slot ? " OR " : " ",
				events[type >> (1 + 2 * slot) & 3]);
	retort_buf_str(&body, " ON ");
	if (strcmp(name_of(inspection, cells[1]), cells[1]) != 0)
		retort_buf_str(&body, name_of(inspection, cells[1]));
	else
		retort_sql_name(inspection->render, &body, cells[1]);
	if (strcmp(cells[4], "0") != 0)
		retort_buf_printf(&body, " POSITION %s", cells[4]);
	retort_buf_printf(&body, " %s", source_of(inspection, cells[3] ? cells[3] : "", "", false));
	retort_schema_add_trigger(inspection->schema, NULL, name_of(inspection, cells[1]),
		name_of(inspection, cells[0]), body.data);
	return 0;
}

static const char rest_sql[] =
	"SELECT 'procedure ' || TRIM(RDB$PROCEDURE_NAME) FROM RDB$PROCEDURES WHERE RDB$SYSTEM_FLAG = 0"
	" UNION ALL SELECT 'function ' || TRIM(RDB$FUNCTION_NAME) FROM RDB$FUNCTIONS WHERE RDB$SYSTEM_FLAG = "
	"0"
	" UNION ALL SELECT 'sequence ' || TRIM(RDB$GENERATOR_NAME) FROM RDB$GENERATORS WHERE RDB$SYSTEM_FLAG "
	"= 0"
	" UNION ALL SELECT 'exception ' || TRIM(RDB$EXCEPTION_NAME) FROM RDB$EXCEPTIONS WHERE "
	"RDB$SYSTEM_FLAG = 0"
	" UNION ALL SELECT 'domain ' || TRIM(RDB$FIELD_NAME) FROM RDB$FIELDS WHERE RDB$SYSTEM_FLAG = 0"
	" AND RDB$FIELD_NAME NOT STARTING WITH 'RDB$'";

static int take_rest(void *context, size_t n, const char *const *cells)
{
	struct inspection *inspection = context;

	(void)n;
	RETORT_PUSH(inspection->arena, inspection->schema->unmodelled, inspection->schema->unmodelled_count,
		retort_printf(inspection->arena, "%s is left out", cells[0]));
	return 0;
}

int inspect_database(struct retort_conn *conn, const struct retort_inspect_options *options,
	struct retort_arena *arena, struct retort_schema **ret, struct retort_error *err)
{
	static const struct {
		const char *sql;
		retort_row_fn *take;
	} queries[] = {{columns_sql, take_column}, {keys_sql, take_key}, {checks_sql, take_check},
		{indexes_sql, take_index}, {triggers_sql, take_trigger}, {views_sql, take_view},
		{rest_sql, take_rest}};
	struct inspection inspection = {conn, options, arena, NULL, retort_schema_new(arena), err};
	size_t count = sizeof queries / sizeof *queries - (options->table_count ? 2 : 0);

	inspection.render = retort_render_new(arena, &firebird_dialect, 0, inspection.schema);
	*ret = inspection.schema;
	for (size_t i = 0; i < count; i++)
		if (connection_query(conn, queries[i].sql, NULL, 0, queries[i].take, &inspection, err) < 0)
			return -1;
	return 0;
}
