#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Bad input gets a clear error and changes nothing: neither a file nor a database.
# shellcheck disable=SC2154
load helper

setup() { begin; }

teardown() {
	[ -z "${mounted-}" ] || umount "$mounted"
}

# a project whose database stands at c3
standing() {
	project
	chain
	works -q upgrade
}

# a fourth revision with these lines as its operations; the first stands in line 5
fourth() { revision 04_d4 d4 c3 <<<"upgrade:"$'\n'"$1"; }

# refuses_file PLACE TEXT: upgrade fails at migrations/versions/PLACE, saying TEXT
refuses_file() {
	refuses 1 "migrations/versions/$1" upgrade
	tells "$2"
}

# nobody COMMAND...: runs as a user without rights

# ---- configuration ----

@test "configuration: missing" {
	refuses 1 retort.ini upgrade
	tells 'retort init'
	refuses 1 nowhere.ini upgrade -c nowhere.ini
	tells 'cannot find'
	RETORT_CONFIG=gone.ini refuses 1 gone.ini upgrade
}

@test "configuration: unreadable, a folder" {
	mkdir folder.ini
	refuses 1 folder.ini upgrade -c folder.ini
	needs_nobody
	project
	open_to_all
	chmod 0600 retort.ini
	run --separate-stderr nobody upgrade
	[ "$status" -eq 1 ] || report
	tells 'permission denied'
}

@test "configuration: empty, without its section" {
	: >retort.ini
	refuses 1 retort.ini upgrade
	tells '[retort]'
	echo '; only a comment' >retort.ini
	refuses 1 '[retort]' upgrade
}

@test "configuration: unknown key, with the near one and its line" {
	project 'transactoin = all'
	refuses 1 "retort.ini:4: " upgrade
	tells "'transactoin'"
	tells "did you mean 'transaction'"
	project 'colour = red'
	refuses 1 "retort.ini:4: " upgrade
	tells "'colour'"
}

@test "configuration: a line that is none, a value that can't be, a key twice" {
	project 'what is this'
	refuses 1 'retort.ini:4' upgrade
	project 'transaction = sometimes'
	refuses 1 'retort.ini:4' upgrade
	tells sometimes
	project 'lock_timeout = soon'
	refuses 1 'retort.ini:4' upgrade
	project 'url = sqlite:///y.db'
	refuses 1 'retort.ini:4' upgrade
}

@test "configuration: all faults are listed" {
	project 'transaction = sometimes' 'colour = red'
	refuses 1 'retort.ini:4' upgrade
	tells 'retort.ini:5'
}

@test "configuration: a variable of the environment that is not set" {
	# shellcheck disable=SC2016
	printf '[retort]\nscript_location = migrations\nurl = ${NOT_SET_ANYWHERE}\n' >retort.ini
	mkdir -p migrations/versions
	refuses 1 'retort.ini:3: NOT_SET_ANYWHERE is not set' upgrade
}

@test "configuration: no URL at all says how to give one" {
	printf '[retort]\nscript_location = migrations\n' >retort.ini
	mkdir -p migrations/versions
	refuses 1 url upgrade
	tells DATABASE_URL
}

@test "configuration: no script folder" {
	project
	rm -r migrations
	refuses 1 migrations heads
}

# ---- URLs ----

@test "URL: not one at all" {
	standing
	for url in '' x.db 'sqlite' '://x' 'sqlite:/x y' $'sqlite:///a\nb'; do
		run --separate-stderr retort current -u "$url"
		[ "$status" -eq 1 ] || [ "$status" -eq 2 ] || { echo "$url"; report; }
		[ -n "$stderr" ]
	done
}

@test "URL: a scheme without driver lists those that are installed" {
	standing
	refuses 1 "'oracle'" current -u oracle://localhost/x
	tells sqlite
	mkdir only && cp "$RETORT_DRIVER_PATH/sqlite.so" only
	RETORT_DRIVER_PATH=$PWD/only refuses 1 retort-driver-postgresql current -u postgresql://localhost/x
	tells sqlite
	refuses 1 sqlite current -u sqlit:///x.db
}

@test "URL: an unknown parameter" {
	standing
	refuses 1 "'colour'" current -u 'sqlite:///x.db?colour=red'
}

# ---- YAML ----

@test "YAML: tabs in indentation" {
	standing
	fourth $'  - add_column:\n\t\ttable: author'
	refuses_file 04_d4.yaml:6 tab
}

@test "YAML: duplicate keys, in the head and in the body" {
	standing
	fourth '  - add_column: {table: author, name: x, type: integer, name: y}'
	refuses_file 04_d4.yaml:5 "'name'"
	revision 04_d4 d4 c3 'message: again' </dev/null
	refuses 1 04_d4.yaml:4 heads
	tells "'message'"
}

@test "YAML: bad UTF-8" {
	standing
	fourth $'  - execute: {sql: "SELECT \'\xff\xfe\'", reverse: []}'
	refuses_file 04_d4.yaml:5 UTF-8
}

@test "YAML: a NUL" {
	standing
	fourth '  - execute: {sql: SELECT @, reverse: []}'
	sed -i 's/@/\x00/' migrations/versions/04_d4.yaml
	refuses_file 04_d4.yaml:5 'zero byte'
}

@test "YAML: a file of 100 MB" {
	standing
	{
		printf 'revision: d4\ndown_revision: c3\nupgrade: []\n# '
		head -c 100M /dev/zero | tr '\0' x
	} >migrations/versions/04_d4.yaml
	refuses 1 04_d4.yaml upgrade
	tells 'migrations/versions/04_d4.yaml: cannot read the file: it is longer than'
}

@test "YAML: 10,000 levels of nesting, of either style" {
	standing
	{
		printf 'revision: d4\ndown_revision: c3\nupgrade: '
		printf '[%.0s' $(seq 10000)
		printf ']%.0s' $(seq 10000)
	} >migrations/versions/04_d4.yaml
	refuses_file 04_d4.yaml:3 deep
	{
		printf 'revision: d4\ndown_revision: c3\nupgrade:\n'
		awk 'BEGIN { for (i = 1; i <= 10000; i++) { printf "- "; } print "x" }'
	} >migrations/versions/04_d4.yaml
	refuses_file 04_d4.yaml:4 deep
}

@test "YAML: aliases, anchors, tags, a second document" {
	standing
	fourth $'  - execute: &x SELECT 1\n  - execute: *x'
	refuses_file 04_d4.yaml:5 anchor
	tells alias
	fourth '  - execute: !!str SELECT 1'
	refuses_file 04_d4.yaml:5 tag
	printf 'revision: d4\ndown_revision: c3\nupgrade: []\n---\nrevision: e5\n' >migrations/versions/04_d4.yaml
	refuses_file 04_d4.yaml document
}

@test "YAML: SQL that ' #' cuts" {
	standing
	fourth $'  - execute: SELECT \'a #b\'\n'
	refuses_file 04_d4.yaml:5 'write it as a block with |'
}

@test "YAML: SQL folded over a -- comment" {
	standing
	fourth $'  - execute: >\n      SELECT 1 -- one\n      + 1'
	refuses_file 04_d4.yaml: 'write it as a block with |'
	fourth $'  - execute: SELECT 1 -- one\n      + 1'
	refuses_file 04_d4.yaml: 'write it as a block with |'
	fourth $'  - execute:\n      sql: |\n        SELECT 1 -- one\n        + 1\n      reverse: []'
	works upgrade
}

@test "YAML: where YAML itself gives up in SQL, the message says to quote" {
	standing
	# shellcheck disable=SC2016
	for value in '`a` = 1' '%x' '@x' "'a' || b"; do
		fourth "  - create_check_constraint: {table: author, name: c, expression: $value}"
		refuses_file 04_d4.yaml:5 'quote the whole value, or write it as a block with |'
	done
}

@test "YAML: SQL that does not balance" {
	standing
	fourth '  - create_check_constraint: {table: author, name: c, expression: "(length(name) > 1"}'
	refuses_file 04_d4.yaml:5 'parenthes'
	fourth "  - execute: \"SELECT 'x\""
	refuses_file 04_d4.yaml:5 quote
}

@test "YAML: a BOM is skipped" {
	standing
	fourth '  - add_column: {table: author, name: x, type: integer}'
	sed -i '1s/^/\xef\xbb\xbf/' migrations/versions/04_d4.yaml
	works upgrade
}

@test "a file: missing keys, not a map, empty" {
	standing
	printf 'down_revision: c3\nupgrade: []\n' >migrations/versions/04_d4.yaml
	refuses 1 04_d4.yaml heads
	tells "'revision'"
	printf 'revision: d4\nupgrade: []\n' >migrations/versions/04_d4.yaml
	refuses 1 04_d4.yaml heads
	tells "'down_revision'"
	printf 'revision: d4\ndown_revision: c3\n' >migrations/versions/04_d4.yaml
	refuses_file 04_d4.yaml "'upgrade'"
	: >migrations/versions/04_d4.yaml
	refuses 1 04_d4.yaml heads
	echo '[a, b]' >migrations/versions/04_d4.yaml
	refuses 1 04_d4.yaml:1 heads
	printf 'revision: d4\ndown_revision: c3\nupgrade: []\ndowngrad: []\n' >migrations/versions/04_d4.yaml
	refuses_file 04_d4.yaml:4 "did you mean 'downgrade'"
}

@test "a file that can't be read" {
	needs_nobody
	standing
	open_to_all
	chmod 0600 migrations/versions/02_b2.yaml
	run --separate-stderr nobody heads
	[ "$status" -eq 1 ] || report
	tells 02_b2.yaml
	tells 'permission denied'
}

# ---- operations ----

@test "an unknown operation, key, type, option value: place and near word" {
	standing
	fourth '  - create_tabel: {name: x, columns: {a: integer}}'
	refuses_file 04_d4.yaml:5:5 "'create_tabel'"
	tells "did you mean 'create_table'"
	fourth '  - add_column: {table: author, nmae: x, type: integer}'
	refuses_file 04_d4.yaml:5:33 "'nmae'"
	tells "did you mean 'name'"
	fourth '  - add_column: {table: author, name: x, type: integr}'
	refuses_file 04_d4.yaml:5:48 "'integr'"
	tells "did you mean 'integer'"
	fourth '  - add_column: {table: author, name: x, type: numeric(12,2)}'
	refuses_file 04_d4.yaml:5 quote
	fourth '  - add_column: {table: author, name: x}'
	refuses_file 04_d4.yaml:5 "'type'"
	fourth '  - add_column: [author, x]'
	refuses_file 04_d4.yaml:5 'map'
	fourth '  - create_table: {name: x, columns: {a: integer}, sqlite: {stritc: true}}'
	refuses 1 04_d4.yaml:5:5 upgrade
	tells "'stritc'"
	tells "did you mean 'strict'?"
	fourth '  - create_table: {name: x, columns: {a: integer}, sqlite: {strict: maybe}}'
	refuses 1 "'strict' of sqlite must be true or false, found 'maybe'" upgrade
}

@test "all faults of a file are listed" {
	standing
	fourth $'  - create_tabel: {name: x}\n  - add_column: {table: author, nmae: x, type: integer}\n  - drop_table: []'
	refuses_file 04_d4.yaml:5 create_tabel
	tells 04_d4.yaml:6
	tells 04_d4.yaml:7
}

@test "a default that is no value of its type" {
	standing
	fourth '  - add_column: {table: author, name: x, type: integer, default: many}'
	refuses_file 04_d4.yaml:5 "'many'"
	fourth '  - add_column: {table: author, name: x, type: timestamp, default: now()}'
	refuses_file 04_d4.yaml:5 '{function: now}'
}

@test "a function default that gives no value of the column's type" {
	standing
	while IFS='|' read -r type function; do
		fourth "  - add_column: {table: author, name: x, type: \"$type\", default: {function: $function}}"
		column=$((61 + ${#type}))
		refuses_file "04_d4.yaml:5:$column" "{function: $function} gives no value of type $type: it is for"
	done <<-'END'
		integer|now
		boolean|now
		json|now
		uuid|now
		timestamp|today
		string(9)|today
		char|today
		bigint|uuid
		char(35)|uuid
		blob|uuid
	END
	for right in timestamp:now datetime:now 'time(0):now' date:now 'string(40):now' text:now \
		date:today 'string(10)':today text:today uuid:uuid 'char(36):uuid' 'string(36):uuid' text:uuid; do
		fourth "  - add_column: {table: author, name: x, type: \"${right%:*}\", default: {function: ${right#*:}}}"
		works upgrade --sql c3:d4
	done
	fourth '  - add_column: {table: author, name: x, type: integer, default: {sqlite: {function: now}, default: 1}}'
	refuses_file 04_d4.yaml:5:75 'no value of type integer'
	fourth '  - add_column: {table: author, name: x, type: {default: integer, sqlite: TEXT}, default: {sqlite: {function: now}, default: 1}}'
	works upgrade --sql c3:d4
	# where the type is that of a column which is there
	fourth '  - alter_column: {table: book, name: author, default: {function: now}}'
	refuses 1 '04_d4.yaml:5:5' upgrade
	tells 'no value of type integer'
	fourth '  - update_rows: {table: book, set: {author: {function: now}}, where: all, reverse: []}'
	refuses 1 '04_d4.yaml:5:5' upgrade
	tells 'no value of type integer'
}

@test "very much of anything: told in part, and soon" {
	standing
	# each of these took minutes where time grew with the square
	{
		printf 'revision: d4\ndown_revision: c3\nupgrade:\n  - create_table: {name: t, columns: {a: "enum('
		seq -s, 100000 | tr -d '\n'
		printf ')"}}\n'
	} >migrations/versions/04_d4.yaml
	run --separate-stderr timeout 60 "$RETORT" upgrade --sql c3:d4
	[ "$status" -eq 0 ]
	fourth '  - insert_rows: {table: author, csv: t.csv, reverse: []}'
	seq -s, 50000 >migrations/versions/t.csv
	run --separate-stderr timeout 60 "$RETORT" upgrade
	[ "$status" -eq 1 ]
	tells "t.csv:1: '1' is no column of 'author'"
	cp retort.ini kept.ini
	seq -f 'k%.0f = 1' 50000 >>retort.ini
	run --separate-stderr timeout 60 "$RETORT" upgrade
	[ "$status" -eq 1 ]
	[ "$(wc -l <<<"$stderr")" -eq 1000 ]
	mv kept.ini retort.ini
	{
		printf 'revision: d4\ndown_revision: c3\nupgrade:\n'
		yes '  - drop_tabel: t' | head -n 50000
	} >migrations/versions/04_d4.yaml
	run --separate-stderr timeout 60 "$RETORT" upgrade
	[ "$status" -eq 1 ]
	[ "$(wc -l <<<"$stderr")" -eq 500 ]
}

@test "a statement that failed is shown without what acts on a terminal, and not to the end of the world" {
	standing
	fourth "  - execute: {sql: \"SELECT '\\e[31m' FROM nowhere WHERE a = '$(printf %05000d 0)'\", reverse: []}"
	run --separate-stderr retort upgrade
	[ "$status" -eq 1 ] || report
	tells "statement: SELECT '\x1b[31m' FROM nowhere"
	tells '... (50'
	[ "${#stderr}" -lt 4000 ] || report
}

@test "a near miss of a dialect" {
	standing
	fourth '  - execute: {sql: {postgres: SELECT 1, default: null}, reverse: []}'
	refuses_file 04_d4.yaml:5 "'postgresql'"
	fourth '  - execute: {sql: {mysql: SELECT 1}, reverse: []}'
	refuses_file 04_d4.yaml:5 sqlite
	fourth '  - execute: {postgres: SELECT 1, reverse: []}'
	refuses_file 04_d4.yaml:5:15 "unknown key 'postgres' in execute: write sql: {postgresql: ...}"
	silent missing
	fourth '  - execute: {mysql: SELECT 1}'
	refuses_file 04_d4.yaml:5:15 'write sql: {mysql: ...}'
	fourth '  - create_view: {name: v, sqlite: SELECT 1}'
	refuses_file 04_d4.yaml:5:28 'write query: {sqlite: ...}'
}

@test "a table that does not exist at that revision" {
	standing
	fourth '  - add_column: {table: reader, name: x, type: integer}'
	refuses_file 04_d4.yaml:5 "'reader'"
	fourth $'  - drop_table: book\n  - add_column: {table: book, name: x, type: integer}'
	refuses_file 04_d4.yaml:6 "'book'"
	fourth '  - add_column: {table: autor, name: x, type: integer}'
	refuses_file 04_d4.yaml:5 "'autor'"
	fourth '  - create_table: {name: x, columns: {id: {type: integer, references: reader(id)}}}'
	refuses_file 04_d4.yaml:5 "'reader'"
}

@test "an unknown column; a name that is taken" {
	standing
	fourth '  - drop_column: {table: author, name: nmae}'
	refuses_file 04_d4.yaml:5 "did you mean 'name'"
	fourth '  - create_index: {table: author, columns: [nothing]}'
	refuses_file 04_d4.yaml:5 "'nothing'"
	fourth '  - add_column: {table: author, name: born, type: date}'
	refuses_file 04_d4.yaml:5 "'born'"
	fourth '  - create_table: {name: author, columns: {id: integer}}'
	refuses_file 04_d4.yaml:5 "'author'"
}

@test "what the engine can't have is told before anything runs" {
	standing
	revision 04_d4 d4 c3 <<<$'upgrade:\n  - create_table: {name: first, columns: {id: integer}}'
	revision 05_e5 e5 d4 <<<$'upgrade:\n  - create_sequence: {name: s}\n  - add_column: {table: author, name: x, type: interval}'
	refuses 1 'sqlite has no sequences' upgrade
	tells 05_e5.yaml:5
	tells 05_e5.yaml:6
	run ! sql 'SELECT * FROM first'
}

@test "files that an operation names and that are not there" {
	standing
	fourth '  - insert_rows: {table: author, csv: gone.csv}'
	refuses_file 04_d4.yaml:5 gone.csv
	fourth '  - execute: {file: gone.sql, reverse: []}'
	refuses_file 04_d4.yaml:5 gone.sql
}

@test "an undeclared variable" {
	standing
	# shellcheck disable=SC2016
	fourth '  - execute: {sql: "SELECT ${colour}", reverse: []}'
	refuses_file 04_d4.yaml:5 "'colour'"
	# shellcheck disable=SC2016
	fourth "  - execute: {sql: \"SELECT '\$\${colour}'\", reverse: []}"
	works upgrade
}

@test "transaction control in execute" {
	standing
	fourth '  - execute: {sql: "COMMIT; CREATE TABLE y (a)", reverse: []}'
	refuses_file 04_d4.yaml:5 COMMIT
}

# ---- the graph: told by every command, the listings too ----

# refuses_all TEXT: each command that reads the graph
refuses_all() {
	local text=$1
	for command in heads history branches 'show b2' current upgrade 'downgrade -1' 'stamp b2' status 'revision -m x' \
		'merge heads -m x'; do
		# shellcheck disable=SC2086
		refuses 1 "$text" $command
	done
}

@test "graph: a cycle" {
	standing
	revision 01_a1 a1 c3 </dev/null
	refuses_all cycle
	tells 01_a1.yaml
	tells 03_c3.yaml
	revision 01_a1 a1 a1 </dev/null
	refuses 1 a1 heads
}

@test "graph: a cycle by dependencies" {
	standing
	revision 04_d4 d4 c3 'depends_on: [e5]' </dev/null
	revision 05_e5 e5 d4 </dev/null
	refuses 1 cycle heads
}

@test "graph: a missing parent or dependency" {
	standing
	revision 04_d4 d4 gone </dev/null
	refuses_all "'gone'"
	tells 04_d4.yaml
	revision 04_d4 d4 c3 'depends_on: [vanished]' </dev/null
	refuses 1 "'vanished'" heads
}

@test "graph: an id twice names both files" {
	standing
	revision 04_again b2 a1 </dev/null
	refuses_all "'b2'"
	tells 02_b2.yaml
	tells 04_again.yaml
}

@test "graph: a label twice, a label that is an id" {
	standing
	revision 04_d4 d4 c3 'branch_labels: [shop]' </dev/null
	revision 05_e5 e5 c3 'branch_labels: [shop]' </dev/null
	refuses 1 "'shop'" heads
	tells 04_d4.yaml
	tells 05_e5.yaml
	rm migrations/versions/05_e5.yaml
	revision 04_d4 d4 c3 'branch_labels: [a1]' </dev/null
	refuses 1 "'a1'" heads
}

@test "graph: an id too long, an id with signs of the grammar" {
	standing
	revision 04_d4 123456789012345678901234567890123 c3 </dev/null
	refuses 1 04_d4.yaml heads
	tells 32
	revision 04_d4 'a@b' c3 </dev/null
	refuses 1 "'a@b'" heads
}

@test "graph: two heads" {
	standing
	revision 04_d4 d4 c3 </dev/null
	revision 05_e5 e5 c3 </dev/null
	refuses 1 heads upgrade
	tells d4
	tells e5
	refuses 1 heads stamp
	refuses 1 heads revision -m x
}

# ---- the database ----

@test "database: a file that can't be written" {
	needs_nobody
	standing
	revision 04_d4 d4 c3 </dev/null
	open_to_all
	chmod 0644 x.db
	before=$(snapshot)
	run --separate-stderr nobody upgrade
	[ "$status" -ne 0 ] || report
	tells x.db
	[[ $stderr == *readonly* || $stderr == *read-only* || $stderr == *'ermission denied'* ]] || report
	[ "$before" = "$(snapshot)" ]
	run --separate-stderr nobody current
	[ "$status" -eq 0 ] || report
	output_is <<<c3
}

@test "database: a folder that can't be written" {
	needs_nobody
	standing
	revision 04_d4 d4 c3 </dev/null
	open_to_all
	chmod a+w x.db
	before=$(snapshot)
	run --separate-stderr nobody upgrade
	[ "$status" -ne 0 ] || report
	tells x.db
	[ "$before" = "$(snapshot)" ]
	run --separate-stderr nobody upgrade -u "sqlite:///$PWD/new.db"
	[ "$status" -eq 5 ] || report
	tells new.db
	[ ! -e new.db ]
}

@test "database: the disk is full" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root to mount a tmpfs'
	project
	chain
	mkdir small
	mount -t tmpfs -o size=256k tmpfs small 2>/dev/null || skip 'mount of a tmpfs is not allowed here'
	mounted=$PWD/small
	works -u "sqlite:///$PWD/small/x.db" upgrade
	before=$(dump small/x.db)
	fourth $'  - create_table: {name: big, columns: {x: blob}}
  - execute:
      sql: |
        WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000)
        INSERT INTO big SELECT randomblob(4000) FROM c
      reverse: []'
	run --separate-stderr retort -u "sqlite:///$PWD/small/x.db" upgrade
	[ "$status" -eq 1 ] || report
	[[ $stderr == *full* || $stderr == *'no room'* ]] || report
	tells 'rolled back'
	[ "$before" = "$(dump small/x.db)" ]
	[ "$(sqlite3 small/x.db 'PRAGMA integrity_check')" = ok ]
	fourth '  - add_column: {table: author, name: x, type: integer}'
	works -u "sqlite:///$PWD/small/x.db" upgrade
}

@test "database: a file that is none" {
	project
	chain
	echo 'this is a letter to my aunt and by no means a database' >x.db
	for command in upgrade current status downgrade stamp 'history -i' ensure-version 'upgrade --dry-run'; do
		before=$(snapshot)
		# shellcheck disable=SC2086
		run --separate-stderr retort $command
		[ "$status" -eq 1 ] || [ "$status" -eq 5 ] || { echo "$command"; report; }
		tells x.db
		[[ $stderr == *'not a '*database* ]] || report
		[ "$before" = "$(snapshot)" ]
	done
	rm x.db
	mkdir x.db
	refuses 5 x.db upgrade
}

@test "database: one that another program has locked" {
	standing
	revision 04_d4 d4 c3 </dev/null
	sed -i 's/^url.*/&\nlock_timeout = 300ms/' retort.ini
	before=$(dump x.db)
	mkfifo go
	sqlite3 -batch x.db <go >locked 2>&1 &
	locker=$!
	exec 7>go
	printf 'BEGIN IMMEDIATE;\nSELECT 1;\n' >&7
	for _ in $(seq 100); do
		[ -s locked ] && break
		sleep 0.02
	done
	run --separate-stderr retort upgrade
	[ "$status" -eq 4 ] || { exec 7>&-; report; }
	tells 'waiting for another writer of'
	tells x.db
	silent 'database is locked'
	run --separate-stderr retort current
	[ "$status" -eq 0 ] || { exec 7>&-; report; }
	output_is <<<c3
	exec 7>&-
	wait "$locker"
	[ "$before" = "$(dump x.db)" ]
	works upgrade
	[ "$(rows)" = d4 ]
}

@test "database: it waits for the other program, and then goes on" {
	standing
	revision 04_d4 d4 c3 </dev/null
	mkfifo go
	sqlite3 -batch x.db <go >locked 2>&1 &
	exec 7>go
	printf 'BEGIN IMMEDIATE;\nSELECT 1;\n' >&7
	for _ in $(seq 100); do
		[ -s locked ] && break
		sleep 0.02
	done
	retort upgrade 2>err 7>&- &
	upgrade=$!
	sleep 0.5
	exec 7>&-
	wait "$upgrade"
	[ "$(rows)" = d4 ]
}

@test "database: a missing file is not made where nothing can be run" {
	project
	chain
	refuses 1 "'nonsense'" upgrade nonsense
	refuses 1 "'nonsense'" stamp nonsense
	fourth '  - add_column: {table: reader, name: x, type: integer}'
	refuses 1 "'reader'" upgrade
}

@test "database: an id that no file has" {
	standing
	rm migrations/versions/03_c3.yaml
	for command in upgrade downgrade current status 'stamp b2' 'history -i' 'upgrade --dry-run'; do
		# shellcheck disable=SC2086
		refuses 1 "'c3'" $command
		tells 'stamp --purge'
	done
	works stamp --purge b2
	[ "$(rows)" = b2 ]
	works heads
}

@test "database: rows of which one implies another" {
	standing
	sql "INSERT INTO retort_version VALUES ('a1')"
	refuses 1 a1 upgrade
	refuses 1 a1 downgrade
}

@test "a file that changed after it was applied is told, and the upgrade goes on" {
	standing
	sed -i 's/string(80)/string(99)/' migrations/versions/02_b2.yaml
	revision 04_d4 d4 c3 <<<$'upgrade:\n  - add_column: {table: author, name: x, type: integer}'
	works upgrade
	tells WARN
	tells b2
	[ "$(rows)" = d4 ]
}
