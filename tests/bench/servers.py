# SPDX-License-Identifier: MIT
"""Benchmarks on private servers of tests/engines, against psql and mariadb: part of bench.py, which runs them.

servers.py RETORT ENGINE [NAME...] is what runs beside a server that start.sh has started. As a machine is rarely quiet the
processor time of client and server together is told beside the wall clock: noise disturbs it less.
"""
import os
import resource
import subprocess
import sys
import tempfile
import time

from bench import ROWS, RUNS, TABLE, measure, project, row, write_revision, write_rows


class PostgreSQL:
    name = "postgresql"

    def __init__(self):
        self.url, self.folder = os.environ["DATABASE_URL"], os.environ["ENGINE_DIR"]
        with open(os.path.join(self.folder, "data", "postmaster.pid")) as pid:
            self.pid = int(pid.readline())

    def client(self, *words):
        return ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", self.url, *words]

    def run_script(self, path):
        return self.client("-f", path)

    def load(self, path):
        return self.client("-c", "\\copy person FROM '%s' CSV HEADER" % path)

    def fresh(self):
        admin = self.url.replace("/retort?", "/postgres?")
        subprocess.run(["psql", "-Xq", admin, "-c", "DROP DATABASE retort", "-c", "CREATE DATABASE retort"], check=True)

    def empty(self):
        subprocess.run(self.client("-c", "TRUNCATE person"), check=True)


class MariaDB:
    name = "mariadb"

    def __init__(self):
        self.folder = os.environ["ENGINE_DIR"]
        with open(os.path.join(self.folder, "started")) as pid:
            self.pid = int(pid.read())

    def client(self, *words):
        return ["mariadb", "--no-defaults", "--local-infile=1", "--default-character-set=utf8mb4", "-N", "-B", "--raw",
                "--socket=" + os.path.join(self.folder, "sock"), "-u", "retort", "retort", *words]

    def run_script(self, path):
        return self.client("-e", "source " + path)

    def load(self, path):
        return self.client("-e", "SET unique_checks = 0; LOAD DATA LOCAL INFILE '%s' INTO TABLE person CHARACTER SET utf8mb4 "
                           "FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' IGNORE 1 LINES" % path)

    def fresh(self):
        subprocess.run(self.client("-e", "DROP DATABASE retort; CREATE DATABASE retort"), check=True)

    def empty(self):
        subprocess.run(self.client("-e", "TRUNCATE person"), check=True)

    def record(self, run):
        """What the server was told meanwhile, as a script."""
        words = "SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = 1"
        subprocess.run(self.client("-e", words), check=True)
        run()
        words = "SET GLOBAL general_log = 0; SELECT concat(argument, ';') FROM mysql.general_log WHERE command_type = 'Query'"
        told = subprocess.run(self.client("-e", words), check=True, stdout=subprocess.PIPE).stdout
        return told.replace(b"SET GLOBAL general_log = 0;\n", b"")


def server_cpu(server):
    """Milliseconds of processor time that the server and what it has started have used."""
    with open("/proc/%d/stat" % server.pid) as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) * 1000 / os.sysconf("SC_CLK_TCK")


def cost(server, words, folder, prepare):
    """Wall time, and processor time of client and server, in milliseconds."""
    prepare()
    time.sleep(0.2)
    before, usage = server_cpu(server), resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = measure(words, folder, runs=1)[0]
    time.sleep(0.2)  # a server process adds up when it has ended
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    client = after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime
    return wall, client * 1000 + server_cpu(server) - before


def server_ratio(name, limit, server, folder, ours, theirs, prepare):
    a, b = [], []
    for _ in range(RUNS):
        b.append(cost(server, theirs, folder, prepare))
        a.append(cost(server, ours, folder, prepare))
    wall, cpu = (min(x[i] for x in a) / min(x[i] for x in b) for i in (0, 1))
    row(name, wall, limit, "x", "  %.0f ms against %.0f ms; processor %.2f x" % (min(a)[0], min(b)[0], cpu))


def server_project(server, folder):
    project(folder)
    os.environ["RETORT_URL"] = os.environ["DATABASE_URL"]
    return [sys.argv[1], "-q", "--dialect", server.name]


def server_migrations(server):
    with tempfile.TemporaryDirectory() as folder:
        retort = server_project(server, folder)
        for number in range(1000):
            write_revision(folder, number, TABLE % {"n": number})
        script = os.path.join(folder, "script.sql")
        with open(script, "wb") as out:
            subprocess.run([*retort, "upgrade", "--sql"], cwd=folder, check=True, stdout=out)
        server_ratio("1,000 migrations, %s, against the script" % server.name, 1.15 if server.name == "postgresql" else 2,
                     server, folder, [*retort, "upgrade"], server.run_script(script), server.fresh)
        if not hasattr(server, "record"):
            return
        server.fresh()
        told = server.record(lambda: subprocess.run([*retort, "upgrade"], cwd=folder, check=True))
        with open(script, "wb") as out:
            out.write(told)
        server_ratio("1,000 migrations, %s, same statements" % server.name, 1.15, server, folder, [*retort, "upgrade"],
                     server.run_script(script), server.fresh)


def server_rows(server):
    with tempfile.TemporaryDirectory() as folder:
        retort = server_project(server, folder)
        path = os.path.join(folder, "rows.csv")
        write_rows(path, 100000)
        write_revision(folder, 0, ROWS % "")
        write_revision(folder, 1, "upgrade:\n  - insert_rows: {table: person, csv: ../../rows.csv}\n"
                       "downgrade: [{delete_rows: {table: person, where: all}}]\n")
        server.fresh()
        subprocess.run([*retort, "upgrade", "r00000"], cwd=folder, check=True)

        def prepare():
            server.empty()
            subprocess.run([*retort, "stamp", "r00000"], cwd=folder, check=True)
        server_ratio("100,000 rows, %s, against its loader" % server.name, 1.2, server, folder, [*retort, "upgrade"],
                     server.load(path), prepare)
        script = os.path.join(folder, "rows.sql")
        with open(script, "wb") as out:
            subprocess.run([*retort, "upgrade", "r00000:head", "--sql"], cwd=folder, check=True, stdout=out)
        server_ratio("100,000 rows, %s, against INSERTs of 500" % server.name, 1.2, server, folder, [*retort, "upgrade"],
                     server.run_script(script), prepare)


CASES = {"migrations": server_migrations, "rows": server_rows}


if __name__ == "__main__":
    for one in sys.argv[3:] or CASES:
        CASES[one]({"postgresql": PostgreSQL, "mariadb": MariaDB}[sys.argv[2]]())
