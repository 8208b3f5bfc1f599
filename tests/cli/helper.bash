# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# What all suites of the command line share. Each test has an empty working directory of its own and no
# variable of the environment that would tell retort anything.
bats_require_minimum_version 1.5.0

# Must be called by each suite's setup.
begin() {
	local name
	for name in $(compgen -e); do
		case $name in
		RETORT | RETORT_DRIVER_PATH | RETORT_SOURCE | RETORT_BUILD | RETORT_DATADIR | RETORT_SANITIZE) ;;
		RETORT_* | DATABASE_URL | VISUAL | EDITOR | ALEMBIC_CONFIG | NO_COLOR) unset "$name" ;;
		esac
	done
	export LC_ALL=C.UTF-8 HOME=$BATS_TEST_TMPDIR
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return 1
}

retort() { "$RETORT" "$@"; }

# ---- projects ----

# project [LINE...]: retort.ini for the database x.db, with further lines for [retort].
project() {
	mkdir -p migrations/versions
	{
		printf '[retort]\nscript_location = %%(here)s/migrations\nurl = sqlite:///%%(here)s/x.db\n'
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >retort.ini
}

# revision FILE ID DOWN [KEY: VALUE...]: a revision file; its lists come from standard input, or are empty
# with </dev/null. DOWN is as in the file: null, an id, [a, b].
revision() {
	local file=migrations/versions/$1.yaml id=$2 down=$3 body
	shift 3
	body=$(cat)
	{
		printf 'revision: %s\ndown_revision: %s\nmessage: %s\n' "$id" "$down" "doc $id"
		[ $# -eq 0 ] || printf '%s\n' "$@"
		printf '%s\n' "${body:-upgrade: []}"
	} >"$file"
}

# Three tables in a row: a1, b2, c3. Six lines stand in front of the first operation of each file.
chain() {
	revision 01_a1 a1 null <<-'END'
		upgrade:
		  - create_table:
		      name: author
		      columns:
		        id:   {type: integer, primary_key: true, autoincrement: true}
		        name: {type: string(40), nullable: false}
		downgrade: auto
	END
	revision 02_b2 b2 a1 <<-'END'
		upgrade:
		  - create_table:
		      name: book
		      columns:
		        id:     {type: integer, primary_key: true, autoincrement: true}
		        author: {type: integer, references: author(id), on_delete: cascade, nullable: false}
		        title:  {type: string(80), nullable: false}
		downgrade: auto
	END
	revision 03_c3 c3 b2 <<-'END'
		upgrade:
		  - add_column: {table: author, name: born, type: date}
		  - insert_rows: {table: author, columns: [id, name, born], rows: [[1, Ursula, 1929-10-21], [2, Jürgen, null]]}
		downgrade: auto
	END
}

# The graph of the manual's samples: a branch point with two labelled lines, and a root that depends on another.
forest() {
	revision 1_a aaaa1111 null 'create_date: 2026-11-21T22:00:00Z' </dev/null
	revision 2_b bbbb2222 aaaa1111 'create_date: 2026-11-21T22:10:00Z' </dev/null
	revision 3_c1 cccc1111 bbbb2222 'branch_labels: [left]' 'create_date: 2026-11-21T22:20:00Z' </dev/null
	revision 4_c2 cccc2222 bbbb2222 'branch_labels: [right]' </dev/null
	revision 5_d dddd1111 null 'branch_labels: [other]' 'depends_on: [aaaa1111]' </dev/null
}

# ---- what is asserted ----

# All of the working directory, bytes and names and modes.
snapshot() {
	find . -printf '%P %y %m %l\n' | sort
	find . -type f -readable -print0 | sort -z | xargs -0 -r sha256sum
}

# shows what the last run gave, for failing tests
report() {
	printf 'status: %s\nstdout:\n%s\nstderr:\n%s\n' "$status" "$output" "$stderr"
	return 1
}

# works ARGUMENT...: retort must exit with 0. Its streams are in $output and $stderr.
works() {
	run --separate-stderr retort "$@"
	[ "$status" -eq 0 ] || { echo "retort $*"; report; }
}

# finds TEXT: the last run said it, on standard error or output
finds() { [[ $output$'\n'$stderr == *"$1"* ]] || { echo "it does not say: $1"; report; }; }
# tells TEXT: on standard error
tells() { [[ $stderr == *"$1"* ]] || { echo "standard error has not: $1"; report; }; }
# prints TEXT: on standard output
prints() { [[ $output == *"$1"* ]] || { echo "standard output has not: $1"; report; }; }
silent() { [[ $stderr != *"$1"* ]] || { echo "standard error has: $1"; report; }; }

# output_is: standard output is what standard input holds
output_is() {
	local expected
	expected=$(cat)
	[ "$output" = "$expected" ] || { diff -u <(echo "$expected") <(echo "$output"); report; }
}

# refuses STATUS TEXT ARGUMENT...: retort must exit with STATUS, say TEXT (of an error) on standard error,
# print nothing on standard output, no control character anywhere, and change nothing in the working directory.
refuses() {
	local expected=$1 text=$2 before
	shift 2
	before=$(snapshot)
	run --separate-stderr retort "$@"
	[ "$status" -eq "$expected" ] || { echo "retort $*: expected status $expected"; report; }
	[ -z "$output" ] || { echo "retort $*: expected nothing on standard output"; report; }
	tells "$text"
	[[ $stderr != *[$'\x01'-$'\x08\x0b'-$'\x1f\x7f']* ]] || { echo "control characters are echoed"; report; }
	[ "$before" = "$(snapshot)" ] || { diff <(echo "$before") <(snapshot); report; }
}

sql() { sqlite3 -batch x.db "$@"; }
rows() { sql 'SELECT version_num FROM retort_version ORDER BY 1' | tr '\n' ' ' | sed 's/ $//'; }
tables() { sql "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1" | tr '\n' ' ' | sed 's/ $//'; }
# json FILTER: of the last run's standard output; must be true
json() { jq -e "$1" >/dev/null <<<"$output" || { echo "not so: $1"; report; }; }
# events FILTER: the same over the array of all lines
events() { jq -s -e "$1" >/dev/null <<<"$output" || { echo "not so: $1"; report; }; }
# dump FILE: schema and rows without the history, whose times differ
dump() { sqlite3 -batch "$1" .dump | grep -v 'retort_history'; }

# ---- rights ----

# nobody ARGUMENT...: retort run by a user without rights
nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$RETORT" "$@"; }
# skips where that is not possible; the working directory is then readable for all
needs_nobody() {
	[ "$(id -u)" -eq 0 ] || skip 'needs root to become somebody else'
	open_to_all
	nobody --version >/dev/null 2>&1 || skip 'the program is not readable for everybody'
}
open_to_all() {
	local folder=$PWD
	chmod -R a+rX .
	while [ "$folder" != / ] && [ "$folder" != /tmp ]; do
		chmod a+x "$folder"
		folder=$(dirname "$folder")
	done
}
