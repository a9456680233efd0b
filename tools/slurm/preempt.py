"""An array of runs on a SLURM of this machine, preempted and requeued: all end with the digests of undisturbed runs.

    python tools/slurm/preempt.py [--rounds preempt,term] [--tasks 8] [--until 40s] [--script FILE.sbatch] [--folder FOLDER]
    python tools/slurm/preempt.py --smoke      the small version: it takes 45 s of processor time

As root. ENGRAM or the release build of this checkout is the program. A SLURM is started for the time of the test (tools/slurm/start).

- The array is submitted; all its tasks run at once, more than there are cores.
- A round waits until every task has come further than before, and disturbs them all: `preempt`, a job of the partition `high` wants
  the whole node; `term`, the tasks get TERM as with `--signal=B:TERM@…`; `limit`, the tasks have a time limit of a minute and get TERM
  when it comes near. Each time the program stores a checkpoint and ends with status 75, and SLURM puts the task back.
- At the end each task must have been restarted as often as there were rounds, must have gone on from where it was, and must have
  the digest of a run that nobody disturbed.

Exit status 0 when all of that is so.
"""

import argparse
import concurrent.futures
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
MODEL = CHECKOUT / "fixtures" / "models" / "cuba.yaml"
EXIT_75 = """#!/bin/bash
exec "$ENGRAM" run "$MODEL" --until "$UNTIL" --seed "$SLURM_ARRAY_TASK_ID" --in "run-$SLURM_ARRAY_TASK_ID.engram" --json
"""
"""The shortest job script, where slurm.conf has RequeueExit=75."""


ENDED = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY")


class Failed(Exception):
    """What the test found."""


def called(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"{' '.join(command)}: status {done.returncode}: {(done.stderr or done.stdout).strip()}")
    return done.stdout.strip()


def until(what: str, condition: Callable[[], bool], seconds: float = 300) -> None:
    """Waits for something that others bring about."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Failed(f"not after {seconds:g} s: {what}")
        time.sleep(0.1)


@contextlib.contextmanager
def cluster(folder: Path, cpus: int) -> Iterator[None]:
    said = called(str(HERE / "start"), str(folder), str(cpus))
    os.environ["SLURM_CONF"] = said.splitlines()[-1].partition("=")[2]
    try:
        yield
    finally:
        subprocess.run([str(HERE / "stop"), str(folder)], check=False)


class Array:
    """The tasks of one submitted array, and the run directory of each."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options = options
        self.folder = folder
        self.tasks = range(options.tasks)
        self.stops: dict[int, list[float]] = {task: [] for task in self.tasks}
        script = folder / "array.sbatch"
        script.write_text(options.script.read_text() if options.script else EXIT_75)
        words = [f"--array=0-{options.tasks - 1}", "--requeue", "--open-mode=append", "--output=run-%a.log", "--cpus-per-task=1"]
        # Of a limit of one minute: so long before its end that the program is a few seconds old.
        words += ["--time=1", "--signal=B:TERM@50"] if "limit" in options.rounds else ["--time=60", "--signal=B:TERM@60"]
        environment = f"ALL,MODEL={MODEL},UNTIL={options.until}"
        self.job = called("sbatch", "--parsable", f"--export={environment}", *words, str(script), cwd=folder)

    def facts(self) -> dict[int, dict[str, str]]:
        """What SLURM says of each task that has its own record: tasks that wait for their first start share one."""
        found = {}
        for line in called("scontrol", "show", "job", "--oneliner", self.job).splitlines():
            words = dict(word.partition("=")[::2] for word in line.split() if "=" in word)
            if words.get("ArrayTaskId", "").isdigit():
                found[int(words["ArrayTaskId"])] = words
        return found

    def status(self, task: int) -> dict:
        try:
            return json.loads((self.folder / f"run-{task}.engram" / "status.json").read_text())
        except (FileNotFoundError, ValueError):
            return {"state": "absent", "time": 0.0}

    def is_further(self) -> bool:
        """Whether every task works at this moment, behind where it was stopped before."""
        for task in self.tasks:
            now = self.status(task)
            if now["state"] == "complete":
                raise Failed(f"task {task} was at its end before it could be disturbed; give a longer --until")
            if now["state"] != "running" or now["time"] <= max(self.stops[task], default=0.0):
                return False
        return True

    def has_restarts(self, number: int) -> bool:
        facts = self.facts()
        for task, words in facts.items():
            if words["JobState"] in ENDED and int(words["Restarts"]) < number:
                raise Failed(f"task {task} ended ({words['JobState']}) and was not put back; give a longer --until")
        return len(facts) == len(self.tasks) and all(int(words["Restarts"]) >= number for words in facts.values())

    def disturb(self, how: str, number: int) -> None:
        until("every task runs and has come further", self.is_further)
        if how == "preempt":
            called("sbatch", "--partition=high", "--exclusive", "--output=/dev/null", "--wrap=sleep 1", cwd=self.folder)
        elif how == "term":
            called("scancel", "--signal=TERM", "--batch", self.job)
        until(f"SLURM has put every task back, time {number}", lambda: self.has_restarts(number))
        for task in self.tasks:
            self.stops[task].append(self.status(task)["time"])

    def wait(self) -> None:
        if "limit" in self.options.rounds:
            called("scontrol", "update", f"JobId={self.job}", "TimeLimit=60")  # enough of it
        until("the array is at its end", lambda: all(words["JobState"] in ENDED for words in self.facts().values()), 900)

    def judge(self, digests: dict[int, str]) -> None:
        wrong = []
        facts = self.facts()
        for task in self.tasks:
            directory = self.folder / f"run-{task}.engram"
            lines = [json.loads(line) for line in (self.folder / f"run-{task}.log").read_text().splitlines() if line.startswith("{")]
            went_on = [line["continued_from"] for line in lines if line.get("continued_from")]
            digest = called(self.options.engram, "digest", str(directory))
            print(
                f"task {task}: {facts[task]['JobState'].lower()}, restarts {facts[task]['Restarts']}, statuses "
                f"{[line['status'] for line in lines]}, went on from {', '.join(f'{t:.2f}' for t in went_on)} s, digest {digest[:12]}"
            )
            if facts[task]["JobState"] != "COMPLETED":
                wrong.append(f"task {task} is {facts[task]['JobState']}")
            if len(went_on) < len(self.options.rounds):
                wrong.append(f"task {task} went on {len(went_on)} times, from {went_on}, of {len(self.options.rounds)}")
            if digest != digests[task]:
                wrong.append(f"task {task} has the digest {digest}, undisturbed {digests[task]}")
        if wrong:
            raise Failed("; ".join(wrong))


def undisturbed(options: argparse.Namespace, folder: Path) -> dict[int, str]:
    """The digest of each run, made without SLURM."""

    def one(task: int) -> str:
        directory = str(folder / f"plain-{task}.engram")
        called(options.engram, "run", str(MODEL), "--until", options.until, "--seed", str(task), "--in", directory, "--quiet")
        return called(options.engram, "digest", directory)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(enumerate(pool.map(one, range(options.tasks))))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=lambda text: text.split(","), default=["preempt", "term"])
    parser.add_argument("--tasks", type=int, default=8)
    parser.add_argument("--until", default="150s", help="how far each run goes; long enough to be disturbed in every round")
    parser.add_argument("--script", type=Path, help="a job script, as array.sbatch; otherwise the shortest one")
    parser.add_argument("--folder", type=Path, help="where everything lies; otherwise a temporary folder that is removed")
    parser.add_argument("--smoke", action="store_true", help="the same as --until 60s")
    options = parser.parse_args()
    if unknown := set(options.rounds) - {"preempt", "term", "limit"}:
        parser.error(f"a round is preempt, term or limit, not {', '.join(unknown)}")
    if options.smoke:
        options.until = "60s"
    options.engram = os.environ.setdefault("ENGRAM", str(CHECKOUT / ".build" / "release" / "engram"))
    if not shutil.which(options.engram):
        parser.error(f"there is no program '{options.engram}'; build it, or set ENGRAM")
    folder = (options.folder or Path(tempfile.mkdtemp(prefix="engram-slurm-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # munged wants everybody to find its socket
    began = time.monotonic()
    # So that the cluster is taken down, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with cluster(folder / "slurm", options.tasks):
            array = Array(options, folder)
            for number, how in enumerate(options.rounds, start=1):
                array.disturb(how, number)
                print(f"{time.monotonic() - began:.1f} s: round {number}, {how}: all {options.tasks} tasks are back in the queue")
            array.wait()
            print(f"{time.monotonic() - began:.1f} s: the array is at its end; now the same without SLURM")
            array.judge(undisturbed(options, folder))
    except Failed as problem:
        print(f"failed: {problem}", file=sys.stderr)
        return 1
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{time.monotonic() - began:.1f} s: all {options.tasks} digests are those of undisturbed runs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
