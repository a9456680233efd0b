"""Every file-system call of every process of a run fails once, or is the last thing that the process does; see processes.py.

The calls are counted in an undisturbed run by a preloaded library (fault_shim.c), which only the process to be disturbed loads. Kinds:

  kill     SIGKILL in place of the call, for calls that change files: at the others a disk holds what it holds at the next of these
  EIO      that call fails, for all calls
  ENOSPC   that call fails, for calls that change files
  half     a write puts half of its bytes into the file and fails

After each: no trap; status 0 only where everything is stored, words of why otherwise; nobody waits for longer than ten seconds, counted in the
processor time that waiting takes, since the machine may be busy with others; the directory
verifies, and each of its checkpoints is one of the undisturbed run, where it was made at the same time; the same command, on another number of
processes, ends with the undisturbed digests.
"""
import concurrent.futures
import contextlib
import errno
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time

from together import ENVIRONMENT, are_gone, fail, processor_seconds, working_on

HERE = os.path.dirname(os.path.abspath(__file__))
MODEL = os.path.join(HERE, "small.yaml")
NAMES = ("half", "end")
# In the order of their number in the library; those that change nothing are read once more by the next run.
CHANGING = {"mkdir", "pwrite", "write", "fsync", "fdatasync", "rename", "link", "unlink", "ftruncate", "fallocate", "chmod", "sync_file_range", "open"}
KINDS = ("kill", "EIO", "ENOSPC", "half")
# How many seconds of the processor a process may take beside those of an undisturbed run: who waits for others looks all the time.
PATIENCE = 10
# Traps, aborts, bus and segmentation faults, as mpirun reports them.
TRAPS = {128 + number for number in (4, 5, 6, 7, 8, 11)} | {74}
# Loads the library in the process of the number in the first word.
ONE_OF_THEM = 'rank=$1; library=$2; shift 2; [ "${OMPI_COMM_WORLD_RANK:-$PMI_RANK}" != "$rank" ] || export LD_PRELOAD=$library; exec "$@"'


class Faults:
    """The faults of a run of a small model on some number of processes."""

    def __init__(self, engram, count, folder):
        self.engram, self.count, self.folder = engram, count, folder
        self.undisturbed = 0
        self.library = os.path.join(folder, "fault.so")
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", self.library, os.path.join(HERE, "fault_shim.c"), "-ldl"], check=True)
        alone = os.path.join(folder, "alone.engram")
        shutil.rmtree(alone, ignore_errors=True)
        done = engram.call(1, "run", MODEL, "--in", alone, "-q")
        if done.returncode:
            raise SystemExit(f"undisturbed, on one process: status {done.returncode}: {done.stderr}")
        self.wanted = [engram.digest(f"{alone}@{name}") for name in NAMES]
        # By the time at which they were made.
        self.states = {row["t"]: engram.digest(f"{alone}@{row['id']}") for row in engram.checkpoints(alone)}
        self.counts = [self.calls_of(rank) for rank in range(count)]

    def calls_of(self, rank):
        place = tempfile.mkdtemp(dir=self.folder)
        counts = os.path.join(place, "counts")
        done = self.run(place, rank, {"ENGRAM_FAULT_COUNTS": counts})
        if done is None or done.returncode:
            raise SystemExit(f"undisturbed, on {self.count} processes: {done}")
        with open(counts, encoding="ascii") as file:
            found = {word: int(number) for word, number in map(str.split, file) if int(number)}
        shutil.rmtree(place)
        found.pop("output", None)
        return found

    def run(self, place, rank, fault):
        """The run, with a fault in one process; None where it does not end."""
        words = self.engram.words(
            self.count, "run", MODEL, "--in", os.path.join(place, "a.engram"), "-q", wrapped=("sh", "-c", ONE_OF_THEM, "sh", str(rank), self.library))
        environment = {**ENVIRONMENT, "ENGRAM_FAULT_ROOT": place, "TMPDIR": self.folder, **fault}
        with open(os.path.join(place, "said"), "w+", encoding="utf-8") as said:
            process = subprocess.Popen(words, stdout=said, stderr=said, stdin=subprocess.DEVNULL, env=environment)
            end = time.time() + 12 * PATIENCE
            while process.poll() is None:
                longest = max(map(processor_seconds, working_on(place)), default=0)
                if "ENGRAM_FAULT_COUNTS" in fault:
                    self.undisturbed = max(self.undisturbed, longest)
                elif time.time() > end or longest > self.undisturbed + PATIENCE:
                    return self.ended(process, place)
                time.sleep(0.1)
            said.seek(0)
            return subprocess.CompletedProcess(words, process.returncode, "", said.read())

    @staticmethod
    def ended(process, place):
        for each in (*working_on(place), process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        process.wait()

    def all(self, kinds=KINDS):
        """Rank, kind, call and number of each fault."""
        for rank, counts in enumerate(self.counts):
            for kind, (call, number) in itertools.product(kinds, counts.items()):
                if kind == "EIO" or kind == "half" and call == "pwrite" or kind in ("kill", "ENOSPC") and call in CHANGING:
                    yield from ((rank, kind, call, at) for at in range(1, number + 1))

    def wrong(self, fault):
        """What is wrong after one fault, as sentences."""
        rank, kind, call, at = fault
        # Short: the path is looked for in command lines.
        place = tempfile.mkdtemp(prefix=f"{rank}-", dir=self.folder)
        code = errno.EIO if kind == "EIO" else errno.ENOSPC
        shape = {"kill": "kill", "half": "half"}.get(kind, "once")
        words = {"ENGRAM_FAULT_CALL": call, "ENGRAM_FAULT_WHEN": str(at), "ENGRAM_FAULT_KIND": shape, "ENGRAM_FAULT_CODE": str(code)}
        try:
            done = self.run(place, rank, words)
            if done is None:
                return [f"it hangs: others have waited for {PATIENCE} s"]
            return [*self.wrong_with(done, place), *self.wrong_in(os.path.join(place, "a.engram"), at)]
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def wrong_with(self, done, place):
        """What is wrong with how the run ended."""
        if done.returncode in TRAPS or "Fatal error" in done.stderr:
            yield f"status {done.returncode}: {done.stderr.strip()[-400:]}"
        if done.returncode == 0 and self.found(os.path.join(place, "a.engram")) != self.wanted:
            yield "status 0, and not everything is stored"
        if done.returncode and not done.stderr.strip():
            yield f"status {done.returncode} without a word"
        if not are_gone(lambda: working_on(place), PATIENCE):
            yield "a process goes on when mpirun has ended"

    def found(self, place):
        return [self.engram.digest(f"{place}@{name}") for name in NAMES]

    def wrong_in(self, place, at):
        """What is wrong in the directory, and with the run that goes on there."""
        if os.path.exists(os.path.join(place, "FORMAT")):
            checked = self.engram.call(1, "verify", place)
            if checked.returncode:
                yield f"verify: {(checked.stdout + checked.stderr).strip()[-300:]}"
            for row in self.engram.checkpoints(place)[-1:]:
                # One that a failing run has made at another time was not made by the undisturbed one.
                if row["t"] in self.states and self.engram.digest(f"{place}@{row['id']}") != self.states[row["t"]]:
                    yield f"the state at {row['t']} s is another one"
        others = [count for count in (1, 2, 3) if count != self.count]
        again = self.engram.call(others[at % len(others)], "run", MODEL, "--in", place, "-q", seconds=900)
        if again.returncode:
            yield f"undisturbed afterwards: status {again.returncode}: {again.stderr.strip()[-300:]}"
        elif self.found(place) != self.wanted:
            yield "undisturbed afterwards: another digest"


def campaign(engram, counts, folder, stride=1, workers=2, kinds=KINDS, only=None):
    """All faults on each number of processes, or every so-manieth one.

    only: for so many of each process and kind, spread over the calls.
    """
    for count in counts:
        place = os.path.join(folder, str(count))
        os.makedirs(place, exist_ok=True)
        faults = Faults(engram, count, place)
        for rank, calls in enumerate(faults.counts):
            print(f"{count} processes, rank {rank}: {sum(calls.values())} calls: " + ", ".join(f"{word} {number}" for word, number in calls.items()), flush=True)
        chosen = list(faults.all(kinds))
        total = len(chosen)
        if only:
            groups = [list(group) for _, group in itertools.groupby(chosen, key=lambda fault: fault[:2])]
            chosen = [fault for group in groups for fault in group[len(group) // 2::max(1, len(group) // only)][:only]]
        else:
            chosen = chosen[::stride]
        began, bad = time.time(), 0
        pool = concurrent.futures.ThreadPoolExecutor(workers)
        for number, (fault, wrong) in enumerate(zip(chosen, pool.map(faults.wrong, chosen)), start=1):
            if number % 100 == 0:
                print(f"  {number} of {len(chosen)} in {time.time() - began:.0f} s", flush=True)
            bad += bool(wrong)
            for sentence in wrong:
                fail(f"on {count}: process {fault[0]}, {fault[1]} at {fault[2]} {fault[3]}: {sentence}")
        sums = {kind: sum(fault[1] == kind for fault in chosen) for kind in kinds}
        print(
            f"{count} processes: {len(chosen)} faults of {total} (" + ", ".join(f"{kind} {number}" for kind, number in sums.items())
            + f") in {time.time() - began:.0f} s, {bad} with failures", flush=True)
