"""Every model of fixtures/ on 1 to 4 processes, whole, and killed and gone on with on another number of them; see processes.py.

Each model runs on one process and on each number of processes, with one thread and with two. Then it is begun on each number of processes, one
of which SIGKILL ends at a random moment, and gone on with on another number. All digests (every array, pending spike, recording and clock) must be
equal, and all directories must verify.

A model that takes longer than --longest seconds on one process is cut short where it has come by then, which the table says.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from together import ENVIRONMENT, fail, processor_seconds, working_on

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def models(only):
    found = [path for folder in ("models", "reference/deterministic", "reference/random") for path in sorted(FIXTURES.glob(f"{folder}/*.yaml"))]
    return [path for path in found if re.search(only, str(path.relative_to(FIXTURES)))]


class Model:
    """One model, and what is found of it."""

    def __init__(self, engram, path, folder, chance):
        self.engram, self.path, self.folder, self.chance = engram, path, folder, chance
        self.name = str(path.relative_to(FIXTURES).with_suffix(""))
        seeded = re.search(r"^seed: \d", path.read_text(encoding="utf-8"), re.M)
        self.options = [] if seeded else ["--seed", "7"]
        self.row = {"model": self.name, "cut": None, "kills": 0, "wrong": []}

    def wrong(self, text):
        self.row["wrong"].append(text)
        fail(f"{self.name}: {text}")

    def run(self, count, place, *rest):
        began = time.time()
        done = self.engram.call(count, "run", str(self.path), "--in", place, "--json", *self.options, *rest, seconds=7200)
        return done, time.time() - began

    def alone(self, longest):
        """One process, with one thread: what all others are compared with; False where it fails."""
        place = f"{self.folder}/alone.engram"
        shutil.rmtree(place, ignore_errors=True)
        done, seconds = self.run(1, place, "--threads", "1", *(["--max-wall", f"{longest}s"] if longest else []))
        if done.returncode not in (0, 75):
            self.wrong(f"on one process: status {done.returncode}: {done.stderr[-300:]}")
            return False
        found = json.loads(done.stdout)
        if found["checkpoint"] is None:
            # Not even the set-up was done by then.
            return self.alone(4 * longest)
        self.row["t"] = found["t"]
        if done.returncode == 75:
            self.row["cut"] = self.row["t"]
            self.options += ["--until", f"{self.row['t']!r} s"]
        self.row |= {"seconds": round(seconds, 1), "digest": self.engram.digest(place)}
        return True

    def compare(self, what, done, place):
        if done.returncode:
            self.wrong(f"{what}: status {done.returncode}: {done.stderr[-300:]}")
        elif (found := self.engram.digest(place)) != self.row["digest"]:
            self.wrong(f"{what}: digest {found}, on one process {self.row['digest']}")
        elif (checked := self.engram.call(1, "verify", place)).returncode:
            self.wrong(f"{what}: verify: {checked.stdout[-300:]}")

    def whole(self, count, *rest):
        """Without a disturbance; its seconds."""
        place = f"{self.folder}/{count}.engram"
        shutil.rmtree(place, ignore_errors=True)
        done, seconds = self.run(count, place, *rest)
        self.compare(f"on {count} {' '.join(rest)}".strip(), done, place)
        shutil.rmtree(place, ignore_errors=True)
        return seconds

    def killed(self, count, other, seconds):
        """Begun on `count` processes, one of which is killed within so many seconds, and gone on with on `other`."""
        place = f"{self.folder}/killed-{count}.engram"
        shutil.rmtree(place, ignore_errors=True)
        words = self.engram.words(count, "run", str(self.path), "--in", place, "-q", *self.options, "--checkpoint-every", f"wall:{max(20, int(150 * seconds))}ms")
        process = subprocess.Popen(words, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # Not before there is something to lose.
        while process.poll() is None and not os.path.exists(f"{place}/status.json"):
            time.sleep(0.005)
        time.sleep(self.chance.uniform(0, 0.8 * seconds))
        targets = [each for each in working_on(place) if each != process.pid] if count > 1 else [process.pid]
        if process.poll() is None and targets:
            try:
                os.kill(self.chance.choice(targets), signal.SIGKILL)
                self.row["kills"] += 1
            except ProcessLookupError:
                pass
        # In the processor time that waiting takes: the machine may be busy with others.
        began = {each: processor_seconds(each) for each in working_on(place)}
        while (left := working_on(place)) and all(processor_seconds(each) < began.get(each, 0) + 10 for each in left):
            process.poll()
            time.sleep(0.1)
        for each in left:
            self.wrong(f"killed on {count}: a process goes on for ten seconds")
            os.kill(each, signal.SIGKILL)
        process.wait()
        done, _ = self.run(other, place)
        self.compare(f"killed on {count}, gone on with on {other}", done, place)
        shutil.rmtree(place, ignore_errors=True)

    def all(self, counts, longest):
        if not self.alone(longest):
            return self.row
        self.whole(1, "--threads", "2")
        times = {1: self.row["seconds"]}
        for count in counts:
            times[count] = self.whole(count, "--threads", "1")
            self.whole(count, "--threads", "2")
        order = list(times)
        for place, count in enumerate(order):
            self.killed(count, order[(place + 1) % len(order)], times[count])
        self.row["counts"] = order
        return self.row


def line(row):
    on = ", ".join(map(str, row.get("counts", [])))
    length = f"{row.get('t', 0):g} s" + (", cut short" if row["cut"] else "")
    return f"| {row['model']} | {length} | {row.get('seconds', '')} | {on} | {row['kills']} | {'; '.join(row['wrong']) or row.get('digest', '')[:12]} |"


def campaign(engram, counts, folder, chance, only="", longest=60, rows=None):
    """All models, one after the other, and the table of what was found.

    rows: a file that gets a line for each model; those that are in it are not run again.
    """
    found = []
    if rows and os.path.exists(rows):
        with open(rows, encoding="utf-8") as file:
            found = [json.loads(text) for text in file]
    known = {row["model"] for row in found}
    for path in models(only):
        model = Model(engram, path, folder, chance)
        if model.name in known:
            continue
        began = time.time()
        row = model.all(counts, longest)
        found.append(row)
        if rows:
            with open(rows, "a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        print(f"{line(row)} {time.time() - began:.0f} s", flush=True)
    print("\n| model | length | seconds on one | equal on | kills | digest |\n|---|---|---|---|---|---|")
    for row in found:
        print(line(row))
    failed = sum(bool(row["wrong"]) for row in found)
    print(f"{len(found)} models: {len(found) - failed} with equal digests on {counts}, {sum(row['kills'] for row in found)} kills, {failed} with failures")
