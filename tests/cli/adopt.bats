#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# adopt: databases that other tools have run so far.
# shellcheck disable=SC2154
load helper

setup() {
	begin
	project
}

# old FILE [SQL]: a database as another tool has left it
old() {
	sqlite3 -bail "$1" "
		CREATE TABLE author (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(40) NOT NULL DEFAULT 'x', born DATE);
		CREATE INDEX ix_name ON author (name);
		CREATE TABLE book (id INTEGER NOT NULL PRIMARY KEY, author_id INTEGER REFERENCES author (id) ON DELETE CASCADE);
		CREATE VIEW famous AS SELECT id, name FROM author WHERE born IS NOT NULL;
		INSERT INTO author (name) VALUES ('Ursula');
		${2:-}"
}

@test "adopt writes a baseline with Alembic's own id, and stamps" {
	old x.db "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL); INSERT INTO alembic_version VALUES ('1975ea83b712')"
	works adopt
	tells 'run by Alembic up to 1975ea83b712 is now at '\''1975ea83b712'\'
	[ "$(rows)" = 1975ea83b712 ]
	grep -q '^revision: "\?1975ea83b712' migrations/versions/*.yaml
	[ "$(sql 'SELECT name FROM author')" = Ursula ]
	[ "$(sql 'SELECT version_num FROM alembic_version')" = 1975ea83b712 ]
	works current --check-heads
	works verify
	works adopt
	tells "is at '1975ea83b712' already: nothing to adopt"
	works --format json adopt
	json '.revision == "1975ea83b712" and .stamped == false and .tool == null'
	works upgrade -u sqlite:///new.db
	sqlite3 new.db 'INSERT INTO author (name) VALUES (1); SELECT * FROM famous'
	works test
}

@test "adopt knows the tools by their tables" {
	tool() {
		rm -rf x.db migrations/versions/*
		old x.db "$3"
		works --format json adopt
		json ".tool == \"$1\" and .tool_version == \"$2\" and .stamped and (.path | endswith(\"baseline.yaml\"))"
		grep -L "$4" migrations/versions/*.yaml | grep -q . || { cat migrations/versions/*.yaml; false; }
	}
	tool Flyway 2.1 "CREATE TABLE flyway_schema_history (installed_rank INT, version TEXT); INSERT INTO flyway_schema_history VALUES (1, '1'), (2, '2.1')" flyway
	tool Liquibase change-2 "CREATE TABLE DATABASECHANGELOG (ID TEXT, ORDEREXECUTED INT); INSERT INTO DATABASECHANGELOG VALUES ('change-1', 1), ('change-2', 2)" CHANGELOG
	tool 'golang-migrate, dbmate or Rails' 20260102 "CREATE TABLE schema_migrations (version TEXT); INSERT INTO schema_migrations VALUES ('20260101'), ('20260102')" schema_migrations
	tool goose 7 "CREATE TABLE goose_db_version (id INT, version_id INT); INSERT INTO goose_db_version VALUES (1, 0), (2, 7)" goose
	tool Django 0002_more "CREATE TABLE django_migrations (id INT, name TEXT); INSERT INTO django_migrations VALUES (1, '0001_initial'), (2, '0002_more')" django
}

@test "adopt takes over a fleet: the others must be equal to the baseline" {
	printf '[target.one]\nurl = sqlite:///one.db\n[target.two]\nurl = sqlite:///two.db\n[target.three]\nurl = sqlite:///three.db\n' >>retort.ini
	old one.db
	old two.db
	old three.db 'ALTER TABLE author ADD COLUMN died DATE'
	run --separate-stderr retort -j 2 -t one -t two -t three adopt -m start
	[ "$status" -ne 0 ] || report
	tells 'before there is a baseline'
	run --separate-stderr retort -t one -t two -t three adopt -m start
	[ "$status" -eq 3 ] || report
	prints "is not what '"
	prints '  column author.died: not expected, found DATE'
	[ "$(find migrations/versions -name '*start.yaml' | wc -l)" -eq 1 ]
	id=$(sqlite3 one.db 'SELECT version_num FROM retort_version')
	[ "$(sqlite3 two.db 'SELECT version_num FROM retort_version')" = "$id" ]
	run sqlite3 three.db 'SELECT version_num FROM retort_version'
	[[ $output == *'no such table'* ]]
	sqlite3 three.db 'ALTER TABLE author DROP COLUMN died'
	works -t three --format json adopt
	json ".revision == \"$id\" and .stamped and .path == null and .target == \"three\""
}

@test "adopt compares with the revision that is named, or that Alembic names" {
	chain
	works upgrade b2
	sql 'DROP TABLE retort_version; DROP TABLE retort_history'
	run --separate-stderr retort adopt
	[ "$status" -eq 3 ] || report
	prints 'table book: not expected, found table'
	refuses 1 "'nowhere'" adopt nowhere
	works adopt b2
	[ "$(rows)" = b2 ]
	sql "DROP TABLE retort_version; DROP TABLE retort_history; CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('b2')"
	works adopt
	[ "$(rows)" = b2 ]
	works upgrade
	[ "$(rows)" = c3 ]
}

@test "adopt refuses what it can't take over" {
	refuses 5 'no such database file' adopt
	sqlite3 x.db 'CREATE TABLE t (x); DROP TABLE t'
	refuses 1 'it holds no table' adopt
	sqlite3 x.db "CREATE TABLE t (x); CREATE TABLE retort_version (version_num VARCHAR(32) NOT NULL); INSERT INTO retort_version VALUES ('zzzz')"
	refuses 1 "its version table holds 'zzzz', which is no revision of the project" adopt
	revision 1_a a1 null </dev/null
	revision 1_b b1 null </dev/null
	sqlite3 x.db 'DROP TABLE retort_version'
	refuses 1 'the project has 2 bases' adopt
	printf '[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///x.db\n' >alembic.ini
	refuses 1 "start a project of retort's own" -c alembic.ini adopt
}
