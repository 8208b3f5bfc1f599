#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Runs that something stands in the way of, and databases that the revisions did not make.
# shellcheck disable=SC2154
load helper

setup() {
	begin
	project
}

# adopted SQL OPERATIONS [DOWN]: a database made by hand, taken over by stamp at a1, and b2 with operations
adopted() {
	sqlite3 -batch -bail x.db "$1"
	revision 01_a1 a1 null </dev/null
	revision 02_b2 b2 a1 <<<"upgrade:"$'\n'"$2"$'\n'"downgrade: auto"
	works stamp a1
}

@test "an upgrade that auto can't undo says so once, and which operation needs reverse" {
	chain
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - update_rows: {table: author, set: {name: x}, where: all}
		downgrade: auto
	END
	works ensure-version
	works upgrade --dry-run
	tells '04_d4.yaml'
	tells reverse
	works upgrade
	[ "$(grep -c 'WARN .*04_d4.yaml.*update rows.*reverse' <<<"$stderr")" -eq 1 ] || report
	refuses 1 reverse downgrade
}

@test "foreign keys that a rebuild would break are named, and the word commit once" {
	adopted "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(x INT); INSERT INTO c VALUES(7);" \
		'  - create_foreign_key: {table: c, columns: [x], references: p(id)}'
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ]
	tells "cannot commit: foreign keys would be broken: row 1 of 'c' refers to no row of 'p'"
	silent 'commit: cannot commit'
	[ "$(rows)" = a1 ]
}

# A script that starts in the middle knows what earlier revisions left in the database only by replaying them.
@test "a script from the middle leaves the texts that a run leaves, to the byte" {
	revision 01_a1 a1 null <<-'END'
		upgrade:
		  - create_table:
		      name: team
		      columns: {id: {type: integer, primary_key: true, autoincrement: true}, name: string(40)}
		  - create_table:
		      name: account
		      columns:
		        id:    {type: integer, primary_key: true, autoincrement: true}
		        last:  {type: string(40)}
		        full:  {type: string(90), computed: {expression: "'x' || last", stored: true}}
		        age:   {type: integer, default: 7, check: age >= 0}
		        team:  {type: integer, references: team(id), on_delete: cascade, index: true}
		      indexes: {ix_part: {columns: [last], where: last is not null}}
		downgrade: auto
	END
	revision 02_b2 b2 a1 <<-'END'
		upgrade:
		  - rename_table: {name: account, to: person}
		  - rename_column: {table: person, name: last, to: surname}
		  - add_column: {table: person, name: note, type: text}
		downgrade: auto
	END
	revision 03_c3 c3 b2 <<-'END'
		upgrade:
		  - alter_column: {table: person, name: age, default: 9}
		downgrade: auto
	END
	for from in a1 b2; do
		rm -f ./*.db
		works upgrade "$from"
		cp x.db script.db
		retort upgrade --sql "$from:c3" | sqlite3 -batch -bail script.db
		works upgrade
		[ "$(dump x.db)" = "$(dump script.db)" ] || { diff <(dump x.db) <(dump script.db); false; }
		retort downgrade --sql c3:a1 | sqlite3 -batch -bail script.db
		works downgrade a1
		[ "$(dump x.db)" = "$(dump script.db)" ] || { diff <(dump x.db) <(dump script.db); false; }
	done
}

@test "a table may be renamed to its name in other letters" {
	chain
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - rename_table: {name: author, to: Author}
		  - alter_column: {table: Author, name: born, nullable: true}
		downgrade: auto
	END
	works upgrade
	[ "$(tables)" = 'Author book retort_history retort_version' ]
	[ "$(sql 'PRAGMA foreign_key_check; SELECT name FROM Author ORDER BY id')" = $'Ursula\nJürgen' ]
	works downgrade c3
	[ "$(tables)" = 'author book retort_history retort_version' ]
}

# ---- databases made by hand ----

@test "what an adopted table lost is given back by what its upgrade recorded" {
	adopted "CREATE TABLE [t x](id INTEGER PRIMARY KEY, \`v\` text DEFAULT \"dq\" -- why
		, w DEFAULT \"it\"\"s\"); INSERT INTO [t x](id) VALUES(1); CREATE INDEX i ON [t x](v) WHERE w > 1;" \
		'  - alter_column: {table: t x, name: v, type: string(9), nullable: false}
  - drop_index: {table: t x, name: i}
  - rename_column: {table: t x, name: w, to: ww}'
	works upgrade
	[ "$(sql "SELECT sql FROM sqlite_master WHERE name = 't x'")" = "CREATE TABLE \"t x\"(id INTEGER PRIMARY KEY, \`v\` VARCHAR(9) NOT NULL DEFAULT \"dq\", -- why
		 \"ww\" DEFAULT \"it\"\"s\")" ] || { sql .schema; false; }
	works downgrade
	[ "$(sql 'SELECT v, w FROM "t x"')" = "dq|it\"s" ]
	[ "$(sql "SELECT \"notnull\", type FROM pragma_table_info('t x') WHERE name = 'v'")" = '0|TEXT' ]
	[ "$(sql "SELECT count(*) FROM sqlite_master WHERE name = 'i'")" = 1 ]
	works upgrade
}

@test "unnamed constraints of an adopted table go by the names that conventions give" {
	adopted "CREATE TABLE p(id INTEGER PRIMARY KEY);
		CREATE TABLE a(x int UNIQUE, p int REFERENCES p ON DELETE CASCADE, q int, FOREIGN KEY(q) REFERENCES p, UNIQUE(q, p));" \
		'  - drop_constraint: {table: a, name: fk_a_q_p}
  - drop_constraint: {table: a, name: fk_a_p_p}
  - drop_constraint: {table: a, name: uq_a_q_p}'
	works upgrade
	[ "$(sql "SELECT sql FROM sqlite_master WHERE name = 'a'")" = 'CREATE TABLE "a"(x int UNIQUE, p int, q int)' ] || { sql .schema; false; }
	works downgrade
	[ "$(sql "SELECT on_delete FROM pragma_foreign_key_list('a') ORDER BY 1")" = $'CASCADE\nNO ACTION' ]
}

@test "what was made by hand beside the revisions can be dropped, and doesn't stop later runs" {
	revision 01_a1 a1 null <<-'END'
		upgrade:
		  - create_table: {name: t, columns: {id: {type: integer, primary_key: true}, a: text}}
	END
	works upgrade
	sql 'CREATE INDEX byhand ON t(a); CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END'
	revision 02_b2 b2 a1 <<-'END'
		upgrade:
		  - drop_index: {table: t, name: byhand}
		  - replace_view: {name: v, query: SELECT id FROM t}
		  - drop_trigger: {table: t, name: tr}
		downgrade: auto
	END
	works upgrade
	revision 03_c3 c3 b2 <<-'END'
		upgrade:
		  - alter_column: {table: t, name: a, default: x}
		  - drop_view: v
		downgrade: auto
	END
	works upgrade
	[ "$(sql "SELECT count(*) FROM sqlite_master WHERE type IN ('view', 'trigger') OR name = 'byhand'")" = 0 ]
	works downgrade a1
	[ "$(sql "SELECT sql FROM sqlite_master WHERE name IN ('v', 'byhand', 'tr') ORDER BY name")" = 'CREATE INDEX "byhand" ON "t" ("a")
CREATE TRIGGER "tr" AFTER INSERT ON t BEGIN SELECT 1; END
CREATE VIEW "v" AS SELECT a FROM t' ] || { sql .schema; false; }
}

# ---- interruptions and locks ----

@test "a hook is ended with the run that is interrupted" {
	project '[retort.hooks]' 'before_upgrade = exec sleep 20'
	chain
	retort ensure-version 2>/dev/null
	"$RETORT" upgrade 2>stderr &
	pid=$!
	sleep 0.5
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 130 ]
	[ "$SECONDS" -lt 15 ]
	grep -q interrupted stderr
	[ -z "$(rows)" ]
	[ "$(tables)" = 'retort_history retort_version' ]
}

@test "a reader that outlasts lock_timeout is a lock that was not obtained" {
	project 'lock_timeout = 300ms'
	chain
	works upgrade a1
	mkfifo reader
	sqlite3 -batch x.db <reader >held &
	exec 7>reader
	echo 'BEGIN; SELECT count(*) FROM author;' >&7
	while [ ! -s held ]; do sleep 0.1; done
	run --separate-stderr retort upgrade b2
	[ "$status" -eq 4 ] || report
	tells 'is locked by another program'
	[ "$(rows)" = a1 ]
	echo 'COMMIT;' >&7
	exec 7>&-
	wait
	works upgrade b2
}

@test "a step of which nothing remains is not offered for undoing" {
	project 'transaction = none'
	chain
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - execute: INSERT INTO nowhere VALUES (1)
		  - add_column: {table: author, name: x, type: text}
		downgrade: auto
	END
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ]
	tells 'nothing of this revision remains'
	silent 'or undo'
}

@test "rows that come in the way after the plan was made are the engine's to refuse" {
	revision 01_a1 a1 null <<-'END'
		upgrade:
		  - create_table: {name: t, columns: {a: text}}
	END
	works upgrade
	sql "INSERT INTO t VALUES ('x')"
	project '[retort.hooks]' "before_upgrade = sqlite3 x.db 'INSERT INTO t VALUES (NULL)'"
	revision 02_b2 b2 a1 <<-'END'
		upgrade:
		  - alter_column: {table: t, name: a, nullable: false}
		downgrade: auto
	END
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ]
	tells 'NOT NULL constraint failed'
	tells 'rolled back'
	[ "$(sql 'SELECT count(*) FROM t')" = 2 ]
	project
	refuses 1 't has 1 row without a value' upgrade
}

@test "rows that a constraint of the table leaves out stop its rebuild" {
	adopted "CREATE TABLE t(a INT, b TEXT, UNIQUE(b) ON CONFLICT IGNORE); INSERT INTO t VALUES (1, 'x'), (2, 'X'), (3, 'y');" \
		'  - alter_column: {table: t, name: b, collation: NOCASE}'
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ]
	tells 'not every row was copied'
	[ "$(sql 'SELECT count(*) FROM t')" = 3 ]
}

# ---- the journal ----

@test "without a transaction rows go in by pieces with their done marks, and none twice" {
	project 'transaction = none'
	seq 1 25000 | awk 'BEGIN { print "id,v" } { print $1 ",x" $1 }' >migrations/rows.csv
	revision 01_a1 a1 null <<-'END'
		upgrade:
		  - create_table:
		      name: t
		      columns: {id: {type: integer, primary_key: true}, v: {type: string(9), check: v <> 'x15000'}}
		  - insert_rows: {table: t, csv: ../rows.csv}
		downgrade: auto
	END
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ]
	tells 'operation 1 is done and recorded'
	[ "$(sql 'SELECT count(*) FROM t')" = 10000 ]
	# the rows that are in are counted: other files would lose or double some
	cp migrations/rows.csv kept.csv
	sed -i 2d migrations/rows.csv
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ]
	tells '10000 rows are in already'
	cp kept.csv migrations/rows.csv
	# those that aren't may be put right
	sed -i 's/,x15000$/,y15000/' migrations/rows.csv
	works upgrade
	[ "$(sql 'SELECT count(*), count(DISTINCT v) FROM t')" = '25000|25000' ]
	works downgrade base
	[ "$(tables)" = 'retort_history retort_lock retort_version' ]
}

@test "rows that are in by half are undone with their step" {
	project 'transaction = none'
	seq 1 15000 | awk 'BEGIN { print "id,v" } { print $1 "," ($1 == 12000 ? "" : $1) }' >migrations/rows.csv
	revision 01_a1 a1 null <<-'END'
		upgrade:
		  - create_table: {name: t, columns: {id: {type: integer, primary_key: true}, v: {type: integer, check: v > 0, nullable: false}}}
		  - insert_rows: {table: t, csv: ../rows.csv}
		downgrade: auto
	END
	sed -i 's/^12000,$/12000,-1/' migrations/rows.csv
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ]
	[ "$(sql 'SELECT count(*) FROM t')" = 10000 ]
	works downgrade
	[ "$(tables)" = 'retort_history retort_lock retort_version' ]
}

@test "an assert that fails in a script says the value that was found" {
	chain
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - assert: {sql: SELECT count(*) FROM author, equals: 9, message: "{value} authors, not 9"}
	END
	works upgrade c3
	run sqlite3 -batch -bail x.db < <(retort upgrade --sql c3:d4)
	[ "$status" -ne 0 ]
	[[ $output == *'2 authors, not 9'* ]] || report
}

@test "a run killed in the middle of VACUUM is finished by the next" {
	revision 01_a1 a1 null <<-'END'
		upgrade:
		  - create_table: {name: t, columns: {id: {type: integer, primary_key: true}}}
		  - execute: {sql: vacuum, outside_transaction: true, reverse: []}
		  - add_column: {table: t, name: a, type: text}
		downgrade: auto
	END
	works upgrade
	# as such a run leaves it
	sql "UPDATE retort_history SET state = 'running', done = 1, finished_at = NULL,
		intent = '{\"statement\": 1, \"objects\": []}'; DELETE FROM retort_version; ALTER TABLE t DROP COLUMN a"
	works upgrade
	[ "$(rows)" = a1 ]
	[ "$(sql "SELECT group_concat(name) FROM pragma_table_info('t')")" = id,a ]
}
