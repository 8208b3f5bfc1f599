#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What changed in the schema file: diff, check, migrate, revision --autogenerate.
# shellcheck disable=SC2154
load helper

setup() {
	begin
	project 'schema = schema.yaml' 'file_template = %(slug)s'
	sqlite3 x.db 'VACUUM'
}

# schema: the desired state, from standard input
schema() { cat >schema.yaml; }

# the revision with this message
written() { cat "migrations/versions/$1.yaml"; }

one() {
	schema <<-'END'
		tables:
		  team:
		    columns:
		      id: {type: bigint, primary_key: true, autoincrement: true}
		      name: {type: string(50), nullable: false, unique: true}
		  account:
		    columns:
		      id: {type: bigint, primary_key: true}
		      email: {type: string(320), nullable: false}
		      team_id: {type: bigint, references: team(id), on_delete: cascade, index: true}
		    check_constraints: {email_given: email <> ''}
	END
	works migrate -m one
	works upgrade
}

@test "migrate writes what a person would: ordered, named, with its way back" {
	one
	diff -u - <(written one | sed 1,5d) <<-'END'
		upgrade:
		  - create_table:
		      name: team
		      columns:
		        id: {type: bigint, nullable: false, autoincrement: true}
		        name: {type: string(50), nullable: false}
		      primary_key: {name: pk_team, columns: [id]}
		      unique_constraints:
		        uq_team_name: [name]
		  - create_table:
		      name: account
		      columns:
		        id: {type: bigint, nullable: false}
		        email: {type: string(320), nullable: false}
		        team_id: bigint
		      primary_key: {name: pk_account, columns: [id]}
		      foreign_keys:
		        fk_account_team_id_team: {columns: [team_id], references: team(id), on_delete: cascade}
		      check_constraints:
		        email_given: email <> ''
		      indexes:
		        ix_account_team_id: [team_id]
		downgrade:
		  # the rows of 'account' are lost
		  - drop_table: account
		  # the rows of 'team' are lost
		  - drop_table: team
	END
}

@test "where nothing differs nothing is written, and that is said" {
	one
	works migrate -m two
	[[ $stderr == *'no file is written'* ]]
	[ ! -e migrations/versions/two.yaml ]
	works check
	works check --from history
	works diff
	[ -z "$output" ]
}

@test "a database that is behind is refused, with what is pending" {
	one
	works revision -m later --rev-id abc123abc123
	refuses 1 "'abc123abc123' is pending" migrate -m two
	refuses 1 "'abc123abc123' is pending" check
	[ ! -e migrations/versions/two.yaml ]
	works check --from history
}

@test "check exits with 3 and names each difference; diff shows it in three ways" {
	one
	sed -i 's/string(50)/string(80)/' schema.yaml
	run -3 --separate-stderr retort check
	[ "$output" = "alter column 'name' of 'team'" ]
	run -3 --separate-stderr retort check --format json
	[ "$(jq -r '.changes[0] | .operation, .table, .name, .detail.type' <<<"$output" | paste -sd' ')" = \
		'alter_column team name string(80)' ]
	works diff
	[ "$output" = '- alter_column: {table: team, name: name, type: string(80)}' ]
	works diff --as sql
	[[ $output == *'string'* || $output == *'VARCHAR(80)'* ]]
	works diff schema db
	[[ $output == *'type: string(50)'* && $output == *'# '*'50 characters'* ]]
	refuses 2 'operations, sql and json' diff --as xml
}

@test "renamed_from makes a rename, and is ignored once it has happened" {
	one
	sed -i 's/^  account:/  person:\n    renamed_from: account/; s/^      email: {/      mail: {renamed_from: email, /; s/email <>/mail <>/' schema.yaml
	works migrate -m two
	[[ $(written two) == *'- rename_table: {name: account, to: person}'*'- rename_column: {table: person, name: email, to: mail}'* ]]
	[[ $(written two) != *drop_table* && $(written two) != *drop_column* ]]
	works upgrade
	works check
	works check --from history
}

@test "what only looks renamed is dropped and added, with a warning and a comment" {
	one
	sed -i 's/^      email: {/      mail: {/; s/email <>/mail <>/' schema.yaml
	works migrate -m two
	[[ $stderr == *"column 'email' of 'account' goes and 'mail' comes"*'renamed_from: email'* ]]
	[[ $(written two) == *"# 'mail' may be 'email' under a new name"* ]]
	[[ $(written two) == *"# the values of 'email' are lost"* ]]
	[[ $(written two) == *'- drop_column: email'* ]]
}

@test "no database at all: from the files, for a dialect" {
	rm x.db
	schema <<<'tables: {a: {columns: {id: {type: bigint, primary_key: true}}}}'
	works revision --autogenerate --from history -m one --dialect postgresql
	works check --from history --dialect mysql
	[ ! -e x.db ]
	refuses 5 'no such database file' migrate -m two
	[[ $stderr == *'history in its place needs none'* ]]
}

@test "what the schema file says by dialect stays so in the revision" {
	schema <<-'END'
		tables:
		  a:
		    columns:
		      id: {type: bigint, primary_key: true}
		      name: {type: {default: text, postgresql: citext}, default: {sqlite: x, default: "y"}}
		      code: {type: string(8), collation: {sqlite: NOCASE, default: null}}
		      key: {type: string(8), collation: {postgresql: C, default: null}}
		      size: {type: integer, check: {sqlite: size > 2, default: size > 1}}
	END
	works migrate -m one
	works upgrade
	sed -i '/  key:/s/string(8)/string(9)/; /  code:/s/NOCASE/RTRIM/' schema.yaml
	cat >>schema.yaml <<-'END'
		      area: {type: integer, check: {sqlite: area > 2, default: area > 1}}
	END
	works migrate -m two
	works upgrade
	works check
	[[ "$(written one)" == *"
        name: {type: {default: text, postgresql: citext}, default: {sqlite: x, default: \"y\"}}
        code: {type: string(8), collation: {sqlite: NOCASE, default: null}}
        key: {type: string(8), collation: {postgresql: C, default: null}}
        size: integer
      primary_key: {name: pk_a, columns: [id]}
      check_constraints:
        ck_a_size: {expression: {sqlite: size > 2, default: size > 1}}
"* ]]
	[[ "$(written two)" == *"
        - alter_column: {name: code, collation: {sqlite: RTRIM, default: null}}
        - alter_column: {name: key, type: string(9)}
        - add_column: {name: area, type: integer}
        - create_check_constraint:
            name: ck_a_area
            expression: {sqlite: area > 2, default: area > 1}
"* ]]
}

@test "tables whose keys go round in a circle" {
	schema <<-'END'
		tables:
		  a: {columns: {id: {type: bigint, primary_key: true}, b: {type: bigint, references: b(id)}}}
		  b: {columns: {id: {type: bigint, primary_key: true}, a: {type: bigint, references: a(id)}}}
	END
	works migrate -m one
	[ "$(written one | grep -c create_foreign_key)" = 1 ]
	works upgrade
	works check
	works downgrade
	[ -z "$(sqlite3 x.db "SELECT name FROM sqlite_master WHERE name IN ('a', 'b')")" ]
}

@test "what is left out by name or told not to count is no difference" {
	one
	sqlite3 x.db 'CREATE TABLE other (id integer)'
	run -3 retort check
	project 'schema = schema.yaml' 'exclude = oth*'
	works check
	project 'schema = schema.yaml' 'include = team, account'
	works check
	sed -i 's/string(50)/string(80)/' schema.yaml
	run -3 retort check
	project 'schema = schema.yaml' 'exclude = other' 'compare_type = false'
	works check
	sed -i 's/string(80),/string(80), default: x,/' schema.yaml
	run -3 retort check
	project 'schema = schema.yaml' 'exclude = other' 'compare_type = false' 'compare_server_default = false'
	works check
}

@test "two databases" {
	one
	sqlite3 y.db 'CREATE TABLE t (a integer)'
	works diff "sqlite:///$PWD/x.db" "sqlite:///$PWD/y.db" --format json
	[ "$(jq -r '.changes[].description' <<<"$output")" = "create table 't'
drop table 'account'
drop table 'team'" ]
}

@test "outside of a project: what is named is enough" {
	rm -r retort.ini migrations x.db
	sqlite3 a.db 'CREATE TABLE t (a integer)'
	sqlite3 b.db 'CREATE TABLE t (a integer, b text)'
	works diff sqlite:///a.db sqlite:///b.db
	[ "$output" = '- add_column: {table: t, name: b, type: text}' ]
	works diff sqlite:///b.db sqlite:///a.db --as sql
	[[ $output == *'ALTER TABLE "t" DROP COLUMN "b";'* ]]
	works inspect sqlite:///b.db
	schema <<<"$output"
	works diff sqlite:///b.db schema.yaml
	[ -z "$output" ]
	works -u sqlite:///a.db diff db schema.yaml
	[[ $output == *'add_column: {table: t, name: b'* ]]
	works diff schema.yaml schema.yaml --dialect mysql
	run -3 retort check --from sqlite:///a.db --to schema.yaml
	[ "$output" = "add column 'b' to 't'" ]
	[ "$(ls)" = $'a.db\nb.db\nschema.yaml' ]
	refuses 1 "no database is named: give -u URL, set DATABASE_URL, or write url = URL in retort.ini" diff
	refuses 1 'cannot tell the desired schema: set `schema` or `schema_command` in retort.ini, or name a file' \
		diff sqlite:///a.db
	refuses 1 "cannot list the revisions in 'migrations/versions': there is no such folder: run 'retort init'" \
		diff history sqlite:///a.db
	refuses 1 'cannot tell for which engine (give --dialect NAME, or a url)' diff schema.yaml schema.yaml
	refuses 2 "no target is called 'x'" diff -t x sqlite:///a.db sqlite:///b.db
}

@test "a file that is read beside the database tells its faults in its turn, or not at all" {
	schema <<<'tables: {a: {columns: {id: {type: integr}}, b: {columns: {id: {typo: integer}}}}'
	refuses 5 'no such database file' diff sqlite:///none.db schema.yaml
	[[ $stderr != *schema.yaml* ]]
	schema < <(
		echo 'tables:'
		printf '  t%d: {columns: {id: {type: integer, primary_key: true}}}\n' {1..2000}
		echo '  u: {columns: {id: integr, id2: {typo: integer}}}'
	)
	refuses 5 'no such database file' diff sqlite:///none.db schema.yaml
	[[ $stderr != *schema.yaml* ]]
	refuses 1 "schema.yaml:2002:21: cannot read type 'integr'" diff
	tells "schema.yaml:2002:35: unknown key 'typo'"
	refuses 1 'missing.yaml: cannot read the file' diff db missing.yaml
	refuses 1 "schema.yaml:2002:21: cannot read type 'integr'" diff schema.yaml schema.yaml --dialect sqlite
}

@test "a program may tell the desired state" {
	project 'schema_command = cat made.yaml'
	echo 'tables: {a: {columns: {id: {type: bigint, primary_key: true}}}}' >made.yaml
	works diff --as json
	[ "$(jq -r '.changes[].description' <<<"$output")" = "create table 'a'" ]
	project "schema_command = echo sqlite:///$PWD/y.db"
	sqlite3 y.db 'CREATE TABLE t (a integer)'
	works diff --as json
	[ "$(jq -r '.changes[].description' <<<"$output")" = "create table 't'" ]
}

@test "usage" {
	refuses 2 'needs -m' migrate
	refuses 2 'they need --autogenerate' revision -m x --from history
	refuses 1 'schema.yaml' migrate -m x
}
