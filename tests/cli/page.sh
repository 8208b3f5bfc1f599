#!/bin/sh
# SPDX-License-Identifier: MIT
# label: browser
# The page of inspect --as html in a browser: its script runs without a fault, and does what a user asks of it. A copy
# of the page with another script at its end clicks and types; what is then in it is looked at.
set -u
browser=
for name in chromium chromium-browser google-chrome chrome; do
	command -v "$name" >/dev/null && browser=$name && break
done
[ -n "$browser" ] || { echo "skipped: no chromium"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

"$RETORT" inspect "$RETORT_SOURCE/tests/files/pictures/shop.yaml" --as html >page.html || exit 1

# What the steps find is written into the page as lines KEY=VALUE.
cat >steps.js <<'END'
const said = [];
const tell = (key, value) => said.push(key + "=" + value);
const all = (words) => [...document.querySelectorAll(words)];
const key = (target, name) => target.dispatchEvent(new KeyboardEvent("keydown", {key: name, bubbles: true, cancelable: true}));
const after = () => new Promise((done) => setTimeout(done, 30));
window.addEventListener("error", (event) => tell("fault", event.message));
(async () => {
	const search = document.getElementById("search"), detail = document.getElementById("detail");
	const type = (word) => { search.value = word; search.dispatchEvent(new Event("input")); };
	const listed = () => all("#list a").map((item) => item.firstChild.textContent).join(" ");
	tell("listed", all("#list a").length);
	tell("groups", all("#list .group").map((item) => item.textContent).join(" "));
	key(document.body, "/");
	tell("focus", document.activeElement.id);
	type("order");
	tell("found", listed());
	type("favourite");
	tell("by column", listed() + ": " + document.querySelector("#list small").textContent);
	type("profile");
	key(search, "Enter");
	await after();
	tell("hash", location.hash);
	tell("title", document.querySelector("#detail h2").firstChild.textContent);
	tell("neighbours", all("#detail .pill .h").map((item) => item.textContent).join(" "));
	document.querySelector("#detail .pill").dispatchEvent(new MouseEvent("click", {bubbles: true}));
	await after();
	tell("followed", location.hash);
	tell("neighbours of account", all("#detail .pill .h").map((item) => item.textContent).join(" "));
	tell("sections", all("#detail h3").map((item) => item.textContent).join(" "));
	key(document.body, "Escape");
	await after();
	tell("diagram", !document.getElementById("stage").hidden && detail.hidden);
	const picture = document.querySelector("#stage svg"), before = picture.getAttribute("viewBox");
	key(document.body, "+");
	tell("zoomed", picture.getAttribute("viewBox") !== before);
	key(document.body, "0");
	tell("fitted", picture.getAttribute("viewBox") === before);
	all("#stage .table")[4].dispatchEvent(new MouseEvent("click", {bubbles: true}));
	await after();
	tell("clicked", location.hash);
	location.hash = "#in/table/order";
	await after();
	tell("picked", all("#stage .table.near title").map((item) => item.textContent).join(" "));
	type("alert");
	document.querySelector("#list a").click();
	await after();
	tell("hostile", location.hash + " " + document.querySelector("#detail h2").firstChild.textContent);
	for (const kind of ["view/cheap", "enum/account_state", "routine/twice", "trigger/item_touched",
		"sequence/invoice_number", "domain/price"]) {
		location.hash = "#" + kind;
		await after();
		tell(kind, document.querySelector("#detail h2").nextElementSibling.textContent.slice(0, 40));
	}
	tell("scripts", document.scripts.length);
	document.body.replaceChildren(document.createElement("pre"));
	document.querySelector("pre").textContent = "\n" + said.join("\n") + "\n";
})();
END
{
	sed 's|</body>||; s|</html>||' page.html
	echo '<script>'
	cat steps.js
	echo '</script></body></html>'
} >driven.html

browse() {
	timeout 100 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --user-data-dir="$work/profile" --window-size=1200,800 \
		--virtual-time-budget=10000 --dump-dom "$1" 2>/dev/null
}

browse "file://$work/driven.html" |
	sed -n 's/^<pre>//; /^[a-z][a-z ]*\(\/[a-z_]*\)\{0,1\}=/p' |
	sed 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' >found
cat >expected <<'END'
listed=13
groups=Tables Views Enums Domains Sequences Routines Triggers
focus=search
found=order order_line
by column=account: favourite_id
hash=#table/profile
title=profile
neighbours=account
followed=#table/account
neighbours of account=team item item profile order
sections=Columns Indexes Constraints Refers to Is referred to by
diagram=true
zoomed=true
fitted=true
clicked=#table/order
picked=account: people who can <sign> in & "more" order order_line
hostile=#table/%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E </script><script>alert(1)</script>
view/cheap=SELECT id FROM item WHERE price < 10 AND
enum/account_state=Values
routine/twice=(n integer) RETURNS integer LANGUAGE sql
trigger/item_touched=on item
sequence/invoice_number=bigint, starts at 1000, by 5, cycles
domain/price=numeric(12,2), not null, default 0, chec
scripts=3
END
diff -u expected found || exit 1

# A page that is opened at a table's address shows it at once.
browse "file://$work/page.html#table/order_line" | grep -q '<h2>order_line <small>table</small></h2>' ||
	{ echo "the address of a table doesn't lead to it"; exit 1; }
