#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# inspect --as dot, mermaid, svg and html: a live database and a schema file as pictures that other programs can read.
# shellcheck disable=SC2154
load helper

shop=$RETORT_SOURCE/tests/files/pictures/shop.yaml

setup() {
	begin
	project
}

# python SCRIPT: with the last run's standard output as `text`
python() {
	python3 -c "import sys
text = sys.stdin.buffer.read().decode('utf-8')
$1" <<<"$output"
}

@test "a live database in each form" {
	chain
	works upgrade
	for form in dot mermaid svg html; do
		works inspect --as "$form"
		prints author
		prints book
		[ -z "$stderr" ]
	done
	works inspect --as mermaid
	prints 'T0 ||--o{ T1 : "author"'
	[[ $output != *retort_version* ]]
}

@test "the same each time" {
	for form in dot mermaid svg html; do
		works inspect "$shop" --as "$form"
		first=$output
		works inspect "$shop" --as "$form"
		[ "$output" = "$first" ]
	done
}

@test "svg is well-formed, whatever the names" {
	works inspect "$shop" --as svg
	python '
import xml.etree.ElementTree as tree
svg = "{http://www.w3.org/2000/svg}"
root = tree.fromstring(text)
assert root.tag == svg + "svg"
tables = [group for group in root.iter(svg + "g") if group.get("class") == "table"]
names = [table.find(svg + "title").text.split(":")[0] for table in tables]
assert names == ["team", "item", "account", "profile", "order", "order_line",
	"</script><script>alert(1)</script>"], names
links = sorted(group.find(svg + "title").text for group in root.iter(svg + "g") if group.get("data-from"))
assert "order_line (account_id, order_number) \u2192 order" in links, links
assert len(links) == 8, links'
}

@test "a page is one file that needs no other, and its data is what was inspected" {
	works inspect "$shop" --as html
	python '
import html.parser, json
class Page(html.parser.HTMLParser):
	def __init__(self):
		super().__init__()
		self.inside, self.scripts, self.policy = None, [], None
	def handle_starttag(self, tag, attributes):
		attributes = dict(attributes)
		assert tag not in ("link", "img", "iframe", "object", "embed", "base"), tag
		assert not {"src", "onclick", "onload", "href"} & set(attributes), (tag, attributes)
		self.inside = (tag, attributes) if tag == "script" else None
		if attributes.get("http-equiv") == "Content-Security-Policy":
			self.policy = attributes["content"]
	def handle_endtag(self, tag):
		self.inside = None
	def handle_data(self, data):
		if self.inside:
			self.scripts.append((self.inside[1].get("type"), data))
page = Page()
page.feed(text)
assert page.policy.startswith("default-src \u0027none\u0027;"), page.policy
assert [kind for kind, data in page.scripts] == ["application/json", None]
data = json.loads(page.scripts[0][1])
tables = {table["n"]: table for table in data["tables"]}
assert "</script><script>alert(1)</script>" in tables
assert tables["profile"]["cols"][1]["c"] == "</script><!--"
assert tables["account"]["c"] == "people who can <sign> in & \"more\""
assert [link["n"] for link in data["links"] if link.get("s")] == ["fk_profile_account_id_account"]
assert data["views"][0]["q"].endswith("kind = \u0027</script>\u0027")
assert data["triggers"][0]["b"] == [table["n"] for table in data["tables"]].index("item")
assert (len(data["enums"]), len(data["domains"]), len(data["sequences"]), len(data["routines"])) == (1, 1, 1, 1)'
}

@test "dot is read by Graphviz" {
	command -v dot >/dev/null || skip 'no dot'
	works inspect "$shop" --as dot
	dot -Tsvg -o shop.svg <<<"$output" 2>said
	[ ! -s said ]
	grep -q 'order_line' shop.svg
	cd "$RETORT_SOURCE/migrations/world"
	works -u sqlite:// graph --as dot
	dot -Tsvg <<<"$output" >/dev/null
}

@test "every line of mermaid is of its grammar" {
	works inspect "$shop" --as mermaid
	word='[A-Za-z_\u00C0-\uFFFF][A-Za-z0-9_\[\]()\u00C0-\uFFFF-]*'
	python "
import re
word = r'$word'
label = r'\"[^\"%\\\\]+\"'
lines = [r'erDiagram', r'  T\d+\[' + label + r'\] \{', r'  \}',
	r'    ' + word + ' (?!(?i:pk|fk|uk)\\\\b)' + word + r'( (PK, FK|PK|FK|UK))?( ' + label + r')?',
	r'  T\d+ (\|o|\|\|)--(o\{|o\|) T\d+ : ' + label]
for line in text.rstrip('\n').split('\n'):
	assert any(re.fullmatch(one, line) for one in lines), line"
}

@test "200 tables" {
	{
		echo 'tables:'
		for i in $(seq 0 199); do
			printf '  table_%d:\n    columns:\n      id: {type: bigint, primary_key: true}\n' "$i"
			printf '      name: {type: string(80), nullable: false}\n'
			[ "$i" -eq 0 ] || printf '      parent: {type: bigint, references: table_%d(id)}\n' $((i / 3))
			[ "$i" -lt 9 ] || printf '      owner: {type: bigint, references: table_0(id)}\n'
		done
	} >large.yaml
	works inspect large.yaml --as svg
	[ "$(grep -c '<g class="table"' <<<"$output")" -eq 200 ]
	[ "$(grep -c '<g class="l ' <<<"$output")" -eq 390 ]
	prints '>name</text>'
	# the page's whole diagram shows keys only; all columns are in its data
	works inspect large.yaml --as html
	[ "$(grep -c '<g class="table"' <<<"$output")" -eq 200 ]
	[[ $output != *'>name</text>'* ]]
	prints '"n":"name"'
}
