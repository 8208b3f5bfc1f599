#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# history, heads, branches, show and current: the words of Alembic, and JSON.
# shellcheck disable=SC2154
load helper

setup() {
	begin
	project
}

sorted() { sort <<<"$output"; }

@test "history: parents, labels, head, branch point, dependencies, message" {
	forest
	works history
	diff -u - <(sorted) <<-'END'
		<base> (aaaa1111) -> dddd1111 (other) (head), doc dddd1111
		<base> -> aaaa1111, doc aaaa1111
		aaaa1111 -> bbbb2222 (branchpoint), doc bbbb2222
		bbbb2222 -> cccc1111 (left) (head), doc cccc1111
		bbbb2222 -> cccc2222 (right) (head), doc cccc2222
	END
	[ -z "$stderr" ]
	[ ! -e x.db ]
}

@test "history is newest first, and the same each time" {
	chain
	works history
	output_is <<-'END'
		b2 -> c3 (head), doc c3
		a1 -> b2, doc b2
		<base> -> a1, doc a1
	END
	first=$output
	works history
	[ "$output" = "$first" ]
}

@test "history of a merge" {
	revision 1 a null </dev/null
	revision 2 b1 a </dev/null
	revision 3 b2 a </dev/null
	revision 4 m '[b1, b2]' </dev/null
	works history
	prints 'b1, b2 -> m (head) (mergepoint), doc m'
	prints '<base> -> a (branchpoint), doc a'
}

@test "history -r: both ends count; what it can't be" {
	chain
	works history -r a1:b2
	output_is <<-'END'
		a1 -> b2, doc b2
		<base> -> a1, doc a1
	END
	works history -r b2:
	output_is <<-'END'
		b2 -> c3 (head), doc c3
		a1 -> b2, doc b2
	END
	works history -r :a1
	output_is <<<'<base> -> a1, doc a1'
	refuses 1 "'a1'" history -r a1
	refuses 1 "'zz'" history -r zz:
}

@test "history -i marks current, and makes no table" {
	chain
	works upgrade b2
	works history -i
	output_is <<-'END'
		b2 -> c3 (head), doc c3
		a1 -> b2 (current), doc b2
		<base> -> a1, doc a1
	END
	rm x.db
	sqlite3 x.db VACUUM
	works history -i
	[ -z "$(tables)" ]
}

@test "an effective head: no child, but another depends on it" {
	revision 1 m null </dev/null
	revision 2 x2 null 'depends_on: [m]' </dev/null
	works heads
	diff -u - <(sorted) <<-'END'
		m (effective head)
		x2 (head)
	END
	works heads --resolve-dependencies
	output_is <<<'x2 (head)'
	works history
	prints '<base> -> m (effective head), doc m'
}

@test "heads with labels" {
	forest
	works heads
	diff -u - <(sorted) <<-'END'
		cccc1111 (left) (head)
		cccc2222 (right) (head)
		dddd1111 (other) (head)
	END
	[ ! -e x.db ]
}

@test "branches: each branch point with its children" {
	forest
	works branches
	[ "$(head -n 1 <<<"$output")" = 'bbbb2222 (branchpoint)' ] || report
	diff -u - <(sed -n 2,3p <<<"$output" | sort) <<-'END'
		         -> cccc1111 (left) (head)
		         -> cccc2222 (right) (head)
	END
	works branches -v
	prints 'Rev: bbbb2222 (branchpoint)'
	prints '         -> cccc1111 (left) (head), doc cccc1111'
}

@test "show: an entry in full" {
	forest
	works show left
	output_is <<-END
		Rev: cccc1111 (head)
		Parent: bbbb2222
		Branch names: left
		Path: $PWD/migrations/versions/3_c1.yaml

		    doc cccc1111
		    
		    Revision ID: cccc1111
		    Revises: bbbb2222
		    Create Date: 2026-11-21T22:20:00Z
	END
	works show bbbb
	[ "$(sed -n 1,2p <<<"$output")" = $'Rev: bbbb2222 (branchpoint)\nParent: aaaa1111' ] || report
	[[ $output == *$'\nBranches into: cccc1111, cccc2222\n'* || $output == *$'\nBranches into: cccc2222, cccc1111\n'* ]] || report
	works show dddd1111
	[ "$(sed -n 1,3p <<<"$output")" = $'Rev: dddd1111 (head)\nParent: <base>\nAlso depends on: aaaa1111' ] || report
	[ ! -e x.db ]
}

@test "show of a merge point, and show without argument is the head" {
	revision 1 b1 null </dev/null
	revision 2 b2 null </dev/null
	revision 3 m '[b1, b2]' </dev/null
	works show
	[ "$(sed -n 1,2p <<<"$output")" = $'Rev: m (head) (mergepoint)\nMerges: b1, b2' ] || report
	prints '    Revises: b1, b2'
}

@test "-v of history, heads and current is entries with a blank line between" {
	chain
	works history -v
	[ "$(grep -c '^Rev: ' <<<"$output")" -eq 3 ] || report
	[[ $output == *$'\n\nRev: b2\n'* ]] || report
	works heads -v
	[ "$(head -n 1 <<<"$output")" = 'Rev: c3 (head)' ]
	works upgrade
	works current -v
	[ "$(sed -n 1,2p <<<"$output")" = "Current revision(s) for sqlite:///$PWD/x.db:"$'\nRev: c3 (head)' ] || report
}

@test "current: rows, and branch heads that they imply" {
	chain
	works upgrade b2
	works current
	output_is <<<'b2'
	works upgrade
	works current
	output_is <<<'c3 (head)'
	revision 11 m null </dev/null
	revision 12 x2 null 'depends_on: [m]' </dev/null
	works upgrade heads
	works current
	diff -u - <(sorted) <<-'END'
		c3 (head)
		m (effective head)
		x2 (head)
	END
}

@test "current of nothing prints nothing and makes nothing" {
	chain
	sqlite3 x.db VACUUM
	works current
	[ -z "$output" ]
	[ -z "$(tables)" ]
	rm x.db
	refuses 5 'no such database file' current
}

@test "current --check-heads: 3 unless it is at all heads, dependencies counted" {
	revision 1 m null </dev/null
	revision 2 x2 null 'depends_on: [m]' </dev/null
	sqlite3 x.db VACUUM
	run --separate-stderr retort current --check-heads
	[ "$status" -eq 3 ] || report
	works upgrade m
	run --separate-stderr retort current --check-heads
	[ "$status" -eq 3 ] || report
	works upgrade heads
	works current --check-heads
}

@test "show current, history with current" {
	chain
	works upgrade b2
	works show current
	prints 'Rev: b2'
	works history -r current:
	output_is <<-'END'
		b2 -> c3 (head), doc c3
		a1 -> b2, doc b2
	END
}

@test "JSON of history, heads and branches" {
	forest
	works history --format json
	json 'length == 5'
	json 'map(select(.revision == "cccc1111"))[0] == {revision: "cccc1111", down_revision: ["bbbb2222"],
		branch_labels: ["left"], depends_on: [], message: "doc cccc1111", create_date: "2026-11-21T22:20:00Z",
		path: "'"$PWD"'/migrations/versions/3_c1.yaml", is_head: true, is_branch_point: false, is_merge_point: false}'
	json 'map(select(.revision == "dddd1111"))[0] | .down_revision == [] and .depends_on == ["aaaa1111"]'
	json 'map(select(.revision == "bbbb2222"))[0] | .is_branch_point and (.is_head | not)'
	works heads --format json
	json 'map(.revision) | sort == ["cccc1111", "cccc2222", "dddd1111"]'
	works branches --format json
	json 'map(.revision) == ["bbbb2222"]'
	works show --format json left
	json '(if type == "array" then .[0] else . end).revision == "cccc1111"'
	sqlite3 x.db VACUUM
	works stamp bbbb2222
	works history -i --format json
	json 'map(select(.is_current)) | map(.revision) == ["bbbb2222"]'
}

@test "JSON of current and status" {
	chain
	works upgrade b2
	works current --format json
	json '.target == null and .revisions == ["b2"] and .is_head == false and .pending == 1 and .partial == null'
	json '.url == "sqlite:///'"$PWD"'/x.db"'
	works upgrade
	works status --format json
	json '.revisions == ["c3"] and .is_head == true and .pending == 0 and .partial == null'
}

@test "status in words: current, pending, last run, changed files" {
	chain
	works upgrade b2
	works status
	prints b2
	prints 'pending: 1'
	silent WARN
	sed -i 's/string(80)/string(90)/' migrations/versions/02_b2.yaml
	works status
	[ "$(grep -c 'changed.*b2' <<<"$output")" -eq 1 ] || report
}

@test "symbols: prefixes, labels, relative ones; unknown and ambiguous" {
	forest
	works show righ
	prints 'Rev: cccc2222'
	works show left-1
	prints 'Rev: bbbb2222'
	works show aaaa1111+1
	prints 'Rev: bbbb2222'
	works show left@head
	prints 'Rev: cccc1111'
	refuses 1 'cccc1111' show cccc
	tells 'cccc2222'
	tells ambiguous
	refuses 1 "'zzzz'" show zzzz
	refuses 1 'heads' show head
}

@test "a project without revisions lists nothing" {
	for command in history heads branches; do
		works "$command"
		[ -z "$output" ]
		works "$command" --format json
		json '. == []'
	done
}

@test "a password is shown nowhere" {
	chain
	printf '[target.far]\nurl = postgresql://me:s3cr3t@nowhere.invalid/db\n' >>retort.ini
	for arguments in 'status -t far' 'current -v -t far' '--format json status -t far' 'upgrade -t far' \
		'--format json upgrade -t far'; do
		# shellcheck disable=SC2086
		run --separate-stderr retort $arguments
		[ "$status" -ne 0 ]
		[[ $output$stderr != *s3cr3t* ]] || report
	done
}
