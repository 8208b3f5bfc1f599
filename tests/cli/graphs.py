#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Loads, lists and runs the revision graphs of real projects through the command line.

Each CSV of tests/graph becomes a project whose revisions do nothing. Usage: graphs.py RETORT FILE.csv...
"""
import csv
import json
import os
import subprocess
import sys
import tempfile

from scenarios import before, implied, steps_of, write_project


def read_graph(path):
    with open(path, newline="") as source:
        return [{key: [x for x in row[key].split("|") if x] if key != "revision" else row[key]
                 for key in ("revision", "down_revision", "branch_labels", "depends_on")}
                for row in csv.DictReader(source)]


def check_graph(retort, path):
    graph = read_graph(path)
    ids = {node["revision"] for node in graph}
    needs = implied(graph)
    heads = ids - {need for node in graph for need in needs[node["revision"]]}
    with tempfile.TemporaryDirectory() as folder:
        write_project(folder, graph)

        def run(*words):
            done = subprocess.run([retort, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True, timeout=60)
            assert done.returncode == 0, "%s: status %d: %s" % (" ".join(words), done.returncode, done.stderr)
            return done

        listed = [entry["revision"] for entry in json.loads(run("history", "--format", "json").stdout)]
        assert sorted(listed) == sorted(ids), "history does not list every revision once"
        up = steps_of(run("upgrade", "heads").stderr)
        assert sorted(up) == sorted(ids), "upgrade does not run every revision once"
        place = {revision: index for index, revision in enumerate(up)}
        assert all(place[need] < place[revision] for revision in ids for need in needs[revision]), "upgrade order"
        current = json.loads(run("current", "--check-heads", "--format", "json").stdout)
        assert current["pending"] == 0 and current["is_head"] and heads <= set(current["revisions"]), current
        down = steps_of(run("downgrade", "base").stderr)
        assert sorted(down) == sorted(ids), "downgrade does not run every revision once"
        place = {revision: index for index, revision in enumerate(down)}
        assert all(place[need] > place[revision] for revision in ids for need in needs[revision]), "downgrade order"
        assert run("current").stdout == "", "something is left after downgrade base"
        middle = up[len(up) // 2]
        run("upgrade", middle)
        assert all(step == middle or before(needs, step, middle)
                   for step in steps_of(run("downgrade", "base").stderr)), "upgrade to the middle ran too much"


def main():
    failed = 0
    for path in sys.argv[2:]:
        try:
            check_graph(os.path.abspath(sys.argv[1]), path)
        except AssertionError as error:
            failed += 1
            print("FAILED %s: %s" % (os.path.basename(path), error))
    print("%d passed, %d failed" % (len(sys.argv) - 2 - failed, failed))
    return 1 if failed or len(sys.argv) < 3 else 0


if __name__ == "__main__":
    sys.exit(main())
