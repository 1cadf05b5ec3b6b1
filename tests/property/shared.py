#!/usr/bin/env python3
"""shared.py - random stories of rows that the destination takes for one: 0 means
that it holds one of them as it is now.

    shared.py [STORIES] [SEED] [FIRST]     (300, 1, 1)

Rows share an identity (--identity), or their keys differ in nothing but the type
of some columns: 7 and "7". They change, come and go, and are read in any order. Runs
are cut, limited (--max-changes, --delete-after-runs, guards, --memory), killed at
any call; changes arrive or not, and have a receipt that says so, says nothing, or is
lost; receipts are committed at once or in two parts. The destination is a model that knows no more than the identity or the text of
the key; it is played as one that drops messageIds it knows and as one that does not.

Whenever a run and its commit end with 0, nothing was held back, and all that was
sent had arrived, the destination must hold for each identity one of the rows that
have it, with the values of now, and nothing else. Now and then, and in the end, quiet
runs must come to that, and stay there. Needs $SHIM_SO (tests/tool/shim.c) to kill.

The end is status 1 when a story goes wrong."""

import json
import os
import random
import subprocess
import sys
import tempfile

BEGIN = {"_rudder": {"type": "begin", "v": 1, "stream": "rows", "run": "r0000000000000000001"}}
FATES = [["accepted"] * 4 + ["failed", "rejected", "unknown", "late", "lost", "gone"],
         ["accepted"], ["accepted", "accepted", "unknown", "late"], ["accepted", "lost", "gone"]]


class Wrong(Exception):
    pass


def dumps(x):
    return json.dumps(x, separators=(",", ":"))


class Identities:
    """Rows of --identity: the destination knows only e."""
    options = ["-k", "id", "--identity", "e"]

    def __init__(self, r):
        self.r = r
        self.keys = list(range(1, 5))

    def row(self, key, old):
        e = old["e"] if old and self.r.random() < 0.6 else self.r.choice(["x", "x", "y", 1, "1", None])
        return {"id": key, "e": e}

    def known_by(self, row):
        return None if row["e"] is None else str(row["e"])


class Types:
    """Rows whose keys differ in the types of columns."""

    def __init__(self, r, columns):
        self.r = r
        self.columns = columns
        self.options = ["-k", ",".join(columns)]
        last = [(7, 1), ("7", 1), (7, "1"), ("7", "1"), (8, 1), ("8", True)]
        fixed = (2, "3", 4, "x", False)
        self.keys = [(k if len(columns) > 1 else k[:1]) for k in last]
        self.keys = [fixed[:max(0, len(columns) - 2)] + k for k in dict.fromkeys(self.keys)]

    def row(self, key, old):
        return dict(zip(self.columns, key))

    def known_by(self, row):
        return dumps([dumps(row[c]).strip('"') for c in self.columns])


class Story:
    def __init__(self, number, seed, folder, shim):
        self.r = random.Random(seed * 1000003 + number)
        self.dir = folder
        self.shim = shim
        self.world = self.r.choice([
            lambda: Identities(self.r), lambda: Identities(self.r), lambda: Types(self.r, ["id"]),
            lambda: Types(self.r, ["id", "c"]), lambda: Types(self.r, ["a", "b", "c", "d", "f", "id", "g"])])()
        self.table = {}
        self.holds = [{}, {}]
        self.known = set()
        self.told = []
        self.fates = self.r.choice(FATES)
        self.memory = self.r.random() < 0.2
        self.in_parts = self.r.random() < 0.3
        self.commits = self.r.choice([0.85, 0.85, 0.5])

    def path(self, name):
        return os.path.join(self.dir, name)

    def chance(self, p):
        return self.r.random() < p

    # the source
    def change(self):
        for key in self.world.keys:
            if not self.chance(0.4):
                continue
            if key in self.table and self.chance(0.4):
                del self.table[key]
                continue
            row = self.world.row(key, self.table.get(key))
            row["v"] = dumps(key) + self.r.choice("abc")
            self.table[key] = row

    def write(self, cut):
        rows = list(self.table.values()) + [{**self.world.row(self.world.keys[0], None), **self.witness(), "v": "w"}]
        self.r.shuffle(rows)
        self.given = rows[:self.r.randrange(len(rows) + 1)] if cut else rows
        with open(self.path("in"), "w") as f:
            print(dumps(BEGIN), file=f)
            for row in self.given:
                print(dumps(row), file=f)
            if not cut:
                print(dumps({"_rudder": {"type": "end", "stream": "rows", "rows": len(rows)}}), file=f)

    def witness(self):
        """A row that is always there, so that no input is empty."""
        if isinstance(self.world, Identities):
            return {"id": 99, "e": "w"}
        return {c: "w" for c in self.world.columns}

    # a run
    def call(self, args, out=None, kills=0.0):
        env = dict(os.environ)
        if self.shim and self.chance(kills):
            call = self.r.choice(["open", "write", "fsync", "rename", "truncate", "unlink", "end"])
            env.update(SHIM="%s:%d:kill" % (call, 1 + self.r.randrange(4)), SHIM_UNDER=self.path("st"),
                       SHIM_LOG="/dev/null", LD_PRELOAD=self.shim)
        with open(self.path("err"), "a") as err:
            got = subprocess.run(args, stdin=subprocess.DEVNULL, stdout=out or subprocess.DEVNULL, stderr=err,
                                 env=env, check=False).returncode
        if got not in (0, 1, 3, 65, -9):
            raise Wrong("%s ended with %d" % (args, got))
        return got

    def arrive(self, change, row):
        by = self.world.known_by(row)
        for drops in (0, 1):
            if drops and change["change"] in self.known:
                continue
            if change["action"] == "delete":
                self.holds[drops].pop(by, None)
            else:
                self.holds[drops][by] = row["v"]
        self.known.add(change["change"])

    def deliver(self, quiet):
        """What left arrives or not: receipts, the end line, and whether all arrived."""
        receipts, end, begin, fine = [], None, None, True
        with open(self.path("out")) as f:
            lines = f.read().split("\n")
        for line in lines[:-1]: # the last is cut, or empty
            row = json.loads(line)
            c = row.pop("_rudder")
            if c["type"] == "begin":
                begin = c
            elif c["type"] == "end":
                end = c
            if "change" not in c:
                continue
            fate = "skipped" if c["type"] == "skip" else "accepted" if quiet else self.r.choice(self.fates)
            self.told.append("      %s %s %s: %s" % (c.get("action"), c["id"], row.get("v", ""), fate))
            if fate in ("accepted", "late", "lost"):
                self.arrive(c, row)
            fine = fine and fate in ("accepted", "skipped")
            if fate in ("lost", "gone"):
                continue
            u = c["change"]
            receipts.append({"messageId": "-".join((u[:8], u[8:12], u[12:16], u[16:20], u[20:])),
                             "status": "unknown" if fate == "late" else fate})
        whole = end is not None and (quiet or self.chance(0.9))
        part = None
        if begin and self.in_parts:
            begin = self.sender(begin)
            if not quiet and self.chance(0.7):
                part = [x for x in receipts if self.chance(0.5)]
                self.write_receipts("part", begin, part, None)
                if self.chance(0.5): # the others only, or all of them once more
                    receipts = [x for x in receipts if x not in part]
                    whole = False
        self.write_receipts("receipts", begin, receipts, end if whole else None)
        held = not end or any(end.get(k, 0) for k in ("blocked", "postponed", "deferred"))
        return fine and whole and not held, part is not None

    def sender(self, begin):
        """The begin line of a rudder-send, which the state knows of."""
        line = dumps({"_rudder": {**begin, "stream": "events"}}) + "\n"
        with open(self.path("err"), "a") as err:
            said = subprocess.run(["rudder-send", "-d", "file:" + self.path("none")], input=line, stderr=err,
                                  stdout=subprocess.PIPE, text=True, check=False).stdout
        return json.loads(said.split("\n")[0])["_rudder"]

    def write_receipts(self, name, begin, receipts, end):
        with open(self.path(name), "w") as f:
            if begin:
                print(dumps({"_rudder": begin}), file=f)
            for x in receipts:
                print(dumps(x), file=f)
            if end:
                keep = ("blocked", "postponed", "deferred", "overtaken", "rejects")
                print(dumps({"_rudder": {"type": "end", "stream": "receipts", "receipts": len(receipts),
                                         **{k: end[k] for k in keep if k in end}}}), file=f)

    def run(self, quiet):
        cut = not quiet and self.chance(0.2)
        o = self.world.options + ["-s", self.path("st"), "--mode", "mirror"]
        if self.memory:
            o += ["--memory", "1"]
        if not quiet and self.chance(0.3):
            o += ["--max-changes", str(self.r.randrange(1, 4))]
        if not quiet and self.chance(0.2):
            o += ["--delete-after-runs", "2"]
        if not quiet and self.chance(0.1):
            o += ["--full"]
        o += ["--max-deletes", "100%" if quiet or self.chance(0.8) else "0"]
        self.write(cut)
        self.told.append("  run%s %s: %s" % (" cut" if cut else "", " ".join(o[5:]), " ".join(map(dumps, self.given))))
        with open(self.path("out"), "w") as out:
            got = self.call(["rudder-diff", *o, self.path("in")], out, 0 if quiet else 0.1)
        fine, part = self.deliver(quiet)
        fine = fine and got in (0, 1, 3)
        commits = quiet or self.chance(self.commits)
        if commits and part:
            self.told.append("    part: %d" % self.commit("part", quiet))
        ends = self.commit("receipts", quiet) if commits else None
        self.told.append("    -> %d, %s" % (got, ends))
        if fine and got == 0 and ends == 0:
            self.judge()
        return got, ends

    def commit(self, name, quiet):
        return self.call(["rudder-diff", "--commit", "-s", self.path("st"), self.path(name)], kills=0 if quiet else 0.15)

    def judge(self):
        may = {}
        for row in self.given:
            by = self.world.known_by(row)
            if by is not None:
                may.setdefault(by, []).append(row["v"])
        for drops in (0, 1):
            has = self.holds[drops]
            for by in sorted(set(may) | set(has), key=str):
                if has.get(by) not in may.get(by, [None]):
                    raise Wrong("%s%s is %s at the destination, and should be one of %s"
                                % (by, " (drops ids)" if drops else "", has.get(by), may.get(by, "none")))

    def rest(self):
        """Quiet runs come to an end with 0, and then to nothing else."""
        rested = False
        for n in range(8):
            ends = self.run(True)
            if rested and ends != (0, 0):
                raise Wrong("a quiet run ended with 0, and the next one with %d, %d" % ends)
            rested = ends == (0, 0)
            if rested and n > 1:
                return
        raise Wrong("no rest")

    def play(self):
        for _ in range(self.r.randrange(3, 9)):
            self.change()
            self.run(False)
            if self.chance(0.1):
                self.change()
                self.rest()
        if self.chance(0.5):
            self.change()
        self.rest()


def main():
    stories, seed, first = (int(x) for x in (sys.argv[1:] + ["300", "1", "1"][len(sys.argv) - 1:]))
    print("property/shared.py: %d stories, seed %d" % (stories, seed), flush=True)
    for number in range(first, first + stories):
        with tempfile.TemporaryDirectory() as folder:
            story = Story(number, seed, folder, os.environ.get("SHIM_SO"))
            try:
                story.play()
            except Wrong as e:
                print("story %d of seed %d: %s" % (number, seed, e))
                print("\n".join(story.told))
                with open(story.path("err")) as f:
                    print(f.read()[-2000:])
                return 1
    print("property/shared.py: %d stories: 0 meant that all was there" % stories)
    return 0


sys.exit(main())
