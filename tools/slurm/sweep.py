#!/usr/bin/env python3
"""A sweep on a SLURM of this machine, and the same sweep by processes of its own: both give the same table and the same digests.

    python tools/slurm/sweep.py [--runs 8] [--seconds 300] [--folder FOLDER]

As root. ENGRAM or the release build of this checkout is the program. A SLURM is started for the time of the test (tools/slurm/start).
Exit status 0 when tables and digests are equal.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
MODEL = CHECKOUT / "fixtures" / "models" / "cuba.yaml"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=300, help="how long to wait for SLURM")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="engram-slurm-sweep-"))
    folder.mkdir(parents=True, exist_ok=True)
    # The daemons run as another user, and a temporary folder is for its owner alone.
    folder.chmod(0o755)
    engram = os.environ.get("ENGRAM", str(CHECKOUT / ".build" / "release" / "engram"))
    environment = dict(os.environ, ENGRAM=engram, SLURM_CONF=str(folder / "cluster" / "slurm.conf"))

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([engram, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)

    subprocess.run([str(HERE / "start"), str(folder / "cluster"), str(max(2, given.runs))], check=True)
    try:
        sweep = [str(MODEL), "--over", f"seed=1..{given.runs}", "--until", "200ms"]
        submitted = run("sweep", *sweep, "--in", "cluster-sweep", "--slurm")
        print(submitted.stdout + submitted.stderr, end="", flush=True)
        if submitted.returncode:
            return 1
        began = time.monotonic()
        while True:
            state = run("sweep", "cluster-sweep", "--no-run", "--table", "cluster.csv")
            if state.returncode == 0:
                break
            if time.monotonic() - began > given.seconds:
                print(f"not finished after {given.seconds} s: {state.stdout}{state.stderr}", file=sys.stderr)
                return 1
            time.sleep(1)
        print(f"SLURM has done {given.runs} runs in {time.monotonic() - began:.0f} s", flush=True)
        own = run("sweep", *sweep, "--in", "own-sweep", "--table", "own.csv")
        if own.returncode:
            print(own.stderr, file=sys.stderr)
            return 1
        tables = [(folder / name).read_text() for name in ("cluster.csv", "own.csv")]
        differ = [] if tables[0] == tables[1] else ["the tables"]
        for number in range(1, given.runs + 1):
            digests = {run("digest", f"{kind}-sweep/{number:04}/run.engram").stdout for kind in ("cluster", "own")}
            if len(digests) != 1 or not digests.pop().strip():
                differ.append(f"run {number}")
        print("tables and digests are equal" if not differ else f"different: {', '.join(differ)}")
        return 1 if differ else 0
    finally:
        subprocess.run([str(HERE / "stop"), str(folder / "cluster")], check=False)


if __name__ == "__main__":
    sys.exit(main())
