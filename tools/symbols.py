"""What the rooms offer to programs: their public symbols, as the compiler tells them of what was built last."""

import json
import re
import subprocess
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / ".build/debug"
# What was told last, a folder for each room.
SYMBOLS = ROOT / ".build/documentation/symbols"
ROOF = "Engram"
HANDED_ON = re.compile(r"^@_exported public import (\w+)$", re.M)
C_LIBRARY = re.compile(r'pkgConfig: "([^"]+)"')
IMPORT = re.compile(r"^(?:@\w+ |public |package |internal )*import (\w+)$", re.M)


class Refusal(Exception):
    """Why there is nothing to look at."""


def run(command):
    done = subprocess.run([str(part) for part in command], check=False, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Refusal(f"{' '.join(str(part) for part in command[:4])} …:\n{done.stdout}")
    return done.stdout


def sources(room):
    return sorted((ROOT / "Sources" / room).rglob("*.swift"))


def rooms_beneath():
    """Each room that users see, with the rooms of that kind that it stands on, near and far."""
    handed_on = {name for file in sources(ROOF) for name in HANDED_ON.findall(file.read_text(encoding="utf-8"))}
    near = {room: {name for file in sources(room) for name in IMPORT.findall(file.read_text(encoding="utf-8"))} & handed_on for room in handed_on}
    near[ROOF] = handed_on
    beneath = {}
    for room in TopologicalSorter(near).static_order():
        beneath[room] = near[room].union(*(beneath[other] for other in near[room]))
    return beneath


def built_at(room):
    """When the room was built last."""
    made = [BUILT / "Modules" / f"{room}.{kind}" for kind in ("swiftmodule", "swiftdoc", "swiftsourceinfo")]
    if not made[0].exists():
        raise Refusal(f"{room} has not been built: run `swift build` first")
    return max(file.stat().st_mtime for file in made if file.exists())


def check_age(room):
    built = built_at(room)
    if newer := [file for file in sources(room) if file.stat().st_mtime > built]:
        raise Refusal(f"{newer[0].relative_to(ROOT)} is newer than what was built of {room}: run `swift build` first")


def extract(room, folder):
    """Writes what the room offers."""
    maps = [*BUILT.glob("*.build/module.modulemap"), *ROOT.glob(".build/checkouts/*/Sources/*/include/module.modulemap")]
    folders = [BUILT / "Modules", *(path.parent for path in (ROOT / "Sources").glob("*/module.modulemap"))]
    # That of MPI is there where somebody builds with it, and no symbol of ours needs it.
    named = C_LIBRARY.findall((ROOT / "Package.swift").read_text(encoding="utf-8"))
    c_libraries = [name for name in named if subprocess.run(["pkg-config", "--exists", name], check=False).returncode == 0]
    headers = run(["pkg-config", "--cflags-only-I", *c_libraries]).split()
    target = json.loads(run(["swift", "-print-target-info"]))["target"]["unversionedTriple"]
    folder.mkdir(parents=True)
    run(
        ["swift", "symbolgraph-extract", "-module-name", room, "-target", target, "-output-dir", folder, "-minimum-access-level", "public"]
        + ["-emit-extension-block-symbols", "-skip-synthesized-members", "-skip-inherited-docs"]
        + [part for path in folders for part in ("-I", path)]
        + [part for path in maps for part in ("-Xcc", f"-fmodule-map-file={path}")]
        + [part for flag in headers for part in ("-Xcc", flag)]
    )
