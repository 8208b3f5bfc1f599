#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Starting a project, writing revisions, merging, editing.
# shellcheck disable=SC2154
load helper

setup() { begin; }

# the one file that was written into the versions
written() { echo migrations/versions/*"$1"*; }

@test "init: configuration, schema, folder with template and JSON Schemas; then it works" {
	works init
	[ -f retort.ini ] && [ -f schema.yaml ] && [ -f migrations/template.yaml ] && [ -d migrations/versions ]
	[ "$(find migrations -name '*.json' | wc -l)" -ge 2 ] || { find .; false; }
	find migrations -name '*.json' -exec jq -e . {} + >/dev/null
	export DATABASE_URL=sqlite:///$PWD/x.db
	works history
	[ -z "$output" ]
	works revision -m 'first things'
	works upgrade
	[ -n "$(rows)" ]
}

@test "init DIR and init --template multi" {
	works init db/changes
	[ -d db/changes/versions ] && [ ! -e migrations ]
	grep -q 'db/changes' retort.ini
	mkdir ../multi
	cd ../multi
	works init --template multi
	grep -q '^\[target\.' retort.ini
}

@test "init refuses to overwrite, and then writes nothing at all" {
	works init
	refuses 1 'retort.ini' init
	rm -r migrations schema.yaml
	refuses 1 'retort.ini' init
	rm retort.ini
	echo mine >schema.yaml
	refuses 1 'schema.yaml' init
	rm schema.yaml
	mkdir migrations
	echo mine >migrations/template.yaml
	refuses 1 "'migrations'" init
}

@test "init --refresh renews the JSON Schemas and nothing else" {
	works init
	schema=$(find migrations -name '*.json' | head -n 1)
	good=$(sha256sum <"$schema")
	echo '{}' >"$schema"
	echo '# mine' >>retort.ini
	echo '# mine' >>migrations/template.yaml
	before=$(sha256sum retort.ini schema.yaml migrations/template.yaml)
	works init --refresh
	[ "$good" = "$(sha256sum <"$schema")" ]
	[ "$before" = "$(sha256sum retort.ini schema.yaml migrations/template.yaml)" ]
}

@test "init in a folder that can't be written: an error, no rest" {
	needs_nobody
	mkdir locked
	cd locked
	run --separate-stderr nobody init
	[ "$status" -eq 1 ] || report
	tells 'permission denied'
	[ -z "$(ls -A)" ]
}

@test "list-templates and a template that is none" {
	works list-templates
	prints generic
	prints multi
	works list-templates --format json
	json 'map(.name) | index("generic") != null and index("multi") != null'
	refuses 2 "did you mean 'generic'" init --template genric
}

@test "revision: the file, its name, its header, its path on standard output" {
	works init
	export DATABASE_URL=sqlite:///$PWD/x.db
	works revision -m 'Create the Account table!'
	[[ $output =~ ^Generating\ (.*/migrations/versions/([0-9a-f]{12})_create_the_account_table\.yaml)\ \.\.\.\ \ done$ ]] || report
	file=${BASH_REMATCH[1]} id=${BASH_REMATCH[2]}
	[[ $(head -n 1 "$file") == '# yaml-language-server: $schema=../'*.json ]] || { cat "$file"; false; }
	schema=$(sed -n '1s/.*schema=//p' "$file")
	[ -f "migrations/versions/$schema" ] || { echo "$schema"; false; }
	grep -qE "^revision: [\"']?${id}[\"']?\$" "$file"
	grep -qE '^create_date: .*[0-9]{4}-[0-9]{2}-[0-9]{2}T' "$file"
	works show "$id"
	prints 'Parent: <base>'
	prints '    Create the Account table!'
	works --format json revision -m second
	json '.path | endswith("_second.yaml")'
	works heads
	[ "$(wc -l <<<"$output")" -eq 1 ]
	works history -r ":$id"
}

@test "revision --rev-id, --branch-label, --depends-on, --head base" {
	project
	chain
	works revision -m other --rev-id other1 --head base --branch-label side --depends-on b2
	works show other1
	prints 'Parent: <base>'
	prints 'Also depends on: b2'
	prints 'Branch names: side'
	works revision -m more --rev-id other2 --head side@head
	works show other2
	prints 'Parent: other1'
	works revision -m mine --rev-id d4 --head c3
	works show d4
	prints 'Parent: c3'
}

@test "revision --depends-on keeps labels, completes ids" {
	project
	forest
	works revision -m x --rev-id x1 --head base --depends-on left --depends-on bbbb
	works show x1
	prints 'Also depends on: '
	prints left
	prints bbbb2222
}

@test "revision refuses what would break the graph, and writes nothing" {
	project
	forest
	refuses 1 'heads' revision -m x
	refuses 1 '--splice' revision -m x --head aaaa1111
	refuses 1 "'zzzz'" revision -m x --head zzzz
	refuses 1 "'aaaa1111'" revision -m x --head cccc1111 --rev-id aaaa1111
	refuses 1 "'left'" revision -m x --head cccc2222 --branch-label left
	refuses 1 "'aaaa1111'" revision -m x --head cccc2222 --branch-label aaaa1111
	refuses 1 "'left'" revision -m x --head cccc2222 --rev-id left
	refuses 1 "'nowhere'" revision -m x --head cccc2222 --depends-on nowhere
	refuses 1 "'a-b@c+'" revision -m x --head cccc2222 --rev-id 'a-b@c+'
	refuses 1 32 revision -m x --head cccc2222 --rev-id 123456789012345678901234567890123
	refuses 2 "'elsewhere'" revision -m x --head cccc2222 --version-path elsewhere
}

@test "revision --splice makes a branch point" {
	project
	chain
	works revision -m x --rev-id s1 --head a1 --splice
	works heads
	[ "$(wc -l <<<"$output")" -eq 2 ] || report
}

@test "revision never overwrites a file" {
	project
	mkdir -p migrations/versions
	echo 'not a revision' >migrations/versions/abc_same.txt
	works revision -m same --rev-id abc
	refuses 1 "'abc'" revision -m same --rev-id abc
}

@test "revision in a graph that is broken already: the fault is told, nothing is written" {
	project
	revision 1 b2 missing </dev/null
	refuses 1 "'missing'" revision -m x
}

@test "revision into a folder that can't be written" {
	needs_nobody
	project
	chain
	open_to_all
	before=$(snapshot)
	run --separate-stderr nobody revision -m x
	[ "$status" -eq 1 ] || report
	tells 'permission denied'
	[ "$before" = "$(snapshot)" ]
}

@test "messages with quotes, colons, several lines and other alphabets come back whole" {
	project
	works revision --rev-id m1 -m "it's \"x: y\" # no, 100% {a} [b] & *c"
	works show m1
	prints "    it's \"x: y\" # no, 100% {a} [b] & *c"
	works revision --rev-id m2 -m 'Größe ändern 表'
	works history -r m2:
	output_is <<<'m1 -> m2 (head), Größe ändern 表'
	works revision --rev-id m3 -m '- no: list'
	works revision --rev-id m4 -m 'null'
	works show m4
	prints '    null'
	works revision --rev-id m5 -m $'one\ntwo'
	works show m5
	prints '    one'
	works upgrade
}

@test "names of files: file_template, truncate_slug_length, timezone" {
	project 'file_template = %(year)d_%(month).2d_%(rev)s_%(slug)s' 'truncate_slug_length = 12' 'timezone = Europe/Berlin'
	works revision --rev-id n1 -m 'a rather long message it is'
	file=$(written n1)
	[[ $file =~ /20[0-9]{2}_[01][0-9]_n1_a_rather(_long)?_?\.yaml$ ]] || { echo "$file"; false; }
	grep -qE '^create_date: .*\+0[12]:00' "$file"
}

@test "several version locations: a root needs --version-path, a child goes beside its parent" {
	project 'version_locations = %(here)s/one %(here)s/two'
	mkdir one two
	refuses 2 '--version-path' revision -m x --head base
	works revision -m x --rev-id r1 --head base --version-path two
	[ -f two/r1_x.yaml ]
	works revision -m y --rev-id r2
	[ -f two/r2_y.yaml ]
}

@test "the post_write hook gets the file; one that fails is told" {
	# shellcheck disable=SC2016
	project '[retort.hooks]' 'post_write = echo "$RETORT_FILE" >>hook.log'
	works revision -m x --rev-id h1
	[[ $(cat hook.log) == */migrations/versions/h1_x.yaml ]] || { cat hook.log; false; }
}

# Two branches over one table.
branches() { # LEFT RIGHT: the operations of each
	project
	revision 1_a a1 null <<-'END'
		upgrade:
		  - create_table:
		      name: account
		      columns:
		        id:    {type: integer, primary_key: true}
		        email: {type: string(80)}
		        state: {type: string(10), default: new}
	END
	revision 2_l left1 a1 <<<"upgrade:"$'\n'"$1"
	revision 3_r right1 a1 <<<"upgrade:"$'\n'"$2"
}

@test "merge: branches that don't touch each other" {
	branches '  - add_column: {table: account, name: x, type: integer}' '  - add_column: {table: account, name: y, type: integer}'
	works merge heads -m 'join them' --rev-id m1
	[[ $output == Generating\ */migrations/versions/m1_join_them.yaml\ ...\ \ done ]] || report
	works show m1
	prints 'Merges: left1, right1'
	works heads
	output_is <<<'m1 (head)'
	works upgrade
	[ "$(rows)" = m1 ]
	works downgrade base
	[ -z "$(rows)" ]
}

@test "merge: an operation that can't run after the other branch names both files, lines and the object" {
	branches '  - rename_column: {table: account, name: email, to: mail}' '  - drop_column: {table: account, name: email}'
	refuses 1 "'email'" merge heads -m x
	tells 2_l.yaml:5
	tells 3_r.yaml:5
	tells account
	works merge heads -m x --force --rev-id m1
	tells WARN
	tells email
	[ -f migrations/versions/m1_x.yaml ]
}

@test "merge: of several operations on a table the one on the same column is named" {
	branches $'  - rename_column: {table: account, name: email, to: mail}\n  - add_column: {table: account, name: x, type: text}' \
		'  - drop_column: {table: account, name: email}'
	refuses 1 2_l.yaml:5 merge heads -m x
}

@test "merge: two different schemas at the end" {
	branches '  - alter_column: {table: account, name: state, default: old}' \
		'  - alter_column: {table: account, name: state, default: closed}'
	refuses 1 state merge left1 right1 -m x
	tells 2_l.yaml
	tells 3_r.yaml
	works merge left1 right1 -m x --force
}

@test "merge: the same revision twice, one alone, no head, an ancestor: refused" {
	branches '  - drop_column: {table: account, name: email}' '  []'
	sed -i 's/^upgrade:$/upgrade: []/; /^  \[\]$/d' migrations/versions/3_r.yaml
	refuses 2 "'left1' is given twice" merge left1 left1 -m x
	refuses 1 left1 merge left1 -m x
	refuses 1 "'zzzz'" merge left1 zzzz -m x
	refuses 1 a1 merge a1 left1 -m x
}

@test "edit opens the file in VISUAL, else EDITOR, whatever blanks are in its path" {
	mkdir 'my project'
	cd 'my project'
	project
	chain
	printf '#!/bin/sh\nprintf "%%s\\n" "$0" "$@" >"%s/log"\n' "$PWD" >editor
	cp editor visual
	chmod +x editor visual
	EDITOR="'$PWD/editor' -w" works edit b2
	output=$(cat log)
	output_is <<<"$PWD/editor"$'\n-w\n'"$PWD/migrations/versions/02_b2.yaml"
	EDITOR="'$PWD/editor'" VISUAL="'$PWD/visual'" works edit
	output=$(cat log)
	output_is <<<"$PWD/visual"$'\n'"$PWD/migrations/versions/03_c3.yaml"
	works upgrade b2
	EDITOR="'$PWD/editor'" works edit current
	[ "$(sed -n 2p log)" = "$PWD/migrations/versions/02_b2.yaml" ]
}

@test "edit: an editor that fails, one that is not there, a revision that is not there" {
	project
	chain
	EDITOR=false refuses 1 "'false'" edit
	EDITOR=/no/such/editor run --separate-stderr retort edit
	[ "$status" -eq 1 ] || report
	tells EDITOR
	EDITOR=true refuses 1 "'zz'" edit zz
	EDITOR=true works edit
}
