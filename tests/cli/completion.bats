# SPDX-License-Identifier: MIT
# What the shells complete.

load helper

setup() {
	begin
	project
	cat >>retort.ini <<-'END'
		[target.reporting]
		url = sqlite:///reporting.db
		[target.shop]
		url = sqlite:///shop.db
	END
	revision 01_a1 a1 null <<-'END'
		branch_labels: [shop]
		tags: [v1]
		upgrade: []
	END
	revision 02_b2 b2 a1 <<-'END'
		upgrade: []
	END
}

# words WORD...: what may stand for the last of these, without descriptions.
words() {
	"$RETORT" completion words -- "$@" | cut -f1
}

# In bash: complete LINE, up to its end; prints the words that are proposed.
in_bash() {
	bash -c '
		source /dev/stdin <<<"$("$RETORT" completion bash)"
		compopt() { echo ":$*"; }
		COMP_LINE=$1 COMP_POINT=${#1}
		_retort "$RETORT" "$2" retort
		printf "%s\n" "${COMPREPLY[@]}"' bash "$1" "$2"
}

@test "commands, options, choices" {
	[ "$(words '' | grep -c '^upgrade$')" = 1 ]
	[ "$(words --c | grep -c '^--config$')" = 1 ]
	[ "$(words upgrade --dr | grep -c '^--dry-run$')" = 1 ]
	[ "$(words history --dr | grep -c '^--dry-run$' || true)" = 0 ]
	[ "$(words --format '')" = 'text
json' ]
	[ "$(words completion '')" = 'bash
zsh
fish' ]
	[ "$(words -c '')" = :files ]
	[ "$(words upgrade --dialect '' | grep -c '^mariadb$')" = 1 ]
}

@test "revisions, labels, tags and targets" {
	[ "$(words upgrade '')" = 'head
heads
base
b2
a1
shop@head
v1' ]
	[ "$(words -t '')" = 'reporting
shop' ]
	[ "$(words upgrade -t '')" = 'reporting
shop' ]
	[ "$("$RETORT" completion words -- upgrade '' | grep '^b2')" = 'b2	doc b2' ]
}

@test "a broken project completes what can be completed" {
	echo 'what is = this' >retort.ini
	[ "$(words upgrade '')" = 'head
heads
base' ]
	[ "$(words -t '')" = '' ]
	works completion words -- upgrade -t ''
	run retort completion tcsh
	[ "$status" = 2 ] || report
}

@test "bash" {
	[ "$(in_bash 'retort upg' upg)" = upgrade ]
	[ "$(in_bash 'retort upgrade sho' sho)" = shop@head ]
	[ "$(in_bash 'retort upgrade shop@h' h)" = head ]
	[ "$(in_bash 'retort -c re' re)" = ':-o default' ]
}

# In fish: what is proposed for a line.
in_fish() {
	mkdir -p home bin
	ln -sf "$RETORT" bin/retort
	HOME=$PWD/home PATH=$PWD/bin:$PATH fish -c 'retort completion fish | source; complete -C $argv[1]' "$1"
}

# In zsh: what the function proposes for the last of some words, found by its name as zsh does.
in_zsh() {
	"$RETORT" completion zsh >_retort
	zsh -fc 'fpath=($PWD $fpath)
		autoload -Uz _retort
		_describe() { print -rl -- "${(@P)@[-1]}" }
		_files() { print files }
		words=("$@") CURRENT=$#
		_retort' zsh "$RETORT" "$@"
}

@test "fish" {
	command -v fish >/dev/null || skip 'no fish'
	[ "$(in_fish 'retort upg')" = 'upgrade	move the database up to REV (head)' ]
	[ "$(in_fish 'retort upgrade --dr' | cut -f1)" = '--driver-path
--dry-run' ]
	[ "$(in_fish 'retort upgrade b')" = 'b2	doc b2
base	before the first revision' ]
	[ "$(in_fish 'retort -t ' | cut -f1)" = 'reporting
shop' ]
	[[ "$(in_fish 'retort -c ret')" = retort.ini* ]]
}

@test "zsh" {
	command -v zsh >/dev/null || skip 'no zsh'
	"$RETORT" completion zsh >_retort
	zsh -n _retort
	run zsh -fc 'autoload -Uz compinit && compinit -u -D && source ./_retort && print $_comps[retort]'
	[ "$output" = _retort ] || report
	in_zsh upg | grep -qx 'upgrade:move the database up to REV (head)'
	in_zsh upgrade --dr | grep -q '^--dry-run:'
	in_zsh upgrade '' | grep -qx 'b2:doc b2'
	[ "$(in_zsh -t '' | cut -d: -f1)" = 'reporting
shop' ]
	[ "$(in_zsh -c '')" = files ]
}
