"""A small file system of one's own on a loop device: what the campaigns on real file systems share.

Needs root; where it cannot be had, nothing is tried, and the campaign says so and ends with status 77.
"""
import fcntl
import os
import shutil
import struct
import subprocess
import sys
import tempfile

MODEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "small.yaml")
ENVIRONMENT = dict(os.environ, SWIFT_BACKTRACE="enable=no")
MAKE = {
    "ext4": ["mkfs.ext4", "-q", "-F", "-m", "0"],
    "xfs": ["mkfs.xfs", "-q", "-f", "-m", "reflink=1"],
    "btrfs": ["mkfs.btrfs", "-q", "-f"],
}


def skip(reason):
    print("SKIPPED: " + reason)
    sys.exit(77)


def begin():
    """Call first. Goes on in a mount namespace of its own: one that somebody else makes meanwhile would keep a file system alive."""
    if os.geteuid() != 0:
        skip("mounting a file system needs root; nothing was tried")
    if "ENGRAM_OWN_MOUNTS" not in os.environ:
        os.environ["ENGRAM_OWN_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "-m", "--propagation", "private", sys.executable, *sys.argv])


class Program:
    """The program under test."""

    def __init__(self, path):
        self.path = os.path.abspath(path)

    def __call__(self, *words, cwd, environment=ENVIRONMENT):
        return subprocess.run([self.path, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)

    def must(self, *words, cwd):
        """For what no fault disturbs."""
        result = self(*words, cwd=cwd)
        if result.returncode:
            raise SystemExit(f"undisturbed {' '.join(words)}: status {result.returncode}: {result.stderr}")
        return result.stdout

    def reference(self, work):
        """Digests of an undisturbed run: of its end, and of its checkpoints `half` and `end`."""
        folder = os.path.join(work, "reference")
        os.mkdir(folder)
        self.must("run", MODEL, "--in", "a.engram", "-q", cwd=folder)
        return {name: self.must("digest", "a.engram" + name, cwd=folder) for name in ("", "@half", "@end")}


class SmallDisk:
    """One image, made and mounted again and again. A context manager: leaves nothing behind."""

    def __init__(self, megabytes, kind="ext4", options=""):
        self.megabytes, self.kind = megabytes, kind
        self.options = ",".join(["loop"] + [options] * bool(options))
        if not shutil.which(MAKE[kind][0]):
            skip(f"{MAKE[kind][0]} is not installed; nothing was tried")
        self.work = tempfile.mkdtemp(prefix="engram-disk-")
        self.mount = os.path.join(self.work, "mount")
        self.image = os.path.join(self.work, "image")
        os.mkdir(self.mount)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", self.mount], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.work, ignore_errors=True)

    def fresh(self):
        """An empty file system, mounted."""
        self.detach()
        with open(self.image, "wb") as file:
            file.truncate(self.megabytes << 20)
        subprocess.run([*MAKE[self.kind], self.image], check=True, stdout=subprocess.DEVNULL)
        self.attach()

    def attach(self):
        mounted = subprocess.run(["mount", "-o", self.options, self.image, self.mount], capture_output=True, text=True)
        if mounted.returncode:
            shutil.rmtree(self.work, ignore_errors=True)
            skip("a loop device cannot be mounted here: " + mounted.stderr.strip())

    def detach(self):
        if os.path.ismount(self.mount):
            subprocess.run(["umount", self.mount], check=True)

    def fill(self, left):
        """Leaves so many bytes free."""
        descriptor = os.open(self.ballast, os.O_CREAT | os.O_WRONLY)
        state = os.statvfs(self.mount)
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

    @property
    def ballast(self):
        return os.path.join(self.mount, "ballast")

    def cut(self):
        """Cuts the power: nothing that is not on the device yet will ever be. Stop the victim first."""
        descriptor = os.open(self.mount, os.O_RDONLY)
        fcntl.ioctl(descriptor, 0x8004587D, struct.pack("I", 2))
        os.close(descriptor)

    def used(self):
        """Bytes that files take, as the file system counts them."""
        subprocess.run(["sync", "-f", self.mount], check=True)
        state = os.statvfs(self.mount)
        return (state.f_blocks - state.f_bfree) * state.f_frsize
