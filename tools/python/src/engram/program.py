"""The program ``engram``: where it is, and how it is called."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import IO, Any

from .errors import ProgramError, ProgramNotFound, WatchdogError

STOPPED_EARLY = 75
_WATCHDOG = 76
_PLACE = re.compile(r"^(?P<file>[^\n:]+):(?P<line>\d+):(?P<column>\d+): ", re.MULTILINE)
_WARNING = re.compile(r"^warning: (?P<text>.*)$")
_BETWEEN_TICKS = 0.2


class EngramWarning(UserWarning):
    """Something that the program warned of."""


@dataclass(frozen=True)
class Program:
    """A program that was found; ``where`` says how."""

    path: Path
    where: str

    def __str__(self) -> str:
        return f"{self.path} ({self.where})"


def find_program() -> Program:
    """The program: what ``ENGRAM`` says, else that of the checkout this package lies in, else the one that was installed with
    it, else the one on the PATH.

    Raises :class:`ProgramNotFound`, which says where it was looked for.
    """
    said = os.environ.get("ENGRAM")
    if said:
        found = shutil.which(said)
        if found is None:
            raise ProgramNotFound(f"ENGRAM is '{said}', which is no program that can be executed")
        return Program(Path(found), "from the environment variable ENGRAM")
    looked: list[str] = []
    for folder in Path(__file__).resolve().parents:
        if (folder / "Package.swift").is_file() and (folder / "Sources" / "EngramMain").is_dir():
            for configuration in ("release", "debug"):
                candidate = folder / ".build" / configuration / "engram"
                if os.access(candidate, os.X_OK):
                    return Program(candidate, f"the {configuration} build of the checkout")
                looked.append(str(candidate))
            break
    installed = _installed()
    if installed is not None:
        return Program(installed, "installed with the package")
    on_path = shutil.which("engram")
    if on_path is not None:
        return Program(Path(on_path), "from the PATH")
    raise ProgramNotFound(
        "the program 'engram' was not found: ENGRAM is not set, "
        + (f"there is no {' and no '.join(looked)}, " if looked else "this package does not lie in a checkout, ")
        + "it was not installed with the package, and the PATH has none. Build it with `swift build -c release --product engram` and set ENGRAM to "
        "<checkout>/.build/release/engram"
    )


def _installed() -> Path | None:
    """The program that the wheel of this package brought, where it brought one."""
    try:
        files = metadata.files("engram-snn") or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name == "engram" and file.parent.name != "engram":
            path = Path(str(file.locate())).resolve()
            if path.is_file() and os.access(path, os.X_OK):
                return path
    return None


def call(
    arguments: Iterable[str],
    *,
    accept: tuple[int, ...] = (0,),
    cwd: Path | None = None,
    tick: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Calls the program with ``--json`` and gives its answer.

    The program ends with this process, in order: it stores a checkpoint first. Ctrl-C here lets it do the same before
    ``KeyboardInterrupt`` goes on. ``tick`` is called about five times a second while it works.

    Raises :class:`ProgramError` where its status is not in ``accept``, :class:`WatchdogError` where a watchdog ended a run.
    """
    program = find_program()
    command = [str(program.path), *arguments, "--json"]
    # It looks whether this process is still there. To tell the system so would need a copy of this process, which may be large.
    environment = dict(os.environ, ENGRAM_PARENT=str(os.getpid()))
    # Into files: a pipe would end the program, without a checkpoint, at its first word after this process has died.
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=told, cwd=cwd, env=environment, start_new_session=True
        )
        _wait(process, tick)
        text, complaints = _text(output), _text(told)
    for line in complaints.splitlines():
        if match := _WARNING.match(line):
            warnings.warn(match["text"], EngramWarning, stacklevel=3)
    try:
        answer = json.loads(text.strip().splitlines()[-1])
    except (IndexError, ValueError):
        answer = {}
    status = process.returncode
    if status not in accept or not isinstance(answer, dict) or "error" in answer or not answer:
        message = answer.get("error") if isinstance(answer, dict) else None
        words = str(message) if message else _last_words(complaints, status)
        if status == _WATCHDOG and isinstance(answer, dict):
            raise WatchdogError(words, status=status, command=command, answer=answer)
        raise error_from(words, status, command)
    return answer


def error_from(message: str, status: int, command: list[str]) -> ProgramError:
    """The program's sentence as an exception, with the place in a model file that it points at."""
    place = _PLACE.search(message)
    if place is None:
        return ProgramError(message, status=status, command=command)
    following = message[place.end() :].split("\n")
    shown = [line for line in following[1:3] if line.strip()]
    excerpt = "\n".join(shown) if len(shown) == 2 and set(shown[1].strip()) == {"^"} else None
    return ProgramError(
        message,
        status=status,
        command=command,
        file=place["file"],
        line=int(place["line"]),
        column=int(place["column"]),
        excerpt=excerpt,
    )


def _last_words(complaints: str, status: int) -> str:
    words = complaints.strip().removeprefix("error: ")
    ending = (
        f"it was ended by signal {signal.Signals(-status).name}" if status < 0 else f"it ended with status {status}"
    )
    return f"the program gave no answer; {ending}" + (f": {words}" if words else "")


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _wait(process: subprocess.Popen[bytes], tick: Callable[[], None] | None) -> None:
    interrupted = False
    with _end_of(process) as ended:
        while True:
            try:
                if ended(_BETWEEN_TICKS):
                    break
                if tick is not None and not interrupted:
                    tick()
            except KeyboardInterrupt:
                # It stores a checkpoint and stops; a second Ctrl-C ends it at once.
                interrupted = True
                process.send_signal(signal.SIGINT)
    if interrupted:
        raise KeyboardInterrupt


@contextmanager
def _end_of(process: subprocess.Popen[bytes]) -> Iterator[Callable[[float], bool]]:
    """Gives what waits at most so many seconds for the end of a process, and says whether it has come.

    Where the system tells the moment itself nobody looks again and again: that costs up to 50 ms behind the end.
    """
    try:
        handle = os.pidfd_open(process.pid) if sys.platform == "linux" else None
    except OSError:
        handle = None  # an old kernel, or a container that forbids it

    events = select.poll()
    if handle is not None:
        events.register(handle, select.POLLIN)

    def ended(seconds: float) -> bool:
        if handle is not None:
            if not events.poll(seconds * 1000):
                return False
            process.wait()
            return True
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    try:
        yield ended
    finally:
        if handle is not None:
            os.close(handle)
