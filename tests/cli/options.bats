#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Commands, options, exit statuses, the form of errors.
# shellcheck disable=SC2154
load helper

setup() { begin; }

commands='init list-templates revision merge upgrade downgrade show history heads branches current stamp edit
ensure-version status drivers types'

@test "--version tells name and version" {
	works --version
	[[ $output =~ ^retort\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || report
	[ -z "$stderr" ]
}

@test "--help lists every command and the options of all" {
	works --help
	for command in $commands; do
		grep -qE "^ *$command( |$)" <<<"$output" || { echo "no $command"; report; }
	done
	for option in --config --name --target --all --on-error --url --set --dialect --driver-path --format --quiet \
		--verbose; do
		prints "$option"
	done
	[ -z "$(awk 'length > 80' <<<"$output")" ]
	works -h
	prints upgrade
}

@test "each command has --help with its own options, needing no project" {
	while read -r command options; do
		works "$command" --help
		prints "retort $command"
		for option in $options; do prints " $option"; done
		help=$output
		works --help "$command"
		[ "$output" = "$help" ]
		[ -z "$(awk 'length > 80' <<<"$output")" ]
	done <<-'END'
		init --template --refresh
		list-templates
		revision -m --message --head --splice --branch-label --version-path --rev-id --depends-on
		merge -m --force --branch-label --rev-id
		upgrade --dry-run --sql
		downgrade --dry-run --sql
		show
		history -r -i
		heads --resolve-dependencies
		branches
		current --check-heads
		stamp --purge --sql
		edit
		ensure-version --sql
		status
		drivers
		types
	END
	[ -z "$(ls -A)" ]
}

@test "no command, an unknown one, a near miss: 2" {
	refuses 2 '--help'
	refuses 2 "did you mean 'upgrade'" upgrad
	refuses 2 "did you mean 'downgrade'" downgarde -1
	refuses 2 "did you mean 'list-templates'" list-template
	refuses 2 "'frobnicate'" frobnicate
	silent 'did you mean'
}

@test "an unknown option, a near miss: 2" {
	project
	refuses 2 "did you mean '--dry-run'" upgrade --dryrun
	refuses 2 "did you mean '--format'" heads --fromat=json
	refuses 2 "'--frobnicate'" heads --frobnicate
	refuses 2 "'-Z'" heads -Z
	refuses 2 "'--purge'" upgrade --purge
}

@test "options without a value, with one too many, with a wrong one: 2" {
	project
	refuses 2 "'--url'" heads --url
	refuses 2 "'-u'" heads -u
	refuses 2 "'--all'" heads --all=yes
	refuses 2 "'xml'" heads --format xml
	refuses 2 "'perhaps'" upgrade --on-error perhaps
	refuses 2 "'maybe'" upgrade --resume maybe
}

@test "arguments that are missing or too many: 2" {
	project
	refuses 2 "'merge'" merge
	refuses 2 "'b2'" upgrade a1 b2
	refuses 2 "'extra'" heads extra
	refuses 2 '--dry-run' upgrade --sql --dry-run
}

@test "global options stand before or after the command" {
	project
	chain
	works heads
	expected=$output
	mkdir elsewhere
	cd elsewhere
	for arguments in "-c ../retort.ini heads" "heads -c ../retort.ini" "--config=../retort.ini heads" \
		"heads --config ../retort.ini" "-q -c ../retort.ini heads" "heads -c../retort.ini -q"; do
		# shellcheck disable=SC2086
		works $arguments
		[ "$output" = "$expected" ]
	done
	works --format json -c ../retort.ini heads
	json 'type == "array"'
	works heads -c ../retort.ini --format=json
	json 'type == "array"'
}

@test "-u names the database, before or after" {
	project
	chain
	works -u sqlite:///one.db upgrade
	works upgrade -u sqlite:///two.db
	works upgrade --url=sqlite:///three.db
	[ -s one.db ] && [ -s two.db ] && [ -s three.db ] && [ ! -e x.db ]
}

@test "an argument -N is a revision, never an option" {
	project
	chain
	works upgrade
	works downgrade -1
	[ "$(rows)" = b2 ]
	works downgrade -2
	[ -z "$(rows)" ]
	works -q upgrade +2
	[ "$(rows)" = b2 ]
	works history -r -2:current
	[ "$(wc -l <<<"$output")" -eq 2 ] || report # from the head's second forebear, a1, to b2
	works history -r=-1:
	works history -r-1:
}

@test "-u or RETORT_URL together with -t or --all: 2" {
	project
	printf '[target.one]\nurl = sqlite:///one.db\n' >>retort.ini
	refuses 2 '-t' current -u sqlite:///y.db -t one
	refuses 2 '--all' current -u sqlite:///y.db --all
	RETORT_URL=sqlite:///y.db refuses 2 'RETORT_URL' current -t one
	RETORT_URL=sqlite:///y.db refuses 2 'RETORT_URL' current --all
}

@test "-c wins over RETORT_CONFIG, which wins over retort.ini, which wins over alembic.ini" {
	for name in alembic retort env opt; do
		mkdir -p "$name/versions"
		printf 'revision: %s\ndown_revision: null\nupgrade: []\n' "${name}_rev" >"$name/versions/1.yaml"
	done
	printf '[alembic]\nscript_location = alembic\nsqlalchemy.url = sqlite:///x.db\n' >alembic.ini
	works heads
	prints alembic_rev
	for name in retort env opt; do
		printf '[retort]\nscript_location = %s\nurl = sqlite:///x.db\n' "$name" >"$name.ini"
	done
	works heads
	prints retort_rev
	export RETORT_CONFIG=env.ini
	works heads
	prints env_rev
	works heads -c opt.ini
	prints opt_rev
}

@test "-n reads another section" {
	project
	mkdir -p other/versions
	printf 'revision: zz\ndown_revision: null\nupgrade: []\n' >other/versions/1.yaml
	printf '[second]\nscript_location = other\nurl = sqlite:///y.db\n' >>retort.ini
	works -n second heads
	output_is <<<'zz (head)'
	refuses 1 third heads -n third
}

@test "-x gives a declared name its value, also over the environment" {
	project '[retort.variables]' 'word = file'
	revision 1_a a null <<-'END'
		upgrade:
		  - execute: CREATE TABLE t_${word} (a)
		downgrade: []
	END
	works upgrade -x word=option
	works -u sqlite:///%2e/y.db --set word=x -q upgrade
	[ "$(tables)" = 'retort_history retort_version t_option' ]
}

@test "errors as JSON: one document with code, message and place" {
	refuse_json() { # STATUS CODE ARGUMENT...
		run --separate-stderr retort --format json "${@:3}"
		[ "$status" -eq "$1" ] || report
		json ".error.code == \"$2\" and (.error.message | length > 10)"
		[ "$(jq -s length <<<"$output")" -eq 1 ] || report
	}
	refuse_json 1 config heads
	refuse_json 2 usage heads --format=json extra
	refuse_json 2 usage heads --nonsense
	project
	chain
	refuse_json 2 usage frobnicate
	refuse_json 1 graph show nonsense
	refuse_json 1 graph upgrade --dry-run nonsense -u sqlite://
	run --separate-stderr retort --format json upgrade nonsense # one event a line; the last is the error
	[ "$status" -eq 1 ] || report
	events '.[-1] | .event == "error" and .error.code == "graph"'
	refuse_json 5 connect current
	revision 04_d4 d4 c3 <<<$'upgrade:\n  - create_tabel: {name: x, columns: {a: integer}}'
	refuse_json 1 file upgrade --dry-run -u sqlite://
	json '.error.file == "migrations/versions/04_d4.yaml" and .error.line == 5 and .error.column == 5'
}

@test "errors in text have no prefix of a place where there is none, and go to standard error" {
	project
	chain
	refuses 1 "'nonsense'" show nonsense
	[[ $stderr == retort:\ * ]] || report
}

@test "no colour where standard error is no terminal" {
	project
	chain
	works upgrade
	tells 'INFO  [retort.migration] Running upgrade  -> a1, doc a1'
	silent $'\033'
}

@test "-q leaves out what is only information" {
	project
	chain
	works -q upgrade
	[ -z "$stderr" ] || report
	[ -z "$output" ]
}

@test "-v shows the statements of a run" {
	project
	chain
	works -v upgrade
	tells 'CREATE TABLE "author"'
}

@test "output that can't be written is an error" {
	[ -w /dev/full ] || skip 'no /dev/full'
	project
	chain
	run --separate-stderr bash -c '"$RETORT" history >/dev/full'
	[ "$status" -eq 1 ] || report
	tells 'standard output'
	run --separate-stderr bash -c '"$RETORT" upgrade --sql >/dev/full'
	[ "$status" -ne 0 ] || report
}

@test "a reader that goes away ends the program quietly" {
	project
	for n in $(seq 10 99); do
		revision "$n" "rev$n" "$([ "$n" = 10 ] && echo null || echo "rev$((n - 1))")" </dev/null
	done
	run --separate-stderr bash -c 'for i in 1 2 3 4 5; do "$RETORT" history -v | head -n 1; done'
	[ -z "$stderr" ] || report
	[ "$(wc -l <<<"$output")" -eq 5 ]
}

@test "control characters of arguments are not echoed" {
	project
	refuses 2 'upg' $'upg\033[31mrade'
	refuses 1 'x\x1b' show $'x\033[31m'
}

@test "drivers: name, file, capabilities; a broken one with its reason" {
	works drivers
	prints sqlite
	prints "$RETORT_DRIVER_PATH/sqlite.so"
	works drivers --format json
	json 'map(select(.name == "sqlite"))[0] | .abi == 1 and (.schemes | length > 0) and (.capabilities | length > 3)'
	json 'map(.name != "mysql" or [.dialects[].name] == ["mysql", "mariadb"]) | all'
	json 'map(.dialects[0].name == .dialect and .dialects[0].capabilities == .capabilities) | all'
	mkdir plugins
	echo 'no plugin' >plugins/broken.so
	works --driver-path "$PWD/plugins" drivers
	prints "$PWD/plugins/broken.so"
	works drivers --driver-path "$PWD/plugins" --format json
	json 'map(select(.path | endswith("broken.so")))[0].error | length > 5'
}

@test "types: what each engine makes of a type" {
	works types
	for type in boolean bigint 'numeric(12,2)' json uuid timestamp; do prints "$type"; done
	works types uuid
	prints 'CHAR(36)'
	works types --format json 'string(20)'
	json '.[0].type == "string(20)" and (.[0].native.sqlite | length > 0)'
	refuses 1 'strnig' types 'strnig(3)'
}

@test "log_level of the configuration says how much is told, -q and -v win" {
	for level in warning error; do
		project "log_level = $level"
		chain
		rm -f x.db
		works upgrade
		[ -z "$stderr" ] || report
	done
	works upgrade -v -u sqlite:///y.db
	tells 'INFO  [retort.migration] Running upgrade'
	project 'log_level = debug'
	revision 04_d4 d4 c3 <<-'END'
		upgrade:
		  - comment: {table: author, text: who writes}
	END
	works upgrade
	tells 'DEBUG [retort.plan]'
	works upgrade -q -u sqlite:///z.db
	[ -z "$stderr" ] || report
	project 'log_level = loud'
	refuses 1 'log_level' heads
}
