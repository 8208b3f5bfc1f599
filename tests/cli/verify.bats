#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# verify: files that were edited, a schema that was changed by hand.
# shellcheck disable=SC2154
load helper

setup() {
	begin
	project
}

# Objects of every kind, applied.
shop() {
	revision 01_a1 a1 null <<-'END'
		upgrade:
		  - create_table:
		      name: account
		      columns:
		        id:      {type: integer, primary_key: true, autoincrement: true}
		        email:   {type: string(320), nullable: false}
		        state:   {type: string(10), default: new, nullable: false}
		        balance: {type: "numeric(12,2)", default: 0}
		      check_constraints: {balance_positive: balance >= 0}
		      indexes: {ix_email: [email]}
		  - create_table:
		      name: payment
		      columns:
		        id:         {type: integer, primary_key: true, autoincrement: true}
		        account_id: {type: integer, references: account(id), on_delete: cascade}
		  - create_view: {name: active, query: "SELECT id, email FROM account WHERE state = 'active'"}
		  - create_trigger: {name: keep, table: account, body: "BEFORE DELETE ON account BEGIN SELECT RAISE(ABORT, 'kept'); END"}
		downgrade: auto
	END
	works upgrade
}

# drifts TEXT...: verify exits with 3 and finds exactly this, in this order. What it prints with --as sql brings
# the schema back.
drifts() {
	run --separate-stderr retort -q verify
	[ "$status" -eq 3 ] || report
	[ "$(sed '/^$/,$d' <<<"$output")" = "$(printf '%s\n' "$@")" ] || report
	prints $'\nwhat brings the schema back:\n'
	run --separate-stderr retort -q verify --as sql
	[ "$status" -eq 3 ] || report
	[ "$(sed -n '1p' <<<"$output")" = "-- $1" ] || report
	sqlite3 -bail x.db <<<"$output"
	works verify
}

# rewrite OLD NEW [TABLE]: the stored definition of a table, changed behind everybody's back
rewrite() {
	sql "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '$1', '$2') WHERE name = '${3:-account}'"
	[ "$(sql "SELECT count(*) FROM sqlite_schema WHERE instr(sql, '$2')")" -gt 0 ]
}

@test "verify finds nothing right after an upgrade, and says where it stands" {
	shop
	works verify
	[ -z "$output" ]
	tells 'as they were applied'
	works --format json verify
	json '.revisions == ["a1"] and .changed == [] and .drift == [] and .target == null'
	works downgrade base
	works verify
}

@test "verify writes nothing" {
	shop
	before=$(snapshot)
	works verify
	[ "$before" = "$(snapshot)" ]
	sql 'ALTER TABLE account ADD x'
	before=$(snapshot)
	run retort verify
	[ "$status" -eq 3 ]
	[ "$before" = "$(snapshot)" ]
}

@test "verify names a column of another type" {
	shop
	rewrite 'VARCHAR(320)' 'VARCHAR(100)'
	cp x.db kept.db
	drifts 'column account.email: type: expected VARCHAR(320), found VARCHAR(100)'
	mv kept.db x.db
	run retort --format json verify
	json '.drift == [{object: "column account.email", property: "type", expected: "VARCHAR(320)", found: "VARCHAR(100)"}]'
	json '.repair | map([.operation, .table, .name, .detail.type]) == [["alter_column", "account", "email", "string(320)"]]'
	run --separate-stderr retort -q verify
	prints '- alter_column: {table: account, name: email, type: string(320)}'
}

@test "verify names a column with another default, and one that became nullable" {
	shop
	rewrite "DEFAULT ''new''" "DEFAULT ''old''"
	rewrite 'VARCHAR(320) NOT NULL' 'VARCHAR(320)'
	drifts 'column account.email: nullable: expected false, found true' \
		"column account.state: default: expected {expression: 'new'}, found {expression: 'old'}"
}

@test "verify names an added column, a missing view and a missing trigger" {
	shop
	sql 'ALTER TABLE account ADD COLUMN nick TEXT; DROP VIEW active; DROP TRIGGER keep'
	run --separate-stderr retort -q verify
	[ "$status" -eq 3 ] || report
	prints 'column account.nick: not expected, found TEXT'
	prints 'view active: missing, expected SELECT id, email'
	prints 'trigger keep: missing'
}

@test "verify names a missing index, and one on other columns" {
	shop
	sql 'DROP INDEX ix_email'
	drifts 'index ix_email of account: missing, expected (email)'
	sql 'DROP INDEX ix_email; CREATE INDEX ix_email ON account (state, email)'
	drifts 'index ix_email of account: definition: expected (email), found (state, email)'
	sql 'CREATE UNIQUE INDEX more ON account (email)'
	drifts 'index more of account: not expected, found unique (email)'
}

@test "verify names an extra table, and one that is gone" {
	shop
	sql 'CREATE TABLE extra (x); DROP TABLE payment'
	drifts 'table payment: missing, expected table' 'table extra: not expected, found table'
}

@test "verify names a changed view and trigger" {
	shop
	sql "DROP VIEW active; CREATE VIEW active AS SELECT id FROM account"
	drifts "view active: definition: expected SELECT id, email FROM account WHERE state = 'active', found SELECT id FROM account"
}

@test "verify names a changed check and foreign key" {
	shop
	rewrite 'balance >= 0' 'balance > 0'
	rewrite 'ON DELETE CASCADE' 'ON DELETE RESTRICT' payment
	run --separate-stderr retort -q verify
	[ "$status" -eq 3 ] || report
	prints 'constraint balance_positive of account: definition: expected check (balance >= 0), found check (balance > 0)'
	prints 'of payment: definition: expected foreign key (account_id) references account (id) on delete cascade, found foreign key (account_id) references account (id) on delete restrict'
}

@test "verify names every edited file and its revision; --accept records it as it is" {
	chain
	works upgrade
	sed -i 's/string(40)/string(41)/' migrations/versions/01_a1.yaml
	sed -i 's/Ursula/Ursel/' migrations/versions/03_c3.yaml
	run --separate-stderr retort -q verify
	[ "$status" -eq 3 ] || report
	prints "migrations/versions/01_a1.yaml: not what was applied as 'a1'"
	prints "migrations/versions/03_c3.yaml: not what was applied as 'c3'"
	prints 'column author.name: type: expected VARCHAR(41), found VARCHAR(40)'
	run --separate-stderr retort -q --format json verify
	json '.changed == [{revision: "a1", file: "migrations/versions/01_a1.yaml"}, {revision: "c3", file: "migrations/versions/03_c3.yaml"}]'
	run --separate-stderr retort verify --accept c3
	[ "$status" -eq 3 ] || report
	tells "03_c3.yaml: recorded as what was applied as 'c3'"
	[[ $output != *c3* ]] || report
	sed -i 's/string(41)/string(40)/' migrations/versions/01_a1.yaml
	works verify
	works verify --accept c3
	tells 'nothing to accept'
	works downgrade base
}

@test "verify tells a comment in a file from a change" {
	chain
	works upgrade
	sed -i '1i # a comment' migrations/versions/01_a1.yaml
	works verify
	[ -z "$output" ]
}

@test "verify refuses what it can't answer" {
	chain
	refuses 5 'no such database file' verify
	works upgrade a1
	refuses 1 "cannot accept the file of 'c3': the revision is not applied" verify --accept c3
	refuses 1 "'nowhere'" verify --accept nowhere
	refuses 2 "unexpected argument 'a1'" verify a1
	refuses 2 "--as is operations or sql" verify --as x
	sql "UPDATE retort_version SET version_num = 'zzzz'"
	refuses 1 "'zzzz'" verify
}

@test "verify looks at every target" {
	chain
	printf '[target.one]\nurl = sqlite:///one.db\n[target.two]\nurl = sqlite:///two.db\n' >>retort.ini
	works --all upgrade
	sqlite3 two.db 'CREATE TABLE extra (x)'
	run --separate-stderr retort --all --format json verify
	[ "$status" -eq 3 ] || report
	json 'map(.target) == [null, "one", "two"] and map(.drift | map(.object)) == [[], [], ["table extra"]]'
}
