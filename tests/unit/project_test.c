/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <time.h>

#include "script/project.h"
#include "script/template.h"

/* Settings as retort.ini in the working directory gives them. */
static struct settings *settings_of(struct scratch *scratch)
{
	struct config *config = NULL;

	assert_int_equal(config_load(scratch->arena, &(struct config_options){0}, &config, scratch->err), 0);
	return config->settings[0];
}

static struct project *load(struct scratch *scratch)
{
	struct project *project = NULL;

	retort_error_clear(scratch->err);
	if (project_load(scratch->arena, settings_of(scratch), &project, scratch->err) < 0)
		return NULL;
	expect_count(scratch, 0);
	return project;
}

static void revision_write(struct scratch *scratch, const char *path, const char *id, const char *rest)
{
	scratch_write(scratch, path,
		retort_printf(scratch->arena, "revision: %s\n%s\nupgrade: []\n", id, rest));
}

/* The ids of a graph in load order. */
static const char *ids(struct scratch *scratch, const struct project *project)
{
	struct retort_buf out;
	size_t i;

	retort_buf_init(&out, scratch->arena);
	retort_buf_str(&out, "");
	for (i = 0; i < project->graph->count; i++)
		retort_buf_printf(&out, "%s%s", i ? " " : "", project->graph->revisions[i]->id);
	return out.data;
}

static int has_revision(const struct project *project, const char *id)
{
	return graph_find(project->graph, id) != NULL;
}

/* ---- loading ---- */

static void files_are_read_in_name_order(void **state)
{
	struct scratch *scratch = *state;
	struct project *project;

	scratch_write(scratch, "retort.ini", "[retort]\n");
	revision_write(scratch, "migrations/versions/b.yaml", "one", "down_revision: null");
	revision_write(scratch, "migrations/versions/a.yml", "two", "down_revision: one");
	scratch_write(scratch, "migrations/versions/c.json",
		"{\"revision\": \"three\", \"down_revision\": \"two\", \"upgrade\": []}");
	scratch_write(scratch, "migrations/versions/d.txt", "no revision");
	scratch_write(scratch, "migrations/versions/e.py", "revision = '1'");
	scratch_write(scratch, "migrations/versions/.#a.yml", "an editor's");
	revision_write(scratch, "migrations/versions/sub/s.yaml", "sub", "down_revision: null");
	revision_write(scratch, "migrations/versions/squashed/o.yaml", "old", "down_revision: null");
	project = load(scratch);
	assert_non_null(project);
	assert_string_equal(ids(scratch, project), "two one three");
	assert_string_equal(project->graph->revisions[0]->path,
		scratch_path(scratch, "migrations/versions/a.yml"));
	assert_string_equal(project_shown(project, project->graph->revisions[0]->path),
		"migrations/versions/a.yml");
	scratch_write(scratch, "retort.ini", "[retort]\nrecursive_version_locations = true\n");
	assert_string_equal(ids(scratch, load(scratch)), "two one three sub");
}

static void locations_are_read_in_their_order(void **state)
{
	struct scratch *scratch = *state;

	scratch_write(scratch, "retort.ini", "[retort]\nversion_locations = z a z\n");
	revision_write(scratch, "a/1.yaml", "one", "down_revision: null");
	revision_write(scratch, "z/2.yaml", "two", "down_revision: null");
	assert_string_equal(ids(scratch, load(scratch)), "two one");
}

static void folders_that_cannot_be_read(void **state)
{
	struct scratch *scratch = *state;

	scratch_write(scratch, "retort.ini", "[retort]\n");
	assert_null(load(scratch));
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"cannot list the revisions in 'migrations/versions': "
		"there is no such folder: run 'retort init', or correct script_location or version_locations "
		"in retort.ini");
	scratch_write(scratch, "migrations/versions", "a file");
	assert_null(load(scratch));
	expect_problem(scratch, 0, RETORT_E_IO,
		"cannot list the revisions in 'migrations/versions': not a directory");
	if (geteuid() != 0) {
		assert_int_equal(unlink("migrations/versions"), 0);
		assert_int_equal(mkdir("migrations/versions", 0), 0);
		assert_null(load(scratch));
		expect_problem(scratch, 0, RETORT_E_IO,
			"cannot list the revisions in 'migrations/versions': permission denied");
	}
}

static void faults_of_all_files_are_listed(void **state)
{
	struct scratch *scratch = *state;

	scratch_write(scratch, "retort.ini", "[retort]\n");
	revision_write(scratch, "migrations/versions/a.yaml", "one", "down_revison: null");
	revision_write(scratch, "migrations/versions/b.yaml", "two", "down_revision: null");
	scratch_write(scratch, "migrations/versions/c.yaml", "- 1\n");
	assert_null(load(scratch));
	assert_true(retort_error_count(scratch->err) >= 2);
	assert_string_equal(retort_error_first(scratch->err)->file, "migrations/versions/a.yaml");
	revision_write(scratch, "migrations/versions/a.yaml", "one", "down_revision: nobody");
	assert_int_equal(unlink("migrations/versions/c.yaml"), 0);
	assert_null(load(scratch));
	expect_count(scratch, 1);
	assert_int_equal(retort_error_first(scratch->err)->code, RETORT_E_GRAPH);
}

static void python_revisions_are_never_run(void **state)
{
	struct scratch *scratch = *state;
	struct project *project;
	struct script *script;

	scratch_write(scratch, "alembic.ini", "[alembic]\nscript_location = alembic\n");
	scratch_write(scratch, "alembic/versions/1_a.py",
		"\"\"\"create account\n\nRevision ID: 1975ea83b712\n\"\"\"\nrevision = "
		"'1975ea83b712'\ndown_revision = None\n"
		"branch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n    pass\n");
	scratch_write(scratch, "alembic/versions/__init__.py", "");
	revision_write(scratch, "alembic/versions/2_b.yaml", "two", "down_revision: 1975ea83b712");
	project = load(scratch);
	assert_non_null(project);
	assert_string_equal(ids(scratch, project), "1975ea83b712 two");
	assert_int_equal(project_script(project, project->graph->revisions[1], &script, scratch->err), 0);
	assert_int_equal(project_script(project, project->graph->revisions[0], &script, scratch->err), -1);
	expect_problem(scratch, 0, RETORT_E_FILE,
		"alembic/versions/1_a.py:1: a Python revision: run it with alembic, then retort adopt");
}

/* ---- names of files ---- */

static void slugs(void **state)
{
	struct scratch *scratch = *state;

	assert_string_equal(template_slug(scratch->arena, "Add E-Mail, to 'user'!", 40),
		"add_e_mail_to_user");
	assert_string_equal(template_slug(scratch->arena, "", 40), "");
	assert_string_equal(template_slug(scratch->arena, "../../etc/passwd\n", 40), "etc_passwd");
	assert_string_equal(template_slug(scratch->arena, "größe — ändern…", 40), "größe_ändern");
	assert_string_equal(template_slug(scratch->arena, "one two three", 10), "one_two_");
	assert_string_equal(template_slug(scratch->arena, "one two three", 13), "one_two_three");
	assert_string_equal(template_slug(scratch->arena, "unbreakable", 5), "unbre_");
	assert_string_equal(template_slug(scratch->arena, "ääääää", 5), "äääää_");
}

static const char *name_at(struct scratch *scratch, const char *template, const char *zone)
{
	struct zone_time time;

	assert_int_equal(timezone_at(zone, 1751695444, &time, scratch->err), 0); /* 2025-07-05T06:04:04Z */
	assert_int_equal(template_check_name(template, scratch->err), 0);
	return template_name(scratch->arena, template, "3f2a", "slug", &time);
}

static void file_names_from_templates(void **state)
{
	struct scratch *scratch = *state;
	struct zone_time time = {0};

	assert_string_equal(name_at(scratch, "%(rev)s_%(slug)s", NULL), "3f2a_slug");
	assert_string_equal(name_at(scratch, "%(year)d_%(month).2d_%(day)02d-%(hour)d%(minute)s%(second)5d",
				    NULL),
		"2025_07_05-64    4");
	assert_string_equal(name_at(scratch, "%(epoch)s", "Asia/Tokyo"), "1751695444");
	assert_string_equal(name_at(scratch, "%(day).2d%(hour).2d", "America/Los_Angeles"), "0423");
	assert_string_equal(name_at(scratch, "%%(rev)s-100%%", NULL), "3f2a-100%");
	assert_string_equal(template_name(scratch->arena, "%(rev)s_%(slug)s", "3f2a", "", &time), "3f2a");
	assert_int_equal(template_check_name("%(slug)d", scratch->err), -1);
	assert_int_equal(template_check_name("%(mont).2d", scratch->err), -1);
	assert_int_equal(template_check_name("5%", scratch->err), -1);
	assert_int_equal(template_check_name("%(rev)", scratch->err), -1);
	assert_int_equal(template_check_name("%(month).99d", scratch->err), -1);
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"cannot use the file template: 'slug' is no number: write s, not d");
	expect_problem(scratch, 1, RETORT_E_CONFIG,
		"cannot use '%(mont)' in a file template: did you mean 'month'?");
	expect_problem(scratch, 2, RETORT_E_CONFIG,
		"cannot use the file template: a % is followed by (token)s, (token)d or %");
}

static const char *clock_at(struct scratch *scratch, const char *zone, long long epoch)
{
	struct zone_time time;

	assert_int_equal(timezone_at(zone, epoch, &time, scratch->err), 0);
	return timezone_text(scratch->arena, &time);
}

/* The rules of a zone before, at and after its changes, in both hemispheres and far ahead. */
static void clocks_in_zones(void **state)
{
	struct scratch *scratch = *state;
	static const char *const zones[] = {"Europe/Berlin", "America/New_York", "Australia/Sydney",
		"Asia/Kolkata", "Africa/Casablanca", "America/St_Johns", "Pacific/Kiritimati",
		"Europe/Dublin", "Antarctica/Troll"};
	long long epoch;
	struct tm clock;
	char text[32];
	time_t seconds;
	size_t i;

	assert_string_equal(clock_at(scratch, NULL, 0), "1970-01-01T00:00:00Z");
	assert_string_equal(clock_at(scratch, "UTC", 1751695444), "2025-07-05T06:04:04Z");
	assert_string_equal(clock_at(scratch, "Europe/Berlin", 1751695444), "2025-07-05T08:04:04+02:00");
	assert_string_equal(clock_at(scratch, "Asia/Kolkata", 1751695444), "2025-07-05T11:34:04+05:30");
	assert_string_equal(clock_at(scratch, "America/New_York", 1767225600), "2025-12-31T19:00:00-05:00");
	assert_int_equal(timezone_check("Europe/Atlantis", scratch->err), -1);
	assert_int_equal(timezone_check("../../../etc/passwd", scratch->err), -1);
	assert_int_equal(timezone_check("Europe", scratch->err), -1);
	expect_count(scratch, 3);
	/* the C library's own clock is the measure: every 11 days and some from 1950 to 2090 */
	for (i = 0; i < sizeof zones / sizeof *zones; i++) {
		setenv("TZ", zones[i], 1);
		tzset();
		for (epoch = -631152000; epoch < 3786912000; epoch += 999983) {
			seconds = (time_t)epoch;
			assert_non_null(localtime_r(&seconds, &clock));
			strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &clock);
			assert_memory_equal(clock_at(scratch, zones[i], epoch), text, strlen(text));
		}
	}
	unsetenv("TZ");
	tzset();
}

/* ---- making ---- */

/* A project with one revision, one_, and the id of the new one fixed. */
static struct project *start(struct scratch *scratch)
{
	scratch_write(scratch, "retort.ini", "[retort]\n");
	assert_int_equal(file_make_folder("migrations/versions", NULL), 0);
	revision_write(scratch, "migrations/versions/1.yaml", "one",
		"down_revision: null\nbranch_labels: [shop]");
	return load(scratch);
}

static const char *make(struct scratch *scratch, struct project *project, const struct project_new *what)
{
	const char *path = NULL;

	retort_error_clear(scratch->err);
	if (project_make(project, what, &path, scratch->err) < 0)
		return NULL;
	expect_count(scratch, 0);
	return project_shown(project, path);
}

/* The text of a file without its line create_date. */
static const char *without_date(struct scratch *scratch, const char *path)
{
	char *text, *date, *end;

	if (!path)
		expect_count(scratch, 0);
	text = retort_strdup(scratch->arena, scratch_read(scratch, path));
	date = strstr(text, "create_date: ");
	assert_non_null(date);
	end = strchr(date, '\n') + 1;
	memmove(date, end, strlen(end) + 1);
	return text;
}

static void a_revision_after_the_head(void **state)
{
	struct scratch *scratch = *state;
	struct project *project = start(scratch);
	const char *path;

	path = make(scratch, project, &(struct project_new){.message = "Create: account", .rev_id = "two"});
	assert_string_equal(path, "migrations/versions/two_create_account.yaml");
	assert_string_equal(without_date(scratch, path),
		"revision: two\ndown_revision: one\nmessage: \"Create: account\"\n\nupgrade: []\ndowngrade: "
		"auto\n");
	/* the project knows it at once */
	assert_true(has_revision(project, "two"));
	path = make(scratch, project, &(struct project_new){.message = "", .rev_id = "three"});
	assert_string_equal(path, "migrations/versions/three.yaml");
	assert_string_equal(graph_find(project->graph, "three")->parents[0]->id, "two");
	assert_string_equal(ids(scratch, load(scratch)), "one three two");
}

static void ids_are_drawn(void **state)
{
	struct scratch *scratch = *state;
	struct project *project = start(scratch);
	const char *path = make(scratch, project, &(struct project_new){.message = "x"});
	const char *name = path_name(path);

	assert_int_equal(strspn(name, "0123456789abcdef"), 12);
	assert_string_equal(name + 12, "_x.yaml");
	assert_non_null(make(scratch, project, &(struct project_new){.message = "x"}));
	assert_int_equal(load(scratch)->graph->count, 3);
}

static void labels_dependencies_and_the_schema_line(void **state)
{
	static const char *const label = "pay-2", *const depends[] = {"part", "shop"}, *const base = "base";
	struct scratch *scratch = *state;
	struct project *project;
	const char *path;

	start(scratch);
	revision_write(scratch, "migrations/versions/2.yaml", "partial99", "down_revision: null");
	project = load(scratch);
	scratch_write(scratch, "migrations/revision.schema.json", "{}");
	path = make(scratch, project,
		&(struct project_new){.message = "m",
			.rev_id = "two",
			.heads = &base,
			.head_count = 1,
			.labels = &label,
			.label_count = 1,
			.depends = depends,
			.depends_count = 2});
	assert_string_equal(without_date(scratch, path),
		"# yaml-language-server: $schema=../revision.schema.json\n"
		"revision: two\ndown_revision: null\nbranch_labels: [pay-2]\ndepends_on: [partial99, "
		"shop]\nmessage: m\n\n"
		"upgrade: []\ndowngrade: auto\n");
}

static void what_is_wrong_writes_nothing(void **state)
{
	static const char *const label = "shop", *const one = "one", *const nobody = "nobody";
	struct scratch *scratch = *state;
	struct project *project = start(scratch);

	revision_write(scratch, "migrations/versions/2.yaml", "two", "down_revision: one");
	revision_write(scratch, "migrations/versions/3.yaml", "three", "down_revision: one");
	project = load(scratch);
	assert_null(make(scratch, project, &(struct project_new){.message = "m"}));
	expect_problem(scratch, 0, RETORT_E_GRAPH,
		"cannot create a revision: there are several heads, 'two' and 'three': "
		"specify the one it is based on with --head, or merge them");
	assert_null(make(scratch, project,
		&(struct project_new){.message = "m", .heads = &one, .head_count = 1}));
	expect_problem(scratch, 0, RETORT_E_GRAPH,
		"cannot create a revision after 'one': it is not a head: give --splice to start a branch "
		"there");
	assert_null(make(scratch, project,
		&(struct project_new){.message = "m", .heads = &nobody, .head_count = 1}));
	assert_null(make(scratch, project,
		&(struct project_new){.message = "m",
			.rev_id = "two",
			.heads = &one,
			.head_count = 1,
			.splice = true}));
	expect_problem(scratch, 0, RETORT_E_GRAPH,
		"cannot create revision 'two': 'migrations/versions/2.yaml' has that id already");
	assert_null(make(scratch, project,
		&(struct project_new){.message = "m",
			.labels = &label,
			.label_count = 1,
			.heads = &one,
			.head_count = 1,
			.splice = true}));
	assert_non_null(strstr(retort_error_first(scratch->err)->message, "'shop'"));
	assert_null(make(scratch, project,
		&(struct project_new){.message = "m",
			.rev_id = "a@b",
			.heads = &one,
			.head_count = 1,
			.splice = true}));
	assert_null(make(scratch, project,
		&(struct project_new){.message = "m",
			.rev_id = "0123456789012345678901234567890123",
			.heads = &one,
			.head_count = 1,
			.splice = true}));
	assert_null(make(scratch, project,
		&(struct project_new){.message = "m",
			.depends = &nobody,
			.depends_count = 1,
			.heads = &one,
			.head_count = 1,
			.splice = true}));
	assert_null(make(scratch, project,
		&(struct project_new){.message = "m",
			.version_path = "elsewhere",
			.heads = &one,
			.head_count = 1,
			.splice = true}));
	expect_problem(scratch, 0, RETORT_E_USAGE,
		"cannot create a revision in 'elsewhere': the version_locations are 'migrations/versions'");
	assert_int_equal(load(scratch)->graph->count, 3);
	assert_non_null(make(scratch, project,
		&(struct project_new){.message = "m", .heads = &one, .head_count = 1, .splice = true}));
	assert_int_equal(load(scratch)->graph->count, 4);
}

static void files_are_not_overwritten(void **state)
{
	struct scratch *scratch = *state;
	struct project *project = start(scratch);

	scratch_write(scratch, "migrations/versions/two_m.yaml",
		"revision: other\ndown_revision: null\nupgrade: []\n");
	assert_null(make(scratch, project, &(struct project_new){.message = "m", .rev_id = "two"}));
	expect_problem(scratch, 0, RETORT_E_IO,
		"cannot create 'migrations/versions/two_m.yaml': the file exists, and is left as it is");
	assert_string_equal(scratch_read(scratch, "migrations/versions/two_m.yaml"),
		"revision: other\ndown_revision: null\nupgrade: []\n");
}

static void merges(void **state)
{
	static const char *const both[] = {"two", "three"}, *const heads = "heads",
				 *const related[] = {"one", "two"}, *const twice[] = {"two", "two"};
	struct scratch *scratch = *state;
	struct project *project = start(scratch);
	const char *path;

	assert_null(make(scratch, project,
		&(struct project_new){.heads = &heads, .head_count = 1, .merge = true}));
	expect_problem(scratch, 0, RETORT_E_GRAPH, "cannot merge fewer than two revisions");
	revision_write(scratch, "migrations/versions/2.yaml", "two", "down_revision: one");
	revision_write(scratch, "migrations/versions/3.yaml", "three", "down_revision: one");
	project = load(scratch);
	assert_null(make(scratch, project,
		&(struct project_new){.heads = related, .head_count = 2, .merge = true, .splice = true}));
	expect_problem(scratch, 0, RETORT_E_GRAPH,
		"cannot merge 'one' and 'two': the first is an ancestor of the second");
	assert_null(make(scratch, project,
		&(struct project_new){.heads = twice, .head_count = 2, .merge = true}));
	expect_problem(scratch, 0, RETORT_E_USAGE,
		"cannot create a revision: its parent 'two' is given twice");
	path = make(scratch, project,
		&(struct project_new){.message = "",
			.rev_id = "m",
			.heads = both,
			.head_count = 2,
			.merge = true});
	assert_string_equal(path, "migrations/versions/m_merge_two_and_three.yaml");
	assert_string_equal(without_date(scratch, path),
		"revision: m\ndown_revision: [two, three]\nmessage: merge two and three\n\nupgrade: "
		"[]\ndowngrade: auto\n");
	assert_true(revision_is_head(graph_find(load(scratch)->graph, "m")));
}

static void several_locations(void **state)
{
	static const char *const base = "base", *const one = "one";
	struct scratch *scratch = *state;
	struct project *project;

	scratch_write(scratch, "retort.ini", "[retort]\nversion_locations = a b\n");
	revision_write(scratch, "b/1.yaml", "one", "down_revision: null");
	assert_int_equal(file_make_folder("a", NULL), 0);
	project = load(scratch);
	assert_null(make(scratch, project,
		&(struct project_new){.message = "m", .heads = &base, .head_count = 1}));
	expect_problem(scratch, 0, RETORT_E_USAGE,
		"cannot choose a folder for the revision: "
		"specify one of the version_locations with --version-path: 'a' and 'b'");
	assert_string_equal(make(scratch, project,
				    &(struct project_new){.message = "m",
					    .rev_id = "two",
					    .heads = &one,
					    .head_count = 1}),
		"b/two_m.yaml");
	assert_string_equal(make(scratch, project,
				    &(struct project_new){.message = "m",
					    .rev_id = "three",
					    .heads = &base,
					    .head_count = 1,
					    .version_path = "./b/../a/"}),
		"a/three_m.yaml");
}

static void the_project_s_own_template(void **state)
{
	struct scratch *scratch = *state;
	struct project *project = start(scratch);
	const char *path;

	scratch_write(scratch, "migrations/template.yaml",
		"## ours\n# team $${x}\nrevision: ${revision}\n"
		"down_revision: ${down_revision}\ndepends_on: ${depends_on}\nbranch_labels: "
		"${branch_labels}\ntags: [t]\n"
		"message: ${message}\ncreate_date: ${create_date}\nupgrade: ${upgrade}\n");
	path = make(scratch, project, &(struct project_new){.message = "${revision}", .rev_id = "two"});
	assert_string_equal(without_date(scratch, path),
		"# team ${x}\nrevision: two\ndown_revision: one\ntags: [t]\nmessage: "
		"\"${revision}\"\nupgrade: []\n");
	scratch_write(scratch, "migrations/template.yaml", "revision: ${revision}\n\n\na: ${revisoin}\n");
	assert_null(make(scratch, project, &(struct project_new){.message = "m"}));
	expect_problem(scratch, 0, RETORT_E_FILE,
		"migrations/template.yaml:4: unknown placeholder '${revisoin}'");
	scratch_write(scratch, "migrations/template.yaml",
		"revision: ${revision}\ndown_revision: null\nupgrade: []\n");
	assert_null(make(scratch, project, &(struct project_new){.message = "m"}));
	expect_problem(scratch, 0, RETORT_E_FILE,
		"cannot use the template 'migrations/template.yaml': it needs "
		"${revision}, ${down_revision}, ${branch_labels} and ${depends_on}");
	scratch_write(scratch, "migrations/template.yaml",
		"revision: ${revision}\ndown_revision: ${down_revision}\nupgrade: 5\n");
	assert_null(make(scratch, project, &(struct project_new){.message = "m"}));
	assert_int_equal(load(scratch)->graph->count, 2);
}

static void file_templates_that_lead_astray(void **state)
{
	struct scratch *scratch = *state;

	start(scratch);
	scratch_write(scratch, "retort.ini", "[retort]\nfile_template = ../%(rev)s\n");
	assert_null(make(scratch, load(scratch), &(struct project_new){.message = "m", .rev_id = "two"}));
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"cannot name the file '../two.yaml': correct file_template");
	scratch_write(scratch, "retort.ini",
		"[retort]\nfile_template = %(year)d/%(rev)s\nrecursive_version_locations = on\n");
	assert_non_null(make(scratch, load(scratch), &(struct project_new){.message = "m", .rev_id = "two"}));
	assert_int_equal(load(scratch)->graph->count, 2);
}

static void post_write_gets_the_file(void **state)
{
	struct scratch *scratch = *state;
	struct project *project;
	const char *path;

	start(scratch);
	scratch_write(scratch, "retort.ini",
		"[retort]\n[retort.hooks]\npost_write = echo \"$RETORT_REVISION $RETORT_TARGET "
		"${RETORT_FILE}\" > said\n");
	project = load(scratch);
	path = make(scratch, project, &(struct project_new){.message = "m", .rev_id = "two"});
	assert_string_equal(scratch_read(scratch, "said"),
		retort_printf(scratch->arena, "two  %s\n", scratch_path(scratch, path)));
	scratch_write(scratch, "retort.ini", "[retort]\n[retort.hooks]\npost_write = exit 7\n");
	project = load(scratch);
	assert_null(make(scratch, project, &(struct project_new){.message = "m", .rev_id = "three"}));
	expect_problem(scratch, 0, RETORT_E_CONFIG,
		"'migrations/versions/three_m.yaml' was written, but: "
		"cannot run 'post_write': it ended with status 7");
	assert_true(file_exists("migrations/versions/three_m.yaml"));
}

/* ---- starting ---- */

static void told(void *context, const char *text)
{
	struct retort_buf *said = context;

	retort_buf_printf(said, "%s\n", text);
}

static void a_new_project_works(void **state)
{
	struct scratch *scratch = *state;
	struct project *project;
	struct retort_buf said;

	retort_buf_init(&said, scratch->arena);
	assert_int_equal(project_init(scratch->arena, "migrations", "generic", false, told, &said,
				 scratch->err),
		0);
	assert_string_equal(said.data,
		"Creating directory migrations ...  done\n"
		"Creating directory migrations/versions ...  done\n"
		"Generating migrations/revision.schema.json ...  done\n"
		"Generating migrations/schema.schema.json ...  done\n"
		"Generating migrations/template.yaml ...  done\n"
		"Generating schema.yaml ...  done\n"
		"Generating retort.ini ...  done\n");
	project = load(scratch);
	assert_non_null(project);
	assert_int_equal(project->graph->count, 0);
	assert_string_equal(project->settings->url_missing, "DATABASE_URL");
	assert_string_equal(project->settings->schema, scratch_path(scratch, "schema.yaml"));
	assert_non_null(make(scratch, project, &(struct project_new){.message = "first", .rev_id = "one"}));
	assert_non_null(make(scratch, project, &(struct project_new){.message = "second", .rev_id = "two"}));
	assert_memory_equal(scratch_read(scratch, "migrations/versions/one_first.yaml"),
		"# yaml-language-server: $schema=../revision.schema.json\nrevision: one\n", 69);
	assert_string_equal(ids(scratch, load(scratch)), "one two");
}

static void nothing_is_overwritten(void **state)
{
	struct scratch *scratch = *state;

	scratch_write(scratch, "retort.ini", "mine");
	scratch_write(scratch, "migrations/x", "mine");
	assert_int_equal(project_init(scratch->arena, "migrations", "generic", false, NULL, NULL,
				 scratch->err),
		-1);
	expect_count(scratch, 2);
	expect_problem(scratch, 0, RETORT_E_IO,
		"cannot start a project: the folder 'migrations' is not empty");
	expect_problem(scratch, 1, RETORT_E_IO,
		"cannot start a project: 'retort.ini' exists already, and is left as it is");
	assert_string_equal(scratch_read(scratch, "retort.ini"), "mine");
	assert_false(file_exists("schema.yaml"));
	retort_error_clear(scratch->err);
	assert_int_equal(project_init(scratch->arena, "m", "genric", false, NULL, NULL, scratch->err), -1);
	expect_problem(scratch, 0, RETORT_E_USAGE, "there is no template 'genric': did you mean 'generic'?");
}

/* A start that fails midway leaves nothing behind. */
static void a_start_that_fails_is_taken_back(void **state)
{
	struct scratch *scratch = *state;

	assert_int_equal(project_init(scratch->arena, "retort.ini", "generic", false, NULL, NULL,
				 scratch->err),
		-1);
	assert_false(file_exists("retort.ini"));
	assert_false(file_exists("schema.yaml"));
}

static void schemas_are_renewed(void **state)
{
	struct scratch *scratch = *state;

	assert_int_equal(project_init(scratch->arena, "m", "multi", false, NULL, NULL, scratch->err), 0);
	scratch_write(scratch, "m/template.yaml", "mine");
	scratch_write(scratch, "m/schema.schema.json", "old");
	assert_int_equal(project_init(scratch->arena, "m", "generic", true, NULL, NULL, scratch->err), 0);
	assert_string_equal(scratch_read(scratch, "m/template.yaml"), "mine");
	assert_string_not_equal(scratch_read(scratch, "m/schema.schema.json"), "old");
	assert_int_equal(project_init(scratch->arena, "n", "generic", true, NULL, NULL, scratch->err), -1);
}

static void a_project_of_several_databases(void **state)
{
	struct scratch *scratch = *state;
	struct config *config = NULL;

	assert_int_equal(project_init(scratch->arena, "deep/er", "multi", false, NULL, NULL, scratch->err),
		0);
	assert_int_equal(config_load(scratch->arena, &(struct config_options){.all = true}, &config,
				 scratch->err),
		0);
	assert_int_equal(config->count, 2);
	assert_string_equal(config->settings[1]->target, "second");
	assert_string_equal(config->settings[1]->url_missing, "SECOND_DATABASE_URL");
	assert_string_equal(config->settings[1]->script_location, scratch_path(scratch, "deep/er"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(files_are_read_in_name_order),
		TEST(locations_are_read_in_their_order),
		TEST(folders_that_cannot_be_read),
		TEST(faults_of_all_files_are_listed),
		TEST(python_revisions_are_never_run),
		TEST(slugs),
		TEST(file_names_from_templates),
		TEST(clocks_in_zones),
		TEST(a_revision_after_the_head),
		TEST(ids_are_drawn),
		TEST(labels_dependencies_and_the_schema_line),
		TEST(what_is_wrong_writes_nothing),
		TEST(files_are_not_overwritten),
		TEST(merges),
		TEST(several_locations),
		TEST(the_project_s_own_template),
		TEST(file_templates_that_lead_astray),
		TEST(post_write_gets_the_file),
		TEST(a_new_project_works),
		TEST(nothing_is_overwritten),
		TEST(a_start_that_fails_is_taken_back),
		TEST(schemas_are_renewed),
		TEST(a_project_of_several_databases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
