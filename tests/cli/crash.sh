#!/bin/sh
# SPDX-License-Identifier: MIT
# kill -9 at random moments of an upgrade of 40 revisions, rebuilds and bulk rows among them: whatever
# was cut off, the next upgrade finishes the job, and the result is that of a run that nobody disturbed.
set -eu
kills=${KILLS:-60} revisions=40
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"
unset RETORT_URL DATABASE_URL RETORT_CONFIG

mkdir -p migrations/versions
printf '[retort]\nscript_location = %%(here)s/migrations\nlock_timeout = 60s\n' >retort.ini
awk 'BEGIN { print "id,name,note"; for (i = 1; i <= 3000; i++) printf "%d,name %d,\"a \"\"note\"\" of %d\"\n", i, i, i }' \
	>migrations/versions/rows.csv

# operations N: those of revision N
operations() {
	parent=$(($1 - $1 % 4))
	case $(($1 % 4)) in
	0) cat <<-END ;;
		  - create_table:
		      name: t$1
		      columns:
		        id:   {type: integer, primary_key: true, autoincrement: true}
		        name: {type: string(40), nullable: false, index: true}
		        note: text
	END
	1) printf '  - insert_rows: {table: t%s, csv: rows.csv}\n' "$parent" ;;
	2) cat <<-END ;;
		  - alter_column: {table: t$parent, name: note, type: string(80), nullable: false, default: none}
		  - create_table:
		      name: c$1
		      columns:
		        id: {type: integer, primary_key: true}
		        up: {type: integer, references: t$parent(id), on_delete: cascade}
		  - execute: {sql: "INSERT INTO c$1 SELECT id, id FROM t$parent WHERE id % 10 = 0", reverse: []}
	END
	3) cat <<-END ;;
		  - add_column: {table: t$parent, name: extra, type: integer, nullable: false, fill: 7}
		  - create_check_constraint: {table: t$parent, name: ck_$1, expression: extra > 0}
	END
	esac
}

down=null n=0
while [ $n -lt $revisions ]; do
	id=$(printf 'rev%02d' $n)
	{
		printf 'revision: %s\ndown_revision: %s\nupgrade:\n' "$id" "$down"
		operations $n
	} >"migrations/versions/$id.yaml"
	down=$id n=$((n + 1))
done

# All that the database holds but the history's times, and the history without them.
contents() {
	sqlite3 "$1" .dump | grep -v retort_history
	sqlite3 "$1" "SELECT revision, direction, state, statements, done FROM retort_history WHERE state = 'done' ORDER BY id"
}

milliseconds() { echo $(($(date +%s%N) / 1000000)); }

fail() {
	echo "after $killed kills: $1"
	exit 1
}

killed=0
started=$(milliseconds)
"$RETORT" -q -u sqlite:///whole.db upgrade || { echo "an upgrade fails even undisturbed"; exit 1; }
took=$(($(milliseconds) - started))
contents whole.db >expected
[ "$(sqlite3 whole.db 'SELECT count(*) FROM retort_history')" -eq $revisions ]

rounds=0 tries=0
while [ "$killed" -lt "$kills" ] && [ "$tries" -lt $((kills * 20)) ]; do
	tries=$((tries + 1))
	"$RETORT" -q -u sqlite:///x.db upgrade 2>>log &
	pid=$!
	random=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
	pause=$((random % (took + 1)))
	sleep "$(printf '%d.%03d' $((pause / 1000)) $((pause % 1000)))"
	kill -9 $pid 2>/dev/null || true
	status=0
	wait $pid 2>/dev/null || status=$?
	if [ $status -eq 137 ]; then
		killed=$((killed + 1))
		[ ! -s x.db ] || [ "$(sqlite3 x.db 'PRAGMA integrity_check; PRAGMA foreign_key_check')" = ok ] || fail 'the database is damaged'
		continue
	fi
	[ $status -eq 0 ] || { cat log; fail "an upgrade exits with $status"; }
	# This one got through: compare, and start again.
	contents x.db >actual
	diff expected actual >difference || { head -n 40 difference; fail 'the result differs'; }
	rounds=$((rounds + 1))
	rm -f x.db x.db-journal x.db-wal x.db-shm
done
"$RETORT" -q -u sqlite:///x.db upgrade 2>>log || { cat log; fail 'the last upgrade fails'; }
contents x.db >actual
diff expected actual >difference || { head -n 40 difference; fail 'the result differs'; }
[ "$(sqlite3 x.db "SELECT count(*) FROM retort_history WHERE state = 'running'")" -eq 0 ] || fail 'a step is left running'
[ "$(sqlite3 x.db 'SELECT count(*) - count(DISTINCT revision) FROM retort_history WHERE state = '"'done'")" -eq 0 ] ||
	fail 'a revision is recorded twice'
[ "$killed" -ge "$kills" ] || fail "only so many of $tries tries hit"
echo "$killed kills in $tries runs of about $took ms; $((rounds + 1)) results equal that of the undisturbed run"
