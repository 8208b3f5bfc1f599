/* SPDX-License-Identifier: MIT
 *
 * The table of commands: names, arguments, options and help.
 */
#include "cli/cli.h"

#define ENDS OPTION_COUNT
#define ANY ((size_t)-1)

static const enum option_id of_init[] = {OPTION_TEMPLATE, OPTION_REFRESH, ENDS};
static const enum option_id of_revision[] = {OPTION_MESSAGE, OPTION_AUTOGENERATE, OPTION_FROM, OPTION_TO,
	OPTION_HEAD, OPTION_SPLICE, OPTION_BRANCH_LABEL, OPTION_VERSION_PATH, OPTION_REV_ID,
	OPTION_DEPENDS_ON, ENDS};
static const enum option_id of_migrate[] = {OPTION_MESSAGE, OPTION_FROM, OPTION_TO, OPTION_HEAD,
	OPTION_SPLICE, OPTION_BRANCH_LABEL, OPTION_VERSION_PATH, OPTION_REV_ID, OPTION_DEPENDS_ON, ENDS};
static const enum option_id of_diff[] = {OPTION_AS, ENDS};
static const enum option_id of_check[] = {OPTION_FROM, OPTION_TO, ENDS};
static const enum option_id of_merge[] = {OPTION_MESSAGE, OPTION_BRANCH_LABEL, OPTION_REV_ID, OPTION_SPLICE,
	OPTION_VERSION_PATH, OPTION_FORCE, ENDS};
static const enum option_id of_upgrade[] = {OPTION_SQL, OPTION_DRY_RUN, OPTION_RESUME, OPTION_KILL_ORPHAN,
	OPTION_ALLOW, ENDS};
static const enum option_id of_downgrade[] = {OPTION_SQL, OPTION_DRY_RUN, OPTION_RESUME, OPTION_KILL_ORPHAN,
	OPTION_ALLOW, ENDS};
static const enum option_id of_stamp[] = {OPTION_PURGE, OPTION_SQL, ENDS};
static const enum option_id of_ensure[] = {OPTION_SQL, ENDS};
static const enum option_id of_current[] = {OPTION_CHECK_HEADS, ENDS};
static const enum option_id of_history[] = {OPTION_RANGE, OPTION_INDICATE_CURRENT, ENDS};
static const enum option_id of_graph[] = {OPTION_AS, OPTION_RANGE, OPTION_INDICATE_CURRENT, ENDS};
static const enum option_id of_inspect[] = {OPTION_AS, ENDS};
static const enum option_id of_drivers[] = {OPTION_CHECK, OPTION_FORCE, ENDS};
static const enum option_id of_adopt[] = {OPTION_MESSAGE, ENDS};
static const enum option_id of_test[] = {OPTION_ON, ENDS};
static const enum option_id of_verify[] = {OPTION_ACCEPT, OPTION_AS, ENDS};
static const enum option_id of_heads[] = {OPTION_RESOLVE_DEPENDENCIES, ENDS};

const struct command commands[] = {
	{"init", command_init, "[FOLDER]", 0, 1, of_init,
		"start a project: retort.ini, schema.yaml, a folder for revisions",
		"Writes retort.ini and schema.yaml into the working directory and makes FOLDER (migrations) "
		"with the template of new revisions and the JSON Schemas for editors. Existing files are "
		"never overwritten.",
		COMMAND_WITHOUT_CONFIG},
	{"list-templates", command_list_templates, NULL, 0, 0, NULL, "the templates that init knows", NULL,
		COMMAND_WITHOUT_CONFIG},
	{"revision", command_revision, NULL, 0, 0, of_revision, "write a new revision file",
		"Everything is checked before the file is written: the graph with the new revision in it, "
		"labels, dependencies. The path of the file is printed.",
		COMMAND_CONNECTS},
	{"migrate", command_migrate, NULL, 0, 0, of_migrate,
		"write a revision from what changed in the schema file",
		"It is revision --autogenerate: the database (--from) is compared with the desired schema "
		"(--to); where they don't differ nothing is written. 'retort upgrade' applies what was "
		"written.",
		COMMAND_CONNECTS},
	{"diff", command_diff, "[FROM [TO]]", 0, 2, of_diff, "what leads from FROM (db) to TO (schema)",
		"FROM and TO are db, schema, history[@REV], the path of a schema file or folder, or a URL. "
		"--as is operations (as in a revision file), sql or json.",
		COMMAND_CONNECTS | COMMAND_WITHOUT_CONFIG},
	{"check", command_check, NULL, 0, 0, of_check, "whether the database is what the schema file says",
		"With --from history the revision files are asked, and no database is needed. Exits with 3 "
		"where there is a difference.",
		COMMAND_CONNECTS | COMMAND_WITHOUT_CONFIG},
	{"merge", command_merge, "REV...", 1, ANY, of_merge, "write a revision that joins branches",
		"The branches are replayed in both orders: an operation that can't run after the other "
		"branch, or two different schemas at the end, is an error unless --force is given. Example: "
		"retort merge heads -m join",
		0},
	{"upgrade", command_upgrade, "[REV]", 0, 1, of_upgrade, "move the database up to REV (head)",
		"REV is an id or the start of one, a label, a tag, head, heads, +N, REV+N, label@head, "
		"label@+N; with --sql also A:B, where A is where the database stands (base).",
		COMMAND_CONNECTS | COMMAND_EVENTS},
	{"downgrade", command_downgrade, "[REV]", 0, 1, of_downgrade, "move the database down to REV (-1)",
		"REV is an id or the start of one, a label, base, -N, REV-N, label@base, label@-N; with "
		"--sql A:B, where A is where the database stands.",
		COMMAND_CONNECTS | COMMAND_EVENTS},
	{"stamp", command_stamp, "[REV...]", 0, ANY, of_stamp,
		"set what the database is at (head), running nothing", NULL,
		COMMAND_CONNECTS | COMMAND_EVENTS},
	{"current", command_current, NULL, 0, 0, of_current, "the revisions that the database is at",
		"Writes nothing, not even the version table.", COMMAND_CONNECTS},
	{"history", command_history, NULL, 0, 0, of_history, "the revisions, newest first", NULL,
		COMMAND_CONNECTS},
	{"graph", command_graph, NULL, 0, 0, of_graph, "the revision graph as a picture",
		"FORMAT is text (like git log --graph), dot, mermaid or svg. In the text | leads to what a "
		"revision follows, : to what it depends on; with -i @ is current and o not applied.",
		COMMAND_CONNECTS},
	{"heads", command_heads, NULL, 0, 0, of_heads, "the revisions that nothing follows", NULL, 0},
	{"branches", command_branches, NULL, 0, 0, NULL, "the revisions that several follow", NULL, 0},
	{"show", command_show, "[REV]", 0, 1, NULL,
		"one revision in full (head); `current` for the database's", NULL, COMMAND_CONNECTS},
	{"edit", command_edit, "[REV]", 0, 1, NULL, "open a revision file (head) in $VISUAL or $EDITOR", NULL,
		0},
	{"status", command_status, NULL, 0, 0, NULL,
		"every target: current, pending, partial step, changed files", NULL, COMMAND_CONNECTS},
	{"adopt", command_adopt, "[REV]", 0, 1, of_adopt,
		"take over a database that another tool has run so far",
		"In a project without revisions a baseline is written from what the database holds, with "
		"Alembic's own id where it was its head. Else the database is compared with REV (the id that "
		"Alembic names, or the base). Where they are equal it is stamped; where not, the differences "
		"are listed and the exit status is 3.",
		COMMAND_CONNECTS},
	{"test", command_test, NULL, 0, 0, of_test,
		"walk every revision up, down and up on scratch databases",
		"On each URL a scratch database is made and removed again; what the URL and the "
		"configuration name is not touched. At each stop the inspected schema must be the replayed "
		"one, and the engines must agree. Without --on the drivers that need no server are used, in "
		"memory. Exits with 3 where a revision fails.",
		COMMAND_CONNECTS},
	{"inspect", command_inspect, "[FROM]", 0, 1, of_inspect,
		"a database as a schema file, SQL or a picture",
		"FROM is db (the target's database), history or history@REV (what the files lead to), a URL, "
		"or a schema file or folder. FORMAT is yaml (a schema file), json (the same), sql, dot, "
		"mermaid, svg or html.",
		COMMAND_CONNECTS | COMMAND_WITHOUT_CONFIG},
	{"verify", command_verify, NULL, 0, 0, of_verify,
		"whether database and files are as they were applied",
		"Compares the files of the applied revisions with what was recorded when they ran, and the "
		"live schema with what replay of them gives. Exits with 3 where one differs.",
		COMMAND_CONNECTS},
	{"ensure-version", command_ensure_version, NULL, 0, 0, of_ensure,
		"make the version and history tables", NULL, COMMAND_CONNECTS},
	{"drivers", command_drivers, "[--check FILE URL [CHECK]]", 0, 3, of_drivers,
		"the installed drivers, or whether one does what it must",
		"With --check the conformance suite runs the driver in FILE against the database URL, in "
		"tables whose names start with retort_check_; CHECK is a name or glob of its checks. Exits "
		"with 3 where one fails.",
		COMMAND_WITHOUT_CONFIG | COMMAND_CONNECTS},
	{"types", command_types, "[NAME]", 0, 1, NULL, "the neutral types and what each engine makes of them",
		NULL, COMMAND_WITHOUT_CONFIG},
	{"completion", command_completion, "[bash|zsh|fish]", 0, ANY, NULL,
		"the script that completes command lines in a shell",
		"Packages install it; else: eval \"$(retort completion bash)\" in ~/.bashrc, or likewise in "
		"zsh and fish.",
		COMMAND_WITHOUT_CONFIG},
};

const size_t command_count = sizeof commands / sizeof *commands;
