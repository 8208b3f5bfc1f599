#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Installs what the build needs, builds, and runs the worked example migrations/world on SQLite: 14,000 rows
# of real reference data through a history with branches, a merge and real changes of schema.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
build=${BUILD:-$root/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
	bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
fi

say() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
show() {
	printf '%s$ %s%s\n' "$dim" "$*" "$plain"
	"$@"
}

sh "$root/packaging/install-build-deps.sh" iso-codes sqlite3

say "Build"
{
	cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DBUILD_TESTING=OFF &&
		cmake --build "$build" -j "$(nproc)"
} >"$work/log" 2>&1 || {
	cat "$work/log"
	exit 1
}
echo "built: $build/retort"

PATH=$build:$PATH
RETORT_DRIVER_PATH=$build/drivers
DATABASE_URL=sqlite:///$work/world.db
export PATH RETORT_DRIVER_PATH DATABASE_URL
cd "$root/migrations/world"

say "The history of the schema: three lines of work, joined, and what came after"
show retort history

say "One revision: what a person writes"
tail -n +6 versions/04_*.yaml

say "What it becomes on SQLite: the heart of the script that 'retort upgrade 352e0954:b5e53c45 --sql' writes"
retort upgrade 352e0954:b5e53c45 --sql | sed -n '/^CREATE TABLE "_retort_new/,/^CREATE INDEX/p'

say "Move an empty database to the newest revision"
show retort upgrade

say "Where the database stands"
show retort current -v
show retort status

say "A query over the data"
sqlite3 -box "$work/world.db" "
	SELECT o.name AS country, o.subdivisions, count(DISTINCT s.category) AS kinds, min(s.name) AS \"first by name\"
	FROM country_overview AS o JOIN subdivision AS s ON s.country = o.code
	GROUP BY o.code ORDER BY o.subdivisions DESC LIMIT 5"
sqlite3 -box "$work/world.db" "
	SELECT (SELECT count(*) FROM country) AS countries, (SELECT count(*) FROM subdivision) AS subdivisions,
		(SELECT count(*) FROM language) AS languages, (SELECT count(*) FROM script) AS scripts,
		(SELECT count(*) FROM currency) AS currencies"

say "Two steps down, and up again"
show retort downgrade -2
show retort upgrade
show retort current

say "Done. Look around: cd migrations/world, and retort --help"
