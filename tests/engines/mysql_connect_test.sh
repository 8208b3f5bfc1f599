#!/bin/sh
# SPDX-License-Identifier: MIT
# Connections to MySQL; see mysql_connect.sh.
# shellcheck disable=SC2154 # what connect.sh sets
set -u
engines_home=${RETORT_SOURCE:?}/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
# shellcheck disable=SC1091
. "$engines_home/mysql_connect.sh"
check_connections mysql 'WITH caching_sha2_password'

# The password's hash is known to the server only after the first login: that one needs TLS or the server's public key.
for mode in required disabled disabled; do
	[ $mode = disabled ] || ask 'FLUSH PRIVILEGES'
	connect_good "caching_sha2_password, TLS $mode" "mysql://tester:$secret_url@$tcp/retort?ssl_mode=$mode"
done
ask 'FLUSH PRIVILEGES'
connect_good 'caching_sha2_password by the key that the server sends' \
	"mysql://tester:$secret_url@$tcp/retort?ssl_mode=disabled&get_server_public_key=true"
ask 'FLUSH PRIVILEGES'
connect_good 'caching_sha2_password by a key at hand' \
	"mysql://tester:$secret_url@$tcp/retort?ssl_mode=disabled&server_public_key=$ENGINE_DIR/data/public_key.pem"
connect_bad 'caching_sha2_password and a wrong one' 5 "Access denied for user 'tester'@'127.0.0.1'" \
	"mysql://tester:wr0ng@$tcp/retort?ssl_mode=disabled&get_server_public_key=true"
