# SPDX-License-Identifier: MIT
# Sourced by the crash tests of MariaDB and MySQL: a project whose last revision is a migration of mixed
# operations, and what a database holds.
# shellcheck shell=sh disable=SC2154

# write_project DIR
write_project() {
	mkdir -p "$1/migrations/versions"
	# shellcheck disable=SC2016
	printf '[retort]\nscript_location = migrations\nurl = ${DATABASE_URL}\nlock_timeout = 30s\nddl_lock_timeout = 10s\n' \
		>"$1/retort.ini"
	awk 'BEGIN { print "id,label"; for (i = 1; i <= 10050; i++) printf "%d,label %d\n", i, i }' \
		>"$1/migrations/versions/tags.csv"
	cat >"$1/migrations/versions/a_base.yaml" <<-'END'
		revision: a000
		down_revision: null
		upgrade:
		  - create_table:
		      name: team
		      columns: {id: {type: bigint, primary_key: true}, name: {type: string(40), unique: true}}
		  - create_table:
		      name: account
		      columns:
		        id: {type: bigint, primary_key: true}
		        team_id: {type: bigint, references: team(id)}
		        email: {type: string(80), nullable: false}
		        score: string(9)
		        state: {type: "enum(new, old)", nullable: false, default: new}
		        unused: integer
		  - create_table: {name: leftover, columns: {id: {type: integer, primary_key: true}}}
		  - create_table: {name: label, columns: {id: {type: bigint, primary_key: true}, label: string(40)}}
		  - insert_rows: {table: label, rows: [{id: 30000, label: before}]}
		  - insert_rows: {table: team, rows: [{id: 1, name: red}, {id: 2, name: blue}]}
		  - execute:
		      sql: |
		        INSERT INTO account (id, team_id, email, score)
		        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
		        SELECT i, 1 + i % 2, concat('a', i, '@example.org'), i FROM n
		      reverse: []
	END
	cat >"$1/migrations/versions/b_mixed.yaml" <<-'END'
		revision: b000
		down_revision: a000
		upgrade:
		  - create_table:
		      name: tag
		      columns:
		        id: {type: bigint, primary_key: true}
		        label: {type: string(40), nullable: false, index: true}
		        account_id: {type: bigint, references: account(id), on_delete: cascade}
		  - insert_rows: {table: label, csv: tags.csv}
		  - update_rows: {table: account, set: {unused: 7}, where: "id > 10", batch: 40, reverse: [{update_rows: {table: account, set: {unused: null}, where: all}}]}
		  - execute:
		      sql: |
		        INSERT INTO team (id, name) VALUES (3, 'green');
		        CREATE TABLE by_hand (a INT PRIMARY KEY);
		        INSERT INTO by_hand VALUES (1), (2)
		      reverse: |
		        DROP TABLE by_hand;
		        DELETE FROM team WHERE id = 3
		  - add_column: {table: account, name: level, type: integer, nullable: false, fill: 3, index: true}
		  - alter_column: {table: account, name: score, type: integer, using: "score + 0", reverse: [{alter_column: {table: account, name: score, type: string(9), using: "concat(score)"}}]}
		  - create_index: {table: account, columns: [email, state], unique: true}
		  - rename_column: {table: account, name: email, to: mail}
		  - rename_table: {name: team, to: crew}
		  - alter_enum: {table: account, column: state, add_value: dead, before: old}
		  - drop_table: leftover
		  - create_view: {name: rich, query: "SELECT id, mail FROM account WHERE level > 2"}
		  - delete_rows: {table: label, where: "id > 10000 AND id < 30000", reverse: [{execute: {sql: "INSERT INTO label (id, label) WITH RECURSIVE n (i) AS (SELECT 10001 UNION ALL SELECT i + 1 FROM n WHERE i < 10050) SELECT i, concat('label ', i) FROM n"}}]}
	END
}

admin() {
	"${engine}_admin" "$ENGINE_DIR" "$1"
}

# The definitions and rows of the database, of all tables but the history.
dump() {
	"$(mariadb_program mariadb-dump)" --no-defaults --socket="$ENGINE_DIR/sock" -u retort --skip-comments \
		--compact --order-by-primary --ignore-table=retort.retort_history --ignore-table=retort.retort_lock \
		retort | sed 's/ AUTO_INCREMENT=[0-9]*//'
}

# What a run leaves: the dump, and that nothing is left half done.
contents() {
	dump
	admin "SELECT revision, direction, state, statements, done, intent IS NULL, error IS NULL
		FROM retort.retort_history WHERE state NOT IN ('failed', 'undone') ORDER BY id"
}

mysql_client() {
	"$(mariadb_program mariadb)" --no-defaults --socket="$ENGINE_DIR/sock" -u retort "$@"
}

# Starts a server that was killed once more, on its own files.
mariadb_again() {
	wait "$(cat "$1/started")" 2>/dev/null
	case $engine in
	mariadb) server=$(mariadb_program mariadbd) ;;
	*) server=$(mysql_home)/bin/mysqld ;;
	esac
	"$server" --defaults-file="$1/my.cnf" >>"$1/log" 2>&1 &
	echo $! >"$1/started"
	engine_wait 60 mariadb_answers "$1"
}
