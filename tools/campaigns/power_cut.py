"""Cuts the power of a small file system again and again: everything that was not flushed is gone, the journal is replayed.

    sudo python tools/campaigns/power_cut.py ENGRAM [--cuts 50] [--options data=ordered] [--without-fsync]

A run on a loop-mounted ext4 is stopped at a random moment, the file system shut down by ioctl without flushing anything,
unmounted, mounted again. Then: every checkpoint that the run had reported as stored is there and intact, and the same
command, undisturbed, ends with the digest of an undisturbed run. --without-fsync preloads flushes that do nothing: the
campaign must then fail, which shows that it can. Needs root; without it nothing is tried, and it says so (exit status 77).
"""
import argparse
import os
import random
import signal
import subprocess
import sys
import time

import small_disk

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--cuts", type=int, default=50)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--options", default="data=ordered", help="mount options of ext4")
parser.add_argument("--without-fsync", action="store_true")
arguments = parser.parse_args()
small_disk.begin()
engram = small_disk.Program(arguments.engram)


def without_fsync(work):
    """An environment in which flushes do nothing."""
    source = os.path.join(work, "nosync.c")
    with open(source, "w") as file:
        file.write("int fsync(int fd) { return 0; }\nint fdatasync(int fd) { return 0; }\n")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", work + "/nosync.so", source], check=True)
    return dict(small_disk.ENVIRONMENT, LD_PRELOAD=work + "/nosync.so")


chance = random.Random(arguments.seed)
bad = []
acknowledged = cuts = finished = 0
start = time.monotonic()
with small_disk.SmallDisk(32, options=arguments.options) as disk:
    faulty = without_fsync(disk.work) if arguments.without_fsync else small_disk.ENVIRONMENT
    digests = engram.reference(disk.work)
    duration = None
    while cuts < arguments.cuts:
        disk.fresh()
        if duration is None:
            begun = time.monotonic()
            engram("run", small_disk.MODEL, "--in", "other.engram", cwd=disk.mount)
            duration = time.monotonic() - begun
        words = os.path.join(disk.work, "words")
        with open(words, "w") as output:
            process = subprocess.Popen([engram.path, "run", small_disk.MODEL, "--in", "a.engram"], cwd=disk.mount, env=faulty, stdout=output, stderr=output)
            time.sleep(chance.uniform(0.02, 1.3 * duration))
            if process.poll() is None:
                # Stopped first: a flush that returns after the cut would be believed.
                os.kill(process.pid, signal.SIGSTOP)
                os.waitpid(process.pid, os.WUNTRACED)
            else:
                finished += 1
            with open(words) as file:
                said = file.read()
            reported = [name for name in ("half", "end") if f"stored '{name}'" in said]
            disk.cut()
            if process.poll() is None:
                process.kill()
            process.wait()
        disk.detach()
        disk.attach()
        cuts += 1
        acknowledged += len(reported)
        for name in reported:
            if engram("digest", "a.engram@" + name, cwd=disk.mount).stdout != digests["@" + name]:
                bad.append(f"cut {cuts}: '{name}' had been stored and is lost")
        if os.path.exists(os.path.join(disk.mount, "a.engram", "FORMAT")):
            verified = engram("verify", "a.engram", cwd=disk.mount)
            if verified.returncode:
                bad.append(f"cut {cuts}: verify: {(verified.stdout + verified.stderr).strip()[-300:]}")
        again = engram("run", small_disk.MODEL, "--in", "a.engram", cwd=disk.mount)
        if again.returncode or engram("digest", "a.engram", cwd=disk.mount).stdout != digests[""]:
            bad.append(f"cut {cuts}: continued: status {again.returncode}: {again.stderr.strip()[-300:]}")
for sentence in bad:
    print(sentence)
print(
    f"{cuts} power cuts ({arguments.options}) in {time.monotonic() - start:.0f} s, {finished} of them behind the end of the run, "
    f"{acknowledged} checkpoints reported before, {len(bad)} failures")
sys.exit(1 if bad else 0)
