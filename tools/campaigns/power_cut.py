"""Cuts the power of a small file system again and again: everything that was not flushed is gone, the journal is replayed.

    sudo python tools/campaigns/power_cut.py ENGRAM [--cuts 50] [--options data=ordered] [--without-fsync]

A run on a loop-mounted ext4 is stopped at a random moment, the file system shut down by ioctl without flushing anything,
unmounted, mounted again. Then: every checkpoint that the run had reported as stored is there and intact, and the same
command, undisturbed, ends with the digest of an undisturbed run. --without-fsync preloads flushes that do nothing: the
campaign must then fail, which shows that it can. Needs root; without it nothing is tried, and it says so (exit status 77).
"""
import argparse
import fcntl
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--cuts", type=int, default=50)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--options", default="data=ordered", help="mount options of ext4")
parser.add_argument("--without-fsync", action="store_true")
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
plain = dict(os.environ, SWIFT_BACKTRACE="enable=no")
work = tempfile.mkdtemp(prefix="engram-cut-")
mount = os.path.join(work, "mount")
image = os.path.join(work, "image")
os.mkdir(mount)
faulty = plain
if arguments.without_fsync:
    source = os.path.join(work, "nosync.c")
    with open(source, "w") as file:
        file.write("int fsync(int fd) { return 0; }\nint fdatasync(int fd) { return 0; }\n")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", work + "/nosync.so", source], check=True)
    faulty = dict(plain, LD_PRELOAD=work + "/nosync.so")


def call(*words, cwd=mount):
    return subprocess.run([engram, *words], cwd=cwd, env=plain, capture_output=True, text=True, timeout=120)


def attach():
    mounted = subprocess.run(["mount", "-o", "loop," + arguments.options, image, mount], capture_output=True, text=True)
    if mounted.returncode:
        print("SKIPPED: a loop device cannot be mounted here: " + mounted.stderr.strip())
        sys.exit(77)


def cut():
    """Nothing that is not on the device yet will ever be."""
    descriptor = os.open(mount, os.O_RDONLY)
    fcntl.ioctl(descriptor, 0x8004587D, struct.pack("I", 2))
    os.close(descriptor)


chance = random.Random(arguments.seed)
bad = []
acknowledged = cuts = finished = 0
start = time.monotonic()
try:
    reference = os.path.join(work, "reference")
    os.mkdir(reference)
    subprocess.run([engram, "run", model, "--in", "a.engram", "-q"], cwd=reference, env=plain, check=True)
    digests = {name: call("digest", "a.engram" + name, cwd=reference).stdout for name in ("", "@half", "@end")}
    duration = None
    while cuts < arguments.cuts:
        with open(image, "wb") as file:
            file.truncate(32 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
        attach()
        if duration is None:
            begun = time.monotonic()
            call("run", model, "--in", "other.engram")
            duration = time.monotonic() - begun
        words = os.path.join(work, "words")
        with open(words, "w") as output:
            process = subprocess.Popen([engram, "run", model, "--in", "a.engram"], cwd=mount, env=faulty, stdout=output, stderr=output)
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
            cut()
            if process.poll() is None:
                process.kill()
            process.wait()
        subprocess.run(["umount", mount], check=True)
        attach()
        cuts += 1
        acknowledged += len(reported)
        for name in reported:
            if call("digest", "a.engram@" + name).stdout != digests["@" + name]:
                bad.append(f"cut {cuts}: '{name}' had been stored and is lost")
        if os.path.exists(os.path.join(mount, "a.engram", "FORMAT")):
            verified = call("verify", "a.engram")
            if verified.returncode:
                bad.append(f"cut {cuts}: verify: {(verified.stdout + verified.stderr).strip()[-300:]}")
        again = call("run", model, "--in", "a.engram")
        if again.returncode or call("digest", "a.engram").stdout != digests[""]:
            bad.append(f"cut {cuts}: continued: status {again.returncode}: {again.stderr.strip()[-300:]}")
        subprocess.run(["umount", mount], check=True)
finally:
    subprocess.run(["umount", mount], stderr=subprocess.DEVNULL)
    shutil.rmtree(work, ignore_errors=True)
for sentence in bad:
    print(sentence)
print(
    f"{cuts} power cuts ({arguments.options}) in {time.monotonic() - start:.0f} s, {finished} of them behind the end of the run, "
    f"{acknowledged} checkpoints reported before, {len(bad)} failures")
sys.exit(1 if bad else 0)
