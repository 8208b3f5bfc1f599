# SPDX-License-Identifier: MIT
# A cluster of three MariaDB servers that all take writes, for engines.sh: Debian's mariadb-server and galera-4.
# Its folder holds one for each node, 1 to 3; ENGINE_url is that of the first, galera_node_url those of all.
# shellcheck shell=sh

# shellcheck disable=SC1091,SC2154
. "$engines_home/mariadb.sh"

galera_provider=${GALERA_PROVIDER:-/usr/lib/galera/libgalera_smm.so}

galera_available() {
	mariadb_available || return
	[ -f "$galera_provider" ] || { echo "there is no $galera_provider: install galera-4"; return 1; }
}

# galera_settings DIR NODE: what the server of a node reads.
galera_settings() {
	mariadb_settings "$1/$2"
	echo "${MARIADB_SETTINGS:-}"
	cat <<-END
		innodb_buffer_pool_size = 24M
		innodb_autoinc_lock_mode = 2
		innodb_flush_log_at_trx_commit = 0
		binlog_format = ROW
		wsrep_on = ON
		wsrep_provider = $galera_provider
		wsrep_cluster_name = retort
		wsrep_cluster_address = gcomm://$(galera_addresses "$1")
		wsrep_node_name = node$2
		wsrep_node_address = 127.0.0.1:$(cat "$1/$2/group")
		wsrep_sst_method = retort
		wsrep_slave_threads = 2
		wsrep_provider_options = "base_port=$(cat "$1/$2/group");gmcast.listen_addr=tcp://127.0.0.1:$(cat "$1/$2/group");ist.recv_addr=127.0.0.1:$(cat "$1/$2/state");ist.recv_bind=127.0.0.1:$(cat "$1/$2/state");gcache.size=16M;gcs.fc_limit=64"
	END
}

galera_addresses() {
	echo "127.0.0.1:$(cat "$1/1/group"),127.0.0.1:$(cat "$1/2/group"),127.0.0.1:$(cat "$1/3/group")"
}

# What a server runs to send or get a whole copy: nothing, for all begin with the same data.
galera_transfer() {
	cat <<-END
		#!/bin/sh
		stand=\$(sed -n 's/^uuid: *//p' "$1/stand"):\$(sed -n 's/^seqno: *//p' "$1/stand")
		case " \$* " in
		*" --role joiner "* | *" --role 'joiner' "*)
			echo "ready 127.0.0.1:1/none"
			echo "\$stand 0"
			;;
		*)
			echo continue
			echo "done \$stand 0"
			;;
		esac
	END
}

# The data that all nodes begin with: then none has to send it to another. A server of a cluster makes it,
# for it is to say where in the cluster's history it stands.
galera_prepare() {
	mkdir "$1/bin" && galera_transfer "$1" >"$1/bin/wsrep_sst_retort" && chmod 755 "$1/bin/wsrep_sst_retort" || return 1
	for node in 1 2 3; do
		mkdir "$1/$node" || return 1
		engine_port >"$1/$node/group"
		engine_port >"$1/$node/state"
	done
	for node in 1 2 3; do
		: >"$1/$node/init.sql"
		galera_settings "$1" $node >"$1/$node/my.cnf"
	done
	mariadb_data "$1/1" || return 1
	mariadb_init >"$1/1/init.sql"
	galera_start_node "$1" 1 --wsrep-new-cluster
	engine_wait 60 galera_ready "$1" 1 || return 1
	kill "$(cat "$1/1/started")"
	wait "$(cat "$1/1/started")"
	: >"$1/1/init.sql"
	cp "$1/1/data/grastate.dat" "$1/stand"
	for node in 2 3; do
		cp -r "$1/1/data" "$1/$node/data" || return 1
	done
}

# galera_start_node DIR NODE [OPTION]
galera_start_node() {
	PATH=$1/bin:$PATH "$(mariadb_program mariadbd)" --defaults-file="$1/$2/my.cnf" ${3:+"$3"} >>"$1/$2/log" 2>&1 &
	echo $! >"$1/$2/started"
}

galera_ready() {
	[ "$(mariadb_admin "$1/$2" "SHOW STATUS LIKE 'wsrep_ready'")" = "wsrep_ready	ON" ]
}

galera_start() {
	galera_prepare "$1" || return 1
	galera_start_node "$1" 1 --wsrep-new-cluster
	engine_wait 60 galera_ready "$1" 1 || { tail -n 20 "$1/1/log" >&2; return 1; }
	for node in 2 3; do
		galera_start_node "$1" $node
		engine_wait 60 galera_ready "$1" $node || { tail -n 20 "$1/$node/log" >&2; return 1; }
	done
}

galera_stop() {
	for node in 1 2 3; do
		[ ! -f "$1/$node/started" ] || mariadb_stop "$1/$node"
	done
}

# galera_node_url DIR NODE [NAME]
galera_node_url() {
	mariadb_url "$1/$2" "${3:-}"
}

galera_url() {
	galera_node_url "$1" 1 "${2:-}"
}

galera_admin() {
	mariadb_admin "$1/1" "$2"
}

galera_fresh() {
	mariadb_fresh "$1/1" "${2:-}"
}
