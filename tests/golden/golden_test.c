/* SPDX-License-Identifier: MIT
 *
 * Operations to SQL, as data: each folder of tests/golden/OPERATION/ is a case.
 *
 *   before.yaml      a list of operations that leads to the state (may be missing: an empty database)
 *   ops.yaml         the list of operations that is rendered
 *   DIALECT.sql      the statements expected, each ended by ; and an empty line, then one line
 *                    "-- note: ..." for each note of the plan. Rows are the INSERTs of an offline script; an
 *                    assert has the line "-- equals VALUE" in front; a program is a line "-- run: ..."
 *   DIALECT.error    or the messages of the faults expected, a line each
 *
 * Each expectation of a dialect whose driver is in RETORT_DRIVER_PATH is a test, OPERATION/CASE:DIALECT;
 * those of other dialects are reported as skipped. Where a scratch database can be had, the statements are
 * run there too, and what the driver then finds in it must equal what replay says: after the operations, and
 * after the operations that reverse them, where there are such and the engine has a way back.
 *
 *   golden_golden [--write] [PATTERN]    PATTERN: a glob over test names; --write writes what was rendered
 *                                        into the expectations that are there or, with DIALECT in
 *                                        RETORT_GOLDEN_NEW, into new ones
 */
#include <dirent.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "engine/planner.h"
#include "engine/statement.h"
#include "model/catalog.h"
#include "model/compare.h"
#include "model/reverse.h"
#include "script/rows.h"
#include "sql/render.h"

#define MAX_FILE (1u << 20)
#define ROWS_A_PIECE 500

/* Where a private, empty database can be had without a server: %s is an empty folder. For other dialects
 * RETORT_SCRATCH_<DIALECT> may hold such a URL, and RETORT_SCRATCH_FRESH a command that empties it, run
 * before each test. */
static const struct {
	const char *dialect;
	const char *url;
} scratch_urls[] = {{"sqlite", "sqlite:///%s/golden.db"}};

/* An expectation. */
struct golden {
	const char *name; /* OPERATION/CASE:DIALECT */
	const char *folder;
	const char *dialect;
	bool error; /* faults are expected */
};

/* The whole program's: read by all tests, written by main alone. */
static struct {
	struct retort_arena *arena;
	struct loader *loader;
	struct golden *items;
	size_t count;
	bool write;
} suite;

/* What one test works with. */
struct work {
	struct retort_arena *arena;
	struct retort_error *err;
	const struct golden *golden;
	struct settings settings;
	struct session *session;     /* offline; for the scratch database: connected */
	struct script *before, *ops; /* before NULL: none */
};

/* ---- what is read ---- */

/* A file that holds a list of operations, as a script. A missing one is NULL where that is allowed. */
static struct script *read_list(struct work *work, const char *name, bool optional)
{
	struct script_reader reader = {.arena = work->arena, .shown_path = name};
	const char *path = path_join(work->arena, work->golden->folder, name);
	struct script *script = NULL;
	const char *whole;
	size_t len;
	char *text;

	if (optional && !file_exists(path))
		return NULL;
	if (file_read(work->arena, path, MAX_FILE, &text, &len, work->err) < 0)
		return NULL;
	whole = retort_printf(work->arena, "revision: golden\ndown_revision: null\nupgrade:\n%s", text);
	script_parse(&reader, path, whole, strlen(whole), &script, work->err);
	return script;
}

static const char *read_expected(struct work *work)
{
	const char *path = retort_printf(work->arena, "%s/%s.%s", work->golden->folder, work->golden->dialect,
		work->golden->error ? "error" : "sql");
	size_t len;
	char *text;

	if (!file_exists(path))
		return "";
	if (file_read(work->arena, path, MAX_FILE, &text, &len, work->err) < 0)
		return NULL;
	return text;
}

/* ---- what is made of it ---- */

static int open_rows(void *context, const struct retort_op *op, const struct retort_table *table,
	struct retort_row_source **ret, struct retort_error *err)
{
	return rows_open(context, op, table, ret, err);
}

/* Resolves the operations of a script and renders them onto schema. */
static int render_list(struct work *work, struct retort_schema *schema, const struct script *script,
	const struct retort_op ***ops, size_t *count, struct retort_plan *plan)
{
	struct resolve resolve = plan_resolve(work->session);
	struct renderer renderer = {.arena = work->arena,
		.dialect = work->session->dialect,
		.version = work->session->version,
		.schema = schema,
		.plan = plan,
		.open_rows = open_rows,
		.open_rows_context = work->arena};

	resolve.schema = schema;
	*plan = (struct retort_plan){.arena = work->arena};
	if (resolve_ops(&resolve, script->upgrade, script->upgrade_count, ops, count, work->err) < 0)
		return -1;
	return render_ops(&renderer, *ops, *count, work->err);
}

/* The INSERT statements of rows. */
static int add_rows(struct work *work, struct retort_buf *out, const struct retort_statement *statement)
{
	struct retort_render render = session_render(work->session, work->arena, NULL, NULL);

	for (;;) {
		const char *sql = NULL;
		size_t count = 0;

		if (render_insert(&render, statement->bulk, ROWS_A_PIECE, &sql, &count, work->err) < 0)
			return -1;
		if (!count)
			return 0;
		retort_buf_printf(out, "%s;\n\n", sql);
	}
}

/* A plan as the text of DIALECT.sql. */
static int plan_text(struct work *work, const struct retort_plan *plan, struct retort_buf *out)
{
	for (size_t i = 0; i < plan->statement_count; i++) {
		const struct retort_statement *statement = plan->statements[i];

		if (statement->kind == RETORT_STATEMENT_ROWS) {
			if (add_rows(work, out, statement) < 0)
				return -1;
			continue;
		}
		if (statement->kind == RETORT_STATEMENT_RUN) {
			retort_buf_str(out, "-- run:");
			for (size_t k = 0; k < statement->op->command_count; k++)
				retort_buf_printf(out, " %s", statement->op->command[k]);
			retort_buf_str(out, "\n\n");
			continue;
		}
		if (statement->kind == RETORT_STATEMENT_ASSERT)
			retort_buf_printf(out, "-- equals %s\n",
				statement->op->equals ? statement->op->equals : "NULL");
		retort_buf_printf(out, "%s;\n\n", statement->sql);
	}
	for (size_t i = 0; i < plan->note_count; i++)
		retort_buf_printf(out, "-- note: %s\n", plan->notes[i]);
	return 0;
}

/* ---- what is shown ---- */

/* The faults, a line each, as DIALECT.error lists them. */
static const char *fault_text(struct work *work)
{
	const struct retort_problem *problem;
	struct retort_buf out;

	retort_buf_init(&out, work->arena);
	for (problem = retort_error_first(work->err); problem; problem = problem->next)
		retort_buf_printf(&out, "%s\n", problem->message);
	return out.data;
}

/* Fails with the faults and, where there is one, their statement. */
static void give_up(struct work *work, const char *what)
{
	const struct retort_problem *problem;

	print_error("%s: %s\n", work->golden->name, what);
	for (problem = retort_error_first(work->err); problem; problem = problem->next)
		print_error("  %s:%u: %s\n%s%s\n", problem->file ? problem->file : "-", problem->line,
			problem->message, problem->statement ? "  statement: " : "",
			problem->statement ? problem->statement : "");
	fail();
}

static void write_text(const char *path, const char *text)
{
	assert_int_equal(file_write(path, text, strlen(text), false, NULL), 0);
}

/* Prints a unified diff by diff(1). */
static void show_difference(struct work *work, const char *expected, const char *actual)
{
	char folder[] = "/tmp/retort-golden-XXXXXX";
	const char *left, *right;
	pid_t child;

	assert_non_null(mkdtemp(folder));
	left = path_join(work->arena, folder, "expected");
	right = path_join(work->arena, folder, "actual");
	write_text(left, expected);
	write_text(right, actual);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execlp("diff", "diff", "-u", "--label", "expected", "--label", "actual", left, right,
			(char *)NULL);
		_exit(127);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
	remove(left);
	remove(right);
	rmdir(folder);
}

/* Compares with the expectation, or writes it. */
static void expect_text(struct work *work, const char *actual)
{
	const char *expected = read_expected(work);

	if (!expected)
		give_up(work, "cannot read what is expected");
	if (strcmp(expected, actual) == 0)
		return;
	if (suite.write) {
		write_text(retort_printf(work->arena, "%s/%s.%s", work->golden->folder, work->golden->dialect,
				   work->golden->error ? "error" : "sql"),
			actual);
		print_message("written: %s\n", work->golden->name);
		return;
	}
	print_error("%s:\n", work->golden->name);
	show_difference(work, expected, actual);
	fail();
}

/* ---- the scratch database ---- */

static const char *scratch_url(struct work *work, const char *folder)
{
	char name[64] = "RETORT_SCRATCH_";
	const char *template = NULL, *at;
	size_t n = strlen(name);

	for (const char *c = work->golden->dialect; *c && n + 1 < sizeof name; c++)
		name[n++] = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
	template = getenv(name);
	for (size_t i = 0; !template && i < sizeof scratch_urls / sizeof *scratch_urls; i++)
		if (strcmp(scratch_urls[i].dialect, work->golden->dialect) == 0)
			template = scratch_urls[i].url;
	at = template ? strstr(template, "%s") : NULL;
	if (!at)
		return template;
	return retort_printf(work->arena, "%.*s%s%s", (int)(at - template), template, folder, at + 2);
}

static int tree_remove(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

/* Runs a plan in a transaction of its own, but for the statements that can't run in one. */
static void run_plan(struct work *work, const struct retort_plan *plan, const char *what)
{
	struct statement_place place = {.revision = "golden",
		.direction = DIRECTION_UPGRADE,
		.total = plan->statement_count};
	unsigned flags = 0;

	for (size_t i = 0; i < plan->statement_count; i++)
		if (plan->statements[i]->flags & RETORT_STMT_REBUILD)
			flags |= RETORT_TX_REBUILD;
	for (size_t i = 0; i < plan->statement_count; i++) {
		const struct retort_statement *statement = plan->statements[i];
		bool outside = (statement->flags & RETORT_STMT_OUTSIDE) != 0 ||
			!session_has(work->session, RETORT_CAP_TX_DDL);

		place.index = i + 1;
		if (statement->kind == RETORT_STATEMENT_RUN)
			continue;
		if (place.in_transaction == outside &&
			(outside ? session_commit(work->session, work->err)
				 : session_begin(work->session, flags, work->err)) < 0)
			give_up(work, what);
		place.in_transaction = !outside;
		if (statement_run(work->session, statement, &place, work->err) < 0)
			give_up(work, what);
	}
	if (place.in_transaction && session_commit(work->session, work->err) < 0)
		give_up(work, what);
}

static int normalize(struct work *work, struct retort_schema *schema)
{
	const struct retort_dialect *dialect = work->session->dialect;

	return dialect->normalize ? dialect->normalize(work->arena, schema, work->err) : 0;
}

/* Views, routines, triggers and domains in the engine's own words. */
static void settle_objects(struct work *work, struct retort_schema *settled)
{
	const struct retort_driver *driver = work->session->driver;
	struct retort_schema *objects = retort_schema_copy(work->arena, settled), *canonical;

	if (!driver->canonical_objects)
		return;
	objects->table_count = 0;
	if (driver->canonical_objects(work->session->conn, objects, work->arena, &canonical, work->err) < 0)
		give_up(work, "cannot have the objects as the engine would report them");
	for (int family = FAMILY_DOMAIN; family <= FAMILY_TRIGGER; family++)
		for (size_t i = 0; i < family_count(canonical, (enum family)family); i++)
			catalog_put(settled, (enum family)family,
				family_item(canonical, (enum family)family, i));
}

/* The replayed schema in the engine's own words: tables that differ from the live ones as they stand are
 * made canonical by the driver, where it can. */
static struct retort_schema *settle(struct work *work, const struct retort_schema *replayed,
	const struct retort_schema *live, const struct compare_options *options)
{
	const struct retort_driver *driver = work->session->driver;
	struct retort_schema *plain = retort_schema_copy(work->arena, replayed);
	struct retort_schema *settled = retort_schema_copy(work->arena, replayed);
	struct difference *differences;
	size_t count;

	if (normalize(work, plain) < 0)
		give_up(work, "cannot normalise");
	for (size_t i = 0; driver->canonical && i < replayed->table_count; i++) {
		const struct retort_table *table = replayed->tables[i], *other;
		struct retort_table *canonical;

		other = retort_schema_table(live, table->schema, table->name);
		if (!other)
			continue;
		compare_tables(work->arena, retort_schema_table(plain, table->schema, table->name), other,
			options, &differences, &count);
		if (!count)
			continue;
		if (driver->canonical(work->session->conn, table, work->arena, &canonical, work->err) < 0)
			give_up(work, "cannot have the table as the engine would report it");
		retort_schema_put_table(settled, canonical);
	}
	settle_objects(work, settled);
	if (normalize(work, settled) < 0)
		give_up(work, "cannot normalise");
	return settled;
}

/* What the driver finds must be what replay says. */
static void compare_live(struct work *work, const struct retort_schema *replayed, const char *what)
{
	struct retort_inspect_options inspect = {.size = sizeof inspect};
	const struct retort_dialect *dialect = work->session->dialect;
	const struct compare_options options = {.syntax = dialect->syntax,
		.ignore_comments = !session_has(work->session, RETORT_CAP_COMMENTS)};
	struct retort_schema *left, *right;
	struct difference *differences;
	size_t count;

	if (replayed->schema_count) {
		const char **schemas =
			retort_alloc_array(work->arena, replayed->schema_count + 1, sizeof *schemas);

		for (size_t i = 0; i < replayed->schema_count; i++)
			schemas[i + 1] = replayed->schemas[i];
		inspect.schemas = schemas;
		inspect.schema_count = replayed->schema_count + 1;
	}
	if (work->session->driver->inspect(work->session->conn, &inspect, work->arena, &right, work->err) < 0)
		give_up(work, "cannot inspect");
	if (normalize(work, right) < 0)
		give_up(work, "cannot normalise");
	left = settle(work, replayed, right, &options);
	compare_schemas(work->arena, left, right, &options, &differences, &count);
	for (size_t i = 0; i < count; i++)
		print_error("%s: %s: %s%s%s: replay '%s', database '%s'\n", work->golden->name, what,
			differences[i].object, differences[i].property ? " " : "",
			differences[i].property ? differences[i].property : "",
			differences[i].left ? differences[i].left : "-",
			differences[i].right ? differences[i].right : "-");
	assert_int_equal(count, 0);
}

/* Undoes the operations, where they can be, and compares with the state before. */
static void run_reverse(struct work *work, const struct retort_schema *before, struct retort_schema *schema,
	const struct retort_op *const *ops, size_t count)
{
	const struct retort_op **resolved;
	struct retort_plan plan;
	struct renderer renderer = {.arena = work->arena,
		.dialect = work->session->dialect,
		.version = work->session->version,
		.schema = schema,
		.plan = &plan,
		.open_rows = open_rows,
		.open_rows_context = work->arena};
	size_t undo_count;

	/* The extensions that come with the server have scripts that lead to newer versions only. */
	for (size_t i = 0; i < count; i++)
		if (ops[i]->kind == RETORT_OP_ALTER_EXTENSION)
			return;
	if (reverse_ops(work->arena, before, ops, count, work->session->dialect->syntax, &resolved,
		    &undo_count, work->err) < 0) {
		retort_error_clear(work->err);
		return;
	}
	plan = (struct retort_plan){.arena = work->arena};
	if (render_ops(&renderer, resolved, undo_count, work->err) < 0)
		give_up(work, "cannot render what reverses it");
	run_plan(work, &plan, "cannot run what reverses it");
	compare_live(work, schema, "after reversing");
	compare_live(work, before, "reversed, against the state before");
}

/* What the newest version can be told and the server at hand can't have. */
static void not_at_hand(struct work *work)
{
	print_message("%s: not run on this version of the server: %s", work->golden->name, fault_text(work));
}

/* Runs it all on a database of its own. */
static void run_scratch(struct work *work)
{
	struct retort_schema *schema = retort_schema_new(work->arena), *before;
	const struct retort_op **ops;
	struct retort_plan plan;
	size_t count;

	if (work->before) {
		if (render_list(work, schema, work->before, &ops, &count, &plan) < 0) {
			not_at_hand(work);
			return;
		}
		run_plan(work, &plan, "cannot run before.yaml");
		compare_live(work, schema, "before");
	}
	before = retort_schema_copy(work->arena, schema);
	if (render_list(work, schema, work->ops, &ops, &count, &plan) < 0) {
		not_at_hand(work);
		return;
	}
	run_plan(work, &plan, "cannot run the statements");
	compare_live(work, schema, "after");
	run_reverse(work, before, schema, ops, count);
}

static void try_scratch(struct work *work)
{
	char folder[] = "/tmp/retort-golden-XXXXXX";
	const char *url = scratch_url(work, folder);

	if (!url)
		return;
	if (getenv("RETORT_SCRATCH_FRESH"))
		assert_int_equal(system(getenv("RETORT_SCRATCH_FRESH")), 0);
	assert_non_null(mkdtemp(folder));
	work->settings.url = scratch_url(work, folder);
	if (session_open(work->arena, suite.loader, &work->settings, NULL, NULL, false, true, &work->session,
		    work->err) < 0 ||
		(work->session->absent && session_create(work->session, work->err) < 0))
		give_up(work, "cannot open a scratch database");
	run_scratch(work);
	session_close(work->session);
	nftw(folder, tree_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- a test ---- */

static void run_case(struct work *work)
{
	struct retort_schema *schema = retort_schema_new(work->arena);
	const struct retort_op **ops;
	struct retort_plan plan;
	struct retort_buf out;
	size_t count;
	int ret;

	work->before = read_list(work, "before.yaml", true);
	work->ops = read_list(work, "ops.yaml", false);
	if (retort_error_first(work->err))
		give_up(work, "cannot read the operations");
	if (work->before && render_list(work, schema, work->before, &ops, &count, &plan) < 0)
		give_up(work, "cannot render before.yaml");
	ret = render_list(work, schema, work->ops, &ops, &count, &plan);
	if (work->golden->error) {
		if (ret == 0) {
			print_error("%s: it was rendered, but these faults were expected:\n%s",
				work->golden->name, read_expected(work));
			fail();
		}
		expect_text(work, fault_text(work));
		return;
	}
	if (ret < 0)
		give_up(work, "cannot render");
	retort_buf_init(&out, work->arena);
	if (plan_text(work, &plan, &out) < 0)
		give_up(work, "cannot write the rows");
	expect_text(work, out.data);
	try_scratch(work);
}

static void golden_test(void **state)
{
	struct work work = {.arena = retort_arena_new(), .err = retort_error_new(), .golden = *state};
	const struct retort_dialect *dialect;

	work.settings = (struct settings){.version_table = "retort_version",
		.naming = naming_default,
		.lock_timeout_ms = 1000};
	if (loader_dialect(suite.loader, work.golden->dialect, &dialect, work.err) < 0) {
		print_message("%s: skipped: its driver is not there\n", work.golden->name);
		retort_error_free(work.err);
		retort_arena_free(work.arena);
		skip();
	}
	if (session_offline(work.arena, suite.loader, &work.settings, work.golden->dialect, NULL,
		    &work.session, work.err) < 0)
		give_up(&work, "no session");
	run_case(&work);
	retort_error_free(work.err);
	retort_arena_free(work.arena);
}

/* ---- the list of tests ---- */

static int by_name(const void *a, const void *b)
{
	const struct golden *left = a, *right = b;

	return strcmp(left->name, right->name);
}

/* The names in a folder that are not hidden. */
static const char **list_folder(const char *folder, size_t *count)
{
	const char **names = NULL;
	struct dirent *entry;
	DIR *dir = opendir(folder);

	*count = 0;
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			RETORT_PUSH(suite.arena, names, *count, retort_strdup(suite.arena, entry->d_name));
	if (dir)
		closedir(dir);
	return names;
}

static void add_expectation(const char *folder, const char *operation, const char *name, const char *dialect,
	bool error, const char *pattern)
{
	struct golden golden = {.folder = folder,
		.dialect = dialect,
		.error = error,
		.name = retort_printf(suite.arena, "%s/%s:%s", operation, name, dialect)};

	if (!pattern || text_glob(pattern, golden.name))
		RETORT_PUSH(suite.arena, suite.items, suite.count, golden);
}

/* The expectations of one case. */
static void add_case(const char *folder, const char *operation, const char *name, const char *pattern)
{
	const char *wanted = suite.write ? getenv("RETORT_GOLDEN_NEW") : NULL;
	size_t count;
	const char **files = list_folder(folder, &count);

	for (size_t i = 0; i < count; i++) {
		const char *dot = strrchr(files[i], '.');
		const char *dialect =
			dot ? retort_strndup(suite.arena, files[i], (size_t)(dot - files[i])) : "";

		if (!dot || (strcmp(dot, ".sql") != 0 && strcmp(dot, ".error") != 0))
			continue;
		if (wanted && strcmp(dialect, wanted) == 0)
			wanted = NULL;
		add_expectation(folder, operation, name, dialect, strcmp(dot, ".error") == 0, pattern);
	}
	if (wanted && file_exists(path_join(suite.arena, folder, "ops.yaml")))
		add_expectation(folder, operation, name, wanted, false, pattern);
}

static void find_cases(const char *root, const char *pattern)
{
	size_t operation_count, case_count;
	const char **operations = list_folder(root, &operation_count);

	for (size_t i = 0; i < operation_count; i++) {
		const char *folder = path_join(suite.arena, root, operations[i]);
		const char **cases = file_is_folder(folder) ? list_folder(folder, &case_count) : NULL;

		for (size_t k = 0; cases && k < case_count; k++) {
			const char *path = path_join(suite.arena, folder, cases[k]);

			if (file_is_folder(path))
				add_case(path, operations[i], cases[k], pattern);
		}
	}
	if (suite.count)
		qsort(suite.items, suite.count, sizeof *suite.items, by_name);
}

int main(int argc, char **argv)
{
	const char *pattern = NULL;
	struct CMUnitTest *tests;
	int ret;

	suite.arena = retort_arena_new();
	suite.loader = loader_new(suite.arena, NULL, 0);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--write") == 0)
			suite.write = true;
		else
			pattern = argv[i];
	}
	find_cases(RETORT_SOURCE "/tests/golden", pattern);
	if (!suite.count) {
		print_error("no golden case was found\n");
		return 1;
	}
	tests = retort_alloc_array(suite.arena, suite.count, sizeof *tests);
	for (size_t i = 0; i < suite.count; i++)
		tests[i] = (struct CMUnitTest){.name = suite.items[i].name,
			.test_func = golden_test,
			.initial_state = &suite.items[i]};
	ret = _cmocka_run_group_tests("golden", tests, suite.count, NULL, NULL);
	retort_arena_free(suite.arena);
	return ret;
}
