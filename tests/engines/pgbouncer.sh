# SPDX-License-Identifier: MIT
# PgBouncer in transaction pooling before a PostgreSQL, for engines.sh: a statement may meet another server
# session than the one before.
# shellcheck shell=sh

# shellcheck disable=SC1091,SC2154
. "$engines_home/postgresql.sh"

pgbouncer_available() {
	postgresql_available || return
	command -v pgbouncer >/dev/null || { echo "there is no pgbouncer"; return 1; }
}

pgbouncer_settings() {
	cat <<-END
		[databases]
		* = host=$1/server port=$(cat "$1/server/port") user=retort
		[pgbouncer]
		listen_addr =
		listen_port = 6432
		unix_socket_dir = $1
		auth_type = any
		pool_mode = transaction
		default_pool_size = 5
		logfile = $1/log
		pidfile = $1/pid
	END
}

pgbouncer_start() {
	engine_as mkdir "$1/server" || return 1
	postgresql_start "$1/server" || return 1
	pgbouncer_settings "$1" >"$1/settings"
	engine_as pgbouncer -q -d "$1/settings" || return 1
	engine_wait 10 psql -Xq "$(pgbouncer_url "$1")" -c 'SELECT 1'
}

pgbouncer_stop() {
	[ ! -f "$1/pid" ] || engine_as kill "$(cat "$1/pid")"
	postgresql_stop "$1/server"
}

pgbouncer_url() {
	echo "postgresql://retort@/${2:-retort}?host=$1&port=6432"
}

pgbouncer_fresh() {
	postgresql_fresh "$1/server" "${2:-retort}"
}
