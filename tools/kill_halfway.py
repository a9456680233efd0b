"""Runs a command and kills it with SIGKILL once its run directory holds half of the expected checkpoints.

    python tools/kill_halfway.py DIRECTORY COMMAND…
"""
import os
import signal
import subprocess
import sys
import time

directory, command = sys.argv[1], sys.argv[2:]
print("$", " ".join(command), flush=True)
process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
checkpoints = os.path.join(directory, "checkpoints")
while process.poll() is None:
    try:
        count = sum(name.endswith(".manifest") for name in os.listdir(checkpoints))
    except FileNotFoundError:
        count = 0
    # One before the first step, then one every 100 ms; automatic ones are thinned out, so look at the newest number too.
    newest = max((int(n.split("-")[1].split(".")[0]) for n in os.listdir(checkpoints) if n.startswith("ck-")), default=0) if count else 0
    if max(count, newest) >= 5:
        os.kill(process.pid, signal.SIGKILL)
        break
    time.sleep(0.0005)
status = process.wait()
print("killed" if status == -signal.SIGKILL else f"the run was over before it could be killed (status {status})")
