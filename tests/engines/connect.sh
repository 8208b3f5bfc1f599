# SPDX-License-Identifier: MIT
# What the tests of connections share: sourced after engines.sh. They run in ENGINE_DIR/project, where a revision
# makes a table.
# shellcheck shell=sh disable=SC2154

: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
secret='s3cr;et#%'        # of the user tester
secret_url='s3cr%3Bet%23%25' # the same in a URL

connect_project() {
	mkdir -p "$ENGINE_DIR/project/versions" && cd "$ENGINE_DIR/project" || exit 1
	printf '[retort]\nscript_location = .\n' >retort.ini
	printf 'revision: a1\ndown_revision: null\nupgrade:\n  - create_table: {name: t, columns: {a: integer}}\n' >versions/a1.yaml
}

connect_fail() {
	echo "$1"
	sed 's/^/  /' said
	exit 1
}

# connect_good WHAT URL: a command that asks the server succeeds.
connect_good() {
	"$RETORT" -u "$2" current >said 2>&1 || connect_fail "$1: no connection:"
	echo "ok: $1"
}

# connect_bad WHAT STATUS PATTERN URL [COMMAND...]: it ends so, says so, and never the password.
connect_bad() {
	what=$1 wanted=$2 pattern=$3 url=$4
	shift 4
	[ $# -gt 0 ] || set -- current
	"$RETORT" -v -u "$url" "$@" >said 2>&1
	status=$?
	[ $status = "$wanted" ] || connect_fail "$what: the exit status is $status, not $wanted:"
	grep -qE -- "$pattern" said || connect_fail "$what: it does not say '$pattern':"
	connect_quiet "$what"
	"$RETORT" --format json -u "$url" "$@" >said 2>&1
	connect_quiet "$what, in JSON"
	echo "ok: $what"
}

# No form of the password is in what was said.
connect_quiet() {
	! grep -qF -e "$secret" -e "$secret_url" -e s3cr -e wr0ng said || connect_fail "$1: a password is told:"
}
