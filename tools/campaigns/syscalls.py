"""Makes every file-system call of the program fail, one by one, then lets it go on undisturbed.

    python tools/campaigns/syscalls.py ENGRAM [--smoke] [--only run,resume,…] [--kinds kill,EIO,…] [--workers 2] [--stride 1]

Kinds of fault, each at call 1, 2, … of a command until no call is left:
  kill    SIGKILL instead of the call         EIO, ENOSPC    that one call fails
  after   SIGKILL right behind the call       ENOSPC+        that call and every later one that needs space or writes fail
  half    a write puts half of its bytes into the file and fails with ENOSPC

After each: no trap; exit status 0 only if everything asked for is there; else words on standard error; every checkpoint
that was acknowledged before is there and intact; the same command, undisturbed, ends as if nothing had happened.
The calls are counted by a preloaded library (fault_shim.c), over all threads. Exit status 0 if nothing is wrong.
"""
import argparse
import collections
import concurrent.futures
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--smoke", action="store_true", help="a part of the faults, in less than 20 s")
parser.add_argument("--only", default="", help="scenarios, separated by commas")
parser.add_argument("--kinds", default="kill,EIO,ENOSPC,ENOSPC+,half", help="kinds of fault, separated by commas")
parser.add_argument("--stride", type=int, default=1, help="only every so-manieth call")
parser.add_argument("--workers", type=int, default=2)
arguments = parser.parse_args()
arguments.engram = os.path.abspath(arguments.engram)

# Nothing here depends on what a device does: memory is as good, and fast.
work = tempfile.mkdtemp(prefix="engram-syscalls-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
shim = os.path.join(work, "shim.so")
model = os.path.join(here, "small.yaml")
subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", shim, os.path.join(here, "fault_shim.c"), "-ldl"], check=True)
plain = dict(os.environ, SWIFT_BACKTRACE="enable=no")
# Traps, aborts, bus and segmentation faults, as a signal or as a shell would report them.
traps = {-4, -5, -6, -7, -8, -11, 132, 133, 134, 135, 136, 139, 74}


def copy(source, target):
    # Segments are sparse files of 1 GiB: cp skips the holes.
    subprocess.run(["cp", "-a", "--sparse=auto", source + "/.", target], check=True)


def call(*words, cwd=None, environment=plain):
    return subprocess.run([arguments.engram, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=20)


def must(*words, cwd):
    result = call(*words, cwd=cwd)
    if result.returncode:
        raise SystemExit(f"undisturbed {' '.join(words)}: status {result.returncode}: {result.stderr}")
    return result.stdout


def names(directory, cwd):
    result = call("ls", directory, cwd=cwd)
    return result.stdout if result.returncode == 0 else None


class Scenario:
    """A command in a folder made by `prepare`; `complete` says what is wrong with its result, or nothing."""

    def __init__(self, name, words, prepare, complete, kept, repeated_is_error=False):
        self.name, self.words, self.complete, self.kept = name, words, complete, kept
        # The command refuses to do again what is there already.
        self.repeated_is_error = repeated_is_error
        self.template = os.path.join(work, "template-" + name)
        os.mkdir(self.template)
        prepare(self.template)
        trial = os.path.join(work, "trial-" + name)
        os.mkdir(trial)
        copy(self.template, trial)
        counts = os.path.join(work, "counts-" + name)
        result = call(*words, cwd=trial, environment=self.faulty(trial, None, 0, counts))
        if result.returncode:
            raise SystemExit(f"undisturbed {name}: status {result.returncode}: {result.stderr}")
        self.expected = None
        self.counts = {word: int(number) for word, number in (line.split() for line in open(counts)) if number != "0"}
        self.total = sum(self.counts.values())
        wrong = complete(trial)
        if wrong:
            raise SystemExit(f"undisturbed {name}: {wrong}")

    @staticmethod
    def faulty(folder, kind, at, counts=None):
        environment = dict(plain, LD_PRELOAD=shim, ENGRAM_FAULT_ROOT=folder)
        if counts:
            environment["ENGRAM_FAULT_COUNTS"] = counts
        if kind:
            # `kind` or `kind@call`.
            kind, _, which = kind.partition("@")
            code = "ENOSPC" if kind == "half" else kind.rstrip("+")
            environment |= {
                "ENGRAM_FAULT_CALL": which or "any", "ENGRAM_FAULT_WHEN": str(at),
                "ENGRAM_FAULT_KIND": kind if kind in ("kill", "after", "half") else "on" if kind.endswith("+") else "once",
                "ENGRAM_FAULT_CODE": str(getattr(errno, code, errno.EIO)),
            }
        return environment

    def attempt(self, kind, at):
        """One fault; returns what is wrong, a list of sentences."""
        folder = tempfile.mkdtemp(prefix=f"{self.name}-", dir=work)
        try:
            copy(self.template, folder)
            wrong = []
            try:
                result = call(*self.words, cwd=folder, environment=self.faulty(folder, kind, at))
            except subprocess.TimeoutExpired:
                return ["it hangs"]
            status = result.returncode
            died = status == -signal.SIGKILL
            if status in traps:
                wrong.append(f"status {status}: {result.stderr.strip()[-300:]}")
            if status == 0:
                missing = self.complete(folder)
                if missing:
                    wrong.append(f"status 0, yet {missing}")
            elif not died and not result.stderr.strip():
                wrong.append(f"status {status} without a word")
            wrong += self.kept(folder)
            again = call(*self.words, cwd=folder)
            if again.returncode and not (self.repeated_is_error and "exist" in again.stderr):
                wrong.append(f"undisturbed afterwards: status {again.returncode}: {again.stderr.strip()[-300:]}")
            missing = self.complete(folder)
            if missing:
                wrong.append(f"undisturbed afterwards, yet {missing}")
            return wrong
        except subprocess.TimeoutExpired:
            return ["a command afterwards hangs"]
        finally:
            shutil.rmtree(folder, ignore_errors=True)


undisturbed = os.path.join(work, "undisturbed")
os.mkdir(undisturbed)
must("run", model, "--in", "a.engram", cwd=undisturbed)
final = must("digest", "a.engram", cwd=undisturbed)
half = must("digest", "a.engram@half", cwd=undisturbed)


def digest_is(reference, expected):
    def check(folder):
        result = call("digest", reference, cwd=folder)
        if result.returncode:
            return f"{reference} cannot be read: {result.stderr.strip()[-200:]}"
        return None if result.stdout == expected else f"{reference} has the digest {result.stdout.strip()}"
    return check


def every(*checks):
    return lambda folder: next((wrong for wrong in (check(folder) for check in checks) if wrong), None)


def intact(*references):
    """Checkpoints that were there before the fault."""
    def check(folder):
        wrong = []
        for directory in {reference.split("@")[0] for reference in references} if references else []:
            result = call("verify", directory, cwd=folder)
            if result.returncode:
                wrong.append(f"verify {directory}: {(result.stdout + result.stderr).strip()[-300:]}")
        for reference in references:
            missing = digest_is(reference, final if reference.endswith("end") else half)(folder)
            if missing:
                wrong.append("lost: " + missing)
        return wrong
    return check


def whole_or_absent(target, reference):
    """What a command makes elsewhere is there with everything or not at all, and nothing else passes for it."""
    def check(folder):
        wrong = []
        for name in os.listdir(folder):
            if not name.startswith(target) and not name.startswith("." + target):
                continue
            if call("ls", name, cwd=folder).returncode == 0:
                missing = digest_is(reference.replace(target, name), half)(folder)
                if missing:
                    wrong.append(f"{name} passes for complete, yet " + missing)
        return wrong
    return check


def both_of(*checks):
    return lambda folder: [wrong for check in checks for wrong in check(folder)]


def new_run_is_sound(folder):
    """After a first creation cut short: no run yet, or a sound one."""
    if not os.path.exists(os.path.join(folder, "a.engram", "FORMAT")):
        return []
    result = call("verify", "a.engram", cwd=folder)
    return [f"verify: {(result.stdout + result.stderr).strip()[-300:]}"] if result.returncode else []


def stopped(folder):
    must("run", model, "--in", "a.engram", "--until", "13ms", "--quiet", cwd=folder)


def finished(folder):
    must("run", model, "--in", "a.engram", "--checkpoint-every", "2ms", "--keep", "20", "--quiet", cwd=folder)


def packed(folder):
    finished(folder)
    must("pack", "a.engram@half", "-o", "out.h5", cwd=folder)


def one_automatic_is_left(folder):
    count = sum(" automatic " in line for line in (names("a.engram", folder) or "").splitlines())
    return None if count <= 1 else f"{count} automatic checkpoints are left"


both = every(digest_is("a.engram@half", half), digest_is("a.engram@end", final))
scenarios = {
    "run": lambda: Scenario("run", ["run", model, "--in", "a.engram"], lambda folder: None, both, new_run_is_sound),
    "resume": lambda: Scenario("resume", ["resume", "a.engram"], stopped, both, intact("a.engram@half")),
    "branch": lambda: Scenario(
        "branch", ["branch", "a.engram@half", "other"], finished, every(both, digest_is("a.engram@other", half)),
        intact("a.engram@half", "a.engram@end"), repeated_is_error=True),
    "branch-to": lambda: Scenario(
        "branch-to", ["branch", "a.engram@half", "other", "--to", "b.engram"], finished, every(both, digest_is("b.engram", half)),
        both_of(intact("a.engram@half", "a.engram@end"), whole_or_absent("b.engram", "b.engram")), repeated_is_error=True),
    "gc": lambda: Scenario("gc", ["gc", "a.engram", "--keep", "1"], finished, every(both, one_automatic_is_left), intact("a.engram@half", "a.engram@end")),
    "pack": lambda: Scenario(
        "pack", ["pack", "a.engram@end", "-o", "out.h5"], packed,
        every(both, digest_is("out.h5@end", final), digest_is("out.h5@half", half)), intact("a.engram@half", "a.engram@end", "out.h5@half")),
    "unpack": lambda: Scenario(
        "unpack", ["unpack", "out.h5", "b.engram"], packed, digest_is("b.engram@half", half),
        both_of(intact("out.h5@half"), whole_or_absent("b.engram", "b.engram@half"))),
}

start = time.monotonic()
failures = []
kinds = arguments.kinds.split(",")
chosen = arguments.only.split(",") if arguments.only else list(scenarios)
attempts = collections.Counter()
pool = concurrent.futures.ThreadPoolExecutor(arguments.workers)
for name in chosen:
    if arguments.smoke and name in ("unpack", "branch-to"):
        continue
    scenario = scenarios[name]()
    print(f"{name}: {scenario.total} calls: " + ", ".join(f"{word} {number}" for word, number in scenario.counts.items()), flush=True)
    work_list = []
    for number, kind in enumerate(kinds):
        stride = max(arguments.stride, scenario.total // 3) if arguments.smoke else arguments.stride
        which = [(kind, at) for at in range(1 + number * 7 % stride, scenario.total + 1, stride)]
        if kind == "half":
            which = [("half@pwrite", at) for at in range(1, scenario.counts.get("pwrite", 0) + 1, max(stride, 1) if not arguments.smoke else 40)]
        if kind.endswith("+"):
            # Reading and closing never needs space.
            which = [
                (f"{kind}@{word}", at) for word in ("pwrite", "fallocate", "open", "rename", "fsync", "fdatasync", "mkdir", "link", "ftruncate")
                for at in range(1, scenario.counts.get(word, 0) + 1, stride)]
            if arguments.smoke:
                which = which[:2]
        work_list += which
    begun = time.monotonic()
    for (kind, at), wrong in zip(work_list, pool.map(lambda pair: scenario.attempt(*pair), work_list)):
        attempts[f"{name} {kind.split('@')[0]}"] += 1
        for sentence in wrong:
            failures.append(f"{name}, {kind} at call {at}: {sentence}")
            print(failures[-1], flush=True)
    print(f"  {len(work_list)} faults in {time.monotonic() - begun:.0f} s", flush=True)

shutil.rmtree(work, ignore_errors=True)
for what, number in attempts.items():
    print(f"{what}: {number}")
print(f"{sum(attempts.values())} faults in {time.monotonic() - start:.0f} s, {len(failures)} failures")
sys.exit(1 if failures else 0)
