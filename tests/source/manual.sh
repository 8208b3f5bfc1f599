#!/bin/sh
# SPDX-License-Identifier: MIT
# The manuals are complete, well-formed and true: every name that the program knows is in them, they fit into 80
# columns, name no page that isn't there, and every example that a comment marks as complete is run. The marks, in
# front of a block:
#   ; complete: operations          under `upgrade` of a revision that follows those before it on the page
#   ; complete: revision            a whole revision file
#   ; complete: file NAME           lies beside the page's revisions
#   ; complete: retort.ini          a configuration (also alembic.ini)
#   ; complete: refused [retort.ini]  what must not load
#   ; complete: messages            what was just said about that; FILE stands for the file's path, and an indented
#                                   line goes on with the one before it
#   ; complete: output ARGUMENTS    what retort prints
#   ; complete: shell               commands for an empty folder
#   ; complete: c                   a program that embeds the library, run beside a project, or a driver
set -u
source=${RETORT_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}
man=$source/packaging/man
command -v scdoc >/dev/null || { echo "skipped: no scdoc"; exit 77; }
[ -n "${RETORT:-}" ] || { echo "skipped: no retort"; exit 77; }
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
unset DATABASE_URL RETORT_URL RETORT_CONFIG
export LC_ALL=C.UTF-8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fault() {
	echo "$*"
	failed=1
}

# ---- the pages ----

# format NAME SOURCE: a page as people see it, without a warning.
format() {
	if ! sh "$man/page.sh" <"$2" >"$work/$1" 2>"$work/said" || [ -s "$work/said" ]; then
		fault "$1: $(cat "$work/said")"
		return 1
	fi
	# shellcheck disable=SC2013
	for other in $(grep -oE '\*(lib)?retort[a-z.-]*\*\([1-8]\)' "$2" | sed 's/\*//g; s/(\(.\))/.\1/' | sort -u); do
		about=${other#retort-}
		[ -e "$man/$other.scd" ] || [ -e "$man/commands/${about%.1}.txt" ] || fault "$1: there is no page $other"
	done
	command -v man >/dev/null && command -v groff >/dev/null || return 0
	lexgrog "$work/$1" >/dev/null || fault "$1: apropos can't read its name line"
	said=$(MANWIDTH=80 man -l --warnings -E UTF-8 "$work/$1" 2>&1 >"$work/text")
	[ -z "$said" ] || fault "$1: $said"
	[ "$(wc -L <"$work/text")" -le 80 ] || fault "$1: lines of more than 80 columns: $(grep -E '^.{81}' "$work/text")"
	said=$(grep -E '[a-z]‐$' "$work/text")
	[ -z "$said" ] || fault "$1: hyphenated: $said"
}

for page in "$man"/*.scd; do
	name=$(basename "$page" .scd)
	format "$name" "$page" || continue
	lost=$(awk '$0 == "```" { inside = !inside } inside { gsub(/\\\\/, "") } inside && /\\/ { print FILENAME ":" FNR }' "$page")
	[ -z "$lost" ] || fault "$lost: a backslash in an example is written twice, or it is lost"
	grep -q '^# EXAMPLES$' "$page" || fault "$name: it has no EXAMPLES"
done

# ---- what they must mention ----

# mention PAGE WORD: in bold, alone or with what belongs to it.
mention() {
	grep -qE "\*$2(\*|=)" "$man/$1.scd" || fault "$1: '$2' is missing"
}

at_least() {
	[ "$1" -ge "$2" ] || fault "only $1 $3 were found: has the way to find them changed?"
}

keys=$(sed -n 's/^[[:space:]]*{\.name = "\([a-z_]*\)".*/\1/p' "$source/core/script/config_keys.c")
at_least "$(echo "$keys" | wc -l)" 35 "keys of retort.ini"
for key in $keys; do
	mention retort.ini.5 "$key"
done

commands=$("$RETORT" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
at_least "$(echo "$commands" | wc -l)" 15 commands
for command in $commands; do
	mention retort.1 "$command"
	"$RETORT" "$command" --help | sed -n '/^Options of every command/,$d; s/^ \{1,\}\(-[a-z], \)\{0,1\}\(--[a-z-]*\).*/\1\2/p' |
		tr -d ',' | tr ' ' '\n' >"$work/options.$command"
	"$RETORT" "$command" --help | grep -oE -- '^ +(-[a-z], )?--[a-z-]+' | grep -oE -- '-[a-z]\b|--[a-z-]+'
done | sort -u >"$work/options"
at_least "$(wc -l <"$work/options")" 30 options
while read -r option; do
	mention retort.1 "$option"
done <"$work/options"

sed -n 's/.*getenv("\([A-Z_]*\)").*/\1/p' "$source"/core/*/*.c | sort -u >"$work/variables"
at_least "$(wc -l <"$work/variables")" 8 "variables of the environment"
while read -r variable; do
	case $variable in RETORT_SCRIPT_LOCATION) continue ;; esac # a key
	mention retort.1 "$variable"
done <"$work/variables"

sed -n 's/.*{"\([a-z_]*\)", set_.*/\1/p' "$source/drivers/sqlite/open.c" >"$work/parameters"
at_least "$(wc -l <"$work/parameters")" 3 "parameters of sqlite URLs"
while read -r parameter; do
	mention retort-sqlite.7 "$parameter"
done <"$work/parameters"

sed -n 's/^[[:space:]]*{"\([a-z_]*\)", [A-Z_]*, [A-Z_0-9]*},$/\1/p' "$source/drivers/mysql/open.c" >"$work/parameters"
at_least "$(wc -l <"$work/parameters")" 20 "parameters of mysql URLs"
while read -r parameter; do
	mention retort-mysql.7 "$parameter"
done <"$work/parameters"

sed -n 's/^[[:space:]]*{"\([a-z_]*\)", "\([a-z]*\)"},$/\1 \2/p' "$source/drivers/postgresql/open.c" | grep -E '^(unix|ssl)' >"$work/parameters"
at_least "$(wc -l <"$work/parameters")" 4 "second names of parameters of postgresql URLs"
while read -r parameter keyword; do
	mention retort-postgresql.7 "$parameter"
	mention retort-postgresql.7 "$keyword"
done <"$work/parameters"

# Every key of every operation stands in the paragraph of the operation, every other somewhere on the page.
(cd "$work" && mkdir schemas && cd schemas && "$RETORT" init >/dev/null) || fault "retort init failed"
python3 - "$work/schemas/migrations" "$man" <<'PYTHON' || failed=1
import json, re, sys

schema = json.load(open(sys.argv[1] + "/revision.schema.json"))
schema_file = json.load(open(sys.argv[1] + "/schema.schema.json"))
page = open(sys.argv[2] + "/retort-migration.5.scd").read()
schema_page = open(sys.argv[2] + "/retort-schema.5.scd").read()
bold = set(re.findall(r"\*([a-z_]+)\*", page))
paragraphs = {}
for head, body in re.findall(r"^(\*[a-z_].*)\n((?:\t.*\n|\n(?=\t))+)", page, re.M):
	for word in re.findall(r"\*([a-z_]+)\*", head):
		paragraphs[word] = paragraphs.get(word, "") + head + body
faults = []


def properties(node):
	"""Of the object that a value may be, without those of what it holds."""
	found = set(node.get("properties", {}))
	for part in node.get("allOf", []) + node.get("anyOf", []) + node.get("oneOf", []):
		found |= properties(part)
	return found


def everything(node):
	found = set()
	if isinstance(node, dict):
		if isinstance(node.get("properties"), dict):
			found |= set(node["properties"])
		for value in node.values():
			found |= everything(value)
	elif isinstance(node, list):
		for value in node:
			found |= everything(value)
	return found


def common():
	return {name[4:] for name in schema["definitions"] if name.startswith("any_")}


operations = {name: node for name, node in schema["definitions"]["operation"]["properties"].items()
	if name not in common()}
column = properties(schema["definitions"]["column"])
if len(operations) < 45 or len(column) < 20:
	faults.append("only %d operations and %d keys of columns were found" % (len(operations), len(column)))
for key in sorted(everything(schema) | common()):
	if key not in bold and key not in paragraphs:
		faults.append("retort-migration.5: '%s' is missing" % key)
for name, node in operations.items():
	keys = properties(node) - common()
	if name == "add_column":
		keys -= column
	if name == "alter_column":
		keys -= {"length", "precision", "scale", "unsigned", "values", "items"}
	for key in sorted(keys):
		if "*%s*" % key not in paragraphs.get(name, ""):
			faults.append("retort-migration.5: '%s' of %s is missing" % (key, name))
sections = set(schema_file["properties"])
if len(sections) < 11:
	faults.append("only %d sections of schema files were found" % len(sections))
for key in sorted(sections | everything(schema_file) - everything(schema)):
	if "*%s*" % key not in schema_page:
		faults.append("retort-schema.5: '%s' is missing" % key)
print("\n".join(faults), end="\n" if faults else "")
sys.exit(bool(faults))
PYTHON

# ---- the examples ----

if ! "$RETORT" types --dialect sqlite >/dev/null 2>&1; then
	[ $failed = 0 ] || exit 1
	echo "skipped: no driver for sqlite, which the examples need"
	exit 77
fi

# project FOLDER: a configuration and a folder for revisions.
project() {
	mkdir -p "$1/migrations/versions"
	printf '[retort]\nurl = sqlite:///%%(here)s/example.db\n' >"$1/retort.ini"
}

# expect FOLDER ARGUMENTS...: retort in a folder, which must succeed.
expect() {
	where=$1
	shift
	(cd "$where" && "$RETORT" "$@" >said 2>&1) || fault "$example: retort $*: $(cat "$where/said")"
}

# add FOLDER TEXT: operations as the revision after those that are there.
add() {
	last=$(find "$1/migrations/versions" -name '*.yaml' | wc -l)
	{
		echo "revision: r$((last + 1))"
		if [ "$last" -gt 0 ]; then echo "down_revision: r$last"; else echo "down_revision: null"; fi
		echo "message: $example"
		echo "upgrade:"
		sed 's/^/  /' "$2"
	} >"$1/migrations/versions/r$((last + 1)).yaml"
	expect "$1" upgrade
}

run_example() {
	case $kind in
	operations) add "$chain" "$text" ;;
	file\ *) cp "$text" "$chain/migrations/versions/${kind#file }" ;;
	revision)
		project "$own"
		cp "$text" "$own/migrations/versions/example.yaml"
		expect "$own" history
		expect "$own" upgrade --sql --dialect sqlite
		expect "$own" upgrade
		expect "$own" downgrade base
		expect "$own" upgrade --dry-run ;;
	retort.ini)
		project "$own"
		cp "$text" "$own/retort.ini"
		printf 'revision: x\ndown_revision: null\nupgrade:\n  - create_table: {name: t, columns: {a: integer}}\n' \
			>"$own/migrations/versions/x.yaml"
		all=$(grep -q '^\[target' "$text" && echo --all)
		(export DATABASE_URL="sqlite:///$own/example.db" && expect "$own" ${all:+"$all"} upgrade &&
			expect "$own" ${all:+"$all"} current --check-heads &&
			expect "$own" ${all:+"$all"} downgrade --allow destructive) || failed=1 ;;
	alembic.ini)
		project "$own"
		rm "$own/retort.ini"
		cp "$text" "$own/alembic.ini"
		printf '"""first"""\nrevision = "a1"\ndown_revision = None\n' >"$own/migrations/versions/a1.py"
		expect "$own" history
		expect "$own" -u sqlite:///example.db stamp head
		expect "$own" -u sqlite:///example.db current --check-heads ;;
	refused*)
		project "$own"
		file=migrations/versions/example.yaml
		case $kind in *retort.ini) file=retort.ini ;; esac
		cp "$text" "$own/$file"
		(cd "$own" && "$RETORT" upgrade 2>said >/dev/null) && fault "$example: it was not refused"
		sed "s|^$file:|FILE:|" "$own/said" | sort >"$work/messages" ;;
	messages)
		awk '/^ / { sub(/^ +/, " "); held = held $0; next }
			NR > 1 { print held }
			{ held = $0 }
			END { print held }' "$text" | sort | diff - "$work/messages" || fault "$example: the messages are others" ;;
	output\ *)
		(cd "$own" && eval "\"\$RETORT\" ${kind#output }") | diff "$text" - ||
			fault "$example: the output is another" ;;
	shell)
		mkdir -p "$work/bin"
		ln -sf "$RETORT" "$work/bin/retort"
		(cd "$own" && PATH=$work/bin:$PATH && export PATH && sh -eu "$text" >said 2>&1 </dev/null) ||
			fault "$example: $(cat "$own/said")" ;;
	c) run_c ;;
	*) fault "$example: no such kind of example: '$kind'" ;;
	esac
}

# A C program is run where a revision waits; what has no main is a driver.
run_c() {
	project "$own"
	printf 'revision: x\ndown_revision: null\nupgrade:\n  - create_table: {name: t, columns: {a: integer}}\n' \
		>"$own/migrations/versions/x.yaml"
	cp "$text" "$own/example.c"
	shared=
	grep -q '^int main' "$text" || shared='-shared -fPIC'
	libraries=$(grep -q 'sqlite3.h' "$text" && echo -lsqlite3)
	# shellcheck disable=SC2086
	"${CC:-cc}" -std=c99 -Wall -Wextra -Wpedantic -Werror ${RETORT_SANITIZE:+-fsanitize=$RETORT_SANITIZE} $shared \
		-I "$source/include" -o "$own/example.so" "$own/example.c" "$RETORT_LIBRARY" $libraries >"$own/said" 2>&1 ||
		{ fault "$example: $(cat "$own/said")"; return; }
	if [ -n "$shared" ]; then
		expect "$own" --driver-path "$own" -u "toy:///$own/toy.db" upgrade
		expect "$own" --driver-path "$own" -u "toy:///$own/toy.db" current --check-heads
		expect "$own" --driver-path "$own" -u "toy:///$own/toy.db" downgrade base
	else
		(cd "$own" && LD_LIBRARY_PATH=${RETORT_LIBRARY%/*} ./example.so >said 2>&1) ||
			fault "$example: $(cat "$own/said")"
		expect "$own" current --check-heads
	fi
}

# The page of each command: it is well-formed, and its examples run where two revisions wait.
for command in $commands; do
	example="the page of $command"
	if ! sh "$man/command-page.sh" "$command" >"$work/page.scd" 2>"$work/said"; then
		fault "$example: $(cat "$work/said")"
		continue
	fi
	format "retort-$command.1" "$work/page.scd" || continue
	while read -r option; do
		grep -qF -- "*$option*" "$work/page.scd" || fault "$example: $option is missing"
	done <"$work/options.$command"
	own=$work/pages/$command
	kind=shell text=$man/commands/$command.txt
	[ "$command" = init ] || project "$own"
	mkdir -p "$own"
	for id in a1 b2; do
		[ "$command" = init ] || printf 'revision: %s\ndown_revision: %s\nmessage: create %s\nupgrade:\n  - create_table: %s\n' \
			$id "$([ $id = a1 ] && echo null || echo a1)" $id "{name: t$id, columns: {id: integer}}" \
			>"$own/migrations/versions/$id.yaml"
	done
	run_example
done

for page in "$man"/*.scd; do
	name=$(basename "$page" .scd)
	case $name in # of a driver that may not be built
	retort-postgresql.7 | retort-mysql.7)
		driver=${name#retort-}
		"$RETORT" types --dialect "${driver%.7}" >/dev/null 2>&1 || { echo "$name: no driver, no examples"; continue; } ;;
	esac
	folder=$work/examples/$name
	chain=$folder/chain
	project "$chain"
	awk -v folder="$folder" -v begin='; complete: ' -v scdoc=1 -f "$source/tests/source/blocks.awk" "$page"
	count=0
	for about in "$folder"/*.kind; do
		[ -e "$about" ] || continue
		count=$((count + 1))
		text=${about%.kind}
		own=$text.d
		mkdir -p "$own"
		kind=$(cat "$about")
		example="$name, example $count"
		run_example
	done
	[ "$count" -gt 0 ] || fault "$name: no example is marked as complete"
	example="$name, all operations"
	if [ -e "$chain/migrations/versions/r1.yaml" ]; then
		expect "$chain" downgrade base
		expect "$chain" upgrade
	fi
done
exit $failed
