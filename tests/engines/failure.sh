# SPDX-License-Identifier: MIT
# Sourced by the tests ENGINE_failure_test.sh: operation k of n fails, for each k and each kind of transaction, and
# what is left and what is told is just what is promised. The test defines
#	tables      prints the names of the database's tables but for retort's own, sorted, in one line
#	renew       empties the database
#	REFUSAL     what the engine says of a table that isn't there, as a basic regular expression
#	ENGINE      its name as retort tells it
#	ROLLS_BACK  yes where DDL can be rolled back
# shellcheck shell=sh disable=SC2154

failure_count=4 # operations

fail() {
	echo "$ENGINE: operation $k, $mode, $kind: $1"
	shift
	[ $# -eq 0 ] || cat "$@"
	exit 1
}

# The operations of revision b000; number $1 fails (0: none) in the way $2.
write_operations() {
	i=1
	while [ $i -le $failure_count ]; do
		if [ $i -ne "$1" ]; then
			echo "  - create_table: {name: t$i, columns: {id: {type: integer, primary_key: true}}}"
		elif [ "$2" = rows ]; then
			echo '  - execute: {sql: "INSERT INTO missing VALUES (1)", reverse: []}'
		else
			echo '  - execute: {sql: "ALTER TABLE missing ADD COLUMN a INT", reverse: []}'
		fi
		i=$((i + 1))
	done
}

# write_project MODE K KIND
write_project() {
	rm -rf migrations
	mkdir -p migrations/versions
	# shellcheck disable=SC2016
	printf '[retort]\nscript_location = migrations\nurl = ${DATABASE_URL}\ntransaction = %s\n' "$1" >retort.ini
	cat >migrations/versions/a000.yaml <<-'END'
		revision: a000
		down_revision: null
		upgrade:
		  - create_table: {name: first, columns: {id: {type: integer, primary_key: true}}}
	END
	{
		printf 'revision: b000\ndown_revision: a000\nupgrade:\n'
		write_operations "$2" "$3"
	} >migrations/versions/b000.yaml
}

# told LINE...: these lines and no others but the log, in this order; each is a basic regular expression.
told() {
	grep -v '^INFO\|^WARN' out >lines
	n=1
	for line in "$@"; do
		sed -n "${n}p" lines | grep -q "^$line\$" || fail "line $n isn't: $line" lines
		n=$((n + 1))
	done
	[ "$(wc -l <lines)" -eq $((n - 1)) ] || fail "more is told" lines
}

# The tables that operations 1 to $1 make.
made() {
	i=1 names=
	while [ $i -le "$1" ]; do
		names="$names t$i"
		i=$((i + 1))
	done
	echo "$names"
}

expect_tables() {
	found=$(tables)
	[ "$found" = "$1" ] || fail "there are the tables '$found', not '$1'" out
}

# What a step that stopped at $k tells after its statement, and leaves.
expect_partial() {
	before=$((k - 1))
	cannot=
	[ "$ROLLS_BACK" = yes ] || cannot="; $ENGINE cannot roll them back"
	case $before in
	0) stands='nothing of this revision remains' ;;
	1) stands="operation 1 is done and recorded${cannot%them back}${cannot:+it back}" ;;
	*) stands="operations 1-$before are done and recorded$cannot" ;;
	esac
	next="next: correct migrations/versions/b000.yaml, then: retort upgrade head"
	undo="next: or undo what is done: retort downgrade"
	set -- "$where" "  statement: .*missing.*" "  $stands" "  kept of this run: a000" "  $next"
	[ $before -eq 0 ] || set -- "$@" "  $undo"
	told "$@"
	expect_tables "first$(made $before)"
	state=$("$RETORT" status --format json | tr -d ' \n' | sed 's/.*"partial":\(null\|{[^}]*"total":[0-9]*\).*/\1/')
	if [ $before -eq 0 ]; then
		[ "$state" = null ] || fail "status shows $state"
	else
		[ "$state" = "{\"revision\":\"b000\",\"direction\":\"upgrade\",\"done\":$before,\"total\":$failure_count" ] ||
			fail "status shows $state"
	fi
}

# One failure, and both ways on from it.
one_failure() {
	where="migrations/versions/b000.yaml:$((k + 3)):5: operation $k of $failure_count: cannot execute sql: $REFUSAL"
	for way in upgrade downgrade; do
		renew
		write_project "$mode" "$k" "$kind"
		"$RETORT" upgrade head >out 2>&1
		status=$?
		[ $status -eq 1 ] || fail "exit $status" out
		if [ "$mode" = all ] && [ "$ROLLS_BACK" = yes ]; then
			told "$where" "  statement: .*missing.*" "  rolled back, nothing of this run remains" \
				"  next: correct migrations/versions/b000.yaml, then: retort upgrade head"
			expect_tables ''
		elif [ "$mode" = none ] || [ "$ROLLS_BACK" != yes ]; then
			expect_partial
		else
			told "$where" "  statement: .*missing.*" "  rolled back, nothing of this revision remains" \
				"  kept of this run: a000" \
				"  next: correct migrations/versions/b000.yaml, then: retort upgrade head"
			expect_tables first
		fi
		write_project "$mode" 0 ''
		if [ $way = upgrade ]; then
			"$RETORT" upgrade head >out 2>&1 || fail "the corrected file doesn't go on" out
			expect_tables "first$(made $failure_count)"
			[ "$("$RETORT" current)" = "b000 (head)" ] || fail "it isn't at the head"
		elif "$RETORT" status | grep -q partial; then
			"$RETORT" downgrade >out 2>&1 || fail "it can't be undone" out
			expect_tables first
			[ "$("$RETORT" current)" = a000 ] || fail "it isn't where it was"
		fi
	done
	cases_run=$((cases_run + 1))
}

# One operation outside the transaction cuts a step in two: what comes before it stays, what comes after it goes
# together where it can be rolled back.
outside_failure() {
	mode=migration kind=outside k=4
	for way in upgrade downgrade; do
		renew
		write_project $mode 0 ''
		sed -i 's/^  - create_table: {name: t2,.*/  - execute: {sql: "CREATE TABLE t2 (id INT)", reverse: "DROP TABLE t2", outside_transaction: true}/
			s/^  - create_table: {name: t4,.*/  - execute: {sql: "INSERT INTO missing VALUES (1)", reverse: []}/' migrations/versions/b000.yaml
		"$RETORT" upgrade head >out 2>&1 && fail "it doesn't fail" out
		if [ "$ROLLS_BACK" = yes ]; then
			expect_tables 'first t1 t2'
			grep -q '^  operations 1-2 are done and recorded$' out || fail "what stands isn't told" out
		else
			expect_tables 'first t1 t2 t3'
			grep -q "^  operations 1-3 are done and recorded; $ENGINE cannot roll them back$" out ||
				fail "what stands isn't told" out
		fi
		sed -i '$d' migrations/versions/b000.yaml
		if [ $way = upgrade ]; then
			"$RETORT" upgrade head >out 2>&1 || fail "the corrected file doesn't go on" out
			expect_tables 'first t1 t2 t3'
		else
			"$RETORT" downgrade >out 2>&1 || fail "it can't be undone" out
			expect_tables first
		fi
	done
	cases_run=$((cases_run + 1))
}

all_failures() {
	cases_run=0
	for mode in migration all none; do
		for kind in rows schema; do
			k=1
			while [ $k -le $failure_count ]; do
				one_failure
				k=$((k + 1))
			done
		done
	done
	outside_failure
	echo "$ENGINE: $cases_run failures leave and tell what they should"
}
