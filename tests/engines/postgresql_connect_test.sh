#!/bin/sh
# SPDX-License-Identifier: MIT
# Ways to a PostgreSQL: sockets, TCP, TLS with certificates that are checked, passwords from a URL, PGPASSFILE and
# PGSERVICE; and what is said where there is no way, never with a password.
# shellcheck disable=SC2154 # what connect.sh sets
set -u
engines_home=${RETORT_SOURCE:?}/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/tls.sh"
# shellcheck disable=SC1091
. "$engines_home/connect.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
tls_folder
export ENGINE_TCP=1 POSTGRESQL_SETTINGS="ssl = on
ssl_cert_file = '$TLS_DIR/server.pem'
ssl_key_file = '$TLS_DIR/server.key'"
engine_start postgresql
port=$(cat "$ENGINE_DIR/port")
ask() {
	psql -XqAt -v ON_ERROR_STOP=1 "$ENGINE_URL" -c "$1" || exit 1
}
ask "CREATE ROLE tester LOGIN PASSWORD '$secret'"
ask 'CREATE ROLE secured LOGIN'
ask 'CREATE DATABASE closed'
ask 'REVOKE CONNECT ON DATABASE closed FROM PUBLIC'
ask "CREATE DATABASE latin ENCODING LATIN1 TEMPLATE template0"
cat >"$ENGINE_DIR/data/pg_hba.conf" <<'END'
local all tester scram-sha-256
host all tester 127.0.0.1/32 scram-sha-256
hostssl all secured 127.0.0.1/32 trust
host all secured 127.0.0.1/32 reject
local all all trust
host all retort 127.0.0.1/32 trust
END
ask 'SELECT pg_reload_conf()' >/dev/null
connect_project
unset PGPASSWORD PGPASSFILE PGSERVICE PGSERVICEFILE PGHOST PGPORT PGUSER PGDATABASE PGSSLMODE
tcp=127.0.0.1:$port

connect_good 'a socket' "$ENGINE_URL"
connect_good 'a socket by the name of other libraries' "postgresql://retort@/retort?unix_socket=$ENGINE_DIR&port=$port"
connect_good TCP "postgresql://retort@$tcp/retort"
connect_good 'a password' "postgresql://tester:$secret_url@$tcp/retort"
printf '127.0.0.1:%s:*:tester:%s\n' "$port" "$secret" >pass
chmod 600 pass
PGPASSFILE=$PWD/pass connect_good PGPASSFILE "postgresql://tester@$tcp/retort"
printf '[shop]\nhost=127.0.0.1\nport=%s\ndbname=retort\nuser=tester\npassword=%s\n' "$port" "$secret" >services
PGSERVICEFILE=$PWD/services PGSERVICE=shop connect_good PGSERVICE 'postgresql://'
PGSERVICEFILE=$PWD/services connect_good 'a service of the URL' 'postgresql://?service=shop'

secured="postgresql://secured@localhost:$port/retort?hostaddr=127.0.0.1"
connect_good 'TLS' "$secured&sslmode=require"
connect_good 'a certificate that is checked' "$secured&sslmode=verify-full&sslrootcert=$TLS_DIR/ca.pem"
connect_good 'its authority by the name of other libraries' "$secured&sslmode=verify-ca&ssl_ca=$TLS_DIR/ca.pem"
connect_bad 'no TLS' 5 'no encryption' "$secured&sslmode=disable"
connect_bad 'another authority' 5 "cannot connect to database 'retort' on .*certificate verify failed" \
	"$secured&sslmode=verify-full&sslrootcert=$TLS_DIR/other.pem"
connect_bad 'another host name' 5 'server certificate for "localhost" .*does not match host name "127.0.0.1"' \
	"postgresql://secured@$tcp/retort?sslmode=verify-full&sslrootcert=$TLS_DIR/ca.pem"
connect_bad 'no file of the authority' 5 'root certificate file ".*/none.pem" does not exist' \
	"$secured&sslmode=verify-full&sslrootcert=$TLS_DIR/none.pem"

connect_bad 'refused' 5 "cannot connect to database 'retort' on '127.0.0.1:1': .*Connection refused" \
	"postgresql://tester:$secret_url@127.0.0.1:1/retort"
connect_bad 'no socket' 5 'No such file or directory' "postgresql://tester:$secret_url@/retort?host=$PWD/none"
connect_bad 'unknown host' 5 'could not translate host name "nowhere.invalid"' \
	"postgresql://tester:$secret_url@nowhere.invalid/retort"
connect_bad 'wrong password' 5 'password authentication failed for user "tester"' \
	"postgresql://tester:wr0ng@$tcp/retort"
connect_bad 'no password' 5 'no password supplied' "postgresql://tester@$tcp/retort"
connect_bad 'no such database' 5 'database "nosuch" does not exist' "postgresql://tester:$secret_url@$tcp/nosuch"
connect_bad 'no permission to connect' 5 'permission denied for database "closed"' \
	"postgresql://tester:$secret_url@$tcp/closed"
connect_bad 'no permission to make tables' 1 'permission denied for schema public' \
	"postgresql://tester:$secret_url@$tcp/retort" upgrade head
connect_bad 'an unknown service' 1 'definition of service "none" not found' 'postgresql://?service=none'
connect_bad 'an unknown parameter' 1 "unknown URL parameter 'ssl_mod': did you mean .*'sslmode'" \
	"postgresql://tester:$secret_url@$tcp/retort?ssl_mod=require"
connect_bad 'another encoding' 1 "cannot use URL parameter 'charset': retort always speaks UTF-8" \
	"postgresql://tester:$secret_url@$tcp/retort?charset=latin1"
connect_bad 'no number for a port' 1 'port' "postgresql://tester:$secret_url@127.0.0.1:pp/retort"
connect_bad 'a bad value of libpq' 1 'invalid sslmode value: "maybe"' "postgresql://tester:$secret_url@$tcp/retort?sslmode=maybe"

printf '[retort]\nscript_location = .\nurl_command = echo postgresql://tester:wr0ng@%s/retort\n' "$tcp" >command.ini
"$RETORT" -c command.ini current >said 2>&1
[ $? = 5 ] || connect_fail 'a URL of a command is not 5'
grep -q 'password authentication failed' said && connect_quiet 'a URL of a command' || connect_fail 'what a command prints'
echo 'ok: a password that a command prints'

# What the database's encoding can't hold, and a connection that is lost in the middle.
printf 'revision: b1\ndown_revision: a1\nupgrade:\n  - execute: "COMMENT ON TABLE t IS %s"\n' "'日本'" >versions/b1.yaml
connect_bad 'what the encoding lacks' 1 'has no equivalent in encoding "LATIN1"' \
	"postgresql://retort@$tcp/latin" upgrade head
printf 'revision: b1\ndown_revision: a1\nupgrade:\n  - execute: SELECT pg_terminate_backend(pg_backend_pid())\n' >versions/b1.yaml
"$RETORT" -u "postgresql://retort@$tcp/retort" upgrade head >said 2>&1
[ $? = 5 ] || connect_fail 'a lost connection is not 5:'
for pattern in "^versions/b1.yaml:4:5: operation 1 of 1: cannot execute sql: connection to database 'retort' on '127.0.0.1:$port' was lost: .*57P01" \
	'statement: SELECT pg_terminate_backend' 'rolled back, nothing of this revision remains' 'next: when the database answers again: retort upgrade head$' 'a1'; do
	grep -qE -- "$pattern" said || connect_fail "a lost connection does not say '$pattern':"
done
[ "$("$RETORT" -u "postgresql://retort@$tcp/retort" current | sed 's/ .*//')" = a1 ] || exit 1
echo 'ok: a lost connection'
