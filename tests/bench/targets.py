#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""200 targets with -j 8 against the same one after the other, in turn: files, schemas of one PostgreSQL, databases
of one MariaDB and MySQL.

usage: targets.py RETORT [ENGINE...]     engines: sqlite, and the names of tests/engines; all unless given

One that isn't installed is passed over. With as many cores as the server and eight processes need the ratio should
be 1/3 at most, with any number not above 1.
"""
import os
import subprocess
import sys
import tempfile
import time

TARGETS, JOBS, TRIES = 200, 8, 3
HERE = os.path.dirname(os.path.abspath(__file__))
REVISION = """revision: r%(n)d
down_revision: %(down)s
upgrade:
  - create_table:
      name: t%(n)d
      columns:
        id:      {type: bigint, primary_key: true, autoincrement: true}
        email:   {type: string(120), nullable: false}
        state:   {type: string(20), default: new, nullable: false}
        balance: {type: "numeric(12,2)", default: 0, nullable: false}
        created: {type: timestamp, default: {function: now}, nullable: false}
      indexes:
        ix_t%(n)d_email: {columns: [email]}
downgrade: auto
"""


def project(folder, url):
    os.makedirs(os.path.join(folder, "migrations", "versions"))
    with open(os.path.join(folder, "retort.ini"), "w") as ini:
        ini.write("[retort]\nscript_location = migrations\nlock_timeout = 2m\n\n[target.many]\n"
                  "targets_command = seq -f n%%g %d\nurl = %s\n" % (TARGETS, url))
    for n in range(5):
        with open(os.path.join(folder, "migrations", "versions", "r%d.yaml" % n), "w") as out:
            out.write(REVISION % {"n": n, "down": "r%d" % (n - 1) if n else "null"})


def seconds(retort, folder, *words):
    started = time.perf_counter()
    done = subprocess.run([retort, "-q", "--all", *words], cwd=folder, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit("retort --all %s: status %d\n%s" % (" ".join(words), done.returncode, done.stdout[-2000:]))
    return time.perf_counter() - started


def compare(retort, folder, engine):
    """Each in turn: upgrades from nothing, then with nothing to do."""
    fresh, idle = {1: [], JOBS: []}, {1: [], JOBS: []}
    for _ in range(TRIES):
        for jobs in (1, JOBS):
            fresh[jobs].append(seconds(retort, folder, "-j", str(jobs), "upgrade"))
            idle[jobs].append(seconds(retort, folder, "-j", str(jobs), "upgrade"))
            seconds(retort, folder, "-j", str(JOBS), "downgrade", "base")
    for name, times in (("upgrade", fresh), ("nothing to do", idle)):
        one, many = min(times[1]), min(times[JOBS])
        print("%-46s %9.2f %-5s limit %-6s %s  %.2f s against %.2f s, %d cores"
              % ("%d targets, -j %d: %s, %s" % (TARGETS, JOBS, name, engine), many / one, "x", 1,
                 "ok" if many <= one else "OVER", many, one, os.cpu_count()), flush=True)


def prepare_sqlite(_):
    return "sqlite:///%(here)s/%(tenant)s.db"


def prepare_postgresql(url):
    script = "".join("CREATE SCHEMA n%d;\n" % (n + 1) for n in range(TARGETS))
    subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", url], input=script, text=True, check=True)
    return url + "&search_path=%(tenant)s"


def prepare_mysql(url):
    socket = url.split("unix_socket=")[1]
    script = "".join("CREATE DATABASE n%d;\n" % (n + 1) for n in range(TARGETS))
    subprocess.run(["mariadb", "--no-defaults", "--socket=" + socket, "-u", "retort"], input=script, text=True,
                   check=True)
    return url.replace("/retort?", "/%(tenant)s?")


PREPARE = {"sqlite": prepare_sqlite, "postgresql": prepare_postgresql, "mariadb": prepare_mysql,
           "mysql": prepare_mysql}


def bench(retort, engine):
    with tempfile.TemporaryDirectory() as folder:
        project(folder, PREPARE[engine](os.environ.get("DATABASE_URL")))
        os.environ.pop("DATABASE_URL", None)
        compare(retort, folder, engine)


def bench_targets(retort, engines=None):
    for engine in engines or PREPARE:
        if engine == "sqlite" or "DATABASE_URL" in os.environ:
            bench(retort, engine)
            continue
        start = os.path.join(HERE, "..", "engines", "start.sh")
        done = subprocess.run(["sh", start, engine, sys.executable, os.path.abspath(__file__), retort, engine])
        if done.returncode not in (0, 77):
            sys.exit(done.returncode)


if __name__ == "__main__":
    bench_targets(os.path.abspath(sys.argv[1]), sys.argv[2:])
