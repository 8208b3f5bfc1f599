# SPDX-License-Identifier: MIT
# Certificates for tests: an authority that a server's certificate is from, and another one. Sourced.
# shellcheck shell=sh

# tls_make DIR: ca.pem, other.pem, server.pem and server.key, which is for the host name localhost.
tls_make() {
	command -v openssl >/dev/null || { echo "skipped: there is no openssl"; exit 77; }
	for name in ca other; do
		openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=retort test $name" -keyout "$1/$name.key" \
			-out "$1/$name.pem" 2>/dev/null || return 1
	done
	printf 'subjectAltName = DNS:localhost\n' >"$1/extensions"
	openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$1/server.key" -out "$1/server.csr" 2>/dev/null &&
		openssl x509 -req -in "$1/server.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -set_serial 7 -days 2 \
			-extfile "$1/extensions" -out "$1/server.pem" 2>/dev/null || return 1
	chmod 600 "$1/server.key"
	chmod 644 "$1"/*.pem
}

# tls_folder: sets TLS_DIR to a folder with these, which goes when the engines stop.
tls_folder() {
	TLS_DIR=$(engine_folder tls) || exit 1
	engines_running="tls:$TLS_DIR $engines_running"
	tls_make "$TLS_DIR" || { echo "cannot make certificates"; exit 1; }
	user=$(engine_user)
	[ -z "$user" ] || chown "$user" "$TLS_DIR/server.key"
}

tls_stop() {
	:
}
