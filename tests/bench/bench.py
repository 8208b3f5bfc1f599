#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Benchmarks against the sqlite3 shell, psql and mariadb, each a ratio from one run.

usage: bench.py RETORT [NAME...]     (RETORT_DRIVER_PATH names the drivers)

Times are wall clock of whole processes, the minimum of several runs in turn (A B A B), as the minimum is
what noise disturbs least; memory is the largest resident set. With servers the processor time of client and
server together is told too: a busy machine disturbs it less. The servers are private ones of tests/engines.
"""
import os
import resource
import subprocess
import sys
import tempfile
import time

from targets import bench_targets

RUNS = 5


def measure(words, folder, feed=None, prepare=None, runs=RUNS):
    """The shortest wall time in milliseconds and the largest memory in MB."""
    best, memory = None, 0
    for _ in range(runs):
        if prepare:
            prepare()
        source = open(feed, "rb") if feed else subprocess.DEVNULL
        started = time.perf_counter()
        child = subprocess.Popen(words, cwd=folder, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        error = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        took = (time.perf_counter() - started) * 1000
        child.returncode = status
        if status:
            sys.exit("%s: status %d\n%s" % (" ".join(words), status, error.decode()[-2000:]))
        best = took if best is None else min(best, took)
        memory = max(memory, usage.ru_maxrss / 1024)
        if feed:
            source.close()
    return best, memory


def row(name, value, limit, unit, extra=""):
    print("%-46s %9.2f %-5s limit %-6s %s%s" % (name, value, unit, limit, "ok" if value <= limit else "OVER", extra),
          flush=True)


def project(folder):
    os.makedirs(os.path.join(folder, "migrations", "versions"))
    with open(os.path.join(folder, "retort.ini"), "w") as ini:
        ini.write("[retort]\nscript_location = %(here)s/migrations\nurl = sqlite:///%(here)s/x.db\n")


def write_revision(folder, number, body):
    path = os.path.join(folder, "migrations", "versions", "%05d.yaml" % number)
    with open(path, "w") as out:
        out.write("revision: r%05d\ndown_revision: %s\ncreate_date: 2026-11-21T22:36:00Z\nmessage: step %d\n\n%s"
                  % (number, "r%05d" % (number - 1) if number else "null", number, body))


TABLE = """upgrade:
  - create_table:
      name: t%(n)05d
      columns:
        id:      {type: bigint, primary_key: true, autoincrement: true}
        email:   {type: string(320), nullable: false}
        name:    string(80)
        state:   {type: string(20), default: new, nullable: false}
        balance: {type: "numeric(12,2)", default: 0, nullable: false}
        created: {type: timestamp, default: {function: now}, nullable: false}
        note:    text
        active:  {type: boolean, default: true, nullable: false}
      indexes:
        ix_t%(n)05d_email: {columns: [email]}
downgrade: auto
"""


def wipe(folder):
    def run():
        for name in os.listdir(folder):
            if name.startswith("x.db"):
                os.remove(os.path.join(folder, name))
    return run


def bench_start(retort):
    best, memory = measure([retort, "--version"], "/", runs=30)
    row("start (--version)", best, 5, "ms", "  %.0f MB" % memory)


# What each revision of a long history does: rows, so that the engine's own reading of a large schema is not
# what is measured.
STEP = """upgrade:
  - insert_rows: {table: step, columns: [id, name], rows: [[%(n)d, step %(n)d]]}
downgrade: auto
"""
FIRST_STEP = """upgrade:
  - create_table: {name: step, columns: {id: {type: bigint, primary_key: true}, name: string(80)}}
downgrade: auto
"""


def bench_many(retort):
    for count, limit, memory_limit in ((1000, 15, 60), (10000, 100, 60)):
        with tempfile.TemporaryDirectory() as folder:
            project(folder)
            for number in range(count):
                write_revision(folder, number, STEP % {"n": number} if number else FIRST_STEP)
            subprocess.run([retort, "-q", "upgrade"], cwd=folder, check=True)
            for words in (["upgrade"], ["heads"], ["current"], ["history"]):
                best, memory = measure([retort, "-q", *words], folder)
                row("%s, %d revisions" % (words[0], count), best, limit, "ms",
                    "  %.0f MB (limit %d)" % (memory, memory_limit))


def script_of(retort, folder, *words):
    path = os.path.join(folder, "script.sql")
    with open(path, "wb") as out:
        subprocess.run([retort, "-q", *words, "--sql"], cwd=folder, check=True, stdout=out)
    return path


def ratio(name, limit, folder, ours, theirs, feed, prepare):
    """Both in turn, RUNS times each."""
    a, b = [], []
    for _ in range(RUNS):
        b.append(measure(theirs, folder, feed, prepare, runs=1)[0])
        a.append(measure(ours, folder, None, prepare, runs=1)[0])
    row(name, min(a) / min(b), limit, "x", "  %.0f ms against %.0f ms" % (min(a), min(b)))


def bench_migrations(retort):
    with tempfile.TemporaryDirectory() as folder:
        project(folder)
        for number in range(1000):
            write_revision(folder, number, TABLE % {"n": number})
        script = script_of(retort, folder, "upgrade", "head")
        ratio("1,000 migrations against sqlite3", 1.5, folder, [retort, "-q", "upgrade"],
              ["sqlite3", "-bail", "x.db"], script, wipe(folder))


ROWS = """upgrade:
  - create_table:
      name: person
      columns:
        id:    {type: bigint, primary_key: true}
        name:  {type: string(80), nullable: false}
        email: {type: string(120), nullable: false}
        age:   integer
        note:  text
%sdowngrade: auto
"""


def write_rows(path, count):
    with open(path, "w") as out:
        out.write("id,name,email,age,note\n")
        for i in range(count):
            out.write("%d,Ångström %d,person%d@example.org,%d,\"a note, quoted, number %d\"\n" % (i + 1, i, i, i % 90, i))


def bench_rows(retort):
    with tempfile.TemporaryDirectory() as folder:
        project(folder)
        write_rows(os.path.join(folder, "rows.csv"), 100000)
        write_revision(folder, 0, ROWS % "")
        write_revision(folder, 1, "upgrade:\n  - insert_rows: {table: person, csv: ../../rows.csv}\n"
                       "downgrade: [{delete_rows: {table: person, where: all}}]\n")
        subprocess.run([retort, "-q", "upgrade", "r00000"], cwd=folder, check=True)
        os.rename(os.path.join(folder, "x.db"), os.path.join(folder, "empty.db"))

        def prepare():
            wipe(folder)()
            with open(os.path.join(folder, "empty.db"), "rb") as source, open(os.path.join(folder, "x.db"), "wb") as out:
                out.write(source.read())
        ratio("100,000 rows against .import", 1.5, folder, [retort, "-q", "upgrade"],
              ["sqlite3", "x.db", ".import --csv --skip 1 rows.csv person"], None, prepare)


def bench_rebuild(retort):
    with tempfile.TemporaryDirectory() as folder:
        project(folder)
        write_revision(folder, 0, ROWS % "      indexes:\n        ix_person_email: {columns: [email]}\n")
        write_revision(folder, 1, "upgrade:\n  - alter_column: {table: person, name: age, type: bigint, nullable: false}\n"
                       "downgrade: auto\n")
        subprocess.run([retort, "-q", "upgrade", "r00000"], cwd=folder, check=True)
        fill = ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) INSERT INTO person "
                "SELECT i, 'name ' || i, 'person' || i || '@example.org', i % 90, 'a note of some length ' || i FROM n")
        subprocess.run(["sqlite3", "x.db", fill], cwd=folder, check=True)
        os.rename(os.path.join(folder, "x.db"), os.path.join(folder, "full.db"))
        definition = subprocess.run(["sqlite3", "full.db", "SELECT sql FROM sqlite_schema WHERE name = 'person'"],
                                    cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout
        by_hand = os.path.join(folder, "by_hand.sql")
        with open(by_hand, "w") as out:
            out.write("PRAGMA foreign_keys=OFF; BEGIN IMMEDIATE;\n" + definition.replace('"person"', '"new_person"', 1)
                      .replace('"age" INTEGER', '"age" BIGINT NOT NULL')
                      + ";\nINSERT INTO new_person (rowid, id, name, email, age, note) "
                      "SELECT rowid, id, name, email, age, note FROM person;\nDROP TABLE person;\n"
                      "ALTER TABLE new_person RENAME TO person;\nCREATE INDEX ix_person_email ON person (email);\n"
                      "PRAGMA foreign_key_check;\nCOMMIT;\n")

        def prepare():
            wipe(folder)()
            subprocess.run(["cp", "full.db", "x.db"], cwd=folder, check=True)
        ratio("rebuild of 1,000,000 rows against SQL by hand", 1.1, folder, [retort, "-q", "upgrade"],
              ["sqlite3", "-bail", "x.db"], by_hand, prepare)


def bench_server(engine, script):
    """A script of this folder beside a private server, whose files are kept in memory where that can be: a file system
    that has just lost a thousand tables takes its time to make others."""
    here = os.path.dirname(os.path.abspath(__file__))
    environment = dict(os.environ, TMPDIR="/dev/shm") if os.path.isdir("/dev/shm") else None

    def run(retort):
        subprocess.run(["sh", os.path.join(here, os.pardir, "engines", "start.sh"), engine, sys.executable,
                        os.path.join(here, script), retort, engine], check=True, env=environment)
    return run


def bench_schema(retort):
    import schema  # which needs this module

    schema.bench_schema(retort)
    for engine in "postgresql", "mariadb":
        bench_server(engine, "schema.py")(retort)


BENCHES = {"start": bench_start, "many": bench_many, "migrations": bench_migrations, "rows": bench_rows,
           "rebuild": bench_rebuild, "targets": bench_targets, "postgresql": bench_server("postgresql", "servers.py"),
           "mariadb": bench_server("mariadb", "servers.py"), "schema": bench_schema}


def main():
    retort = os.path.abspath(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in sys.argv[2:] or BENCHES:
        BENCHES[name](retort)


if __name__ == "__main__":
    main()
