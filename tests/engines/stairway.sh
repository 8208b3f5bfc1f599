# SPDX-License-Identifier: MIT
# What the stairway tests of all servers share: verify and test find each kind of fault, and leave no trace.
# shellcheck shell=sh disable=SC2154,SC2034
#
# A test sets engine, starts it, and defines
#	ask SQL          runs it in the database of ENGINE_URL
#	places           lists all databases and schemas
#	tables           lists the tables of the database of ENGINE_URL

: "${RETORT_BUILD:?}" "${RETORT:?}" "${RETORT_SOURCE:?}"
stairway_failed=0

fault() {
	echo "$engine: $*"
	stairway_failed=1
}

# expect STATUS TEXT COMMAND...: the command must exit so and say the text, on either stream.
expect() {
	wanted=$1 text=$2
	shift 2
	"$@" >"$ENGINE_DIR/out" 2>&1
	code=$?
	if [ "$code" -ne "$wanted" ] || { [ -n "$text" ] && ! grep -qF -- "$text" "$ENGINE_DIR/out"; }; then
		fault "$*: status $code, expected $wanted and: $text"
		cat "$ENGINE_DIR/out"
	fi
}

# says TEXT: the last command said that too.
says() {
	grep -qF -- "$1" "$ENGINE_DIR/out" || { fault "it does not say: $1"; cat "$ENGINE_DIR/out"; }
}

# leaves_nothing STATUS TEXT COMMAND...: as expect, and nothing is made or left anywhere on the server.
leaves_nothing() {
	places_before=$(places) tables_before=$(tables)
	expect "$@"
	[ "$places_before" = "$(places)" ] || fault "$3 $4 $5: left: $(places)"
	[ "$tables_before" = "$(tables)" ] || fault "$3 $4 $5: the database holds: $(tables)"
}

# fresh_project: an empty one in a new working directory, for the database of the server.
fresh_project() {
	project=$(mktemp -d "$ENGINE_DIR/projectXXXXXX") || exit 1
	cd "$project" || exit 1
	mkdir -p migrations/versions
	# shellcheck disable=SC2016
	printf '[retort]\nscript_location = migrations\nurl = ${DATABASE_URL}\n' >retort.ini
	export DATABASE_URL="$ENGINE_URL"
}

# revision FILE ID DOWN: the lists come from standard input.
revision() {
	{
		printf 'revision: %s\ndown_revision: %s\n' "$2" "$3"
		cat
	} >"migrations/versions/$1.yaml"
}

shop() {
	revision 1_shop a1 null <<-'END'
		upgrade:
		  - create_table:
		      name: account
		      comment: people
		      columns:
		        id:      {type: bigint, primary_key: true, autoincrement: true}
		        email:   {type: string(320), nullable: false, unique: uq_email}
		        state:   {type: string(10), default: new, nullable: false}
		        balance: {type: "numeric(12,2)", default: 0}
		        made:    {type: timestamp, default: {function: now}}
		        kind:    {type: "enum(a, b)", default: a}
		      check_constraints: {balance_positive: balance >= 0}
		      indexes: {ix_state: [state, balance]}
		  - create_table:
		      name: payment
		      columns:
		        id:         {type: bigint, primary_key: true, autoincrement: true}
		        account_id: {type: bigint, references: account(id), on_delete: cascade}
		  - create_view: {name: active, query: "SELECT id, email FROM account WHERE state = 'active'"}
		downgrade: auto
	END
}

# drift SQL LINE [UNDO]: after the SQL verify exits with 3 and finds that alone; what it prints with --as sql (or
# UNDO) brings the schema back.
drift() {
	ask "$1" || fault "cannot: $1"
	expect 3 "$2" "$RETORT" -q verify
	[ "$(sed '/^$/,$d' "$ENGINE_DIR/out" | wc -l)" -eq 1 ] || { fault "$1: more than one line"; cat "$ENGINE_DIR/out"; }
	says 'what brings the schema back:'
	expect 3 "-- $2" "$RETORT" -q verify --as sql
	ask "${3:-$(cat "$ENGINE_DIR/out")}" >/dev/null || { fault "cannot: ${3:-$(cat "$ENGINE_DIR/out")}"; }
	expect 0 '' "$RETORT" -q verify
	[ ! -s "$ENGINE_DIR/out" ] || fault "after $1 and back: $(cat "$ENGINE_DIR/out")"
}

# What is changed by hand on the server, the same on all, and a file that was edited.
stairway_drift() {
	fresh_project
	shop
	expect 0 '' "$RETORT" -q upgrade
	expect 0 'as they were applied' "$RETORT" verify
	drift 'CREATE TABLE extra (x integer)' 'table extra: not expected, found table'
	drift 'ALTER TABLE account ADD nick integer' 'column account.nick: not expected'
	drift "ALTER TABLE account ALTER state SET DEFAULT 'old'" \
		'column account.state: default: expected '
	drift 'CREATE INDEX more ON payment (id)' 'index more of payment: not expected, found (id)'
	drift 'ALTER TABLE account DROP CONSTRAINT balance_positive' \
		'constraint balance_positive of account: missing, expected check '
	drift "CREATE OR REPLACE VIEW active AS SELECT id, email FROM account WHERE state = 'passive'" \
		'view active: definition: expected '
	drift 'DROP VIEW active' 'view active: missing'
	sed -i 's/string(10)/string(11)/' migrations/versions/1_shop.yaml
	expect 3 "migrations/versions/1_shop.yaml: not what was applied as 'a1'" "$RETORT" -q verify
	says 'column account.state: type: expected '
	sed -i 's/string(11)/string(10)/; s/comment: people/comment: persons/' migrations/versions/1_shop.yaml
	expect 3 'table account: comment: expected persons, found people' "$RETORT" -q verify --accept a1
	expect 3 'table account: comment: expected persons, found people' "$RETORT" -q verify
	! grep -qF "applied as 'a1'" "$ENGINE_DIR/out" || fault 'the accepted file is still told of'
	sed -i 's/comment: persons/comment: people/' migrations/versions/1_shop.yaml
	expect 0 '' "$RETORT" -q verify --accept a1
}

# What test must find on a server. The configured database is the one of stairway_drift.
stairway_faults() {
	leaves_nothing 0 '1/1' "$RETORT" -q test --on "$ENGINE_URL"
	expect 0 passed "$RETORT" -q test --on sqlite:// --on "$ENGINE_URL"
	revision 2_bad b2 a1 <<-'END'
		upgrade:
		  - alter_column: {table: account, name: balance, type: "numeric(14,2)", default: 1}
		downgrade:
		  - alter_column: {table: account, name: balance, type: "numeric(12,2)"}
	END
	leaves_nothing 3 'column account.balance: default: expected ' "$RETORT" -q test --on "$ENGINE_URL"
	says 'FAILED after the downgrade of b2'
	revision 2_bad b2 a1 <<-'END'
		upgrade:
		  - execute: {sql: CREATE INDEX hidden ON payment (id), reverse: []}
	END
	leaves_nothing 3 'index hidden of payment: not expected, found (id)' "$RETORT" -q test --on "$ENGINE_URL"
	# shellcheck disable=SC2016
	says 'declare it under `effects`'
	revision 2_bad b2 a1 <<-'END'
		upgrade:
		  - execute: {sql: DROP TABLE nowhere, reverse: []}
	END
	leaves_nothing 3 'FAILED in the upgrade of b2' "$RETORT" -q test --on "$ENGINE_URL"
	rm migrations/versions/2_bad.yaml
}

# A signal in the middle of a long statement: nothing is left.
stairway_interrupted() {
	revision 2_long b2 a1 <<-END
		upgrade: [{create_table: {name: t, columns: {id: integer}}}, {execute: {sql: "$1", reverse: []}}]
	END
	for signal in INT TERM; do
		places_before=$(places)
		"$RETORT" -q test --on "$ENGINE_URL" >"$ENGINE_DIR/out" 2>&1 &
		pid=$!
		engine_wait 20 sh -c "${waiting:?} | grep -q ." || fault 'the long statement did not start'
		kill -s "$signal" "$pid"
		wait "$pid"
		code=$?
		[ "$code" -eq 130 ] || { fault "SIG$signal: status $code"; cat "$ENGINE_DIR/out"; }
		[ "$places_before" = "$(places)" ] || fault "SIG$signal: left: $(places)"
	done
	rm migrations/versions/2_long.yaml
}

# Bad input that has to do with the server.
stairway_refusals() {
	leaves_nothing 5 'cannot connect' "$RETORT" -q test --on "$1"
	leaves_nothing 1 "cannot make a scratch database on " "$RETORT" -q test --on "$2"
	revision 2_schema b2 a1 <<-'END'
		upgrade: [{create_schema: stairway_own}, {create_table: {schema: stairway_own, name: t, columns: {id: integer}}}]
	END
	leaves_nothing "$3" "$4" "$RETORT" -q test --on "$ENGINE_URL"
	rm migrations/versions/2_schema.yaml
}

stairway_example() {
	[ -d /usr/share/iso-codes/json ] || { echo "iso-codes isn't installed: no worked example"; return; }
	cd "$RETORT_SOURCE/migrations/world" || exit 1
	leaves_nothing 0 '19/19' "$RETORT" -q test --on sqlite:// --on "$ENGINE_URL"
	cat "$ENGINE_DIR/out"
}
