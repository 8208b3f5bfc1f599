# SPDX-License-Identifier: MIT
# PostgreSQL for engines.sh. POSTGRESQL_BIN is the folder of initdb and postgres of the version wanted; else
# the newest that Debian's packages have installed, else what PATH has.
# shellcheck shell=sh

postgresql_bin() {
	if [ -n "${POSTGRESQL_BIN:-}" ]; then
		echo "$POSTGRESQL_BIN"
		return
	fi
	newest=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
	[ -n "$newest" ] || newest=$(dirname "$(command -v initdb || echo /nowhere/initdb)")
	echo "$newest"
}

postgresql_available() {
	for program in initdb postgres pg_ctl; do
		if [ ! -x "$(postgresql_bin)/$program" ]; then
			echo "there is no $program in $(postgresql_bin)"
			return 1
		fi
	done
}

postgresql_settings() {
	port=5432
	[ -z "${ENGINE_TCP:-}" ] || port=$(engine_port)
	echo "$port" >"$1/port"
	cat <<-END
		listen_addresses = '${ENGINE_TCP:+127.0.0.1}'
		port = $port
		unix_socket_directories = '$1'
		max_connections = ${POSTGRESQL_CONNECTIONS:-60}
		shared_buffers = 32MB
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		wal_level = minimal
		max_wal_senders = 0
		log_min_messages = warning
		timezone = 'America/St_Johns'
		datestyle = 'SQL, DMY'
		${POSTGRESQL_SETTINGS:-}
	END
}

postgresql_install() {
	engine_as "$bin/initdb" -D "$1/data" -U retort -A trust -N -E UTF8 --locale=C >"$1/log" 2>&1 || return 1
	echo 'CREATE DATABASE retort;' |
		engine_as "$bin/postgres" --single -F -D "$1/data" postgres >>"$1/log" 2>&1
}

# The odd time zone and date style are there so that a session that relies on the server's is found out.
postgresql_start() {
	bin=$(postgresql_bin)
	engine_data "postgresql$(echo "$bin" | tr / -)" "$1" postgresql_install "$1" || return 1
	postgresql_settings "$1" >>"$1/data/postgresql.conf" || return 1
	engine_as touch "$1/server.log"
	engine_as "$bin/pg_ctl" -s -w -t 60 -D "$1/data" -l "$1/server.log" start >>"$1/log" 2>&1
}

postgresql_stop() {
	engine_as "$(postgresql_bin)/pg_ctl" -s -w -t 30 -D "$1/data" -m immediate stop
}

postgresql_url() {
	echo "postgresql://retort@/${2:-retort}?host=$1&port=$(cat "$1/port")"
}

# A statement of the administrator's, in the database postgres.
postgresql_admin() {
	psql -XqAt -v ON_ERROR_STOP=1 -h "$1" -p "$(cat "$1/port")" -U retort -d postgres -c "$2"
}

postgresql_fresh() {
	postgresql_admin "$1" "DROP DATABASE IF EXISTS \"${2:-retort}\"" 2>/dev/null &&
		postgresql_admin "$1" "CREATE DATABASE \"${2:-retort}\""
}
