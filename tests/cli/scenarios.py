#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the graph cases of tests/graph through the command line.

Each case is one command on a fresh project and a fresh SQLite database; tests/graph/README.md tells
what its keys mean. Usage: scenarios.py RETORT FILE.json...   (RETORT_DRIVER_PATH names the drivers)
"""
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile


def file_name(index, revision):
    return "%05d_%s.yaml" % (index, re.sub(r"\W", "_", revision))


def quoted(text):
    return json.dumps(text)


def write_project(folder, graph):
    versions = os.path.join(folder, "migrations", "versions")
    os.makedirs(versions)
    with open(os.path.join(folder, "retort.ini"), "w") as ini:
        ini.write("[retort]\nscript_location = %(here)s/migrations\nurl = sqlite:///%(here)s/x.db\n")
    for index, node in enumerate(graph):
        down = node["down_revision"]
        lines = [
            "revision: " + quoted(node["revision"]),
            "down_revision: " + ("null" if not down else json.dumps(down if len(down) > 1 else down[0])),
            "message: " + quoted("doc " + node["revision"]),
        ]
        if node["branch_labels"]:
            lines.append("branch_labels: " + json.dumps(node["branch_labels"]))
        if node["depends_on"]:
            lines.append("depends_on: " + json.dumps(node["depends_on"]))
        lines += ["upgrade: []", "downgrade: []", ""]
        with open(os.path.join(versions, file_name(index, node["revision"])), "w") as out:
            out.write("\n".join(lines))


class Project:
    """One graph on disk; its database is made anew for each case."""

    def __init__(self, retort, graph):
        self.retort = retort
        self.graph = graph
        self.folder = tempfile.TemporaryDirectory()
        self.database = os.path.join(self.folder.name, "x.db")
        write_project(self.folder.name, graph)
        self.template = None

    def run(self, *words):
        return subprocess.run([self.retort, *words], cwd=self.folder.name, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)

    def prepare(self, rows):
        for name in os.listdir(self.folder.name):
            if name.startswith("x.db"):
                os.remove(os.path.join(self.folder.name, name))
        if rows is None:
            sqlite3.connect(self.database).close()
            return
        if self.template is None:
            done = self.run("ensure-version")
            if done.returncode != 0:
                raise AssertionError("ensure-version: " + done.stderr)
            with open(self.database, "rb") as made:
                self.template = made.read()
        with open(self.database, "wb") as out:
            out.write(self.template)
        connection = sqlite3.connect(self.database)
        connection.executemany("INSERT INTO retort_version (version_num) VALUES (?)", [(row,) for row in rows])
        connection.commit()
        connection.close()

    def rows(self):
        connection = sqlite3.connect(self.database)
        try:
            return {row[0] for row in connection.execute("SELECT version_num FROM retort_version")}
        except sqlite3.OperationalError:
            return None
        finally:
            connection.close()


def implied(graph):
    """What each revision must come after, by parents and dependencies (labels resolved)."""
    of_label = {label: node["revision"] for node in graph for label in node["branch_labels"]}
    return {node["revision"]: [of_label.get(x, x) for x in node["down_revision"] + node["depends_on"]]
            for node in graph}


def before(needs, a, b):
    """Whether a must come before b."""
    seen, todo = set(), [b]
    while todo:
        for need in needs.get(todo.pop(), []):
            if need == a:
                return True
            if need not in seen:
                seen.add(need)
                todo.append(need)
    return False


def check_order(case, graph, got, expected, newest_first):
    order = case.get("order", "exact")
    if order == "exact":
        assert got == expected, "got %s, expected %s" % (got, expected)
        return
    assert sorted(got) == sorted(expected), "got %s, expected the set %s" % (got, expected)
    if order == "any-topological":
        needs = implied(graph)
        line = list(reversed(got)) if newest_first else got
        for i, later in enumerate(line):
            for earlier in line[i + 1:]:
                assert not before(needs, earlier, later), "%s runs before %s in %s" % (later, earlier, got)


def steps_of(text):
    steps = []
    for line in text.splitlines():
        match = re.search(r"Running (upgrade|downgrade) (.*?) -> ([^,]*(?:, [^,]*)*?)(?:, doc .*)?$", line)
        if match:
            steps.append(match.group(3) if match.group(1) == "upgrade" else match.group(2))
    return steps


def listing_of(case, out):
    command = case["command"]
    lines = [line for line in out.splitlines() if line.strip()]
    if command == "show":
        return [line.split()[1] for line in lines if line.startswith("Rev: ")]
    if command == "history":
        return [re.search(r"-> (\S+?)(?: \(|,|$)", line).group(1) for line in lines]
    return [line.split()[0] for line in lines]


def children_of(out):
    points, point = {}, None
    for line in out.splitlines():
        match = re.match(r"\s+-> (\S+)", line)
        if match:
            points[point].append(match.group(1))
        elif line.strip():
            point = line.split()[0]
            points[point] = []
    return {point: sorted(children) for point, children in points.items()}


def check(case, project, done, rows_before):
    both = done.stdout + done.stderr
    assert done.returncode >= 0, "died of signal %d" % -done.returncode
    if "error" in case:
        assert done.returncode in (1, 2), "status %d, expected an error: %s" % (done.returncode, both)
        for keyword in case["error"]["keywords"]:
            assert any(word.lower() in both.lower() for word in keyword.split("|")), \
                "the error does not say '%s': %s" % (keyword, both)
    else:
        assert done.returncode == case.get("status", 0), "status %d: %s" % (done.returncode, both)
    rows_after = project.rows()
    expected = rows_before if "error" in case or "rows_after" not in case else set(case["rows_after"])
    if case["command"] in ("history", "heads", "current", "branches", "show"):
        assert rows_after == (None if case.get("rows") is None else expected), "rows %s" % rows_after
    else:
        assert (rows_after or set()) == (expected or set()), "rows %s, expected %s" % (rows_after, expected)
    if "steps" in case:
        check_order(case, project.graph, steps_of(done.stderr), case["steps"], case["command"] == "downgrade")
    if "listing" in case and "error" not in case:
        check_order(case, project.graph, listing_of(case, done.stdout), case["listing"], True)
    if "children" in case:
        expected_children = {point: sorted(children) for point, children in case["children"].items()}
        assert children_of(done.stdout) == expected_children, "branches: " + done.stdout
    for line in case.get("output", []):
        assert line in done.stdout.splitlines(), "no line '%s' in: %s" % (line, done.stdout)
    for word in case.get("says", []):
        assert word in both, "it does not say '%s': %s" % (word, both)


def run_case(case, project):
    target = case.get("target")
    words = [case["command"], *case.get("options", [])]
    if case["command"] == "history" and target is not None:
        words += ["-r", target]
    elif isinstance(target, list):
        words += target
    elif target is not None:
        words.append(target)
    project.prepare(case.get("rows"))
    check(case, project, project.run(*words), set(case.get("rows") or []))


def main():
    retort, files = os.path.abspath(sys.argv[1]), sys.argv[2:]
    failed = passed = 0
    for path in files:
        with open(path) as source:
            suite = json.load(source)
        shared = Project(retort, suite["graph"])
        for case in suite["cases"]:
            project = Project(retort, case["graph"]) if "graph" in case else shared
            try:
                run_case(case, project)
                passed += 1
            except AssertionError as error:
                failed += 1
                print("FAILED %s: %s\n  %s" % (os.path.basename(path), case["name"], error))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
