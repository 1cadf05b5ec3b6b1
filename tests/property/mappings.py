#!/usr/bin/env python3
"""mappings.py - random stories of a mapping that changes: 0 means that the
destination holds every row by the mapping of now.

    mappings.py [STORIES] [SEED] [FIRST]     (300, 1, 1)

Runs are those of rudder run, which looks at the mapping first, or of bare pipes;
their input or their events are cut, their processes killed at any call, changes fail,
arrive without a receipt, or wait (--max-changes); resends are blocked, allowed,
forgotten (--on-mapping-change changed, none) or begun by --full. What rudder-map and
rudder-send do is played here.

Whenever a run and its commit end with 0 and every mapping since then was to be sent
to all rows, the destination must hold each row with the mapping of now. A run that
was not to resend sends nothing but rows that changed, are new, or were in doubt. In
the end quiet runs must come to rest with all rows by the mapping of now, and send no
row twice. Needs $SHIM_SO (tests/tool/shim.c) to kill.

The end is status 1 when a story goes wrong."""

import json
import os
import random
import re
import subprocess
import sys
import tempfile

BEGIN = {"_rudder": {"type": "begin", "v": 1, "stream": "rows", "run": "r0000000000000000001", "model": "0" * 64}}
FATES = [["accepted"] * 5 + ["failed", "rejected", "unknown", "late", "lost", "gone"],
         ["accepted"], ["accepted", "accepted", "unknown", "late"], ["accepted", "lost", "gone"]]
ROWS = 6


class Wrong(Exception):
    pass


def dumps(x):
    return json.dumps(x, separators=(",", ":"))


def record(kind, tag):
    args = ["rudder-map", "-t", kind, "-u", "id", "-C", "tag=" + tag, "--print-record"]
    return subprocess.run(args + (["-e", "x"] if kind == "track" else []), stdout=subprocess.PIPE,
                          check=True).stdout.decode().strip()


RECORDS = {}


class Story:
    def __init__(self, number, seed, folder, shim):
        self.r = random.Random(seed * 1000003 + number)
        self.dir = folder
        self.shim = shim
        self.kind = self.r.choice(["identify", "track"])
        self.by_rudder = self.r.choice([0, 0.5, 1])
        self.table = {}
        self.dest = {}       # row -> (value, tag)
        self.tag = "a"
        self.doubt = set()   # rows that may be in doubt, or were never settled
        self.told = []
        self.fates = self.r.choice(FATES)
        self.sound = True    # nobody left out a resend on purpose
        self.ignore = self.chance(0.2)
        self.cursors = self.chance(0.3)
        self.modes = not self.cursors and self.chance(0.3)
        self.at = {}         # row -> when it changed
        self.now = 1

    def path(self, name):
        return os.path.join(self.dir, name)

    def chance(self, p):
        return self.r.random() < p

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

    def change(self):
        for i in range(1, ROWS + 1):
            if i not in self.table and self.chance(0.5) or i in self.table and self.chance(0.15):
                v = self.r.choice("xyz")
                if self.table.get(i) != v:
                    self.table[i] = v
                    self.now += 1
                    self.at[i] = self.now
                    self.changed.add(i)

    def since(self):
        """How far the source was read, if that counts; 0: all rows are read."""
        try:
            with open(self.path("st/cursor")) as f:
                found = re.search(r'"value":"(\d+)"', f.read())
        except FileNotFoundError:
            found = None
        return int(found[1]) if self.cursors and found else 0

    def write(self, cut):
        since = self.since()
        rows = [{"id": i, "v": v, "w": 0} for i, v in self.table.items() if self.at[i] >= since]
        self.r.shuffle(rows)
        given = rows[:self.r.randrange(len(rows) + 1)] if cut else rows
        with open(self.path("in"), "w") as f:
            print(dumps(BEGIN), file=f)
            for row in given:
                print(dumps(row), file=f)
            end = {"type": "end", "stream": "rows", "rows": len(rows)}
            if self.cursors:
                end["cursor"] = {"column": "at", "type": "int", "value": str(self.now)}
            if since:
                end["partial"] = True
                end["cursor"]["since"] = str(since)
            if not cut:
                print(dumps({"_rudder": end}), file=f)
        return since

    def is_changed(self):
        if not os.path.exists(self.path("st/snapshot")):
            return False
        args = ["rudder-diff", "-s", self.path("st"), "--compare-mapping", RECORDS[self.kind, self.tag]]
        return b'"changed":true' in subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                                   check=False).stdout

    def deliver(self, quiet):
        receipts, end, begin, fine, sent = [], None, None, True, []
        with open(self.path("out")) as f:
            lines = f.read().split("\n")
        ends = len(lines) if quiet or self.chance(0.8) else self.r.randrange(len(lines) + 1)
        for line in lines[:-1]:
            row = json.loads(line)
            c = row.pop("_rudder")
            if c["type"] == "begin":
                begin = c
            elif c["type"] == "end":
                end = c
            if "change" not in c:
                continue
            i = int(c["id"])
            sent.append(i)
            fate = "accepted" if quiet else self.r.choice(self.fates)
            if ends <= 0:
                fate = "gone"
            ends -= 1
            self.told.append("      %s %s %s: %s" % (c["action"], c["id"], row.get("v", ""), fate))
            if fate in ("accepted", "late", "lost"):
                self.dest[i] = (row["v"], self.tag)
            fine = fine and fate == "accepted"
            if fate == "accepted":
                self.settling.add(i)
            if fate in ("lost", "gone"):
                continue
            u = c["change"]
            receipts.append({"messageId": "-".join((u[:8], u[8:12], u[12:16], u[16:20], u[20:])),
                             "status": "unknown" if fate == "late" else fate})
        whole = end is not None and ends > 0 and (quiet or self.chance(0.9))
        with open(self.path("receipts"), "w") as f:
            if begin:
                begin["mapping"] = json.loads(RECORDS[self.kind, self.tag])
                begin["destination"] = {"kind": "file", "text": "2:f1707f5dd0d0d196"}
                print(dumps({"_rudder": begin}), file=f)
            for x in receipts:
                print(dumps(x), file=f)
            if whole:
                keep = ("blocked", "postponed", "deferred", "overtaken", "rejects", "resend_blocked", "cursor", "reread")
                print(dumps({"_rudder": {"type": "end", "stream": "receipts", "receipts": len(receipts),
                                         **{k: end[k] for k in keep if k in end}}}), file=f)
        held = not end or any(end.get(k, 0) for k in ("blocked", "postponed", "deferred", "resend_blocked"))
        return fine and whole and not held, sent

    def run(self, quiet=False):
        cut = not quiet and self.chance(0.15)
        o = ["-k", "id", "-s", self.path("st")]
        mode = "upsert"
        if not quiet and self.modes and self.chance(0.3):
            mode = self.r.choice(["insert-only", "insert-only", "update-only", "full"])
        o += ["--mode", mode]
        rudder = self.chance(self.by_rudder)
        how = None
        if not quiet and self.chance(0.15):
            how = self.r.choice(["changed", "none"])
        elif rudder and self.is_changed():
            how = "now"
        if how:
            o += ["--on-mapping-change", how]
        allowed = quiet or self.kind == "identify" or self.chance(0.3)
        if quiet or self.kind == "track" and allowed:
            o += ["--allow-resend", "100"]
        if not quiet and self.kind == "identify" and self.chance(0.3):
            o += ["--max-resend", "0"]
            allowed = False
        if not quiet and self.chance(0.2):
            o += ["--max-changes", str(self.r.randrange(1, 4))]
        full = not quiet and not self.cursors and self.chance(0.07)
        if full:
            o += ["--full"]
        if self.ignore:
            o += ["--ignore", "w"]
        since = self.write(cut)
        self.settling = set()
        self.told.append("  run%s%s %s: %s" % (" cut" if cut else "", " since %d" % since if since else "",
                                               " ".join(o[4:]), self.tag))
        before = set(self.changed) | set(self.doubt)
        with open(self.path("out"), "w") as out:
            got = self.call(["rudder-diff", *o, self.path("in")], out, 0 if quiet else 0.1)
        fine, sent = self.deliver(quiet)
        fine = fine and got in (0, 1, 3)
        if (allowed or mode == "full") and not cut:
            self.credit = set(self.table)
        if not allowed and not full and not self.owed and mode != "full":
            for i in sent:
                if i not in before and i not in self.credit:
                    raise Wrong("%d is sent, and nobody allowed it" % i)
        ends = None
        if quiet or self.chance(0.85):
            ends = self.call(["rudder-diff", "--commit", "-s", self.path("st"), self.path("receipts")],
                             kills=0 if quiet else 0.15)
        self.told.append("    -> %d, %s" % (got, ends))
        # what nobody settled may be sent again
        for i in sent:
            self.doubt.add(i)
            self.credit.discard(i)
        settled = ends is not None and ends != -9 and ends < 64
        if settled:
            for i in self.settling:
                if sent.count(i) == 1:
                    self.doubt.discard(i)
                    self.changed.discard(i)
        self.owed = full or self.owed and not (fine and got == 0 and settled)
        if how in ("changed", "none"):
            self.sound = False
        if fine and got == 0 and ends == 0 and self.sound and mode in ("upsert", "full"):
            self.judge()
        return got, ends, sent

    def judge(self):
        for i, v in self.table.items():
            if self.dest.get(i) != (v, self.tag):
                raise Wrong("%d is %s at the destination, and should be %s" % (i, self.dest.get(i), (v, self.tag)))

    def play(self):
        self.changed = set()
        self.owed = False
        self.credit = set()
        for _ in range(self.r.randrange(4, 14)):
            if self.chance(0.35):
                self.tag = self.r.choice("abcd")
            self.change()
            self.run()
        self.change()
        # a mapping that nobody has ever left out
        self.sound = True
        self.tag = "z"
        for n in range(8):
            got, ends, sent = self.run(True)
            if (got, ends) == (0, 0) and n > 1:
                if sent:
                    raise Wrong("sent in a run that should have had nothing to do: %s" % sent)
                return
        raise Wrong("no rest")


def main():
    stories, seed, first = (int(x) for x in (sys.argv[1:] + ["300", "1", "1"][len(sys.argv) - 1:]))
    print("property/mappings.py: %d stories, seed %d" % (stories, seed), flush=True)
    for kind in ("identify", "track"):
        for tag in "abcdz":
            RECORDS[kind, tag] = record(kind, tag)
    for number in range(first, first + stories):
        with tempfile.TemporaryDirectory() as folder:
            story = Story(number, seed, folder, os.environ.get("SHIM_SO"))
            try:
                story.play()
            except Wrong as e:
                print("story %d of seed %d: %s" % (number, seed, e))
                print(story.kind, story.by_rudder)
                print("\n".join(story.told))
                with open(story.path("err")) as f:
                    print(f.read()[-2000:])
                return 1
    print("property/mappings.py: %d stories: 0 meant that all was there" % stories)
    return 0


sys.exit(main())
