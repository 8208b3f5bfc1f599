# SPDX-License-Identifier: MIT
# MariaDB for engines.sh. MARIADB_HOME is the folder that holds bin/mariadbd (or sbin) of the version wanted;
# else Debian's.
# shellcheck shell=sh

mariadb_program() {
	for folder in ${MARIADB_HOME:+"$MARIADB_HOME/bin" "$MARIADB_HOME/sbin" "$MARIADB_HOME/scripts"} /usr/sbin /usr/bin; do
		if [ -x "$folder/$1" ]; then
			echo "$folder/$1"
			return
		fi
	done
	command -v "$1"
}

mariadb_available() {
	for program in mariadbd mariadb-install-db mariadb; do
		if [ -z "$(mariadb_program $program)" ]; then
			echo "there is no $program: install mariadb-server"
			return 1
		fi
	done
}

# What both servers understand. The odd time zone, sql_mode and character set are there so that a session that
# relies on the server's is found out.
mariadb_settings() {
	port=0
	[ -z "${ENGINE_TCP:-}" ] || port=$(engine_port)
	echo "$port" >"$1/port"
	# a folder of its own: a server removes what looks like its own leavings there when it starts
	mkdir -p "$1/tmp"
	cat <<-END
		[mysqld]
		datadir = $1/data
		tmpdir = $1/tmp
		socket = $1/sock
		pid-file = $1/pid
		log-error = $1/log
		user = $(id -un)
		port = $port
		$([ "$port" != 0 ] && echo "bind-address = 127.0.0.1" || echo "skip-networking")
		init-file = $1/init.sql
		max_connections = ${MYSQL_CONNECTIONS:-60}
		character-set-server = latin1
		default-time-zone = '-03:30'
		sql_mode = 'ANSI_QUOTES'
		lower_case_table_names = 0
		innodb_buffer_pool_size = 64M
		innodb_flush_log_at_trx_commit = 0
		innodb_flush_method = nosync
		innodb_use_native_aio = 0
		innodb_doublewrite = 0
		skip-name-resolve
		performance_schema = OFF
	END
}

# The user of the tests, and a database.
mariadb_init() {
	cat <<-'END'
		CREATE USER IF NOT EXISTS `retort`@`localhost`;
		CREATE USER IF NOT EXISTS `retort`@`127.0.0.1`;
		GRANT ALL PRIVILEGES ON *.* TO `retort`@`localhost` WITH GRANT OPTION;
		GRANT ALL PRIVILEGES ON *.* TO `retort`@`127.0.0.1` WITH GRANT OPTION;
		CREATE DATABASE IF NOT EXISTS `retort`;
	END
}

mariadb_answers() {
	mariadb_admin "$1" "USE retort"
}

mariadb_install() {
	"$(mariadb_program mariadb-install-db)" --no-defaults --user="$(id -un)" --datadir="$1/data" \
		--auth-root-authentication-method=normal --skip-test-db --innodb-use-native-aio=0 >"$1/install.log" 2>&1
}

mariadb_data() {
	engine_data "mariadb$(mariadb_program mariadbd | tr / -)" "$1" mariadb_install "$1"
}

mariadb_start() {
	{
		mariadb_settings "$1"
		echo "${MARIADB_SETTINGS:-}"
	} >"$1/my.cnf"
	mariadb_init >"$1/init.sql"
	mariadb_data "$1" || return 1
	"$(mariadb_program mariadbd)" --defaults-file="$1/my.cnf" >>"$1/log" 2>&1 &
	echo $! >"$1/started"
	engine_wait 60 mariadb_answers "$1"
}

# The server is ours to kill: nothing in it is worth a clean end.
mariadb_stop() {
	kill -9 "$(cat "$1/started")"
	wait "$(cat "$1/started")" 2>/dev/null
}

mariadb_query() {
	if [ "$(cat "$1/port")" = 0 ]; then
		query="?unix_socket=$1/sock"
		echo "$2://retort@localhost/${3:-retort}$query"
	else
		echo "$2://retort@127.0.0.1:$(cat "$1/port")/${3:-retort}"
	fi
}

mariadb_url() {
	mariadb_query "$1" mariadb "${2:-}"
}

# A statement of the administrator's.
mariadb_admin() {
	"$(mariadb_program mariadb)" --no-defaults --socket="$1/sock" -u retort -N -B -e "$2"
}

mariadb_fresh() {
	mariadb_admin "$1" "DROP DATABASE IF EXISTS \`${2:-retort}\`; CREATE DATABASE \`${2:-retort}\`"
}
