# SPDX-License-Identifier: MIT
# What the inspection tests of all servers share: a database is read into a schema file, an empty one is built
# from that file, and what the engine's own tools say of both must be the same.
# shellcheck shell=sh disable=SC2154,SC2034
#
# A test sets engine and dialect, starts it, and defines
#	at NAME [PROGRAM OPTIONS...]   feeds standard input to the engine's client in the database NAME
#	dump NAME                      the engine's own dump of that database, without what retort keeps there
#	url NAME                       its URL
#	fresh NAME                     makes it anew, empty
# and has a retort.ini without script_location and url in its working directory.
# All that the dumps may differ in is in dump, a comment each.

: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
inspect_failed=0
corpora=$RETORT_SOURCE/../shared/corpora

fault() {
	echo "$engine: $*"
	inspect_failed=1
}

# same WHAT FILE FILE
same() {
	diff -u "$2" "$3" >"$ENGINE_DIR/differs" || { fault "$1:"; cat "$ENGINE_DIR/differs"; }
}

# read_schema NAME: the database as NAME.yaml, what is said of it in NAME.said.
read_schema() {
	"$RETORT" inspect "$(url "$1")" >"$1.yaml" 2>"$1.said" || { fault "cannot inspect $1"; cat "$1.said"; }
}

# apply_schema FILE NAME: an empty database built from it by a written revision. No database is asked for it.
apply_schema() {
	rm -rf "project_$2"
	mkdir -p "project_$2/migrations/versions"
	{
		cat retort.ini
		printf 'script_location = migrations\nurl = %s\n' "$(url "$2" | sed 's/%/%%/g')"
	} >"project_$2/retort.ini"
	(
		cd "project_$2" || exit 1
		"$RETORT" -q revision --autogenerate --from history --to "../$1" -m all --dialect "$3" >said 2>&1 &&
			"$RETORT" -q upgrade >>said 2>&1
	) || { fault "cannot build $2 from $1"; cat "project_$2/said"; }
}

# nothing_between FROM TO: no difference, in both directions.
nothing_between() {
	for way in "$1 $2" "$2 $1"; do
		# shellcheck disable=SC2086
		"$RETORT" -q diff $way >between 2>&1 || fault "cannot compare $way"
		[ ! -s between ] || { fault "between $way:"; cat between; }
	done
}

# round_trip NAME: the database NAME, built anew as NAME_again, is the same to the engine and to retort.
round_trip() {
	read_schema "$1"
	fresh "$1_again"
	apply_schema "$1.yaml" "$1_again" "$dialect"
	dump "$1" >"$1.dump"
	dump "$1_again" >"$1_again.dump"
	[ "$(grep -ci 'create ' "$1.dump")" -gt 4 ] || fault "the dump of $1 is empty"
	same "$1 and what was built from its schema file" "$1.dump" "$1_again.dump"
	nothing_between "$(url "$1")" "$(url "$1_again")"
	nothing_between "$1.yaml" "$(url "$1_again")"
	read_schema "$1_again"
	for name in "$1" "$1_again"; do grep -v -e "^#" -e '^$' "$name.yaml" | sort >"$name.lines"; done
	same "lines of the schema files of $1" "$1.lines" "$1_again.lines"
}

# warned NAME FILE: all that was said when NAME was read is what the file has, in any order.
warned() {
	sed -n "s/^WARN *\[retort.inspect\] //p" "$1.said" | sed -E 's/postgresql|mariadb|mysql/ENGINE/g' | LC_ALL=C sort >warned
	same "what is said of $1" "$RETORT_SOURCE/tests/files/inspect/$2" warned
}

# corpus NAME FILE: the statements of a file of the corpora that make the schema, in the database NAME, without
# owners and rights, which no schema file has; 1 where the file isn't there.
corpus() {
	if [ ! -f "$corpora/$2" ]; then
		echo "skipped: there is no $corpora/$2"
		return 1
	fi
	fresh "$1"
	sed -E '/^(DROP|CREATE) (DATABASE|SCHEMA)/d; /^USE /d; /^\\c /d; /^INSERT INTO/,/;[[:space:]]*$/d; /OWNER TO/d;
		/^(REVOKE|GRANT|COMMENT ON SCHEMA) /d' "$corpora/$2" |
		at "$1" >loaded 2>&1 || { fault "cannot load $2"; cat loaded; }
}

# undone NAME: what was built as NAME_again goes by the downgrade that was written with it.
undone() {
	(cd "project_$1_again" && "$RETORT" -q downgrade base) >undone 2>&1 || { fault "cannot downgrade $1"; cat undone; }
	dump "$1_again" >"$1_again.dump"
	! grep -i '^create ' "$1_again.dump" || fault "something of $1 is left by its downgrade"
}

# constant_queries: reading 5 tables and reading 200 takes the same number of statements, of which there are few.
# statements, which the test defines, prints how many the server has run so far.
constant_queries() {
	for count in 5 200; do
		fresh counted
		i=0
		while [ "$i" -lt "$count" ]; do
			i=$((i + 1))
			echo "CREATE TABLE t$i (id integer PRIMARY KEY, x varchar(10), y integer REFERENCES t$i (id));"
			echo "CREATE INDEX ix$i ON t$i (x); CREATE VIEW v$i AS SELECT x FROM t$i;"
		done >tables.sql
		at counted <tables.sql || fault "cannot make $count tables"
		before=$(statements)
		"$RETORT" -q inspect "$(url counted)" >counted.yaml 2>counted.said || fault "cannot inspect $count tables"
		after=$(statements)
		[ "$(grep -c '^  t[0-9]*:$' counted.yaml)" -eq "$count" ] || fault "not all of $count tables are in the schema file"
		echo $((after - before)) >"queries.$count"
	done
	echo "$engine: $(cat queries.5) statements for 5 tables, $(cat queries.200) for 200"
	[ "$(cat queries.5)" -gt 3 ] || fault 'the statements are not counted'
	[ "$(cat queries.5)" -lt 60 ] || fault 'these are too many'
	same 'statements for 5 and 200 tables' queries.5 queries.200
}
