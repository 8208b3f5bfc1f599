#!/bin/sh
# SPDX-License-Identifier: MIT
# 16 processes run `upgrade head` at once on one empty database, several times over: each revision runs
# exactly once, all exit with 0, and nobody is told "database is locked".
set -eu
rounds=${ROUNDS:-5} processes=16 revisions=12
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"
unset RETORT_URL DATABASE_URL RETORT_CONFIG

mkdir -p migrations/versions
printf '[retort]\nscript_location = %%(here)s/migrations\nurl = sqlite:///%%(here)s/x.db\nlock_timeout = 120s\n' >retort.ini
down=null n=1
while [ $n -le $revisions ]; do
	id=$(printf 'rev%02d' $n)
	{
		printf 'revision: %s\ndown_revision: %s\nupgrade:\n' "$id" "$down"
		printf '  - create_table: {name: t%s, columns: {id: {type: integer, primary_key: true, autoincrement: true}, x: text}}\n' $n
		# not bearable twice, and a rebuild every third time
		printf '  - execute: {sql: "INSERT INTO t1 (x) VALUES ('"'%s'"')", reverse: []}\n' "$id"
		[ $((n % 3)) -ne 0 ] ||
			printf '  - alter_column: {table: t%s, name: x, nullable: false}\n' $((n - 1))
	} >"migrations/versions/$id.yaml"
	down=$id n=$((n + 1))
done

# complain TEXT FILE...
complain() {
	echo "round $round: $1"
	shift
	[ $# -eq 0 ] || tail -n +1 "$@"
	exit 1
}

round=1
while [ "$round" -le "$rounds" ]; do
	rm -f x.db* out.* err.* status.*
	n=1
	while [ $n -le $processes ]; do
		{ "$RETORT" upgrade head >out.$n 2>err.$n && echo 0 || echo $?; } >status.$n &
		n=$((n + 1))
	done
	wait
	[ "$(cat status.* | sort -u)" = 0 ] || complain 'not all exit with 0' status.* err.*
	! grep -qi 'locked' err.* || complain 'somebody is told of a locked database' err.*
	n=1
	while [ $n -le $revisions ]; do
		id=$(printf 'rev%02d' $n)
		ran=$(cat err.* | grep -cE "Running upgrade .*-> $id" || true)
		[ "$ran" -eq 1 ] || complain "$id was run $ran times" err.*
		n=$((n + 1))
	done
	[ "$(sqlite3 x.db 'SELECT version_num FROM retort_version')" = "$down" ] || complain 'the version rows are wrong'
	[ "$(sqlite3 x.db "SELECT count(*), count(DISTINCT revision) FROM retort_history WHERE state = 'done'")" = \
		"$revisions|$revisions" ] || complain 'the history is wrong'
	[ "$(sqlite3 x.db 'SELECT count(*), count(DISTINCT x) FROM t1')" = "$revisions|$revisions" ] ||
		complain 'rows are doubled or lost'
	[ "$(sqlite3 x.db 'PRAGMA integrity_check')" = ok ] || complain 'the database is damaged'
	round=$((round + 1))
done
echo "$rounds rounds of $processes processes: each of $revisions revisions ran once, all exited with 0"
