"""ACC-6: runs on a small file system that is filled to one level after the other.

    sudo python tools/campaigns/disk_full.py ENGRAM [--levels 60] [--size 24] [--step 64]

A loop-mounted ext4 of so many MiB is filled until so many KiB are left; a run is started, must end with words (or succeed),
without a trap or a bus error, with every acknowledged checkpoint intact; after space is freed, the same command must end with
the digest of an undisturbed run. Needs root; without it nothing is tried, and it says so (exit status 77).
"""
import argparse
import collections
import os
import shutil
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--levels", type=int, default=60)
parser.add_argument("--size", type=int, default=24, help="MiB of the file system")
parser.add_argument("--step", type=int, default=64, help="KiB between levels")
arguments = parser.parse_args()
engram = os.path.abspath(arguments.engram)
if os.geteuid() != 0:
    print("SKIPPED: mounting a file system needs root; nothing was tried")
    sys.exit(77)
if "ENGRAM_OWN_MOUNTS" not in os.environ:
    # In a mount namespace of its own: a namespace that somebody else makes meanwhile would keep the file system alive.
    os.environ["ENGRAM_OWN_MOUNTS"] = "1"
    os.execvp("unshare", ["unshare", "-m", "--propagation", "private", sys.executable, *sys.argv])

model = os.path.join(os.path.dirname(os.path.abspath(__file__)), "small.yaml")
environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
work = tempfile.mkdtemp(prefix="engram-full-")
mount = os.path.join(work, "mount")
image = os.path.join(work, "image")
os.mkdir(mount)


def call(*words, cwd=mount):
    return subprocess.run([engram, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)


def fresh():
    subprocess.run(["umount", mount], stderr=subprocess.DEVNULL)
    with open(image, "wb") as file:
        file.truncate(arguments.size << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", image], check=True)
    mounted = subprocess.run(["mount", "-o", "loop", image, mount], capture_output=True, text=True)
    if mounted.returncode:
        print("SKIPPED: a loop device cannot be mounted here: " + mounted.stderr.strip())
        sys.exit(77)


def fill(left):
    """Leaves so many bytes free."""
    path = os.path.join(mount, "ballast")
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    state = os.statvfs(mount)
    wanted = max(4096, state.f_bavail * state.f_frsize - left)
    while wanted > 0:
        try:
            os.posix_fallocate(descriptor, 0, wanted)
            break
        except OSError:
            # The file system needs some blocks for itself.
            os.ftruncate(descriptor, 0)
            wanted -= 16384
    os.close(descriptor)


bad = []
outcomes = collections.Counter()
start = time.monotonic()
try:
    reference = os.path.join(work, "reference")
    os.mkdir(reference)
    subprocess.run([engram, "run", model, "--in", "a.engram", "-q"], cwd=reference, env=environment, check=True)
    final = call("digest", "a.engram", cwd=reference).stdout
    half = call("digest", "a.engram@half", cwd=reference).stdout
    for level in range(arguments.levels):
        fresh()
        # Half of the levels meet a new run, half one that is under way.
        underway = level % 2 == 1
        if underway:
            call("run", model, "--in", "a.engram", "--until", "13ms")
        left = level // 2 * arguments.step * 1024
        fill(left)
        result = call("run", model, "--in", "a.engram")
        words = f"level {level} ({left >> 10} KiB left{', under way' if underway else ''})"
        outcomes["complete" if result.returncode == 0 else "error"] += 1
        if result.returncode not in (0, 1, 75):
            bad.append(f"{words}: status {result.returncode}: {result.stderr.strip()[-200:]}")
        if result.returncode and not result.stderr.strip():
            bad.append(f"{words}: status {result.returncode} without a word")
        if result.returncode == 0 and call("digest", "a.engram@end").stdout != final:
            bad.append(f"{words}: status 0, yet 'end' is missing")
        if underway and call("digest", "a.engram@half").stdout != half:
            bad.append(f"{words}: 'half' is lost")
        if os.path.exists(os.path.join(mount, "a.engram", "FORMAT")):
            verified = call("verify", "a.engram")
            if verified.returncode:
                bad.append(f"{words}: verify: {(verified.stdout + verified.stderr).strip()[-300:]}")
            left_over = os.listdir(os.path.join(mount, "a.engram", "tmp"))
            if left_over:
                bad.append(f"{words}: temporaries are left: {left_over}")
        os.remove(os.path.join(mount, "ballast"))
        again = call("run", model, "--in", "a.engram")
        if again.returncode or call("digest", "a.engram").stdout != final:
            bad.append(f"{words}: after space was freed: status {again.returncode}: {again.stderr.strip()[-200:]}")
finally:
    subprocess.run(["umount", mount], stderr=subprocess.DEVNULL)
    shutil.rmtree(work, ignore_errors=True)
for sentence in bad:
    print(sentence)
print(f"{sum(outcomes.values())} fill levels in {time.monotonic() - start:.0f} s: {outcomes['complete']} complete, {outcomes['error']} errors with words, {len(bad)} failures")
sys.exit(1 if bad else 0)
