"""The program on several processes: how campaigns start it, and what they ask of what it leaves."""
import json
import os
import subprocess
import time
from pathlib import Path

ENVIRONMENT = {
    **os.environ, "SWIFT_BACKTRACE": "enable=no", "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    # There may be fewer cores than processes, and others at work on them.
    "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1",
}
failures = []


def fail(text):
    """Notes that something is not as it should be, and tells it."""
    failures.append(text)
    print(f"FAILED {text}", flush=True)


class Engram:
    """A program with MPI."""

    def __init__(self, program):
        self.program = program

    def words(self, count, *rest, program=None, wrapped=()):
        """The command line that starts so many processes, through another program where that is wanted."""
        return ([] if count == 1 else ["mpirun", "-n", str(count)]) + [*wrapped, program or self.program, *rest]

    def call(self, count, *rest, program=None, wrapped=(), seconds=600, environment=ENVIRONMENT):
        return subprocess.run(
            self.words(count, *rest, program=program, wrapped=wrapped), capture_output=True, text=True, env=environment,
            stdin=subprocess.DEVNULL, timeout=seconds, check=False)

    def digest(self, place):
        done = self.call(1, "digest", place)
        return done.stdout.strip() if done.returncode == 0 else f"status {done.returncode}: {done.stderr.strip()[-300:]}"

    def checkpoints(self, place):
        """What the directory lists; nothing where it cannot be listed."""
        listed = self.call(1, "ls", place, "--json")
        return json.loads(listed.stdout)["checkpoints"] if listed.returncode == 0 else []

    def ids(self, place):
        return {row["id"] for row in self.checkpoints(place)}


def is_running(process):
    try:
        return ") Z" not in Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False


def processor_seconds(process):
    """Time that it has computed, or waited by looking again and again; 0 where it has gone."""
    try:
        words = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def working_on(place):
    """The numbers of all processes that have this path on their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if place.encode() in words and is_running(entry.name):
            found.append(int(entry.name))
    return found


def are_gone(find, seconds):
    """Whether nothing that `find` tells of runs any more, after so many seconds at most."""
    end = time.time() + seconds
    while any(is_running(process) for process in find()):
        if time.time() > end:
            return False
        time.sleep(0.02)
    return True
