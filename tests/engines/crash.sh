# SPDX-License-Identifier: MIT
# Sourced by the crash tests of engines that can roll DDL back. A migration in one transaction, cut off at any call of
# its connection, leaves nothing or all of it; one that is journalled is resumed, or taken back. The test defines
#	dump          prints definitions and rows of the database but for the history
#	history       prints the history's rows that count, without times and numbers of statements, which planning anew may change
#	save FILE, restore FILE
#	ENGINE, HOWS  its name; how a run is cut off, before a call or after it, and at how many by default in each way:
#	              "kill:before:4 cut:after:4 stop:after:2"
#	again         starts the server that was stopped; FAULT_SERVER and FAULT_SIGNAL say how fault.c does that
#	SPLIT_INDEX   keys of create_index in the journalled project
# CRASH_POINTS=all takes every call; by default a few of each kind. CRASH_PROJECTS, CRASH_HOWS: only these.
# shellcheck shell=sh disable=SC2154

sound() {
	RETORT_DRIVER_PATH=$RETORT_BUILD/drivers "$RETORT" "$@"
}

faulty() {
	RETORT_DRIVER_PATH=$RETORT_BUILD/tests/faults "$RETORT" "$@"
}

contents() {
	dump
	history
}

bad() {
	failures=$((failures + 1))
	echo "$ENGINE $project $how $when $what: call $point ($(sed -n "${point}p" "$calls")): $1"
	head -n 20 "$2"
}

# write_project KIND: whole (one transaction) or split (several).
write_project() {
	rm -rf migrations
	mkdir -p migrations/versions
	# shellcheck disable=SC2016
	printf '[retort]\nscript_location = migrations\nurl = ${DATABASE_URL}\nlock_timeout = 30s\n' >retort.ini
	awk 'BEGIN { print "id,label"; for (i = 1; i <= 10050; i++) printf "%d,label %d\n", i, i }' >migrations/versions/labels.csv
	cat >migrations/versions/a_base.yaml <<-'END'
		revision: a000
		down_revision: null
		upgrade:
		  - create_table:
		      name: account
		      columns:
		        id: {type: bigint, primary_key: true}
		        email: {type: string(80), nullable: false}
		        score: string(9)
		        unused: integer
		  - create_table: {name: leftover, columns: {id: {type: integer, primary_key: true}}}
		  - create_table: {name: label, columns: {id: {type: bigint, primary_key: true}, label: string(40)}}
		  - insert_rows: {table: label, rows: [{id: 30000, label: before}]}
		  - insert_rows: {table: account, rows: [{id: 1, email: a, score: 10}, {id: 2, email: b, score: 20}, {id: 3, email: c, score: 30}]}
	END
	cat >migrations/versions/b_mixed.yaml <<-END
		revision: b000
		down_revision: a000
		$([ "$1" = whole ] || echo 'transaction: none')
		upgrade:
		  - create_table:
		      name: tag
		      columns:
		        id: {type: bigint, primary_key: true}
		        label: {type: string(40), nullable: false, index: true}
		        account_id: {type: bigint, references: account(id), index: true}
		  - insert_rows: {table: label, csv: labels.csv}
		  - update_rows: {table: account, set: {unused: 7}, where: "id > 1"$([ "$1" = whole ] || echo ', batch: 1'), reverse: [{update_rows: {table: account, set: {unused: null}, where: all}}]}
		  - execute:
		      sql: |
		        CREATE TABLE by_hand (a INT PRIMARY KEY);
		        INSERT INTO by_hand VALUES (1), (2)
		      reverse: DROP TABLE by_hand
		  - add_column: {table: account, name: level, type: integer, nullable: false, fill: 3, index: true}
		  - alter_column: {table: account, name: score, type: integer, using: "CAST(score AS INTEGER)", reverse: [{alter_column: {table: account, name: score, type: string(9), using: "CAST(score AS VARCHAR(9))"}}]}
		  - create_index: {table: account, columns: [email, level], unique: true$([ "$1" = whole ] || echo "$SPLIT_INDEX")}
		  - rename_column: {table: account, name: email, to: mail}
		  - rename_table: {name: label, to: etiquette}
		  - drop_table: leftover
		  - create_view: {name: rich, query: "SELECT id, mail FROM account WHERE level > 2"}
		  - delete_rows: {table: etiquette, where: "id > 10040 AND id < 30000", reverse: [{execute: {sql: "INSERT INTO etiquette (id, label) WITH RECURSIVE n (i) AS (SELECT 10041 UNION ALL SELECT i + 1 FROM n WHERE i < 10050) SELECT i, 'label ' || i FROM n"}}]}
	END
}

is_partial() {
	sound status --format json | tr -d ' \n' | grep -q '"partial":{'
}

# points HOW MOST: numbers of calls, spread over all of them; another start for each case.
points() {
	kinds='^(exec|begin|commit|bulk)$'
	[ "$1" != cut ] || kinds='.'
	offset=$((offset + 1))
	awk -v kinds="$kinds" '$2 ~ kinds { print $1 }' "$calls" | awk -v most="$2" -v offset=$offset '
		{ points[NR] = $1 }
		END {
			step = most && most < NR ? NR / most : 1
			for (at = step > 1 ? (offset * 0.37) % 1 * step : 0; at < NR; at += step) print points[int(at) + 1]
		}'
}

# upgrade: resumed; back: an upgrade is taken back; down: a downgrade is resumed.
strike() {
	start=base.save command='upgrade head'
	[ "$what" != down ] || start=after.save command='downgrade a000'
	restore $start
	# shellcheck disable=SC2086
	FAULT_AT=$point FAULT_HOW=$how FAULT_WHEN=$when faulty $command >struck 2>&1
	status=$?
	[ "$how" != stop ] || again || bad "the server doesn't start again" struck
	if [ "$how" = kill ]; then
		[ $status -eq 137 ] || bad "the process wasn't killed: exit $status" struck
	else
		[ $status -eq 5 ] || bad "a lost connection is exit $status, not 5" struck
	fi
	if [ "$project" = whole ]; then
		dump >found
		if ! diff before found >difference && ! diff after.dump found >/dev/null; then
			bad 'something of it remains' difference
		fi
		! is_partial || bad 'a step is half done' struck
	fi
	expected=before
	if [ "$what" = upgrade ]; then
		expected=after
		sound upgrade head >next 2>&1 || bad 'it cannot be resumed' next
		contents >found
	else
		if is_partial || [ "$(sound current 2>next)" != a000 ]; then
			sound downgrade >next 2>&1 || bad 'it cannot be taken back' next
		fi
		dump >found
		! is_partial || bad 'a step is half done still' next
	fi
	diff "$expected" found >difference || bad "what it ends with differs from '$expected'" difference
}

crash_cases() {
	failures=0 offset=0
	for project in ${CRASH_PROJECTS:-whole split}; do
		write_project "$project"
		restore empty.save
		sound -q upgrade a000 || exit 1
		dump >before
		save base.save
		rm -f calls.up calls.down
		FAULT_LOG=$PWD/calls.up faulty -q upgrade head || { echo "$ENGINE: it fails undisturbed"; exit 1; }
		dump >after.dump
		contents >after
		save after.save
		FAULT_LOG=$PWD/calls.down faulty -q downgrade || exit 1
		dump >found
		diff before found || { echo "$ENGINE: a downgrade doesn't lead back"; exit 1; }
		for how in ${CRASH_HOWS:-$HOWS}; do
			most=${how##*:} when=${how#*:} how=${how%%:*}
			when=${when%%:*}
			[ "${CRASH_POINTS:-}" != all ] || most=0
			for what in upgrade back down; do
				count=0 calls=calls.up
				[ $what != down ] || calls=calls.down
				for point in $(points "$how" "$most"); do
					strike
					count=$((count + 1))
				done
				echo "$ENGINE $project $how $when $what: $count of $(wc -l <$calls) calls, $failures faults so far"
			done
		done
	done
	[ $failures -eq 0 ]
}
