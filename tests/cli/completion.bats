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

# ---- in the shells themselves, which find the scripts where packages install them ----

# share: those folders, and a program that only shows what it is called with.
share() {
	mkdir -p bin share/bash-completion/completions share/zsh/site-functions share/fish/vendor_completions.d
	"$RETORT" completion bash >share/bash-completion/completions/retort
	"$RETORT" completion zsh >share/zsh/site-functions/_retort
	"$RETORT" completion fish >share/fish/vendor_completions.d/retort.fish
	cat >bin/retort <<-'END'
		#!/bin/sh
		[ "$1" = completion ] && exec "$RETORT" "$@"
		printf 'ran:'
		printf ' <%s>' "$@"
		echo
	END
	chmod +x bin/retort
	PATH=$PWD/bin:$PATH
}

# keys LIST SHELL [ARGUMENT...]: what people type there, each with what they should see. LIST is a second tab where
# the shell needs one for a list.
keys() {
	local list=$1
	shift
	run python3 "$RETORT_SOURCE/tests/cli/keys.py" "$@" -- \
		'retort upg\t\n' 'ran: <upgrade>$' \
		"retort upgrade --dr\\t$list" '(?s)--driver-path.*--dry-run' \
		'y\t\n' 'ran: <upgrade> <--dry-run>$' \
		'retort -t rep\tupgrade b2\t\n' 'ran: <-t> <reporting> <upgrade> <b2>$' \
		'retort upgrade sh\t\n' 'ran: <upgrade> <shop@head>$' \
		"retort upgrade \\t$list" '(?s)b2.*shop@head' '\n' 'ran:' \
		'retort upgrade v\t\n' 'ran: <upgrade> <v1>$' \
		'retort -c ret\t\n' 'ran: <-c> <retort.ini>$'
	[ "$status" = 0 ] || report
}

@test "bash, typed" {
	[ -e /usr/share/bash-completion/bash_completion ] || skip 'no bash-completion'
	share
	cat >bashrc <<-'END'
		PS1='ready> '
		. /usr/share/bash-completion/bash_completion
	END
	XDG_DATA_HOME=$PWD/share keys '\t' bash --noprofile --rcfile bashrc -i
}

@test "zsh, typed" {
	command -v zsh >/dev/null || skip 'no zsh'
	share
	cat >.zshrc <<-'END'
		PS1='ready> '
		fpath=($PWD/share/zsh/site-functions $fpath)
		autoload -Uz compinit && compinit -u -D
	END
	ZDOTDIR=$PWD keys '' zsh -i
	# the descriptions, and the script where no package installs it
	cat >.zshrc <<-'END'
		PS1='ready> '
		autoload -Uz compinit && compinit -u -D
		source <(retort completion zsh)
	END
	# the line is taken back by a key: an interrupt would take along what is typed after it
	ZDOTDIR=$PWD run python3 "$RETORT_SOURCE/tests/cli/keys.py" zsh -i -- 'retort upgrade \t' 'b2 +-- doc b2' \
		'\x15retort upg\t\n' 'ran: <upgrade>$'
	[ "$status" = 0 ] || report
}

# In fish: what is proposed for a line.
in_fish() {
	XDG_DATA_DIRS=$PWD/share fish -c 'complete -C $argv[1]' "$1"
}

@test "fish" {
	command -v fish >/dev/null || skip 'no fish'
	share
	[ "$(in_fish 'retort upg')" = 'upgrade	move the database up to REV (head)' ]
	[ "$(in_fish 'retort upgrade --dr' | cut -f1)" = '--driver-path
--dry-run' ]
	[ "$(in_fish 'retort upgrade b')" = 'b2	doc b2
base	before the first revision' ]
	[ "$(in_fish 'retort -t ' | cut -f1)" = 'reporting
shop' ]
	[[ "$(in_fish 'retort -c ret')" = retort.ini* ]]
	[ "$(fish -c 'retort completion fish | source; complete -C "retort upg"' | cut -f1)" = upgrade ]
}
