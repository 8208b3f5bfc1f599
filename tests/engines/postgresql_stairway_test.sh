#!/bin/sh
# SPDX-License-Identifier: MIT
# verify and test on a private PostgreSQL: see stairway.sh. Who may not create databases gets a schema.
set -u
: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
engines_home=$RETORT_SOURCE/tests/engines
# shellcheck disable=SC1091
. "$engines_home/engines.sh"
[ -f "$RETORT_BUILD/drivers/postgresql.so" ] || { echo "skipped: the driver isn't built"; exit 77; }
engine=postgresql
engine_start $engine
# shellcheck disable=SC1091
. "$engines_home/stairway.sh"

ask() {
	psql -XqAt -v ON_ERROR_STOP=1 "$ENGINE_URL" -c "$1"
}
places() {
	ask 'SELECT datname FROM pg_database UNION ALL SELECT nspname FROM pg_namespace ORDER BY 1' | grep -v '^pg_'
}
tables() {
	ask "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
}

stairway_drift
drift 'ALTER TABLE account ALTER balance TYPE numeric(14,2)' \
	'column account.balance: type: expected numeric(12,2), found numeric(14,2)'
drift 'ALTER TABLE account ALTER state DROP NOT NULL' 'column account.state: nullable: expected false, found true'
drift 'DROP INDEX ix_state' 'index ix_state of account: missing, expected (state, balance)'
drift "COMMENT ON TABLE account IS 'x'" 'table account: comment: expected people, found x'
drift "ALTER TYPE account_kind RENAME VALUE 'b' TO 'c'" \
	'column account.kind: type: expected "account_kind" enum (a, b), found "account_kind" enum (a, c)'
drift 'ALTER TABLE payment DROP CONSTRAINT fk_payment_account_id_account, ADD CONSTRAINT fk_payment_account_id_account
	FOREIGN KEY (account_id) REFERENCES account (id)' \
	'constraint fk_payment_account_id_account of payment: definition: expected foreign key (account_id) references account (id) on delete cascade'
stairway_faults
# shellcheck disable=SC2034
waiting="psql -XqAt '$ENGINE_URL' -c \"SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'\""
stairway_interrupted 'SELECT pg_sleep(60)'

ask "CREATE ROLE tenant LOGIN; CREATE ROLE reader LOGIN; GRANT CREATE ON DATABASE retort TO tenant;
	REVOKE ALL ON SCHEMA public FROM PUBLIC"
as() {
	echo "$ENGINE_URL" | sed "s/retort@/$1@/"
}
stairway_refusals 'postgresql://retort@localhost/retort?host=/nowhere/at/all' "$(as reader)" 0 passed
leaves_nothing 0 passed "$RETORT" -q test --on "$(as tenant)"
leaves_nothing 0 'tested in a schema of its own' "$RETORT" test --on "$(as tenant)&options=-cwork_mem%3D1MB"
revision 2_schema b2 a1 <<-'END'
	upgrade: [{create_schema: stairway_own}]
END
leaves_nothing 3 "it works in schema 'stairway_own', which would lie outside of the scratch database" \
	"$RETORT" -q test --on "$(as tenant)"
leaves_nothing 1 "the URL leads to 'retort', whatever its path is" "$RETORT" -q test --on "$ENGINE_URL&dbname=retort"
stairway_example
# shellcheck disable=SC2154
exit "$stairway_failed"
