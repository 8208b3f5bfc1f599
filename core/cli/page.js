// SPDX-License-Identifier: MIT
// The page of a schema: the list with its search, the picture that can be moved, an object with its neighbours.
"use strict";
(function () {
	const data = JSON.parse(document.getElementById("data").textContent);
	const SVG = "http://www.w3.org/2000/svg";
	const KINDS = [
		["table", "tables", "Tables"], ["view", "views", "Views"], ["enum", "enums", "Enums"],
		["domain", "domains", "Domains"], ["sequence", "sequences", "Sequences"],
		["routine", "routines", "Routines"], ["trigger", "triggers", "Triggers"],
		["extension", "extensions", "Extensions"],
	];
	const LISTED = 600; // entries of the list that are shown at once
	const NEAR = 14; // neighbours on each side that are drawn

	// ---- elements ----

	function fill(element, attributes, children) {
		for (const [key, value] of Object.entries(attributes || {}))
			element.setAttribute(key, value);
		for (const child of children)
			element.append(child);
		return element;
	}
	const make = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
	const shape = (name, attributes, ...children) =>
		fill(document.createElementNS(SVG, name), attributes, children);

	// ---- objects and their addresses ----

	const objects = new Map(); // "kind/name" -> object
	const entries = [];
	for (const [kind, key, title] of KINDS)
		data[key].forEach((object, index) => {
			let address = kind + "/" + (object.n || "");
			for (let i = 2; objects.has(address); i++)
				address = kind + "/" + (object.n || "") + "~" + i;
			Object.assign(object, { kind, index, address, title });
			objects.set(address, object);
			entries.push(object);
		});
	const tables = data.tables;
	for (const table of tables)
		Object.assign(table, { refers: [], referred: [], triggers: [] });
	for (const link of data.links) {
		tables[link.f].refers.push(link);
		tables[link.t].referred.push(link);
	}
	for (const trigger of data.triggers)
		if (trigger.b !== undefined)
			tables[trigger.b].triggers.push(trigger);
	entries.sort((a, b) => {
		const x = KINDS.findIndex((kind) => kind[0] === a.kind), y = KINDS.findIndex((kind) => kind[0] === b.kind);
		return x - y || (a.n < b.n ? -1 : a.n > b.n ? 1 : a.index - b.index);
	});
	for (const entry of entries)
		entry.words = ((entry.n || "") + "\n" + (entry.cols || []).map((column) => column.n).join("\n"))
			.toLowerCase();

	const hash = (object, before) => "#" + (before || "") + object.address.split("/").map(encodeURIComponent)
		.join("/");
	const link = (object, ...children) => make("a", { href: hash(object) },
		...(children.length ? children : [object.n || "\u00a0"]));
	const columns = (table, places) => places.map((place) => table.cols[place].n).join(", ");

	// ---- the list ----

	const side = document.getElementById("side");
	const search = make("input", { id: "search", type: "search", placeholder: "Search ( / )",
		"aria-label": "search", autocomplete: "off", spellcheck: "false" });
	const list = make("ul", { id: "list" });
	const counts = KINDS.filter(([, key]) => data[key].length)
		.map(([kind, key]) => data[key].length + " " + (data[key].length === 1 ? kind : key));
	side.append(make("header", {}, make("h1", {}, make("a", { href: "#" }, data.title)),
		make("p", { class: "count" }, counts.join(", ") || "nothing"), search), list);
	let at = -1; // the entry that the arrow keys are on
	let here = null; // the object that is shown

	// How well an entry answers to what is searched for: 0 not at all.
	function rank(entry, word) {
		const name = (entry.n || "").toLowerCase();
		if (!word || name === word)
			return 4;
		return name.startsWith(word) ? 3 : name.includes(word) ? 2 : entry.words.includes(word) ? 1 : 0;
	}

	function fillList() {
		const word = search.value.trim().toLowerCase();
		let found = entries.map((entry) => [rank(entry, word), entry]).filter(([value]) => value);
		if (word)
			found = [4, 3, 2, 1].flatMap((value) => found.filter((item) => item[0] === value));
		list.replaceChildren();
		let group = "";
		for (const [value, entry] of found.slice(0, LISTED)) {
			if (!word && entry.title !== group)
				list.append(make("li", { class: "group" }, group = entry.title));
			const item = link(entry);
			if (word && entry.kind !== "table")
				item.append(make("small", {}, entry.kind));
			if (value === 1 && entry.cols)
				item.append(make("small", {}, entry.cols.map((column) => column.n)
					.filter((name) => name.toLowerCase().includes(word)).slice(0, 6).join(", ")));
			item.classList.toggle("here", entry === here);
			list.append(make("li", {}, item));
		}
		if (!found.length)
			list.append(make("li", { class: "none" }, word ? "nothing is called so" : "nothing"));
		if (found.length > LISTED)
			list.append(make("li", { class: "none" }, (found.length - LISTED) + " more: search for them"));
		at = word && found.length ? 0 : -1;
		showAt();
		for (const table of drawn)
			table.classList.toggle("found",
				Boolean(word) && rank(tables[table.dataset.table], word) > 1);
	}

	function showAt() {
		list.querySelectorAll("a").forEach((item, i) => {
			item.classList.toggle("at", i === at);
			if (i === at)
				item.scrollIntoView({ block: "nearest" });
		});
	}

	search.addEventListener("input", fillList);
	search.addEventListener("keydown", (event) => {
		const items = list.querySelectorAll("a");
		if (event.key === "ArrowDown" || event.key === "ArrowUp") {
			at = Math.max(0, Math.min(items.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)));
			showAt();
		} else if (event.key === "Enter" && items[at]) {
			location.hash = items[at].getAttribute("href");
		} else if (event.key === "Escape") {
			search.value = "";
			fillList();
			search.blur();
		} else {
			return;
		}
		event.preventDefault();
		event.stopPropagation();
	});

	// ---- the picture ----

	const stage = document.getElementById("stage"), detail = document.getElementById("detail");
	const picture = stage.querySelector("svg");
	const whole = picture.viewBox.baseVal;
	const size = { width: Math.max(1, whole.width), height: Math.max(1, whole.height) };
	const view = { x: 0, y: 0, zoom: 1 }; // zoom: pixels of the screen for one of the picture
	const drawn = [...picture.querySelectorAll(".table")];
	const lines = [...picture.querySelectorAll(".l")];

	function show() {
		const width = stage.clientWidth || 1, height = stage.clientHeight || 1;
		picture.setAttribute("viewBox",
			[view.x, view.y, width / view.zoom, height / view.zoom].map((n) => n.toFixed(2)).join(" "));
	}

	function fit() {
		const width = stage.clientWidth || 1, height = stage.clientHeight || 1;
		view.zoom = Math.min(1.25, width / size.width, height / size.height);
		view.x = (size.width - width / view.zoom) / 2;
		view.y = (size.height - height / view.zoom) / 2;
		show();
	}

	function zoomBy(factor, x, y) {
		const zoom = Math.max(0.02, Math.min(4, view.zoom * factor));
		view.x += x / view.zoom - x / zoom;
		view.y += y / view.zoom - y / zoom;
		view.zoom = zoom;
		show();
	}
	const zoomMiddle = (factor) => zoomBy(factor, stage.clientWidth / 2, stage.clientHeight / 2);

	picture.setAttribute("preserveAspectRatio", "xMinYMin meet");
	picture.addEventListener("wheel", (event) => {
		event.preventDefault();
		const box = stage.getBoundingClientRect();
		zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), event.clientX - box.left,
			event.clientY - box.top);
	}, { passive: false });

	const held = new Map(); // pointers that are down
	let moved = 0;
	picture.addEventListener("pointerdown", (event) => {
		held.set(event.pointerId, event);
		moved = 0;
	});
	window.addEventListener("pointermove", (event) => {
		const before = held.get(event.pointerId);
		if (!before)
			return;
		const dx = event.clientX - before.clientX, dy = event.clientY - before.clientY;
		moved += Math.abs(dx) + Math.abs(dy);
		if (held.size === 2) { // two fingers
			const other = [...held.values()].find((one) => one.pointerId !== event.pointerId);
			const box = stage.getBoundingClientRect();
			const far = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
			zoomBy(far(event) / far(before), (event.clientX + other.clientX) / 2 - box.left,
				(event.clientY + other.clientY) / 2 - box.top);
		} else {
			view.x -= dx / view.zoom;
			view.y -= dy / view.zoom;
			show();
		}
		held.set(event.pointerId, event);
		picture.classList.toggle("dragged", moved > 4);
	});
	for (const name of ["pointerup", "pointercancel"])
		window.addEventListener(name, (event) => {
			held.delete(event.pointerId);
			picture.classList.remove("dragged");
		});

	// Lets stand out a table with its keys and neighbours; null: all alike.
	function pick(index) {
		const near = new Set(index === null ? [] : [index]);
		picture.classList.toggle("picked", index !== null);
		for (const line of lines) {
			const from = Number(line.dataset.from), to = Number(line.dataset.to);
			const belongs = index !== null && (from === index || to === index);
			line.classList.toggle("near", belongs);
			if (belongs)
				near.add(from).add(to);
		}
		for (const table of drawn)
			table.classList.toggle("near", near.has(Number(table.dataset.table)));
	}

	let picked = null; // by the address
	for (const element of drawn) {
		const index = Number(element.dataset.table), table = tables[index];
		fill(element, { tabindex: "0", role: "link", "aria-label": table.n || "" }, []);
		element.addEventListener("click", () => {
			if (moved <= 4)
				location.hash = hash(table);
		});
		element.addEventListener("keydown", (event) => {
			if (event.key === "Enter")
				location.hash = hash(table);
		});
		element.addEventListener("pointerenter", () => held.size || pick(index));
		element.addEventListener("pointerleave", () => held.size || pick(picked));
	}

	function center(table) {
		const element = drawn.find((one) => Number(one.dataset.table) === table.index);
		const box = element.getBBox(), place = element.transform.baseVal.consolidate().matrix;
		view.zoom = Math.max(view.zoom, 0.8);
		view.x = place.e + box.width / 2 - stage.clientWidth / view.zoom / 2;
		view.y = place.f + box.height / 2 - stage.clientHeight / view.zoom / 2;
		show();
	}

	const tools = make("div", { id: "tools" });
	for (const [text, about, act] of [["\u2212", "smaller (-)", () => zoomMiddle(0.8)],
		["+", "larger (+)", () => zoomMiddle(1.25)], ["fit", "the whole (0)", fit]]) {
		const button = make("button", { type: "button", title: about }, text);
		button.addEventListener("click", act);
		tools.append(button);
	}
	const hint = make("div", { id: "hint" }, "drag to move, wheel to zoom, click a table to see it alone");
	stage.after(tools, hint);

	// ---- one object ----

	// A table in the middle, what it refers to on the left, what refers to it on the right.
	function neighbours(table) {
		const CHAR = 7.25, ROW = 20, HEAD = 30, PILL = 40, GAP = 10, WAY = 90, SIDE = 16;
		const wide = (text, factor) => [...text].reduce((n, c) => n + (c > "\u2e7f" ? 2 : 1), 0) * CHAR *
			(factor || 1);
		const cut = (text, n) => [...text].length > n ? [...text].slice(0, n - 1).join("") + "\u2026" : text;
		const keys = new Set();
		for (const one of table.refers)
			one.fc.forEach((place) => keys.add(place));
		for (const one of table.referred)
			one.tc.forEach((place) => keys.add(place));
		const rows = table.cols.map((column, place) => ({ column, place }))
			.filter(({ column, place }) => table.cols.length <= 16 || column.k || keys.has(place));
		const hidden = table.cols.length - rows.length;
		const rowOf = new Map(rows.map((row, i) => [row.place, i]));
		const pills = (links, other, own) => links.slice(0, NEAR).map((one) => ({
			one, table: tables[one[other]],
			name: cut(tables[one[other]].n || "", 34),
			text: cut(columns(tables[one.f], one.fc) + " \u2192 " + columns(tables[one.t], one.tc), 44),
			row: one[own][0],
		}));
		const left = pills(table.refers, "t", "fc"), right = pills(table.referred, "f", "tc");
		const widest = (items) => items.reduce((n, item) => Math.max(n, wide(item.name, 1.2), wide(item.text)),
			items.length ? 70 : 0) + (items.length ? 20 : 0);
		const leftWidth = widest(left), rightWidth = widest(right);
		const mid = rows.reduce((n, { column }) => Math.max(n, wide(cut(column.n || "", 40)) +
			wide(cut(column.t || "", 26)) + 76), Math.max(140, wide(cut(table.n || "", 40), 1.13) + 24));
		const midHeight = HEAD + ROW * (rows.length + (hidden ? 1 : 0)) + 8;
		const more = (links) => links.length > NEAR ? 24 : 0;
		const high = (items, links) => items.length * (PILL + GAP) - GAP + more(links);
		const height = Math.max(midHeight, high(left, table.refers), high(right, table.referred)) + 2 * SIDE;
		const midX = SIDE + leftWidth + (left.length ? WAY : 0), midY = (height - midHeight) / 2;
		const rightX = midX + mid + (right.length ? WAY : 0);
		const root = shape("svg", { class: "schema", width: Math.ceil(rightX + rightWidth + SIDE),
			height: Math.ceil(height) });
		const rowY = (place) => rowOf.has(place) ? midY + HEAD + ROW * rowOf.get(place) + 12 : midY + HEAD / 2;
		const text = (group, kind, x, y, words, end) => group.append(shape("text",
			Object.assign({ class: kind, x, y }, end ? { "text-anchor": "end" } : {}), words));

		function draw(items, links, isLeft) {
			let y = (height - high(items, links)) / 2;
			const x = isLeft ? SIDE : rightX, width = isLeft ? leftWidth : rightWidth;
			for (const item of items) {
				const from = isLeft ? x + width : midX + mid, to = isLeft ? midX : x;
				const fromY = isLeft ? y + PILL / 2 : rowY(item.row), toY = isLeft ? rowY(item.row) : y + PILL / 2;
				const middle = (from + to) / 2, one = item.one;
				const line = shape("g", { class: "l c" + one.t % 8 }, shape("path", { d: "M" + from + " " + fromY +
					"C" + [middle, fromY, middle, toY, to, toY].join(" ") }));
				line.append(shape("path", { d: "M" + (from + 6) + " " + (fromY - 5) + "v10" }));
				line.append(one.o ? shape("circle", { cx: from + 14, cy: fromY, r: 4 })
					: shape("path", { d: "M" + (from + 10) + " " + (fromY - 5) + "v10" }));
				line.append(shape("path", { d: one.s ? "M" + (to - 6) + " " + (toY - 5) + "v10"
					: "M" + to + " " + (toY - 6) + "L" + (to - 10) + " " + toY + "L" + to + " " + (toY + 6) }));
				line.append(shape("circle", { cx: to - 14, cy: toY, r: 4 }));
				root.append(line);
				const pill = shape("a", { class: "pill", href: hash(item.table) },
					shape("title", {}, one.x || ""),
					shape("rect", { class: "b", x, y, width, height: PILL, rx: 6 }));
				text(pill, "h", x + 10, y + 17, item.name);
				text(pill, "y", x + 10, y + 33, item.text);
				root.append(pill);
				y += PILL + GAP;
			}
			if (more(links))
				text(root, "y", x, y + 8, "\u2026 and " + (links.length - NEAR) + " more, below");
		}
		draw(left, table.refers, true);
		draw(right, table.referred, false);
		const box = shape("g", { transform: "translate(" + midX + " " + midY + ")" },
			shape("rect", { class: "b", width: mid, height: midHeight, rx: 6 }),
			shape("path", { class: "t", d: "M0 " + HEAD + "V6q0-6 6-6H" + (mid - 6) + "q6 0 6 6V" + HEAD + "z" }));
		text(box, "h", 10, HEAD / 2 + 5, cut(table.n || "", 40));
		rows.forEach(({ column }, i) => {
			const y = HEAD + ROW * i + 16;
			text(box, "k", 10, y - 1, column.k || "");
			text(box, column.z ? "n" : "m", 44, y, cut(column.n || "", 40));
			text(box, "y", mid - 10, y, cut(column.t || "", 26), true);
		});
		if (hidden)
			text(box, "y", 10, HEAD + ROW * rows.length + 16, "\u2026 " + hidden + " more");
		root.append(box);
		return make("div", { class: "near" }, root);
	}

	function section(title, ...content) {
		return content.length ? [make("h3", {}, title), ...content] : [];
	}

	function grid(heads, rows) {
		if (!heads)
			return make("table", {}, make("tbody", {}, ...rows.map((row) => make("tr", {},
				...row.map((cell) => make("td", {}, cell))))));
		const used = heads.map((head, i) => i === 0 || rows.some((row) => row[i] !== "" && row[i] !== undefined));
		return make("table", {}, make("thead", {}, make("tr", {},
			...heads.filter((head, i) => used[i]).map((head) => make("th", {}, head)))),
		make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.filter((cell, i) => used[i])
			.map((cell) => cell instanceof Element && cell.tagName === "TD" ? cell : make("td", {}, cell || ""))))));
	}
	const mono = (words) => words === undefined ? "" : make("code", {}, words);

	function keyRows(links, other) {
		return make("ul", {}, ...links.map((one) => make("li", {}, link(tables[one[other]]), " ",
			make("code", {}, columns(tables[one.f], one.fc) + " \u2192 " + columns(tables[one.t], one.tc)),
			one.o ? ", may be null" : "", one.s ? ", one to one" : "", one.n ? ", " + one.n : "")));
	}

	function tableDetail(table) {
		const rows = table.cols.map((column) => [mono(column.n || ""), make("td", { class: "key" }, column.k || ""),
			mono(column.t || ""), column.z ? "null" : "", mono(column.d), column.x || "", column.c || ""]);
		const named = (items) => grid(null, items.map((item) => [mono(item.n || ""), mono(item.t)]));
		return [
			...section("Columns", grid(["column", "key", "type", "null", "default", "more", "comment"], rows)),
			...section("Indexes", ...(table.idx.length ? [named(table.idx)] : [])),
			...section("Constraints", ...(table.con.length ? [named(table.con)] : [])),
			...section("Refers to", ...(table.refers.length ? [keyRows(table.refers, "t")] : [])),
			...section("Is referred to by", ...(table.referred.length ? [keyRows(table.referred, "f")] : [])),
			...section("Triggers", ...(table.triggers.length
				? [make("ul", {}, ...table.triggers.map((one) => make("li", {}, link(one))))] : [])),
		];
	}

	function showDetail(object) {
		detail.replaceChildren(make("h2", {}, object.n || "\u00a0", " ",
			make("small", {}, [object.k, object.kind === object.k ? "" : object.kind].filter(Boolean).join(" "))));
		if (object.c)
			detail.append(make("p", { class: "comment" }, object.c));
		if (object.kind === "table") {
			detail.append(make("p", { class: "go" }, make("a", { href: hash(object, "in/") }, "Show in the diagram"),
				make("a", { href: "#" }, "The whole diagram")), neighbours(object), ...tableDetail(object));
		} else {
			if (object.t)
				detail.append(make("p", {}, object.b === undefined ? object.t : make("span", {}, "on ",
					link(tables[object.b]))));
			if (object.kind === "enum")
				detail.append(...section("Values", make("ul", {}, ...(object.q || "").split("\n")
					.map((value) => make("li", {}, make("code", {}, value))))));
			else if (object.q)
				detail.append(make("pre", {}, object.q));
		}
		detail.scrollTop = 0;
	}

	// ---- addresses: #KIND/NAME, #in/table/NAME, or none for the whole diagram ----

	function go() {
		let words = location.hash.slice(1).split("/").map((part) => {
			try {
				return decodeURIComponent(part);
			} catch (error) {
				return part;
			}
		});
		const inside = words[0] === "in";
		if (inside)
			words = words.slice(1);
		const object = objects.get(words.join("/")) || null;
		const alone = object !== null && !inside;
		here = object;
		detail.hidden = !alone;
		stage.hidden = tools.hidden = hint.hidden = alone;
		document.title = (object ? (object.n || "") + " - " : "") + data.title;
		picked = inside && object ? object.index : null;
		pick(picked);
		if (alone)
			showDetail(object);
		else if (inside && object)
			center(object);
		else
			fit();
		list.querySelectorAll("a").forEach((item) => item.classList.toggle("here",
			object !== null && item.getAttribute("href") === hash(object)));
		const item = list.querySelector("a.here");
		if (item)
			item.scrollIntoView({ block: "nearest" });
	}

	document.addEventListener("keydown", (event) => {
		if (event.target === search || event.ctrlKey || event.metaKey || event.altKey)
			return;
		const step = 80 / view.zoom;
		const keys = {
			"/": () => { search.focus(); search.select(); },
			Escape: () => { location.hash = ""; },
		};
		if (!stage.hidden)
			Object.assign(keys, {
				"+": () => zoomMiddle(1.25), "=": () => zoomMiddle(1.25), "-": () => zoomMiddle(0.8), 0: fit,
				ArrowLeft: () => { view.x -= step; show(); }, ArrowRight: () => { view.x += step; show(); },
				ArrowUp: () => { view.y -= step; show(); }, ArrowDown: () => { view.y += step; show(); },
			});
		if (!keys[event.key])
			return;
		event.preventDefault();
		keys[event.key]();
	});
	window.addEventListener("hashchange", go);
	window.addEventListener("resize", () => stage.hidden || show());
	fillList();
	if (data.notes.length)
		side.append(make("p", { class: "count", title: data.notes.join("\n") },
			data.notes.length + " things that can't be shown"));
	go();
})();
