#!/bin/sh
# SPDX-License-Identifier: MIT
# Two runs of one upgrade whose steps are journalled: the second is stopped while it looks, the first gets into the
# middle of a step, the second looks on, the first ends, and the second goes on with what it saw. Both must succeed,
# and everything be done once.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}"
command -v sqlite3 >/dev/null || { echo "skipped: there is no sqlite3"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1
export FAULT_DRIVER="$RETORT_BUILD/drivers/sqlite.so" RETORT_DRIVER_PATH="$RETORT_BUILD/tests/faults"
failures=0 pairs=0

mkdir -p migrations/versions
printf '[retort]\nscript_location = migrations\nurl = sqlite:///x.db\n' >retort.ini
for n in 1 2; do
	cat >migrations/versions/$n.yaml <<-END
		revision: r$n
		down_revision: $([ $n = 1 ] && echo null || echo r1)
		transaction: none
		upgrade:
		  - create_table: {name: one$n, columns: {id: {type: integer, primary_key: true}}}
		  - create_table: {name: two$n, columns: {id: {type: integer, primary_key: true}}}
		  - insert_rows: {table: one$n, rows: [{id: $n}]}
	END
done

# paused PID: waits until a process has stopped; fails where it ends or doesn't stop within 0.3 seconds.
paused() {
	for _ in $(seq 60); do
		read -r line 2>/dev/null <"/proc/$1/stat" || return 1
		case ${line##*)} in
		' T'*) return 0 ;;
		' Z'*) return 1 ;;
		esac
		sleep 0.005
	done
	return 1
}

# start AT FILE: an upgrade that stops before a call
start() {
	FAULT_AT=$1 FAULT_HOW=pause "$RETORT" -q upgrade head >"$2" 2>&1 &
}

# fault FILE
fault() {
	failures=$((failures + 1))
	echo "the second before its calls $before and $after, between them the first up to call $first:"
	cat "$1"
}

# ended PID FILE: lets a process go on, and the second one where it stops only now: it may be in the way.
ended() {
	while read -r line 2>/dev/null <"/proc/$1/stat" && case ${line##*)} in ' Z'*) false ;; esac; do
		kill -CONT "$1" ${late:+"$late"} 2>/dev/null
		sleep 0.005
	done
	wait "$1" && return
	fault "$2"
}

"$RETORT" -q ensure-version && cp x.db empty.db && "$RETORT" -q upgrade head || { echo "it fails undisturbed"; exit 1; }
contents='.dump one1 two1 one2 two2 retort_version'
sqlite3 x.db "$contents" >expected

# What the first does between two looks of the second: it begins with r1, and it ends.
for before in 3 4; do
	for first in 28 37; do
		for after in $(seq $((before + 1)) $((before + 6))); do
			cp empty.db x.db
			late='' pairs=$((pairs + 1))
			start "$before $after" two.said
			two=$!
			paused $two || { echo "the second doesn't stop before call $before"; exit 1; }
			start $first one.said
			one=$!
			paused $one || { echo "the first doesn't stop before call $first"; exit 1; }
			kill -CONT $two
			sleep 0.01
			paused $two || late=$two
			ended $one one.said
			ended $two two.said
			sqlite3 x.db "$contents" >found
			diff expected found >difference || fault difference
		done
	done
done
echo "$pairs runs, $failures faults"
[ $failures -eq 0 ]
