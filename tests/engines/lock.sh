# SPDX-License-Identifier: MIT
# What the tests of locks share, whatever the engine: sourced after engines.sh. They work in a folder of their
# own below ENGINE_DIR.
# shellcheck shell=sh disable=SC2154

: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
PATH=${RETORT_ENGINE_PATH:+$RETORT_ENGINE_PATH:}$PATH

# lock_project INSERT: a revision that makes the table t, and nine more; each runs INSERT with its number for NUMBER.
lock_project() {
	mkdir -p "$ENGINE_DIR/project/migrations/versions" && cd "$ENGINE_DIR/project" || exit 1
	# shellcheck disable=SC2016
	printf '[retort]\nscript_location = migrations\nurl = ${DATABASE_URL}\nlock_timeout = 60s\n' >retort.ini
	down=null
	for n in 0 1 2 3 4 5 6 7 8 9; do
		{
			printf 'revision: a00%s\ndown_revision: %s\nupgrade:\n' "$n" "$down"
			[ "$n" -gt 0 ] || echo '  - create_table: {name: t, columns: {id: {type: bigint, primary_key: true, autoincrement: true}, a: integer}}'
			echo "  - execute: $(echo "$1" | sed "s/NUMBER/$n/")"
			echo 'downgrade: {irreversible: it is a test}'
		} >"migrations/versions/a00${n}_step.yaml"
		down=a00$n
	done
}

# lock_revision ID DOWN OPERATION: one more.
lock_revision() {
	printf 'revision: %s\ndown_revision: %s\nupgrade:\n  - %s\ndowngrade: {irreversible: it is a test}\n' \
		"$1" "$2" "$3" >"migrations/versions/$1_step.yaml"
}

lock_fail() {
	echo "$1"
	shift
	for file in "$@"; do
		sed "s/^/$file: /" "$file"
	done
	exit 1
}

# lock_start NAME COMMAND...: in the background; lock_end NAME STATUS: waits for its end, which must be so.
lock_start() {
	rm -f "$1.status"
	(
		name=$1
		shift
		"$@" >"$name.out" 2>&1
		echo $? >"$name.status"
	) &
}

lock_end() {
	engine_wait "${3:-60}" test -s "$1.status" || lock_fail "$1 doesn't end:" "$1.out"
	[ "$(cat "$1.status")" = "$2" ] || lock_fail "$1 ended with $(cat "$1.status"), not $2:" "$1.out"
}

# lock_said FILE PATTERN
lock_said() {
	grep -qE "$2" "$1" || lock_fail "there is no '$2' in" "$1"
}

# lock_together URL...: sixteen upgrades at once, over these URLs by turns.
lock_together() {
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		url=$1
		shift
		set -- "$@" "$url"
		lock_start "together$n" env DATABASE_URL="$url" "$RETORT" upgrade head
	done
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		lock_end "together$n" 0 90
	done
	grep -q 'waiting for the lock held by .* pid [0-9]' together*.out || lock_fail "nobody says for whom he waits"
}

# lock_rows WANTED FOUND
lock_rows() {
	[ "$1" = "$2" ] || lock_fail "the rows are $2, not $1"
}
