#!/bin/sh
# SPDX-License-Identifier: MIT
# A schema of Oracle's MySQL on PostgreSQL and SQLite: what can't go along was told by name when it was read
# (mysql_inspect_test.sh compares those lines). The rest is built, and found to be what the file says.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/mysql_inspect.sh"
for driver in mysql postgresql sqlite; do
	[ -f "$RETORT_BUILD/drivers/$driver.so" ] || { echo "skipped: a driver isn't built"; exit 77; }
done
engine_start postgresql
postgresql_at=$ENGINE_URL
# shellcheck disable=SC2034
engine=mysql
engine_start mysql
# shellcheck disable=SC1091
. "$engines_home/inspect.sh"
cd "$ENGINE_DIR" || exit 1
echo '[retort]' >retort.ini

# move NAME: the schema of the database NAME on the other engines.
move() {
	read_schema "$1"
	for target in postgresql sqlite; do
		place="project_$1_$target"
		mkdir -p "$place/migrations/versions"
		case $target in
		postgresql) to=$postgresql_at ;;
		*) to=sqlite:///$ENGINE_DIR/$place/x.db && sqlite3 "$place/x.db" VACUUM ;;
		esac
		printf '[retort]\nscript_location = migrations\nurl = %s\nschema = ../%s.yaml\n' "$to" "$1" >"$place/retort.ini"
		(
			cd "$place" || exit 1
			"$RETORT" -q migrate -m all && "$RETORT" -q upgrade && "$RETORT" -q check &&
				"$RETORT" -q inspect >live.yaml && "$RETORT" -q downgrade base
		) >moved 2>&1 || { fault "$1 on $target"; cat moved; }
		count=$(grep -c '^  [^ ].*:$' "$place/live.yaml")
		[ "${count:-0}" -ge 7 ] || fault "$1 on $target has too little"
		rm -rf "$place/migrations"
	done
}

fresh nasty
at nasty <"$RETORT_SOURCE/tests/files/inspect/mysql.sql" || fault 'cannot load nasty'
move nasty
for view in counted_active counted_truth; do
	grep -q "^  $view:" project_nasty_postgresql/live.yaml || fault "the view $view is not on PostgreSQL"
done
grep -q 'counted_on: (active = true)' project_nasty_postgresql/live.yaml || fault 'a check that asks for = 1 is not on PostgreSQL'
if corpus chinook chinook/Chinook_MySql_AutoIncrementPKs.sql; then
	psql -Xq "$postgresql_at" -c 'DROP TABLE IF EXISTS retort_version, retort_history'
	move chinook
	! grep -v 'has the collation' chinook.said || fault 'of Chinook more than collations is lost'
fi
if corpus sakila sakila/mysql-sakila-schema.sql; then
	psql -Xq "$postgresql_at" -c 'DROP TABLE IF EXISTS retort_version, retort_history'
	move sakila
	# all that is lost is told by name
	for name in customer_list film_list staff_list sales_by_store actor_info; do
		grep -q "view '$name' is written for mysql" sakila.said || fault "of Sakila the view $name is lost without a word"
	done
fi
# shellcheck disable=SC2154
exit "$inspect_failed"
