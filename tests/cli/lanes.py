# SPDX-License-Identifier: MIT
# Reads the graph that retort draws as text back from its lines, for graphs made at random, and compares: every edge
# that was drawn is one of the graph, of the right kind, and none is missing.
#   python3 lanes.py RETORT FOLDER
import os, random, re, subprocess, sys

retort, folder = sys.argv[1:]


def write(seed, count):
	"""A project of count revisions; its edges as {(child, parent, kind)}."""
	chance = random.Random(seed)
	versions = os.path.join(folder, "migrations", "versions")
	os.makedirs(versions, exist_ok=True)
	for name in os.listdir(versions):
		os.remove(os.path.join(versions, name))
	edges = set()
	for i in range(count):
		kind = chance.random()
		down = [] if i == 0 or kind < 0.06 else chance.sample(range(i), min(i, chance.choice([1, 1, 1, 1, 2, 3])))
		near = chance.random() < 0.7
		down = sorted({max(parent, i - 4) if near else parent for parent in down})
		needs = [chance.randrange(i)] if i and chance.random() < 0.15 else []
		# what the parents imply would make overlapping parents: a merge is of heads that don't
		down = [one for one in down if not any(one in implied(other, edges) for other in down if other != one)]
		needs = [one for one in needs if one not in down]
		edges |= {(i, parent, "|") for parent in down} | {(i, need, ":") for need in needs}
		with open(os.path.join(versions, "%04d.yaml" % i), "w") as file:
			file.write("revision: r%04d\ndown_revision: [%s]\ndepends_on: [%s]\nupgrade: []\n" % (
				i, ", ".join("r%04d" % one for one in down), ", ".join("r%04d" % one for one in needs)))
	return edges


def implied(revision, edges):
	found, ahead = set(), [revision]
	while ahead:
		at = ahead.pop()
		for child, parent, kind in edges:
			if child == at and parent not in found:
				found.add(parent)
				ahead.append(parent)
	return found


def targets(line, lane, state):
	"""The lanes that a line below the node of a lane leads to, with their kinds."""
	line = line.ljust(2 * len(state) + 2)
	found = []
	for step in (1, -1):
		beside = line[2 * lane + step]
		if beside == "\\" and step == 1 or beside == "/" and step == -1:
			found.append((lane + step, "|"))
			continue
		if beside not in "-.":
			continue
		kind = "|" if beside == "-" else ":"
		at, ends = lane, []
		while 0 <= 2 * at + step < len(line) and line[2 * at + step] == beside:
			at += step
			sign = line[2 * at]
			if sign == "+" or kind == "|" and sign == "." or kind == ":" and sign == ":" and state[at] == " ":
				ends.append((at, kind))
		# a dotted line of one step joins the lane that stands there
		found += ends or [(at, kind)]
	return found


def read(text):
	lines = text.rstrip("\n").split("\n")
	width = max(len(line) for line in lines) // 2 + 1
	waiting = {}  # lane -> [(child, kind)]
	state = [" "] * width
	edges, node = set(), None
	for number, line in enumerate(lines):
		head = re.match(r"([ |:]*)\*[ |:]* r(\d+)", line)
		if head:
			node, lane = int(head.group(2)), len(head.group(1)) // 2
			edges |= {(child, node, kind) for child, kind in waiting.pop(lane, [])}
			state[lane] = " "
			place = lane
			# what goes on straight below is seen where the next line of nodes is
			below = next((one for one in lines[number + 1:] if re.match(r"[ |:]*\*", one)), "").ljust(2 * width)
			if below[2 * lane] in "|:*" and not starts_anew(lines, number, lane):
				waiting.setdefault(lane, []).append((node, straight(lines, number, lane, below)))
				state[lane] = waiting[lane][-1][1]
			continue
		for lane, kind in targets(line, place, state):
			waiting.setdefault(lane, []).append((node, kind))
			if state[lane] != "|":
				state[lane] = kind
	assert not any(waiting.values()), waiting
	return edges


def between(lines, number):
	"""The lines between a node and the next one."""
	found = []
	for line in lines[number + 1:]:
		if re.match(r"[ |:]*\*", line):
			break
		found.append(line)
	return found


def starts_anew(lines, number, lane):
	"""Whether the lane of a node ends before the next node, which then begins it again."""
	inside = between(lines, number)
	return any(line.ljust(2 * lane + 1)[2 * lane] in " '" for line in inside)


def straight(lines, number, lane, below):
	"""The kind of the edge that leads straight down from a node."""
	inside = between(lines, number)
	return ":" if ":" in (below[2 * lane], inside[-1][2 * lane] if inside else "") else "|"


faults = 0
for seed in range(60):
	edges = write(seed, 14 + seed % 12)
	run = subprocess.run([retort, "graph"], cwd=folder, capture_output=True, text=True)
	if run.returncode:
		sys.exit("seed %d: %s" % (seed, run.stderr))
	found = read(run.stdout)
	if found != edges:
		faults += 1
		print("seed %d: drawn but not there %s, there but not drawn %s\n%s" % (
			seed, sorted(found - edges), sorted(edges - found), run.stdout))
sys.exit(faults > 0)
