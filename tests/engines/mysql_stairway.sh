# SPDX-License-Identifier: MIT
# What mysql_stairway_test.sh and mariadb_stairway_test.sh do with their server: see stairway.sh.
# shellcheck shell=sh disable=SC2154,SC2034

ask() {
	"$(mariadb_program mariadb)" --no-defaults --socket="$ENGINE_DIR/sock" -u retort -N -B retort -e "SET sql_mode = 'STRICT_ALL_TABLES'; $1"
}
places() {
	ask 'SHOW DATABASES'
}
tables() {
	ask 'SHOW TABLES'
}

stairway_on() {
	engine=$1
	[ -f "$RETORT_BUILD/drivers/mysql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
	engine_start "$engine"
	# shellcheck disable=SC1091
	. "$engines_home/stairway.sh"
	stairway_drift
	drift 'ALTER TABLE account MODIFY balance decimal(14,2) DEFAULT 0' \
		'column account.balance: type: expected decimal(12,2), found decimal(14,2)'
	drift "ALTER TABLE account MODIFY state varchar(10) DEFAULT 'new'" \
		'column account.state: nullable: expected false, found true'
	drift 'DROP INDEX ix_state ON account' 'index ix_state of account: missing, expected (state, balance)'
	drift "ALTER TABLE account COMMENT 'x'" 'table account: comment: expected people, found x'
	drift "ALTER TABLE account MODIFY kind enum('a', 'c') DEFAULT 'a'" 'column account.kind: type: expected '
	drift 'ALTER TABLE payment DROP FOREIGN KEY fk_payment_account_id_account;
		ALTER TABLE payment ADD CONSTRAINT fk_payment_account_id_account FOREIGN KEY (account_id) REFERENCES account (id)' \
		'constraint fk_payment_account_id_account of payment: definition: expected foreign key (account_id) references account (id) on delete cascade'
	stairway_faults
	waiting="'$(mariadb_program mariadb)' --no-defaults --socket='$ENGINE_DIR/sock' -u retort -N -e 'SHOW PROCESSLIST' | grep 'DO SLEEP'"
	stairway_interrupted 'DO SLEEP(60)'
	ask "CREATE USER reader@localhost; GRANT SELECT ON retort.* TO reader@localhost;
		CREATE USER tester@localhost; GRANT ALL ON \`retort\\_test\\_%\`.* TO tester@localhost; GRANT SELECT ON retort.* TO tester@localhost"
	stairway_refusals "$engine://retort@localhost/retort?unix_socket=/nowhere/at/all" \
		"$(echo "$ENGINE_URL" | sed 's/retort@/reader@/')" 3 \
		"it works in schema 'stairway_own', which would lie outside of the scratch database"
	leaves_nothing 0 passed "$RETORT" -q test --on "$(echo "$ENGINE_URL" | sed 's/retort@/tester@/')"
	stairway_example
	exit "$stairway_failed"
}
