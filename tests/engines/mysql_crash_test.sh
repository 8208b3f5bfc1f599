#!/bin/sh
# SPDX-License-Identifier: MIT
# On MariaDB and MySQL, at every call that a run makes of its connection (so at every statement boundary, and between
# each statement and its journal write): the process is killed, the connection is cut so that the answer of the call is
# lost, the server is killed and started again on the same files. Whatever it was, the next `upgrade` ends with the
# schema and the rows of a run that nobody disturbed, and `downgrade` with those of before; so do a downgrade and an
# undo that were cut off themselves.
#	CRASH_POINTS=all   every point (3,800; about an hour on two cores); by default a few of each kind
#	CRASH_ENGINES, CRASH_CASES   only these, e.g. "mysql" and "kill:before:upgrade:9 cut:after:undo:9"
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/mysql_crash.sh"
[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
# What is committed must outlive the server.
MARIADB_SETTINGS='innodb_flush_log_at_trx_commit = 1
innodb_doublewrite = 1'
export MARIADB_SETTINGS MYSQL_SETTINGS="$MARIADB_SETTINGS"
export FAULT_DRIVER="$RETORT_BUILD/drivers/mysql.so"
# How it is cut off, before the call or after it, what is cut off, and at how many points by default. What is left
# before a call is what was left after the one before it, so one of the two is enough for each way.
cases='kill:before:upgrade:3 kill:before:back:3 kill:before:down:1 kill:before:undo:1
	cut:after:upgrade:2 cut:after:back:2 cut:after:down:1 cut:after:undo:1
	stop:after:upgrade:1 stop:after:back:1 stop:after:down:1 stop:after:undo:1'

sound() {
	RETORT_DRIVER_PATH=$RETORT_BUILD/drivers "$RETORT" "$@"
}

faulty() {
	RETORT_DRIVER_PATH=$RETORT_BUILD/tests/faults "$RETORT" "$@"
}

restore() {
	"${engine}_fresh" "$ENGINE_DIR" && mysql_client retort <"$1"
}

save() {
	"$(mariadb_program mariadb-dump)" --no-defaults --socket="$ENGINE_DIR/sock" -u retort retort >"$1"
}

# Notes the calls of a command in a file.
note_calls() {
	rm -f log
	file=$1
	shift
	FAULT_LOG=$PWD/log faulty -q "$@" || { echo "$engine: $* fails undisturbed"; exit 1; }
	mv log "$file"
}

# points FILE HOW MOST: numbers of calls, spread over all of them; another start for each case. A call that only reads
# may fail, but what it leaves is what the one before it left.
points() {
	kinds='^(exec|begin|commit|bulk)$'
	[ "$2" != cut ] || kinds='.'
	offset=$((offset + 1))
	awk -v kinds="$kinds" '$2 ~ kinds { print $1 }' "$1" | awk -v most="$3" -v offset=$offset '
		{ points[NR] = $1 }
		END {
			step = most && most < NR ? NR / most : 1
			for (at = step > 1 ? (offset * 0.37) % 1 * step : 0; at < NR; at += step) print points[int(at) + 1]
		}'
}

bad() {
	failures=$((failures + 1))
	echo "$engine $case: call $point ($(sed -n "${point}p" "$calls")): $1"
	head -n 20 "$2"
}

# Whether the history is locked although no transaction is there: MySQL 8.0.31 wakes up like this now and then, once in
# some hundred times, and fails an assertion of its own when the table is dropped.
is_locked_by_nobody() {
	[ "$(admin 'SELECT count(*) FROM information_schema.INNODB_TRX')" = 0 ] &&
		! admin 'SELECT id FROM retort.retort_history FOR UPDATE NOWAIT' >/dev/null 2>&1
}

# Runs what goes on behind the fault.
go_on() {
	sound "$@" >next 2>&1 && return
	[ "$how" = stop ] && [ "$engine" = mysql ] && is_locked_by_nobody || return 1
	echo "$engine $case: call $point: the history is locked by nobody: the server is started once more"
	kill -9 "$(cat "$ENGINE_DIR/started")"
	mariadb_again "$ENGINE_DIR"
	sound "$@" >next 2>&1
}

# Cuts one run off at $point and lets the next ones go on.
strike() {
	case $what in
	upgrade | back) start=base.sql command='upgrade head' ;;
	down) start=after.sql command='downgrade a000' ;;
	undo) start=half.sql command=downgrade ;;
	esac
	[ "$what-$fresh" = "back-$start" ] || restore "$start"
	fresh=
	# shellcheck disable=SC2086
	FAULT_AT=$point FAULT_HOW=$how FAULT_WHEN=$when FAULT_SERVER=$ENGINE_DIR/started faulty $command >struck 2>&1
	status=$?
	[ "$how" != stop ] || mariadb_again "$ENGINE_DIR"
	[ "$how" != kill ] || [ $status -eq 137 ] || bad "the process wasn't killed: exit $status" struck
	[ "$how" = kill ] || [ $status -eq 5 ] || bad "a lost connection is exit $status, not 5" struck
	[ "$how" = kill ] || grep -q 'connection .* was lost' struck || bad "the loss isn't told" struck
	expected=before
	case $what in
	upgrade)
		expected=after
		go_on upgrade head || bad 'it cannot be resumed' next
		contents >found
		;;
	*)
		if is_partial || [ "$(sound current 2>next)" != a000 ]; then
			go_on downgrade || bad 'it cannot be taken back' next
		fi
		dump >found
		! is_partial || bad 'a step is half done still' next
		;;
	esac
	if ! diff "$expected" found >difference; then
		bad "what it ends with differs from '$expected'" difference
	elif [ $expected = before ] && ! is_partial; then
		fresh=base.sql # where the next one can begin
	fi
}

is_partial() {
	[ "$(admin "SELECT count(*) FROM retort.retort_history WHERE state = 'running'")" != 0 ]
}

# What a run leaves undisturbed, and the calls that it makes.
prepare() {
	write_project "$ENGINE_DIR/project"
	cd "$ENGINE_DIR/project" || exit 1
	"${engine}_fresh" "$ENGINE_DIR"
	sound -q upgrade a000 || exit 1
	dump >before
	save base.sql
	note_calls calls.up upgrade head
	contents >after
	save after.sql
	note_calls calls.down downgrade
	dump >back
	diff before back || { echo "$engine: a downgrade doesn't lead back"; exit 1; }
	# Half done: in the middle of the operation that takes three statements.
	restore base.sql
	at=$(awk '/retort_new_score/ && /UPDATE/ { print $1 }' calls.up)
	FAULT_AT=$at FAULT_HOW=kill FAULT_WHEN=before faulty upgrade head 2>struck
	is_partial || { echo "$engine: it isn't half done:"; cat struck; exit 1; }
	save half.sql
	note_calls calls.undo downgrade
	dump >back
	diff before back || { echo "$engine: an undo doesn't lead back"; exit 1; }
}

failures=0 offset=0 fresh=
for engine in ${CRASH_ENGINES:-mariadb mysql}; do
	engine_load "$engine"
	missing=$("${engine}_available") || { echo "skipped: $engine: $missing"; continue; }
	engine_start "$engine"
	export DATABASE_URL="$ENGINE_URL"
	prepare
	fresh=
	for case in ${CRASH_CASES:-$cases}; do
		how=${case%%:*} most=${case##*:}
		when=${case#*:} when=${when%%:*}
		what=${case#*:*:} what=${what%%:*}
		case $what in
		upgrade | back) calls=calls.up ;;
		*) calls=calls.$what ;;
		esac
		if [ "${CRASH_POINTS:-}" = all ]; then
			most=0
		elif [ "$most" = 0 ]; then
			continue
		fi
		count=0 started=$(date +%s)
		for point in $(points "$calls" "$how" "$most"); do
			strike
			count=$((count + 1))
		done
		echo "$engine $how $when $what: $count of $(wc -l <"$calls") calls, $(($(date +%s) - started)) s, $failures faults so far"
	done
done
[ $failures -eq 0 ]
