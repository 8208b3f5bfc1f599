#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Schemas of SQLite, read and built anew, and the forms in which inspect writes them. Servers: tests/engines.
# shellcheck disable=SC2154,SC2103
load helper

setup() { begin; }

# statements FILE: those of indexes, views and triggers that SQLite keeps. Blanks and the quotes of names have no
# meaning.
statements() {
	sqlite3 -batch "$1" "SELECT replace(sql, char(10), ' ') FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL
		AND tbl_name NOT LIKE 'retort_%' ORDER BY name" | tr -d '][`"\t '
}

# pragmas FILE: what SQLite itself has understood of each table. No type is the same as BLOB, DEFAULT NULL the same
# as none, and the key that is the rowid is never NULL.
pragmas() {
	sqlite3 -batch "$1" "
		SELECT 'table', * FROM pragma_table_list WHERE name NOT LIKE 'retort_%' AND name NOT LIKE 'sqlite_%' ORDER BY 3;
		SELECT 'column', m.name, x.cid, x.name, iif(x.type = '', 'BLOB', x.type), x.\"notnull\" OR (x.pk AND x.type = 'INTEGER'),
			nullif(replace(x.dflt_value, 'X''', 'x'''), 'NULL'), x.pk, x.hidden FROM sqlite_schema m, pragma_table_xinfo(m.name) x
			WHERE m.type <> 'index' AND m.name NOT LIKE 'retort_%' AND m.name NOT LIKE 'sqlite_%' ORDER BY 2, 3;
		SELECT 'key', m.name, x.\"from\", x.\"table\", x.\"to\", x.on_update, x.on_delete, x.seq FROM sqlite_schema m,
			pragma_foreign_key_list(m.name) x WHERE m.type = 'table' ORDER BY 2, 4, 3;
		SELECT 'index', m.name, x.origin, x.\"unique\", x.partial, (SELECT group_concat(coalesce(c.name, '-') || c.\"desc\" || c.coll)
			FROM pragma_index_xinfo(x.name) c WHERE c.key) AS keys FROM sqlite_schema m, pragma_index_list(m.name) x
			WHERE m.type = 'table' AND m.name NOT LIKE 'retort_%' ORDER BY 2, 3, 6"
}

# round_trip: x.db, built anew from its schema file, is the same to SQLite and to retort.
round_trip() {
	works inspect "sqlite:///$PWD/x.db"
	echo "$output" >schema.yaml
	echo "$stderr" >said
	mkdir -p again/migrations/versions
	printf '[retort]\nscript_location = migrations\nurl = sqlite:///%%(here)s/x.db\nschema = ../schema.yaml\n' >again/retort.ini
	cd again || return 1
	works revision --autogenerate --from history -m all --dialect sqlite
	sqlite3 x.db VACUUM
	works upgrade
	works check
	works diff "sqlite:///$PWD/../x.db" "sqlite:///$PWD/x.db"
	[ -z "$output" ] || report
	works diff "sqlite:///$PWD/x.db" "sqlite:///$PWD/../x.db"
	[ -z "$output" ] || report
	works inspect "sqlite:///$PWD/x.db"
	cd .. || return 1
	diff -u <(grep -v '^#' schema.yaml | sort) <(grep -v '^#' <<<"$output" | sort)
	pragmas x.db >one
	pragmas again/x.db >two
	[ "$(wc -l <one)" -gt 20 ]
	diff -u one two
	diff -u <(statements x.db) <(statements again/x.db)
}

@test "what SQLite can hold is read and built anew" {
	sqlite3 x.db <"$RETORT_SOURCE/tests/files/inspect/sqlite.sql"
	round_trip
	sed -n 's/^WARN *\[retort.inspect\] //p' said | LC_ALL=C sort | diff -u "$RETORT_SOURCE/tests/files/inspect/sqlite.said" -
}

@test "Chinook is read and built anew" {
	local file=$RETORT_SOURCE/../shared/corpora/chinook/Chinook_Sqlite_AutoIncrementPKs.sql
	[ -f "$file" ] || skip "there is no $file"
	sed '/^INSERT INTO/,/;[[:space:]]*$/d' "$file" | sqlite3 x.db
	round_trip
}

@test "Sakila is read and built anew" {
	local file=$RETORT_SOURCE/../shared/corpora/sakila/sqlite-sakila-schema.sql
	[ -f "$file" ] || skip "there is no $file"
	sqlite3 x.db <"$file"
	round_trip
}

@test "one page of HTML, complete in itself" {
	sqlite3 x.db <"$RETORT_SOURCE/tests/files/inspect/sqlite.sql"
	works inspect --as html "sqlite:///$PWD/x.db"
	[[ $output == '<!DOCTYPE html>'*'</html>' ]]
	prints 'item_weird'
	prints 'Weird &quot;Table'
	[[ $output != *'src="http'* && $output != *'href="http'* && $output != *'url(http'* ]]
}
