/* SPDX-License-Identifier: MIT
 *
 * A table that has everything SQLite can have, through each kind of change. After each the database is
 * compared line by line with what it was: what an operation doesn't name must not have changed.
 */
#include "sqlite_fixture.h"

#define TABLE "\"odd \"\"table\"\"\""

/* Three kinds of table that each lose something else where a rebuild is careless. */
static const char *const common[] = {
	"PRAGMA foreign_keys = OFF",
	"CREATE TABLE parent (id INTEGER PRIMARY KEY, code TEXT UNIQUE)",
	"INSERT INTO parent VALUES (1, 'a'), (2, 'b')",
	"CREATE TABLE log (what TEXT, at TEXT)",
	NULL,
};

static const char *const rowid_table[] = {
	"CREATE TABLE " TABLE " ( -- the head's comment, with a ' and a (\n"
	"\tid INTEGER CONSTRAINT \"the key\" PRIMARY KEY AUTOINCREMENT, /* a comment, with a comma */\n"
	"\t\"select\" TEXT COLLATE NOCASE NOT NULL DEFAULT 'it''s, (ok)',\n"
	"\t[two words] VARCHAR(20) CONSTRAINT uq_two UNIQUE ON CONFLICT FAIL,\n"
	"\t`na\xc3\xafve` INTEGER CONSTRAINT positive CHECK (`na\xc3\xafve` > 0),\n"
	"\tparent_id INTEGER REFERENCES parent ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY "
	"DEFERRED,\n"
	"\tself_id INTEGER REFERENCES " TABLE " (id),\n"
	"\tdoubled INTEGER GENERATED ALWAYS AS (`na\xc3\xafve` * 2) VIRTUAL,\n"
	"\tstored TEXT AS (upper(\"select\")) STORED,\n"
	"\trowid TEXT, -- hides the rowid\n"
	"\tprice NUMERIC(10,2) DEFAULT -1.5,\n"
	"\textra TEXT, -- what the operations touch\n"
	"\tstate TEXT NOT NULL DEFAULT 'new' CONSTRAINT ck_state CHECK (\"state\" IN ('new', 'old')),\n"
	"\tCHECK (" TABLE ".price IS NULL OR price > -100),\n"
	"\tCONSTRAINT named CHECK (length(\"select\") < 100)\n"
	"\tUNIQUE (price, \"select\" COLLATE BINARY DESC),\n"
	"\tCONSTRAINT fk_code FOREIGN KEY (rowid) REFERENCES parent (code)\n"
	")",
	"INSERT INTO " TABLE
	" (id, \"select\", \"two words\", na\xc3\xafve, parent_id, self_id, rowid, price, extra)"
	" VALUES (1, 'one', 'w1', 1, 1, NULL, 'a', 1.25, '10'), (2, 'two', 'w2', 2, 2, 1, 'b', 2, '20'),"
	" (7, 'seven', 'w7', 7, 99, 1, NULL, 3, NULL), (50, 'gone', 'w50', 5, NULL, NULL, NULL, 4, 'x')",
	"DELETE FROM " TABLE " WHERE id = 50",
	"CREATE TABLE child (id INTEGER PRIMARY KEY, ref INTEGER NOT NULL REFERENCES " TABLE
	" ON DELETE CASCADE ON UPDATE CASCADE)",
	"INSERT INTO child VALUES (1, 1), (2, 7)",
	"CREATE INDEX \"ix partial\" ON " TABLE
	" (price DESC, [two words] COLLATE NOCASE) WHERE price > 0 -- why",
	"CREATE UNIQUE INDEX ix_expression ON " TABLE " (lower(\"select\"), id)",
	"CREATE INDEX ix_extra ON " TABLE " (extra)",
	"CREATE TRIGGER tr_own AFTER UPDATE OF price ON " TABLE " WHEN new.price > 5 BEGIN\n"
	"\tINSERT INTO log VALUES ('own; price', new.id);\nEND",
	"CREATE TRIGGER tr_other AFTER INSERT ON parent BEGIN UPDATE " TABLE
	" SET price = 9 WHERE id = 1; END",
	"CREATE VIEW over AS SELECT id, \"select\", doubled FROM " TABLE " WHERE price > 0",
	"CREATE VIEW over_over (a, b) AS SELECT o.id, c.ref FROM over AS o JOIN child AS c ON c.ref = o.id",
	"ANALYZE",
	"PRAGMA foreign_keys = ON",
	NULL,
};

static const char *const strict_table[] = {
	"CREATE TABLE " TABLE
	" (id INT NOT NULL PRIMARY KEY, \"select\" TEXT NOT NULL DEFAULT 'd' COLLATE NOCASE,"
	" [two words] ANY, `na\xc3\xafve` INTEGER CHECK (`na\xc3\xafve` > 0), parent_id INT REFERENCES "
	"parent(id) ON DELETE"
	" SET NULL, price REAL DEFAULT (1 + 1), blobs BLOB, extra TEXT,"
	" doubled INT AS (`na\xc3\xafve` * 2), CONSTRAINT named CHECK (length(\"select\") < 100)) STRICT",
	"INSERT INTO " TABLE
	" (id, \"select\", \"two words\", na\xc3\xafve, parent_id, price, blobs, extra) VALUES"
	" (30, 'one', 1, 1, 1, 1.25, x'00ff', '10'), (20, 'two', 'text', 2, 2, 2.0, NULL, '20'),"
	" (10, 'ten', x'aa', 3, NULL, 3.0, x'', NULL)",
	"DELETE FROM " TABLE " WHERE id = 20",
	"CREATE TABLE child (ref INT REFERENCES " TABLE " (id) ON DELETE CASCADE)",
	"INSERT INTO child VALUES (30), (10)",
	"CREATE INDEX \"ix partial\" ON " TABLE " (price DESC) WHERE price > 0",
	"CREATE INDEX ix_extra ON " TABLE " (extra)",
	"CREATE TRIGGER tr_own BEFORE DELETE ON " TABLE " BEGIN SELECT CASE WHEN old.id = 30 THEN 1 END; END",
	"CREATE VIEW over AS SELECT * FROM " TABLE,
	"ANALYZE",
	"PRAGMA foreign_keys = ON",
	NULL,
};

static const char *const bare_table[] = {
	"CREATE TABLE " TABLE
	" (id TEXT NOT NULL, part INTEGER, \"select\" TEXT COLLATE NOCASE DEFAULT 'd', price NUMERIC"
	" CONSTRAINT positive CHECK (price >= 0), parent_id INTEGER REFERENCES parent ON DELETE CASCADE, "
	"extra TEXT,"
	" CONSTRAINT \"the key\" PRIMARY KEY (part DESC, id), CONSTRAINT named CHECK (length(\"select\") < "
	"100)) WITHOUT ROWID",
	"INSERT INTO " TABLE
	" VALUES ('a', 1, 's', 1, 1, '10'), ('b', 1, 't', 2, 2, '20'), ('a', 2, 'u', 3, NULL, NULL)",
	"CREATE TABLE child (part INTEGER, id TEXT, FOREIGN KEY (part, id) REFERENCES " TABLE
	" (part, id) ON DELETE CASCADE)",
	"INSERT INTO child VALUES (1, 'a'), (2, 'a')",
	"CREATE INDEX \"ix partial\" ON " TABLE " (price DESC) WHERE price > 0",
	"CREATE INDEX ix_extra ON " TABLE " (extra)",
	"CREATE TRIGGER tr_own AFTER INSERT ON " TABLE " BEGIN INSERT INTO log VALUES ('in', new.id); END",
	"CREATE VIEW over AS SELECT * FROM " TABLE,
	"ANALYZE",
	"PRAGMA foreign_keys = ON",
	NULL,
};

/* Columns that no operation touches. */
static const struct form {
	const char *name;
	const char *const *statements;
	const char *columns;
	/* parts of the text that must be there whatever happens */
	const char *parts[16];
} forms[] = {
	{"rowid", rowid_table,
		"_rowid_, id, \"select\", \"two words\", na\xc3\xafve, parent_id, self_id, doubled, stored, "
		"rowid, price, state",
		{"-- the head's comment, with a ' and a (", "/* a comment, with a comma */",
			"id INTEGER CONSTRAINT \"the key\" PRIMARY KEY AUTOINCREMENT",
			"\"select\" TEXT COLLATE NOCASE NOT NULL DEFAULT 'it''s, (ok)'",
			"[two words] VARCHAR(20) CONSTRAINT uq_two UNIQUE ON CONFLICT FAIL",
			"`na\xc3\xafve` INTEGER CONSTRAINT positive CHECK (`na\xc3\xafve` > 0)",
			"REFERENCES parent ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY "
			"DEFERRED",
			"self_id INTEGER REFERENCES " TABLE " (id)",
			"doubled INTEGER GENERATED ALWAYS AS (`na\xc3\xafve` * 2) VIRTUAL",
			"stored TEXT AS (upper(\"select\")) STORED", "price NUMERIC(10,2) DEFAULT -1.5",
			"price IS NULL OR price > -100", "UNIQUE (price, \"select\" COLLATE BINARY DESC)",
			"CONSTRAINT fk_code FOREIGN KEY (rowid) REFERENCES parent (code)"}},
	{"strict", strict_table,
		"rowid, id, \"select\", \"two words\", typeof(\"two words\"), na\xc3\xafve, parent_id, "
		"price, "
		"blobs, doubled",
		{") STRICT", "[two words] ANY", "`na\xc3\xafve` INTEGER CHECK (`na\xc3\xafve` > 0)",
			"REFERENCES parent(id) ON DELETE SET NULL", "price REAL DEFAULT (1 + 1)",
			"blobs BLOB", "doubled INT AS (`na\xc3\xafve` * 2)", "DEFAULT 'd' COLLATE NOCASE"}},
	{"without_rowid", bare_table, "id, part, \"select\", price, parent_id",
		{") WITHOUT ROWID", "CONSTRAINT \"the key\" PRIMARY KEY (part DESC, id)",
			"COLLATE NOCASE DEFAULT 'd'", "CONSTRAINT positive CHECK (price >= 0)",
			"REFERENCES parent ON DELETE CASCADE"}},
};

/* Everything but the table's own text and the column `extra`, as lines. statistics: of ANALYZE too. */
static const char *picture(struct sqlite_fixture *fixture, const struct form *form, bool statistics)
{
	struct retort_buf out;

	retort_buf_init(&out, fixture->arena);
	retort_buf_str(&out,
		fixture_query(fixture,
			"SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type <> "
			"'table' AND name NOT LIKE 'sqlite_%' ORDER BY type, name"));
	retort_buf_str(&out,
		fixture_query(fixture,
			"SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name "
			"<> "
			"'odd \"table\"'"
			" ORDER BY name"));
	retort_buf_str(&out,
		fixture_query(fixture,
			retort_printf(fixture->arena, "SELECT 'row', %s FROM " TABLE " ORDER BY 2, 3",
				form->columns)));
	retort_buf_str(&out, fixture_query(fixture, "SELECT 'child', * FROM child"));
	retort_buf_str(&out, fixture_query(fixture, "SELECT 'parent', * FROM parent"));
	retort_buf_str(&out, fixture_query(fixture, "SELECT 'log', * FROM log"));
	retort_buf_str(&out, fixture_query(fixture, "SELECT 'over', id, \"select\" FROM over ORDER BY 2"));
	if (statistics)
		retort_buf_str(&out,
			fixture_query(fixture, "SELECT 'stat', * FROM sqlite_stat1 ORDER BY tbl, idx"));
	if (strcmp(form->name, "rowid") == 0)
		retort_buf_str(&out,
			fixture_query(fixture, "SELECT 'sequence', * FROM sqlite_sequence ORDER BY name"));
	retort_buf_str(&out,
		fixture_query(fixture, "SELECT 'broken', \"table\", parent FROM pragma_foreign_key_check"));
	retort_buf_str(&out, fixture_query(fixture, "PRAGMA foreign_keys"));
	retort_buf_str(&out, fixture_query(fixture, "PRAGMA legacy_alter_table"));
	retort_buf_str(&out, fixture_query(fixture, "PRAGMA integrity_check"));
	return out.data;
}

struct change {
	const char *name;
	const char *yaml;
	bool native;
	const char *forms;  /* that it is tried on; NULL: all */
	const char *has[3]; /* in the table's text afterwards */
	const char *lacks[3];
	const char *extra; /* the column's rows afterwards in the order of price, where they tell */
	const char *gone;  /* parts of lines that may be missing afterwards */
	const char *fresh; /* of lines that may be new */
};

#define T "table: 'odd \"table\"'"

static const struct change changes[] = {
	{"add_column_default",
		"  - add_column: {" T
		", name: added, type: timestamp, nullable: false, default: {function: now}}\n",
		false, NULL, {"\"added\"", "strftime"}, {NULL}, "10\n20\nNULL\n", NULL, NULL},
	{"add_column_fill",
		"  - add_column: {" T ", name: added, type: string(9), nullable: false, fill: f}\n", false,
		NULL, {"\"added\"", "NOT NULL"}, {NULL}, NULL, NULL, NULL},
	{"add_column_stored",
		"  - add_column: {" T
		", name: added, type: text, computed: {expression: 'extra || 1', stored: true}}\n",
		false, NULL, {"STORED"}, {NULL}, NULL, NULL, NULL},
	{"add_column_unique", "  - add_column: {" T ", name: added, type: text, unique: true}\n", false, NULL,
		{"UNIQUE (\"added\")"}, {NULL}, NULL, NULL, NULL},
	{"add_column_native",
		"  - add_column: {" T ", name: added, type: string(9), nullable: false, default: x}\n", true,
		NULL, {"\"added\""}, {NULL}, NULL, NULL, NULL},
	{"add_column_reference",
		"  - add_column: {" T
		", name: added, type: bigint, references: parent(id), on_delete: cascade}\n",
		true, NULL, {"REFERENCES \"parent\" (\"id\") ON DELETE CASCADE"}, {NULL}, NULL, NULL, NULL},
	{"add_column_enum",
		"  - add_column: {" T ", name: added, type: 'enum(a, b)', default: a, nullable: false}\n",
		true, NULL, {"CHECK (\"added\" IN ('a', 'b'))"}, {NULL}, NULL, NULL, NULL},
	{"type", "  - alter_column: {" T ", name: extra, type: integer}\n", false, "rowid without_rowid",
		{"extra INTEGER"}, {"extra TEXT"}, "10\n20\nNULL\n", "|ix_extra|", "|ix_extra|"},
	{"type_cast",
		"  - alter_column: {" T ", name: extra, type: bigint, using: 'CAST(extra AS INTEGER) * 2'}\n",
		false, NULL, {"extra "}, {"extra TEXT"}, NULL, NULL, NULL},
	{"not_null_fill", "  - alter_column: {" T ", name: extra, nullable: false, fill: none}\n", false,
		NULL, {"extra TEXT NOT NULL"}, {NULL}, NULL, NULL, NULL},
	{"default", "  - alter_column: {" T ", name: extra, default: \"d'(\"}\n", false, NULL,
		{"extra TEXT DEFAULT 'd''('"}, {NULL}, "10\n20\nNULL\n", NULL, NULL},
	{"collation", "  - alter_column: {" T ", name: extra, collation: NOCASE}\n", false, NULL,
		{"extra TEXT COLLATE \"NOCASE\""}, {NULL}, "10\n20\nNULL\n", NULL, NULL},
	{"enum", "  - alter_column: {" T ", name: extra, type: 'enum(10, 20)'}\n", false, NULL,
		{"CHECK (\"extra\" IN ('10', '20'))"}, {NULL}, "10\n20\nNULL\n", NULL, NULL},
	{"unique", "  - create_unique_constraint: {" T ", name: uq_extra, columns: [extra]}\n", false, NULL,
		{"CONSTRAINT \"uq_extra\" UNIQUE (\"extra\")"}, {NULL}, "10\n20\nNULL\n", NULL, NULL},
	{"foreign_key",
		"  - create_foreign_key: {" T
		", name: fk_extra, columns: [parent_id], references: parent(id), on_delete: restrict}\n",
		false, "strict without_rowid",
		{"CONSTRAINT \"fk_extra\" FOREIGN KEY (\"parent_id\") REFERENCES \"parent\" (\"id\") ON "
		 "DELETE RESTRICT"},
		{NULL}, "10\n20\nNULL\n", NULL, NULL},
	{"check", "  - create_check_constraint: {" T ", name: ck_extra, expression: \"extra <> ')'\"}\n",
		false, NULL, {"CONSTRAINT \"ck_extra\" CHECK (extra <> ')')"}, {NULL}, "10\n20\nNULL\n", NULL,
		NULL},
	{"drop_check", "  - drop_constraint: {" T ", name: named}\n", false, NULL, {NULL},
		{"CONSTRAINT named CHECK (length(\"select\") < 100)"}, "10\n20\nNULL\n", NULL, NULL},
	{"rename_constraint", "  - rename_constraint: {" T ", name: named, to: 'new \"name'}\n", false, NULL,
		{"CONSTRAINT \"new \"\"name\" CHECK (length(\"select\") < 100)"}, {"CONSTRAINT named"},
		"10\n20\nNULL\n", NULL, NULL},
	{"several",
		"  - alter_table:\n      name: 'odd \"table\"'\n      operations:\n"
		"        - add_column: {name: added, type: text, nullable: false, fill: f}\n"
		"        - alter_column: {name: extra, default: d}\n"
		"        - create_check_constraint: {name: ck_extra, expression: extra <> added}\n"
		"        - drop_constraint: {name: named}\n"
		"        - create_index: {name: ix_added, columns: [added]}\n",
		false, NULL, {"\"added\" TEXT NOT NULL", "extra TEXT DEFAULT 'd'", "CHECK (extra <> added)"},
		{"CONSTRAINT named"}, "10\n20\nNULL\n", NULL, "ix_added"},
	{"drop_column", "  - drop_column: {" T ", name: extra}\n", true, NULL, {NULL}, {"extra TEXT"}, NULL,
		"ix_extra", NULL},
	{"drop_index", "  - drop_index: {" T ", name: ix_extra}\n", true, NULL, {"extra TEXT"}, {NULL},
		"10\n20\nNULL\n", "ix_extra", NULL},
	{"rename_column", "  - rename_column: {" T ", name: extra, to: 'more \"extra'}\n", true, NULL,
		{"\"more \"\"extra\" TEXT"}, {NULL}, NULL, "ix_extra", "ix_extra"},
};

static bool in_list(const char *list, const char *word)
{
	const char *at = list ? strstr(list, word) : word;

	return at &&
		(!list ||
			((at == list || at[-1] == ' ') &&
				(at[strlen(word)] == 0 || at[strlen(word)] == ' ')));
}

/* Whether a line stands in a text of lines. */
static bool has_line(const char *text, const char *line, size_t n)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (strcspn(text, "\n") == n && memcmp(text, line, n) == 0)
			return true;
	return false;
}

/* Whether a line holds one of the parts, which commas separate. */
static bool holds(const char *line, size_t n, const char *parts)
{
	while (parts && *parts) {
		size_t m = strcspn(parts, ",");

		for (size_t i = 0; i + m <= n; i++)
			if (memcmp(line + i, parts, m) == 0)
				return true;
		parts += m + (parts[m] == ',');
	}
	return false;
}

/* The number of lines of left that right lacks, those with one of the parts aside. */
static unsigned missing(const char *left, const char *right, const char *parts, const char *what)
{
	unsigned count = 0;

	for (const char *at = left; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		size_t n = strcspn(at, "\n");

		if (has_line(right, at, n) || holds(at, n, parts))
			continue;
		print_error("%s: %.*s\n", what, (int)n, at);
		count++;
	}
	return count;
}

static void build(struct sqlite_fixture *fixture, const struct form *form)
{
	if (fixture->conn)
		fixture->driver->close(fixture->conn);
	assert_int_equal(fixture_open_path(fixture, NULL, false), 0);
	fixture_exec_all(fixture, common);
	fixture_exec_all(fixture, form->statements);
}

static void try_change(struct sqlite_fixture *fixture, const struct form *form, const struct change *change)
{
	const char *before, *after, *text,
		*label = retort_printf(fixture->arena, "%s: %s", form->name, change->name);
	struct retort_schema *schema;
	struct retort_plan *plan;
	unsigned faults = 0;

	build(fixture, form);
	before = picture(fixture, form, true);
	schema = fixture_schema(fixture);
	plan = fixture_render(fixture, schema, change->yaml);
	if (!plan || fixture_run(fixture, plan)) {
		fixture_complain(fixture, label);
		fail();
	}
	assert_int_equal(plan_rebuilds(plan), !change->native);
	after = picture(fixture, form, true);
	text = fixture_query(fixture, "SELECT sql FROM sqlite_master WHERE name = 'odd \"table\"'");
	faults += missing(before, after, change->gone, "is lost");
	faults += missing(after, before, change->fresh, "is new");
	for (size_t i = 0; form->parts[i]; i++)
		if (!strstr(text, form->parts[i]) && ++faults)
			print_error("the text lacks %s\n", form->parts[i]);
	for (size_t i = 0; i < 3 && change->has[i]; i++)
		if (!strstr(text, change->has[i]) && ++faults)
			print_error("the text lacks %s\n", change->has[i]);
	for (size_t i = 0; i < 3 && change->lacks[i]; i++)
		if (strstr(text, change->lacks[i]) && ++faults)
			print_error("the text has %s\n", change->lacks[i]);
	if (change->extra)
		assert_string_equal(fixture_query(fixture,
					    "SELECT extra FROM " TABLE " ORDER BY extra IS NULL, extra"),
			strcmp(form->name, "strict") == 0 ? "10\nNULL\n" : change->extra);
	/* what the plan expects SQLite to store is what it stores */
	assert_string_equal(retort_printf(fixture->arena, "%s\n",
				    retort_schema_table(schema, NULL, "odd \"table\"")->definition),
		text);
	if (faults)
		fail_msg("%s: %u faults in\n%s", label, faults, text);
}

static void each_change_on_each_form(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		for (size_t j = 0; j < sizeof changes / sizeof *changes; j++)
			if (in_list(changes[j].forms, forms[i].name))
				try_change(fixture, &forms[i], &changes[j]);
}

/* All of them one after another, planned at once as a step is: each text is the one before it left. */
static void a_chain_of_changes(void **state)
{
	static const char chain[] =
		"  - add_column: {" T ", name: added, type: string(9), nullable: false, default: x}\n"
		"  - alter_column: {" T ", name: extra, nullable: false, fill: none}\n"
		"  - rename_column: {" T ", name: extra, to: more}\n"
		"  - create_check_constraint: {" T ", name: ck_more, expression: more <> added}\n"
		"  - rename_table: {name: 'odd \"table\"', to: even}\n"
		"  - alter_column: {table: even, name: more, default: z}\n"
		"  - drop_constraint: {table: even, name: ck_more}\n"
		"  - drop_column: {table: even, name: added}\n"
		"  - rename_table: {name: even, to: 'odd \"table\"'}\n"
		"  - rename_column: {" T ", name: more, to: extra}\n";
	struct sqlite_fixture *fixture = fixture_of(state);

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const struct form *form = &forms[i];
		struct retort_schema *schema;
		const char *before, *after;

		build(fixture, form);
		before = picture(fixture, form, true);
		schema = fixture_schema(fixture);
		fixture_apply(fixture, schema, chain);
		after = picture(fixture, form, true);
		assert_int_equal(missing(before, after, "tr_other,|ix_extra|", "is lost") +
				missing(after, before, "tr_other,|ix_extra|", "is new"),
			0);
		assert_string_equal(retort_printf(fixture->arena, "%s\n",
					    retort_schema_table(schema, NULL, "odd \"table\"")->definition),
			fixture_query(fixture, "SELECT sql FROM sqlite_master WHERE name = 'odd \"table\"'"));
	}
}

/* The plan as a script, run statement by statement without the driver's help, does the same (but for what
 * ANALYZE knows, which only a connection can keep). */
static void offline_does_the_same(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);
	const struct form *form = &forms[0];

	for (size_t j = 0; j < sizeof changes / sizeof *changes; j++) {
		const struct retort_dialect *dialect = fixture->driver->dialect;
		struct retort_plan *plan;
		const char *before, *after;
		unsigned flags;

		if (!in_list(changes[j].forms, form->name))
			continue;
		build(fixture, form);
		before = picture(fixture, form, false);
		plan = fixture_render(fixture, fixture_schema(fixture), changes[j].yaml);
		assert_non_null(plan);
		flags = plan_rebuilds(plan) ? RETORT_TX_REBUILD : 0;
		fixture_exec_all(fixture, dialect->session);
		fixture_exec_all(fixture, dialect->begin(flags));
		for (size_t i = 0; i < plan->statement_count; i++)
			if (plan->statements[i]->kind == RETORT_STATEMENT_SQL)
				fixture_exec(fixture, plan->statements[i]->sql);
		fixture_exec_all(fixture, dialect->commit(flags));
		after = picture(fixture, form, false);
		if (missing(before, after, changes[j].gone, "is lost") +
			missing(after, before, changes[j].fresh, "is new"))
			fail_msg("offline: %s", changes[j].name);
	}
}

/* The next id is not one that was given out before. */
static void a_deleted_id_is_not_given_again(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);

	build(fixture, &forms[0]);
	fixture_apply(fixture, fixture_schema(fixture), changes[0].yaml);
	fixture_exec(fixture, "INSERT INTO " TABLE " (\"select\") VALUES ('next')");
	assert_string_equal(fixture_query(fixture, "SELECT max(id) FROM " TABLE), "51\n");
	/* also of a table that is empty */
	fixture_exec(fixture, "DELETE FROM " TABLE);
	fixture_apply(fixture, fixture_schema(fixture),
		"  - alter_column: {" T ", name: extra, default: d}\n");
	fixture_exec(fixture, "INSERT INTO " TABLE " (\"select\") VALUES ('next')");
	assert_string_equal(fixture_query(fixture, "SELECT id FROM " TABLE), "52\n");
}

/* A key that was broken before may stay so; one more rolls all back, and names it. */
static void only_new_broken_keys_count(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);
	struct retort_plan *plan;
	const char *before;

	build(fixture, &forms[0]);
	before = picture(fixture, &forms[0], true);
	plan = fixture_render(fixture, fixture_schema(fixture),
		"  - create_foreign_key: {" T
		", name: fk_price, columns: [price], references: parent(id)}\n");
	assert_non_null(plan);
	assert_int_equal(fixture_run(fixture, plan), -1);
	assert_non_null(strstr(retort_error_first(fixture->err)->message,
		"row 7 of 'odd \"table\"' refers to no row of 'parent'"));
	assert_string_equal(retort_error_first(fixture->err)->sqlstate, "23503");
	assert_string_equal(picture(fixture, &forms[0], true), before);
	retort_error_clear(fixture->err);
}

/* What fails half-way leaves nothing, and no pragma switched. */
static void a_failure_restores_everything(void **state)
{
	struct sqlite_fixture *fixture = fixture_of(state);
	struct retort_plan *plan;
	const char *before;

	build(fixture, &forms[0]);
	before = picture(fixture, &forms[0], true);
	plan = fixture_render(fixture, fixture_schema(fixture),
		"  - create_check_constraint: {" T ", name: never, expression: 'price < 2'}\n");
	assert_non_null(plan);
	assert_int_equal(fixture_run(fixture, plan), -1);
	assert_string_equal(retort_error_first(fixture->err)->message, "CHECK constraint failed: never");
	assert_string_equal(retort_error_first(fixture->err)->sqlstate, "23514");
	assert_string_equal(picture(fixture, &forms[0], true), before);
	retort_error_clear(fixture->err);
}

/* What is in the database and not in the revisions is told, not dropped with the old table. */
static void what_is_unknown_is_not_lost(void **state)
{
	static const char *const unknown[] = {
		"CREATE INDEX by_hand ON " TABLE " (price)",
		"CREATE TRIGGER by_hand AFTER DELETE ON " TABLE " BEGIN DELETE FROM log; END",
		"ALTER TABLE " TABLE " ADD COLUMN by_hand TEXT",
	};
	struct sqlite_fixture *fixture = fixture_of(state);

	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
		struct retort_plan *plan;
		const char *before;

		build(fixture, &forms[0]);
		plan = fixture_render(fixture, fixture_schema(fixture),
			"  - alter_column: {" T ", name: extra, default: d}\n");
		assert_non_null(plan);
		fixture_exec(fixture, unknown[i]);
		before = picture(fixture, &forms[0], true);
		assert_int_equal(fixture_run(fixture, plan), -1);
		assert_string_equal(retort_error_first(fixture->err)->message,
			"cannot rebuild table 'odd \"table\"': it has a column, index or trigger that the "
			"revisions don't "
			"know and that would be lost");
		assert_string_equal(picture(fixture, &forms[0], true), before);
		retort_error_clear(fixture->err);
	}
}

/* Rows on which a foreign key should act are no matter for a transaction in which it can't. */
static void rows_that_keys_act_on_need_their_own_revision(void **state)
{
	static const char *const lists[] = {
		"  - delete_rows: {" T ", where: id = 1}\n  - alter_column: {" T
		", name: extra, default: d}\n",
		"  - alter_column: {" T ", name: extra, default: d}\n  - delete_rows: {" T
		", where: id = 1}\n",
		"  - alter_column: {" T ", name: extra, default: d}\n"
		"  - execute: {sql: \"DELETE FROM log; REPLACE INTO 'odd \\\"table\\\"' (id) VALUES (1)\", "
		"reverse: []}\n",
		"  - execute: {sql: 'WITH x AS (SELECT 1) UPDATE "
		"\"odd \"\"table\"\"\""
		" SET id = 3', reverse: []}\n"
		"  - alter_column: {" T ", name: extra, default: d}\n",
	};
	struct sqlite_fixture *fixture = fixture_of(state);

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		build(fixture, &forms[0]);
		if (fixture_render(fixture, fixture_schema(fixture), lists[i]))
			fail_msg("is rendered: %s", lists[i]);
		assert_non_null(strstr(retort_error_first(fixture->err)->message,
			"move the change of rows to a revision"));
		assert_int_equal(retort_error_first(fixture->err)->code, RETORT_E_PLAN);
		retort_error_clear(fixture->err);
	}
	/* of a table to which nobody refers, or without a rebuild, there is nothing to refuse */
	build(fixture, &forms[0]);
	fixture_apply(fixture, fixture_schema(fixture),
		"  - delete_rows: {table: log, where: all}\n"
		"  - alter_column: {" T ", name: extra, default: d}\n");
	fixture_apply(fixture, fixture_schema(fixture), "  - delete_rows: {" T ", where: id = 7}\n");
	assert_string_equal(fixture_query(fixture, "SELECT count(*) FROM child"), "1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_change_on_each_form, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_chain_of_changes, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(offline_does_the_same, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_deleted_id_is_not_given_again, fixture_setup,
			fixture_teardown),
		cmocka_unit_test_setup_teardown(only_new_broken_keys_count, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(a_failure_restores_everything, fixture_setup,
			fixture_teardown),
		cmocka_unit_test_setup_teardown(what_is_unknown_is_not_lost, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(rows_that_keys_act_on_need_their_own_revision, fixture_setup,
			fixture_teardown),
	};

	return cmocka_run_group_tests_name("sqlite_rebuild", tests, NULL, NULL);
}
