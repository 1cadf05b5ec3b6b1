#!/usr/bin/env python3
"""delta.py - random stories of rudder-query --delta: whatever happens, quiet
runs make the destination what the source is.

    delta.py [STORIES] [SEED] [BY]

A story is a table that changes, runs of rudder-query --delta and rudder-diff
over it, and a destination that takes changes or not. Keys are given back their
old values, are twice, are null, or differ only in case. Processes are killed,
receipts are lost, untrue or failures, tables of the base are dropped or
emptied, the state is restored from a copy, another run gets in between a
rudder-query and its rudder-diff, rows are read without --delta, options
change. On the way no key is deleted that the source has. In the end quiet runs
must come to rest, with the destination equal to the table, the base settled,
and the last run reading nothing.

BY is who reads the rows: postgres (the default; PGHOST is a PostgreSQL, as by
tests/tool/pg.sh), duckdb, trino (TRINO_PORT is one on the loopback, as by
tests/tool/trino.sh; its rows change while they are read), or one of the wrong designs, which are here to show
that the stories find them: held (the base moves when all is settled), commit
(the base moves with each complete commit), except (rows by EXCEPT, missing keys
by their keys), and right, the same in the way of rudder-query. They are played
here, so they need no database.

The end is status 1 when a story goes wrong, with the number of them."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request

KEYS = 12
STATE_FILES = "st"


class Wrong(Exception):
    pass


def run(args, stdin=None, stdout=None, env=None, kill_ms=None):
    """Status and messages; killed after a time, perhaps."""
    with tempfile.TemporaryFile() as err:
        p = subprocess.Popen(args, stdin=stdin or subprocess.DEVNULL,
                             stdout=stdout or subprocess.DEVNULL, stderr=err, env=env)
        try:
            p.wait(timeout=None if kill_ms is None else kill_ms / 1000)
        except subprocess.TimeoutExpired:
            p.kill()
            p.wait()
        err.seek(0)
        return p.returncode, err.read().decode(errors="replace")


class Psql:
    def __init__(self):
        self.p = subprocess.Popen(["psql", "-XqtA", "-v", "ON_ERROR_STOP=0"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def ask(self, sql):
        self.p.stdin.write(sql + ";\n\\echo .end\n")
        self.p.stdin.flush()
        lines = []
        for line in self.p.stdout:
            if line == ".end\n":
                return lines
            lines.append(line.rstrip("\n"))
        raise SystemExit("psql has ended")


class Postgres:
    """The table lies in a PostgreSQL, and rudder-query reads it."""
    partial_hash = True

    def __init__(self, story):
        self.db = Psql()
        self.name = "story_%d_%d" % (os.getpid(), story)
        self.text = story % 3 == 2
        kind = "text COLLATE %s_ci" % self.name if self.text else "int"
        self.db.ask("DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %s" % (self.name, self.name))
        if self.text:
            self.db.ask("CREATE COLLATION %s_ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)" % self.name)
        self.db.ask("CREATE TABLE %s.t (id %s, v text, w interval)" % (self.name, kind))

    def write(self, rows):
        def value(k):
            return "NULL" if k is None else "'%s'" % k
        sql = "BEGIN; DELETE FROM %s.t; " % self.name
        if rows:
            sql += "INSERT INTO %s.t VALUES %s; " % (self.name, ", ".join(
                "(%s, '%s', '%s')" % (value(k), v, w) for k, v, w in rows))
        self.db.ask(sql + "COMMIT")

    def query(self, state, out, everything=False, plain=False, kill_ms=None):
        args = ["rudder-query", "-d", "postgres://", "-e", "SELECT id, v, w FROM %s.t" % self.name, "-k", "id"]
        if not plain:
            args += ["--delta", self.name, "--cursor-state", state]
        if everything:
            args += ["--delta-all"]
        with open(out, "wb") as f:
            return run(args, stdout=f, kill_ms=kill_ms)

    def tables(self):
        return self.db.ask("SELECT relname FROM pg_class WHERE relnamespace = '%s'::regnamespace AND relname ~ '^rudder_' AND relkind = 'r'" % self.name)

    def damage(self, rng):
        tables = self.tables()
        if tables:
            t = rng.choice(tables)
            self.db.ask(rng.choice(['DROP TABLE %s."%s"', 'DELETE FROM %s."%s"']) % (self.name, t))

    def close(self):
        self.db.ask("DROP SCHEMA IF EXISTS %s CASCADE; DROP COLLATION IF EXISTS %s_ci" % (self.name, self.name))
        self.db.p.stdin.close()
        self.db.p.wait()


class Duckdb:
    """The table lies in a file of DuckDB; RUDDER_LIBDUCKDB and ducksql are needed."""

    def __init__(self, story):
        self.text = story % 3 == 2
        self.ask("CREATE SCHEMA s", "CREATE TABLE t (id %s, v VARCHAR, w INTERVAL)" %
                 ("VARCHAR COLLATE NOCASE" if self.text else "INTEGER"))

    def ask(self, *statements):
        subprocess.run(["ducksql", "d.db", *statements], check=True)

    def write(self, rows):
        def value(k):
            return "NULL" if k is None else "'%s'" % k
        # an UPDATE by DuckDB leaves values that are equal as they were
        insert = ["INSERT INTO t VALUES %s" % ", ".join("(%s, '%s', '%s')" % (value(k), v, w) for k, v, w in rows)]
        self.ask("BEGIN", "DELETE FROM t", *(insert if rows else []), "COMMIT")

    def query(self, state, out, everything=False, plain=False, kill_ms=None):
        args = ["rudder-query", "-d", "duckdb:d.db", "-e", "SELECT id, v, w FROM t", "-k", "id"]
        if not plain:
            args += ["--delta", "s", "--cursor-state", state]
        if everything:
            args += ["--delta-all"]
        with open(out, "wb") as f:
            return run(args, stdout=f, kill_ms=kill_ms)

    def tables(self):
        got = subprocess.run(["rudder-query", "-d", "duckdb:d.db", "--tables"], stdout=subprocess.PIPE, text=True)
        return re.findall(r'"s\.(rudder_[^"]*)"', got.stdout)

    def damage(self, rng):
        tables = self.tables()
        if tables:
            self.ask(rng.choice(['DROP TABLE s."%s"', 'DELETE FROM s."%s"']) % rng.choice(tables))

    def close(self):
        for name in os.listdir("."):
            if name.startswith("d.db"):
                os.unlink(name)


class Trino:
    """The table is a view in a Trino, which has no DELETE for a table in memory."""

    def __init__(self, story):
        self.text = story % 3 == 2
        self.name = "story_%d_%d" % (os.getpid(), story)
        self.at = "127.0.0.1:%s" % os.environ["TRINO_PORT"]
        self.ask("CREATE SCHEMA memory.%s" % self.name)

    def ask(self, sql, fine=False):
        headers = {"X-Trino-User": "story", "X-Trino-Catalog": "memory"}
        request = urllib.request.Request("http://%s/v1/statement" % self.at, sql.encode(), headers)
        rows = []
        while request:
            with urllib.request.urlopen(request) as reply:
                page = json.load(reply)
            if "error" in page and not fine:
                raise SystemExit("Trino: %s" % page["error"]["message"])
            rows += page.get("data", [])
            request = page.get("nextUri") and urllib.request.Request(page["nextUri"], None, headers)
        return rows

    def write(self, rows):
        kind = "varchar" if self.text else "integer"
        def value(x):
            return "NULL" if x is None else "'%s'" % x
        values = ", ".join("(%s)" % ", ".join(value(x) for x in r) for r in rows or [("0", "", "")])
        self.ask("CREATE OR REPLACE VIEW %s.t AS SELECT CAST(id AS %s) AS id, CAST(v AS varchar) AS v, "
                 "CAST(w AS varchar) AS w FROM (VALUES %s) AS r (id, v, w)%s" %
                 (self.name, kind, values, "" if rows else " WHERE v <> ''"))

    def query(self, state, out, everything=False, plain=False, kill_ms=None, meanwhile=None):
        args = ["rudder-query", "-d", "trino://story@%s/memory" % self.at, "-e",
                "SELECT id, v, w FROM %s.t" % self.name, "-k", "id"]
        if not plain:
            args += ["--delta", self.name, "--cursor-state", state]
        if everything:
            args += ["--delta-all"]
        writer = meanwhile and threading.Timer(meanwhile[0], self.write, [meanwhile[1]])
        if writer:
            writer.start()
        with open(out, "wb") as f:
            got = run(args, stdout=f, kill_ms=kill_ms and kill_ms * 60)
        if writer:
            writer.join()
        return got

    def tables(self):
        return [r[0] for r in self.ask("SELECT table_name FROM information_schema.tables WHERE table_schema = '%s' "
                                       "AND table_name LIKE 'rudder%%'" % self.name)]

    def damage(self, rng):
        tables = self.tables()
        if tables:
            t = '%s."%s"' % (self.name, rng.choice(tables))
            if rng.random() < 0.5:
                self.ask("CREATE TABLE %s.copy AS SELECT * FROM %s WHERE false" % (self.name, t), fine=True)
            self.ask("DROP TABLE %s" % t, fine=True)
            self.ask("ALTER TABLE %s.copy RENAME TO %s" % (self.name, t), fine=True)

    def close(self):
        for t in self.tables():
            self.ask('DROP TABLE %s."%s"' % (self.name, t), fine=True)
        self.ask("DROP VIEW %s.t" % self.name, fine=True)
        self.ask("DROP SCHEMA memory.%s" % self.name, fine=True)


class Played:
    """What a rudder-query of another design would write."""
    text = False

    def __init__(self, how):
        self.how = how
        self.rows, self.base, self.carry, self.runs = [], None, set(), {}
        self.n = 0
        self.last = (None, None)

    def write(self, rows):
        self.rows = list(rows)

    def settled(self, state):
        base = read_base(state)
        return base["open"] == "none" if base else False

    def query(self, state, out, everything=False, plain=False, kill_ms=None):
        if plain:
            write_stream(out, self.rows)
            return 0, ""
        now, base = list(self.rows), read_base(state)
        self.n += 1
        name = ("d%019d" % self.n)
        old, carry = None, set()
        if self.how == "right":
            if base and base["open"] in ("none", "keys", "list"):
                old, changed = self.runs.get(base["run"], (None, None))
                if base["open"] != "none":
                    carry = set(base["list"]) if base["open"] == "list" else changed
        else:
            old = self.base
        if everything or (base and base["open"] == "void"):
            old = None
        if old is None:
            touched, missing, rows = set(), set(), now
        elif self.how == "except":
            left = list(old)
            rows = []
            for r in now:
                if r in left:
                    left.remove(r)
                else:
                    rows.append(r)
            missing = {r[0] for r in old} - {r[0] for r in now}
            touched = {r[0] for r in rows} | missing
        else:
            def of(rows, k):
                return sorted(set(r for r in rows if r[0] == k), key=repr)
            keys = {r[0] for r in old} | {r[0] for r in now}
            touched = {k for k in keys if k is None or of(old, k) != of(now, k) or
                       len(of(now, k)) > 1} | carry
            missing = {k for k in touched if k is not None and k not in {r[0] for r in now}}
            rows = [r for r in now if r[0] in touched]
        self.runs[name] = (now, touched)
        self.last = (name, now)
        write_stream(out, rows, {"id": "0" * 16, "schema": "s", "run": name, "of": "f",
                                 "all": old is None, "total": len(now), "keys": len(touched),
                                 **({"file": base["sum"]} if base else {})}, missing)
        return 0, ""

    def after(self, settled, complete):
        """When the wrong designs move their base."""
        if self.how in ("held", "except") and settled or self.how == "commit" and complete:
            self.base = self.last[1]

    def tables(self):
        return []

    def damage(self, rng):
        pass

    def close(self):
        pass


def write_stream(out, rows, delta=None, missing=()):
    with open(out, "w") as f:
        def put(x):
            f.write(json.dumps(x) + "\n")
        begin = {"type": "begin", "v": 1, "stream": "rows", "key": ["id"]}
        end = {"type": "end", "stream": "rows", "rows": len(rows)}
        if delta:
            begin["delta"] = delta
            end.update({"missing": len(missing), "unread": 0})
            if not delta["all"]:
                end["partial"] = True
        put({"_rudder": begin})
        for k, v, w in rows:
            put({"id": k, "v": v, "w": w})
        for k in missing:
            put({"_rudder": {"type": "missing"}, "id": k})
        put({"_rudder": end})


def read_base(state):
    try:
        with open(os.path.join(state, "base")) as f:
            return json.loads(f.readline())
    except FileNotFoundError:
        return None


class Story:
    def __init__(self, number, seed, by):
        self.number, self.by = number, by
        self.rng = random.Random("%s %s" % (seed, number))
        self.told, self.table, self.dest, self.wrong = [], {}, {}, None
        sources = {"postgres": Postgres, "duckdb": Duckdb, "trino": Trino}
        self.real = by in sources
        self.source = sources[by](number) if self.real else Played(by)
        self.shim = os.environ.get("SHIM_SO") if self.real or by == "right" else None
        self.ignore = self.ignored = False
        self.backup = None
        self.orphans = False # tables of which the state knows nothing

    def tell(self, what):
        self.told.append(what)

    def chance(self, p):
        return self.rng.random() < p

    # ---- the source

    def key(self):
        k = self.rng.randint(1, KEYS)
        if self.source.text:
            return self.rng.choice("aA") + str((k + 1) // 2)
        return k

    def values(self):
        return (self.rng.choice("abc"), self.rng.choice(["1 mon", "30 days", "720:00:00"]))

    def change(self):
        """Keys of more than one row, and those without a key, are there at times."""
        for _ in range(KEYS if self.chance(0.1) else self.rng.randint(0, 4)):
            k = self.key()
            if k in self.table and self.chance(0.3):
                del self.table[k]
            else:
                self.table[k] = [self.values()]
                if self.chance(0.1):
                    self.table[k].append(self.values())
        self.table.pop(None, None)
        if self.chance(0.05):
            self.table[None] = [self.values()]

    def rows(self):
        rows = [(k, v, w) for k, all_ in self.table.items() for v, w in all_]
        self.rng.shuffle(rows)
        return rows

    # ---- one run

    def env(self, often):
        if not self.shim or not self.chance(often):
            return None
        e = dict(os.environ)
        e.update(SHIM="%s:%d:kill" % (self.rng.choice(["open", "write", "fsync", "rename", "unlink", "end"]),
                                      self.rng.randint(1, 4)),
                 SHIM_UNDER=os.path.abspath("st"), SHIM_LOG="/dev/null", LD_PRELOAD=self.shim)
        return e

    def diff(self, rows, quiet, there):
        args = ["rudder-diff", "-k", "id", "-s", "st", "--mode", "mirror", "--max-deletes", "100%"]
        if self.ignore:
            args += ["--ignore", "w"]
        if not quiet and self.chance(0.1):
            args += ["--max-changes", str(self.rng.randint(1, 3))]
        if not quiet and self.chance(0.1):
            args[args.index("100%")] = str(self.rng.randint(0, 1))
        if not quiet and self.chance(0.1):
            args += ["--memory", self.rng.choice(["1", "2000"])]
        if not there: # a guard of its own, which a person lifts
            args += ["--allow-deletes", "%d,empty" % len(self.dest)] if quiet else []
        with open(rows, "rb") as i, open("out", "wb") as o:
            got, err = run(args, stdin=i, stdout=o, env=self.env(0 if quiet else 0.15))
        self.tell("  diff %s: %s" % (" ".join(args[7:]), got))
        # 78: rows without --delta that are older than those of the last commit
        if got not in (0, 1, 3, 65, 75) and not (got == 78 and "--allow-older" in err) and got >= 0:
            raise Wrong("rudder-diff ended with %d: %s" % (got, err))
        return got

    def deliver(self, quiet, there):
        """The changes that left, and their receipts."""
        alive = 10000 if quiet or self.chance(0.8) else self.rng.randint(0, 6)
        receipts, begin, end = [], None, None
        outcomes = ["accepted"] * 10 + ["lost", "unknown", "late", "failed", "rejected"]
        for line in open("out"):
            try:
                x = json.loads(line)
            except ValueError:
                break # of a process that was killed
            c = x.get("_rudder", {})
            if c.get("type") == "begin":
                begin = c
            elif c.get("type") == "end":
                end = c
            elif c.get("type") in ("change", "skip"):
                what = "accepted" if quiet else self.rng.choice(outcomes)
                if alive <= 0:
                    what = "dead"
                alive -= 1
                k = x.get("id")
                if c["type"] == "skip":
                    what = "skipped" if what != "dead" else what
                elif c["action"] == "delete":
                    if k in there:
                        raise Wrong("a delete of %r, which is there" % k)
                    if what in ("accepted", "lost", "late"):
                        self.dest.pop(k, None)
                elif what in ("accepted", "lost", "late"):
                    self.dest[k] = (x["v"], x["w"])
                if what in ("dead", "lost"):
                    continue
                h = c["change"]
                receipts.append({"messageId": "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:])),
                                 "status": "unknown" if what == "late" else what})
        complete = alive > 0 and end is not None and begin is not None
        with open("receipts", "w") as f:
            if begin:
                begin["stream"] = "receipts"
                f.write(json.dumps({"_rudder": begin}) + "\n")
                for r in receipts:
                    f.write(json.dumps(r) + "\n")
                if complete:
                    keep = ("blocked", "postponed", "deferred", "overtaken", "base", "base_rejects", "reread", "rejects", "skips")
                    end = {"type": "end", "stream": "receipts", "receipts": len(receipts),
                           **{k: end[k] for k in keep if k in end}, "rejects": 0, "skips": 0}
                    f.write(json.dumps({"_rudder": end}) + "\n")
        return len(receipts), complete

    def commit(self, quiet):
        if not quiet and self.chance(0.1):
            self.tell("  no commit")
            return -1
        args = ["rudder-diff", "--commit", "-s", "st"]
        with open("receipts", "rb") as i:
            got, err = run(args, stdin=i, env=self.env(0 if quiet else 0.15))
        self.tell("  commit: %d" % got)
        if got not in (0, 1, 3, 65) and got >= 0:
            raise Wrong("a commit ended with %d: %s" % (got, err))
        return got

    def one_run(self, quiet=False, between=False):
        there = {k for k in self.table if k is not None}
        more = {}
        if self.by == "trino" and not quiet and self.chance(0.4):
            self.change()
            there &= set(self.table)
            more = {"meanwhile": (self.rng.random() * 4, self.rows())}
        plain = not quiet and self.by != "except" and self.chance(0.05)
        everything = not quiet and not plain and self.chance(0.05)
        kill = self.rng.randint(0, 60) if not quiet and self.real and self.chance(0.1) else None
        got, err = self.source.query("st", "rows", everything, plain, kill, **more)
        self.tell("run%s%s of %s: query %s" % (" plain" if plain else "", " all" if everything else "",
                                               {k: v for k, v in self.table.items()}, got))
        if got not in (0, -signal.SIGKILL):
            raise Wrong("rudder-query ended with %d: %s" % (got, err))
        if got and self.chance(0.5):
            return None # and so died all of it
        if not quiet and not between and self.chance(0.07) and not isinstance(self.source, Played):
            self.tell("  another run gets in between")
            shutil.move("rows", "rows.late")
            self.change()
            self.source.write(self.rows())
            self.one_run(between=True)
            shutil.move("rows.late", "rows")
            # its rows are old: what it deletes was missing then
        got = self.diff("rows", quiet, there)
        n, complete = self.deliver(quiet, there)
        self.commit(quiet)
        if isinstance(self.source, Played) and got >= 0:
            self.source.after(self.source.settled("st"), complete)
        return n

    def trouble(self):
        if self.chance(0.05):
            self.tell("damage of a table")
            self.source.damage(self.rng)
        if self.real and self.chance(0.05) and os.path.isdir("st"):
            if self.backup is not None and self.chance(0.5):
                # the destination is what it is: only a full run repairs that
                self.tell("the state is restored")
                self.orphans |= not os.path.exists("backup/delta")
                shutil.rmtree("st")
                shutil.copytree("backup", "st")
                self.dest = dict(self.backup)
            else:
                self.tell("a copy of the state")
                shutil.rmtree("backup", ignore_errors=True)
                shutil.copytree("st", "backup")
                self.backup = dict(self.dest)
        if self.real and self.chance(0.04):
            self.ignore = not self.ignore
            self.ignored = True # rows are not sent again for it
            self.tell("--ignore w: %s" % self.ignore)
        if self.real and self.chance(0.02) and os.path.isdir("st"):
            self.tell("a single file of the state is restored")
            if os.path.exists("backup/base"):
                shutil.copy("backup/base", "st/base")

    def rest(self):
        """Quiet runs until nothing changes."""
        for k in list(self.table):
            self.table[k] = self.table[k][:1]
        self.table.pop(None, None)
        self.source.write(self.rows())
        for i in range(8):
            n = self.one_run(quiet=True)
            base = read_base("st")
            if n == 0 and (not self.dest or base["open"] == "none"):
                break
        else:
            raise Wrong("does not come to rest")
        want = {k: v[0][:1] if self.ignored else v[0] for k, v in self.table.items()}
        got = {k: v[:1] if self.ignored else v for k, v in self.dest.items()}
        if self.real and self.by != "trino":
            want = {k: tuple(WORDS.get(x, x) for x in v) for k, v in want.items()}
        if want != got:
            raise Wrong("the destination has %s, the source %s" % (got, want))
        self.run_reads_nothing()

    def run_reads_nothing(self):
        if isinstance(self.source, Played) or not self.dest:
            return
        self.one_run(quiet=True)
        rows = sum(1 for line in open("rows") if '"_rudder"' not in line)
        if rows:
            raise Wrong("a run reads %d rows, and none has changed" % rows)
        tables = self.source.tables()
        if self.orphans:
            tables = [t for t in tables if read_base("st")["id"] in t]
        if len(tables) > (6 if self.by == "trino" else 4):
            raise Wrong("%d tables are left: %s" % (len(tables), tables))

    def play(self):
        shutil.rmtree("st", ignore_errors=True)
        shutil.rmtree("backup", ignore_errors=True)
        try:
            for _ in range(self.rng.randint(6, 14)):
                self.change()
                self.source.write(self.rows())
                self.trouble()
                self.one_run()
            self.rest()
        except Wrong as why:
            self.wrong = str(why)
        finally:
            self.source.close()
        return self.wrong


WORDS = {"1 mon": "P1M", "30 days": "P30D", "720:00:00": "PT720H"}


def main():
    stories = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    by = sys.argv[3] if len(sys.argv) > 3 else "postgres"
    first = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    verbose = os.environ.get("STORY_TOLD")
    wrong = 0
    with tempfile.TemporaryDirectory() as d:
        os.chdir(d)
        for n in range(first, first + stories):
            s = Story(n, seed, by)
            why = s.play()
            if why:
                wrong += 1
                print("story %d of seed %s: %s" % (n, seed, why), flush=True)
            if verbose:
                print("\n".join(s.told))
    print("property/delta.py: %s, seed %s: %d of %d stories wrong" % (by, seed, wrong, stories))
    sys.exit(1 if wrong else 0)


main()
