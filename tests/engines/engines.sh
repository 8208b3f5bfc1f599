# SPDX-License-Identifier: MIT
# Private database servers for tests and for trying things out: sourced, not run.
#
#	. tests/engines/engines.sh
#	engine_start postgresql        # sets ENGINE_DIR and ENGINE_URL; exit 77 where it isn't installed
#	...                            # any number of engines; all are stopped and removed at the end
#
# Each engine is a file ENGINE.sh beside this one, sourced when it is first asked for, which defines
#
#	ENGINE_available         nothing, or 1 after a line on stdout that says what is missing
#	ENGINE_start DIR         starts a server in the empty folder DIR and returns when it answers
#	ENGINE_stop DIR          stops it; also one that was only half started
#	ENGINE_url DIR [NAME]    prints the URL of a database, of "retort" where no name is given
#	ENGINE_fresh DIR [NAME]  makes that database anew, empty
#
# Servers listen on Unix sockets in DIR only; with ENGINE_TCP=1 also on a random port of 127.0.0.1. They
# don't wait for the disk: nothing in them is worth keeping. Servers that refuse to run as root run as the
# user ENGINE_USER, by default the first of postgres, mysql and nobody that is there.
#
# With ENGINE_TEMPLATES, a folder, data that a server begins with is made once and copied from there.
# shellcheck shell=sh

engines_home=${engines_home:-${RETORT_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}/tests/engines}
engines_running=

engine_say() {
	printf '%s\n' "$*" >&2
}

# Loads the functions of an engine.
engine_load() {
	if [ ! -f "$engines_home/$1.sh" ]; then
		engine_say "no engine '$1': there is no $engines_home/$1.sh"
		return 2
	fi
	# shellcheck disable=SC1090
	. "$engines_home/$1.sh"
}

# The user for servers that refuse to run as root; empty: whoever we are.
engine_user() {
	[ "$(id -u)" -eq 0 ] || return 0
	for name in ${ENGINE_USER:-postgres mysql nobody}; do
		if id "$name" >/dev/null 2>&1; then
			echo "$name"
			return 0
		fi
	done
}

# Runs a command as that user.
engine_as() {
	user=$(engine_user)
	if [ -z "$user" ]; then
		"$@"
	elif command -v setpriv >/dev/null; then
		setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups -- env HOME=/ "$@"
	else
		# shellcheck disable=SC2016
		su -s /bin/sh "$user" -c 'exec "$0" "$@"' -- "$@"
	fi
}

# Tries a command ten times a second until it succeeds, for so many seconds.
engine_wait() {
	tries=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

# engine_data KEY DIR COMMAND...: has DIR/data made by the command, or copies what it made before for the same key.
engine_data() {
	template=${ENGINE_TEMPLATES:-}${ENGINE_TEMPLATES:+/$1} into=$2
	shift 2
	if [ -z "$template" ]; then
		"$@"
		return
	fi
	(
		flock 9
		[ -d "$template" ] || { "$@" && cp -a "$into/data" "$template.new" && mv "$template.new" "$template"; }
	) 9>"$template.lock" || return 1
	[ -d "$into/data" ] || cp -a "$template" "$into/data"
}

# A port that nobody listens on.
engine_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# An empty folder for a server, with a path short enough for its socket.
engine_folder() {
	folder=$(mktemp -d "${TMPDIR:-/tmp}/retort-$1-XXXXXX") || return 1
	user=$(engine_user)
	[ -z "$user" ] || chown "$user" "$folder"
	chmod 755 "$folder"
	echo "$folder"
}

# Starts an engine. What is missing skips the whole test.
engine_start() {
	engine_load "$1" || exit 2
	if ! missing=$("$1_available"); then
		echo "skipped: $1: $missing"
		exit 77
	fi
	ENGINE_DIR=$(engine_folder "$1") || exit 1
	engines_running="$1:$ENGINE_DIR $engines_running"
	trap engine_stop_all EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	# once more where a machine full of servers had nothing left for another
	if ! "$1_start" "$ENGINE_DIR"; then
		engine_say "cannot start $1:"
		tail -n 20 "$ENGINE_DIR"/*log >&2 2>/dev/null
		"$1_stop" "$ENGINE_DIR" >/dev/null 2>&1
		find "$ENGINE_DIR" -mindepth 1 -delete
		sleep 2
		"$1_start" "$ENGINE_DIR" || exit 1
	fi
	ENGINE_URL=$("$1_url" "$ENGINE_DIR")
	export ENGINE_DIR ENGINE_URL
}

# Stops and removes all that engine_start has started; the last first.
engine_stop_all() {
	status=$?
	trap '' HUP INT TERM
	for running in $engines_running; do
		"${running%%:*}_stop" "${running#*:}" >/dev/null 2>&1 || true # of a script with set -e, too
		rm -rf "${running#*:}"
	done
	engines_running=
	trap - EXIT
	exit "$status"
}
