# SPDX-License-Identifier: MIT
# What mysql_connect_test.sh and mariadb_connect_test.sh do with their server: sockets, TCP, TLS with certificates that
# are checked, passwords from a URL and from option files; and what is said where there is no way, never with
# a password.
# shellcheck shell=sh disable=SC2154

# shellcheck disable=SC1091
. "$engines_home/tls.sh"
# shellcheck disable=SC1091
. "$engines_home/connect.sh"

ask() {
	"${engine}_admin" "$ENGINE_DIR" "$1" || exit 1
}

connect_users() {
	for host in localhost 127.0.0.1; do
		ask "CREATE USER tester@$host IDENTIFIED ${1:-} BY '$secret'"
		ask "GRANT SELECT, INSERT ON retort.* TO tester@$host"
		ask "CREATE USER secured@$host REQUIRE SSL"
		ask "GRANT ALL ON retort.* TO secured@$host"
	done
	ask 'CREATE DATABASE closed'
}

check_ways() {
	connect_good 'a socket' "$scheme://retort@localhost/retort?unix_socket=$ENGINE_DIR/sock"
	connect_good 'a password by a socket' "$scheme://tester:$secret_url@/retort?unix_socket=$ENGINE_DIR/sock"
	connect_good TCP "$scheme://retort@$tcp/retort"
	connect_good 'a port of localhost' "$scheme://retort@localhost:$port/retort"
	connect_good 'a password' "$scheme://tester:$secret_url@$tcp/retort"
	printf '[client]\nuser = tester\npassword = "%s"\nhost = 127.0.0.1\nport = %s\n' "$secret" "$port" >my.cnf
	chmod 600 my.cnf
	connect_good 'an option file' "$scheme:///retort?read_default_file=$PWD/my.cnf"
	cp my.cnf .my.cnf
	HOME=$PWD connect_good 'the option file of the user' "$scheme:///retort"
	printf '[client]\nuser = nobody\n[retort]\nuser = tester\n' >group.cnf
	connect_good 'the group [retort] of an option file' \
		"$scheme://:$secret_url@$tcp/retort?read_default_file=$PWD/group.cnf"
	sed 's/password = .*/password = wr0ng/' my.cnf >wrong.cnf
	connect_bad 'a wrong password in an option file' 5 "Access denied for user 'tester'@'127.0.0.1' \\(using password: YES\\) \\(28000, 1045\\)" \
		"$scheme:///retort?read_default_file=$PWD/wrong.cnf"
}

check_tls() {
	connect_good TLS "$scheme://secured@$tcp/retort?ssl_mode=required"
	connect_good 'TLS unasked' "$scheme://secured@$tcp/retort"
	connect_good 'a certificate that is checked' \
		"$scheme://secured@localhost:$port/retort?ssl_mode=verify_identity&ssl_ca=$TLS_DIR/ca.pem"
	connect_good 'the words of libpq' "$scheme://secured@localhost:$port/retort?sslmode=verify-full&ssl_ca=$TLS_DIR/ca.pem"
	connect_bad 'no TLS' 5 "Access denied for user 'secured'@'127.0.0.1'" "$scheme://secured@$tcp/retort?ssl_mode=disabled"
	connect_bad 'another authority' 5 "cannot connect to database 'retort' on 'localhost:$port': .*(certificate|SSL|TLS)" \
		"$scheme://secured@localhost:$port/retort?ssl_mode=verify_identity&ssl_ca=$TLS_DIR/other.pem"
	connect_bad 'another authority, without a mode' 5 "cannot connect to .*(certificate|SSL|TLS)" \
		"$scheme://secured@localhost:$port/retort?ssl_ca=$TLS_DIR/other.pem"
	connect_bad 'another host name' 5 "cannot connect to database 'retort' on '127.0.0.1:$port': .*(certificate|SSL|TLS|[Hh]ost)" \
		"$scheme://secured@$tcp/retort?ssl_mode=verify_identity&ssl_ca=$TLS_DIR/ca.pem"
	connect_bad 'an unknown mode' 1 "unknown ssl_mode 'maybe'" "$scheme://secured@$tcp/retort?ssl_mode=maybe"
}

check_refusals() {
	connect_bad refused 5 "cannot connect to database 'retort' on '127.0.0.1:1': .*127.0.0.1.*\\(HY000, 200[23]\\)" \
		"$scheme://tester:$secret_url@127.0.0.1:1/retort"
	connect_bad 'no socket' 5 "Can't connect to local .*server through socket '$PWD/none'" \
		"$scheme://tester:$secret_url@localhost/retort?unix_socket=$PWD/none"
	connect_bad 'unknown host' 5 "Unknown (MySQL |MariaDB )?server host 'nowhere.invalid'" "$scheme://tester:$secret_url@nowhere.invalid/retort"
	connect_bad 'wrong password' 5 "Access denied for user 'tester'@'127.0.0.1' \\(using password: YES\\)" \
		"$scheme://tester:wr0ng@$tcp/retort"
	connect_bad 'no password' 5 "Access denied for user 'tester'@'127.0.0.1' \\(using password: NO\\)" "$scheme://tester@$tcp/retort"
	connect_bad 'no such database' 5 "Unknown database 'nosuch'" "$scheme://retort@$tcp/nosuch"
	connect_bad 'no permission to connect' 5 "Access denied for user 'tester'@'127.0.0.1' to database 'closed'" \
		"$scheme://tester:$secret_url@$tcp/closed"
	connect_bad 'no permission to make tables' 1 "CREATE command denied to user 'tester'@'127.0.0.1' for table" \
		"$scheme://tester:$secret_url@$tcp/retort" upgrade head
	connect_bad 'no database in the URL' 1 'the URL names no database: write it after the host' "$scheme://retort@$tcp/"
	connect_bad 'an unknown parameter' 1 "unknown URL parameter 'ssl_moda': did you mean 'ssl_mode'" \
		"$scheme://tester:$secret_url@$tcp/retort?ssl_moda=required"
	connect_bad 'another character set' 1 "cannot use URL parameter 'charset': retort always speaks utf8mb4" \
		"$scheme://tester:$secret_url@$tcp/retort?charset=latin1"
	printf '[retort]\nscript_location = .\nurl_command = echo %s://tester:wr0ng@%s/retort\n' "$scheme" "$tcp" >command.ini
	"$RETORT" -c command.ini current >said 2>&1
	[ $? = 5 ] || connect_fail 'a URL of a command is not 5'
	grep -q 'Access denied' said && connect_quiet 'a URL of a command' || connect_fail 'what a command prints'
	echo 'ok: a password that a command prints'
}

check_lost() {
	cat >versions/b1.yaml <<-'END'
		revision: b1
		down_revision: a1
		upgrade:
		  - execute: INSERT INTO t VALUES (1)
		  - execute: KILL CONNECTION_ID()
	END
	"$RETORT" -u "$scheme://retort@$tcp/retort" upgrade head >said 2>&1
	[ $? = 5 ] || connect_fail 'a lost connection is not 5:'
	for pattern in "^versions/b1.yaml:5:5: operation 2 of 2: cannot execute sql: connection to database 'retort' on '127.0.0.1:$port' was lost: " \
		'statement: KILL CONNECTION_ID' 'operation 1 is done and recorded' 'next: when the database answers again: retort upgrade head$'; do
		grep -qE -- "$pattern" said || connect_fail "a lost connection does not say '$pattern':"
	done
	echo 'ok: a lost connection'
}

# check_connections ENGINE [HOW]: HOW is what stands between IDENTIFIED and BY for users with a password.
check_connections() {
	engine=$1 scheme=$1
	[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
	tls_folder
	tls="ssl_ca = $TLS_DIR/ca.pem
ssl_cert = $TLS_DIR/server.pem
ssl_key = $TLS_DIR/server.key"
	[ "$(id -u)" -ne 0 ] || chown root "$TLS_DIR/server.key"
	export ENGINE_TCP=1 MARIADB_SETTINGS="$tls" MYSQL_SETTINGS="$tls"
	engine_start "$engine"
	port=$(cat "$ENGINE_DIR/port")
	tcp=127.0.0.1:$port
	connect_users "${2:-}"
	connect_project
	check_ways
	check_tls
	check_refusals
	check_lost
}
