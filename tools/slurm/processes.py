"""One network on several tasks of a job step of a SLURM of this machine: stopped by TERM, put back, and gone on with on another number of tasks.

    python tools/slurm/processes.py ENGRAM [--until 1s] [--folder FOLDER]

As root. ENGRAM is a program with MPI (tools/processes --link). A SLURM is started for the time of the test (tools/slurm/start).

- `srun --mpi=pmix` runs CUBA with 4,000 neurons on 2 tasks, and another copy on 4.
- A job runs it on 2 tasks. When it has come some way its tasks get TERM: the job ends with status 75 and is put back, and goes on on 3.
- All have the digest of one process that nobody disturbed.

Exit status 0 when all of that is so.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from preempt import ENDED, MODEL, Failed, called, cluster, until

SCRIPT = """#!/bin/bash
tasks=$((SLURM_RESTART_COUNT > 0 ? 3 : 2))
srun --mpi=pmix --overcommit --ntasks=$tasks "$ENGRAM" run "$MODEL" --until "$UNTIL" --in job.engram --checkpoint-every wall:1min -q
status=$?
echo "$tasks tasks: status $status"
exit $status
"""


def facts(job: str) -> dict[str, str]:
    return dict(word.partition("=")[::2] for word in called("scontrol", "show", "job", "--oneliner", job).split() if "=" in word)


def is_under_way(folder: Path) -> bool:
    try:
        return '"running"' in (folder / "job.engram" / "status.json").read_text()
    except FileNotFoundError:
        return False


def test(options: argparse.Namespace, folder: Path) -> None:
    engram = options.engram
    run = [engram, "run", str(MODEL), "--until", options.until, "-q", "--in"]
    called(*run, "alone.engram", cwd=folder)
    wanted = called(engram, "digest", "alone.engram", cwd=folder)

    def compare(name: str) -> None:
        found = called(engram, "digest", f"{name}.engram", cwd=folder)
        if found != wanted:
            raise Failed(f"{name}: digest {found}, on one process {wanted}")

    for tasks in (2, 4):
        began = time.monotonic()
        called("srun", "--mpi=pmix", "--overcommit", f"--ntasks={tasks}", *run, f"step-{tasks}.engram", cwd=folder)
        compare(f"step-{tasks}")
        print(f"srun --mpi=pmix on {tasks} tasks: equal ({time.monotonic() - began:.0f} s)", flush=True)
    script = folder / "job.sh"
    script.write_text(SCRIPT)
    job = called("sbatch", "--parsable", "--requeue", "--ntasks=2", "--open-mode=append", "--output=job.log", str(script), cwd=folder)
    until("the job computes", lambda: is_under_way(folder))
    called("scancel", "--signal=TERM", job)
    until("the job is at its end", lambda: facts(job)["JobState"] in ENDED, 600)
    told = (folder / "job.log").read_text()
    found = facts(job)
    if found["JobState"] != "COMPLETED" or found["Restarts"] != "1" or "2 tasks: status 75" not in told or "3 tasks: status 0" not in told:
        raise Failed(f"the job is {found['JobState']} after {found['Restarts']} restarts: {told}")
    compare("job")
    print("stopped by TERM on 2 tasks with status 75, put back, gone on on 3: equal")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engram", type=lambda text: str(Path(text).resolve()))
    parser.add_argument("--until", default="1s", help="how far each run goes; long enough to be stopped before")
    parser.add_argument("--folder", type=Path, help="where everything lies; otherwise a temporary folder that is removed")
    options = parser.parse_args()
    # Tasks share cores with each other here.
    os.environ.update(ENGRAM=options.engram, MODEL=str(MODEL), UNTIL=options.until, OMPI_MCA_mpi_yield_when_idle="1")
    folder = (options.folder or Path(tempfile.mkdtemp(prefix="engram-slurm-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # munged wants everybody to find its socket
    try:
        with cluster(folder / "slurm", 4):
            test(options, folder)
    except Failed as problem:
        log = folder / "job.log"
        print(f"failed: {problem}\n{log.read_text() if log.exists() else ''}", file=sys.stderr)
        return 1
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
