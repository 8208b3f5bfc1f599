#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# graph: the revision graph as text, dot, Mermaid and SVG.
# shellcheck disable=SC2154
load helper

setup() {
	begin
	project
}

# A merge, an octopus, dependencies on the way, a second root.
bush() {
	revision 01 a null </dev/null
	revision 02 b a </dev/null
	revision 03 c1 b </dev/null
	revision 04 c2 b 'branch_labels: [side]' </dev/null
	revision 05 d1 c1 </dev/null
	revision 06 m '[d1, c2]' </dev/null
	revision 07 other null 'depends_on: [b]' </dev/null
	revision 08 other2 other 'depends_on: [m]' </dev/null
	revision 09 x1 a </dev/null
	revision 10 x2 a </dev/null
	revision 11 oct '[x1, x2, m]' </dev/null
	revision 12 x3 b </dev/null
	revision 13 y x3 'depends_on: [x1]' </dev/null
}

# well_formed: standard output is XML with svg as its root
well_formed() {
	python3 -c 'import sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
assert root.tag == "{http://www.w3.org/2000/svg}svg", root.tag' <<<"$output"
}

@test "a line, and no database is made" {
	chain
	works graph
	output_is <<-'END'
		* c3 (head), doc c3
		* b2, doc b2
		* a1, doc a1
	END
	[ ! -e x.db ]
	[ -z "$stderr" ]
}

@test "no revisions give nothing" {
	works graph
	[ -z "$output" ]
	works graph --as svg
	well_formed
}

@test "branch and merge" {
	revision 1 a null </dev/null
	revision 2 b1 a </dev/null
	revision 3 b2 a </dev/null
	revision 4 m '[b1, b2]' </dev/null
	works graph
	output_is <<-'END'
		* m (head), doc m
		|\
		* | b1, doc b1
		| * b2, doc b2
		|/
		* a, doc a
	END
}

@test "roots that stand apart don't look like child and parent" {
	revision 1 a null </dev/null
	revision 2 b null </dev/null
	works graph
	output_is <<-'END'
		* a (head), doc a

		* b (head), doc b
	END
}

@test "dependencies are dotted, far lanes are joined by a line" {
	bush
	works graph
	output_is <<-'END'
		* other2 (head), doc other2
		|.:
		* : other, doc other
		: :
		: : * oct (side) (head), doc oct
		: :/|\
		: | | * x2, doc x2
		: * | | m (side), doc m
		: +-|-|-.
		: * | | | d1, doc d1
		: * | | | c1, doc c1
		:/  | | |
		|   | | * c2 (side), doc c2
		+---|-|-'
		| * | | y (head), doc y
		| |.| |
		| * | | x3, doc x3
		|/  | |
		*   | | b, doc b
		'---|-+
		    * | x1, doc x1
		     \|
		      * a, doc a
	END
	first=$output
	works graph --as text
	[ "$output" = "$first" ]
}

@test "what is drawn is the graph, read back from the lines of graphs made at random" {
	python3 "$RETORT_SOURCE/tests/cli/lanes.py" "$RETORT" "$PWD"
}

@test "-i: current, applied, pending" {
	chain
	works upgrade b2
	works graph -i
	output_is <<-'END'
		o c3 (head), doc c3
		@ b2 (current), doc b2
		* a1, doc a1
	END
	works graph -i --as mermaid
	output_is <<-'END'
		flowchart BT
		  classDef current stroke-width:3px
		  classDef pending stroke-dasharray:4 3
		  R0["a1 doc a1"]
		  R1["b2 (current) doc b2"]:::current
		  R2["c3 (head) doc c3"]:::pending
		  R0 --> R1
		  R1 --> R2
	END
	works graph -i --as svg
	well_formed
	prints 'class="c0 pending" cx="20" cy="20"'
	prints 'class="c0 current" cx="20" cy="50"'
	prints 'class="c0 applied" cx="20" cy="80"'
}

@test "-r: only these; what they stand on is cut off" {
	bush
	works graph -r b:m
	output_is <<-'END'
		* m (side), doc m
		|\
		* | d1, doc d1
		* | c1, doc c1
		| * c2 (side), doc c2
		|/
		* b, doc b
		~
	END
	works graph -r b:m --as dot
	output_is <<-'END'
		digraph revisions {
		  rankdir=BT;
		  node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="sans-serif", fontsize=10];
		  "b" [label="b\ndoc b"];
		  "c2" [label="c2 (side)\ndoc c2"];
		  "c1" [label="c1\ndoc c1"];
		  "d1" [label="d1\ndoc d1"];
		  "m" [label="m (side)\ndoc m"];
		  "b" -> "c2";
		  "b" -> "c1";
		  "c1" -> "d1";
		  "d1" -> "m";
		  "c2" -> "m";
		}
	END
	works upgrade b
	works graph -r current:c1
	output_is <<-'END'
		* c1, doc c1
		* b, doc b
		~
	END
}

@test "dependencies in dot and mermaid" {
	revision 1 a null </dev/null
	revision 2 b null 'depends_on: [a]' </dev/null
	works graph --as dot
	prints '"a" -> "b" [style=dashed];'
	works graph --as mermaid
	prints 'R0 -.-> R1'
}

@test "messages with anything in them" {
	# shellcheck disable=SC2016
	printf 'revision: a\ndown_revision: null\nmessage: "%s"\nupgrade: []\n' \
		'</title> \"x\" & \\\\ #1; é 漢\u202e\u0007' >migrations/versions/1.yaml
	works graph
	prints '* a (head), </title> "x" & \\ #1; é 漢\xe2\x80\xae\x07'
	works graph --as svg
	well_formed
	prints '&lt;/title&gt; &quot;x&quot; &amp; \\ #1; é 漢\xe2\x80\xae\x07'
	works graph --as dot
	prints '</title> \"x\" & \\\\ #1; é 漢\\xe2\\x80\\xae\\x07"'
	works graph --as mermaid
	prints '#lt;/title#gt; #quot;x#quot; #amp; #92;#92; #35;1#59; é 漢'
}

@test "JSON, and forms that there are not" {
	chain
	works --format json graph --as mermaid
	json '.as == "mermaid" and .target == null and (.text | startswith("flowchart BT\n"))'
	refuses 2 "--as is text, dot, mermaid or svg, not 'dott', did you mean 'dot'?" graph --as dott
	refuses 2 'option' graph --as
}

@test "10000 revisions with branches and merges" {
	python3 - <<-'END'
		for i in range(10000):
		    down = "null" if i == 0 else "[r%d, r%d]" % (i - 1, i - 7) if i % 10 == 9 else "r%d" % (i - 1)
		    with open("migrations/versions/%05d.yaml" % i, "w") as file:
		        file.write("revision: r%d\ndown_revision: %s\nmessage: m%d\nupgrade: []\n" % (i, down, i))
	END
	for form in text dot mermaid svg; do
		works graph --as "$form"
		[ "$(grep -cE 'm[0-9]+("\];?|</text></g>)?$' <<<"$output")" -eq 10000 ]
	done
}
