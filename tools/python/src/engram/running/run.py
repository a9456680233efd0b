"""Runs that can be gone on with, branched and arranged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import EngramError, Interrupted, NotPossible, UnknownName
from ..program import STOPPED_EARLY, call
from ..reading.checkpoint import Checkpoint
from ..reading.run import Reader
from ..times import is_time, seconds
from ..times import text as time_text
from .progress import Progress
from .values import value_text
from .watching import watch_options

_OUTCOMES = {
    "reachedEnd": "the end of the steps",
    "reachedTarget": "the target",
    "alreadyComplete": "nothing was left to do",
    "interrupted": "stopped early",
}


@dataclass(frozen=True)
class Outcome:
    """How a call ended. ``outcome`` is ``reachedEnd``, ``reachedTarget``, ``alreadyComplete`` or ``interrupted``; times in
    network time [s] and, for the loop and the setting up, in real seconds."""

    outcome: str
    t: float
    seed: int | None = None
    continued_from: float | None = None
    loop_seconds: float | None = None
    setup_seconds: float | None = None
    peak_megabytes: float | None = None

    def __str__(self) -> str:
        return f"{_OUTCOMES.get(self.outcome, self.outcome)} at t = {self.t:g} s"


class Run(Reader):
    """A run directory, portable file or export: what a :class:`Reader` reads, and the verbs of the program."""

    outcome: Outcome | None = None
    """How the last call to :func:`run` or :meth:`resume` in this process ended."""

    def _place(self, name: str | None = None) -> str:
        return f"{self.path}@{name}" if name else str(self.path)

    def _known(self, name: str) -> str:
        """A name that exists: the nearest right one is told before the program is asked."""
        return self.at(name).id if name not in ("latest", "live", "initial") else name

    # ------------------------------------------------------------------------------------------------------ any moment

    def at(self, name: Any, *, to: str | Path | None = None) -> Checkpoint:
        """A checkpoint by name, id (``ck-12``), or ``latest``, ``live``, ``initial``; or the state at any time.

        A time (``"61.2 ms"``, seconds, a Brian 2 quantity) goes on from the nearest earlier checkpoint up to it, with the bits that
        the run had, and keeps the state as a line of its own, which the same call finds again. With ``to`` it becomes a run
        directory, which can be made while the run goes on. Raises :class:`ProgramError` where no step begins at that time.
        """
        if isinstance(name, str):
            try:
                if to is None:
                    return super().at(name)
            except UnknownName:
                if not is_time(name):
                    raise
            else:
                if not is_time(name):
                    raise EngramError(f"'to' belongs to a time; {name!r} is none. For a branch: branch({name!r}, …, to=…)")
        # However it is spelled, the same time has the same line.
        words = ["at", str(self.path), time_text(name), f"at-{seconds(name):.12g}s"]
        answer = call(words if to is None else [*words, "--to", str(Path(to).absolute())])
        found = self if to is None else Run(answer["directory"])
        return found.at(str(answer["id"]))

    # -------------------------------------------------------------------------------------------------------- going on

    def resume(
        self,
        until: Any = None,
        for_: Any = None,
        *,
        at: str | None = None,
        checkpoint_every: Any = None,
        keep: int | None = None,
        threads: int | None = None,
        watch: Mapping[str, Any] | bool | None = None,
        max_wall: str | None = None,
        memory_check: bool = True,
        progress: bool = False,
    ) -> Run:
        """Goes on from the newest checkpoint, or from ``at`` as a line of its own.

        ``until`` is network time, ``for_`` time since the start of the line; neither: to the end of the steps. Repeating a
        call never lengthens a run. ``watch``, ``max_wall`` and ``memory_check`` are those of :func:`run`. Raises
        :class:`Interrupted` where it stopped early, resumable, and :class:`WatchdogError` where a watchdog ended it.
        """
        arguments = ["resume", self._place(self.at(at).id if at else None)]
        arguments += _limits(until, for_, checkpoint_every, keep, threads)
        arguments += _care(watch, max_wall, memory_check)
        return self._go(arguments, progress)

    def _go(self, arguments: list[str], progress: bool) -> Run:
        with Progress(self.path, progress, self.path.stem) as bar:
            answer = call(arguments, accept=(0, STOPPED_EARLY), tick=bar.tick)
        self._note(answer)
        return self

    def _note(self, answer: Mapping[str, Any]) -> None:
        self.outcome = Outcome(**{key: answer[key] for key in Outcome.__dataclass_fields__ if key in answer})
        if answer["status"] == STOPPED_EARLY:
            raise Interrupted(
                f"'{self.path}' stopped early at t = {self.outcome.t:g} s; the same call goes on from there"
            )

    def branch(
        self,
        at: str,
        name: str,
        to: str | Path | None = None,
        *,
        set: Mapping[str, Any] | None = None,
        constants: Mapping[str, Any] | None = None,
        dt: Any = None,
        seed: int | str | None = None,
    ) -> Run:
        """A new line from a checkpoint; with ``to`` in a directory of its own, to run beside the rest.

        With ``constants``, ``dt``, ``seed`` (a number, ``"same"``, or ``"reseed:K"`` for one made of the parent's) or ``set``
        (``{"S.w": "2 mV", "P.v[0:10]": 0}``), these hold in the branch from its beginning on; its steps go on as those of its parent.
        Gives the branch: :meth:`resume` with its name, or of the directory, goes on with it.

        Raises :class:`ProgramError` where a value is refused; nothing has been made then.
        """
        arguments = ["branch", self._place(self.at(at).id), name]
        for option, values in (("--constant", constants), ("--set", set)):
            for target, value in (values or {}).items():
                arguments += [option, f"{target}={value_text(value)}"]
        arguments += ["--dt", time_text(dt)] if dt is not None else []
        arguments += ["--seed", str(seed)] if seed is not None else []
        if to is None:
            call(arguments)
            return self
        target_directory = Path(to).absolute()
        call([*arguments, "--to", str(target_directory)])
        return Run(target_directory)

    # ------------------------------------------------------------------------------------------------------- arranging

    def store(self, name: str) -> None:
        """Gives the newest checkpoint of a run that is at rest a name, so that it is kept.

        Raises :class:`NotPossible` while it runs: only its steps can store then.
        """
        status = self.status
        if status.state in ("running", "settingUp"):
            raise NotPossible(
                f"'{self.path.name}' is running: only a `store` step of its model file can name a checkpoint then. "
                f"`kill -USR1 {status.process}` asks for an automatic one now"
            )
        newest = self.latest
        if newest.names:
            if name in newest.names:
                return
            raise NotPossible(f"{newest.id} is stored as '{newest.names[0]}' already; rename() gives it another name")
        self.rename(newest.id, name)

    def tag(self, name: str, *tags: str) -> None:
        """Sets the tags of a checkpoint; tagged checkpoints are kept. Without tags, the present ones go."""
        call(["tag", self._place(self._known(name)), *tags])

    def rename(self, name: str, new_name: str) -> None:
        """Gives a checkpoint another name."""
        # By its present name, which then means nothing any more; an id alone would leave it behind.
        self.at(name)
        call(["rename", self._place(name), new_name])

    def remove(self, *names: str, force: bool = False) -> None:
        """Removes checkpoints; their space comes back with :meth:`gc`. ``force`` also removes the last one of a line."""
        if names:
            places = [self._place(self._known(name)) for name in names]
            call(["rm", *places, *(["--force"] if force else [])])

    def gc(self, keep: int | None = None, keep_per: Any = None) -> dict[str, Any]:
        """Removes what no checkpoint needs, and automatic checkpoints beyond ``keep``; gives ``freed_bytes``, ``removed``, ``kept``."""
        arguments = ["gc", str(self.path)]
        arguments += ["--keep", str(keep)] if keep is not None else []
        arguments += ["--keep-per", time_text(keep_per)] if keep_per is not None else []
        answer = call(arguments)
        return {key: answer[key] for key in ("freed_bytes", "removed", "kept") if key in answer}

    def verify(self, at: str | None = None, *, full: bool = False, replay: bool = False) -> dict[str, Any]:
        """Compares everything with its checksum; ``replay`` runs from each checkpoint to the next again.

        Gives ``sound``, ``problems``, ``notes``, ``checkpoints``, ``files``, ``bytes``, ``replayed``.
        """
        arguments = ["verify", self._place(self.at(at).id if at else None)]
        arguments += ["--full"] if full else []
        arguments += ["--replay"] if replay else []
        return {key: value for key, value in call(arguments, accept=(0, 1)).items() if key not in ("command", "status")}

    def diff(self, first: str, second: str | Reader, at: str | None = None) -> dict[str, Any]:
        """Compares two checkpoints, the second of this run or, with ``at``, of another.

        Gives ``equal``, ``structure``, ``other_state``, ``numbers``.
        """
        other: Reader = self if isinstance(second, str) else second
        name = second if isinstance(second, str) else (at or "latest")
        place = f"{other.path}@{other.at(name).id}"
        answer = call(["diff", self._place(self.at(first).id), place], accept=(0, 1))
        return {key: value for key, value in answer.items() if key not in ("command", "status")}

    def digest(self, at: str | None = None) -> str:
        """One hash over every array, recording, pending spike and clock."""
        return str(call(["digest", self._place(self.at(at).id if at else None)])["digest"])

    # ---------------------------------------------------------------------------------------------------- carrying away

    def export(
        self,
        output: str | Path,
        at: str | None = None,
        *,
        all: bool = False,
        only: Iterable[str] = (),
        since: str | None = None,
        until: str | None = None,
        chunked: bool = False,
    ) -> Reader:
        """One HDF5 file that any tool opens; gives it opened.

        :param only: what to export, such as ``P``, ``P.v``, ``P.v[0:10]``, ``S.pre.delay``; all by default
        :param since: recordings from this simulated time on, such as ``"200 ms"``
        :param until: recordings up to this simulated time
        """
        arguments = ["export", self._place(self.at(at).id if at else None), "--output", str(output)]
        arguments += ["--all"] if all else []
        arguments += ["--chunked"] if chunked else []
        arguments += ["--from", since] if since else []
        arguments += ["--to", until] if until else []
        for name in only:
            arguments += ["--only", name]
        call(arguments)
        return Reader(output)

    def pack(self, output: str | Path, *names: str) -> Reader:
        """Checkpoints in one portable file, with all that is needed to go on; gives it opened."""
        # By a name where there is one: asked by id, the program forgets names that were given later.
        found = [self.at(name) for name in names or ("latest",)]
        meant = self.names
        ids = [
            next((name for name in checkpoint.names if meant.get(name) == checkpoint.id), checkpoint.id)
            for checkpoint in found
        ]
        call(["pack", self._place(ids[0]), *ids[1:], "--output", str(output)])
        return Reader(output)


def _care(watch: Mapping[str, Any] | bool | None, max_wall: str | None, memory_check: bool) -> list[str]:
    limit = ["--max-wall", max_wall] if max_wall is not None else []
    return [*watch_options(watch), *limit, *([] if memory_check else ["--no-memory-check"])]


def _limits(until: Any, for_: Any, checkpoint_every: Any, keep: int | None, threads: int | None) -> list[str]:
    if until is not None and for_ is not None:
        raise EngramError("say 'until' or 'for_', not both")
    arguments: list[str] = []
    for option, time in (("--until", until), ("--for", for_), ("--checkpoint-every", checkpoint_every)):
        if time is not None:
            arguments += [option, time if isinstance(time, str) else time_text(time)]
    for option, number in (("--keep", keep), ("--threads", threads)):
        if number is not None:
            arguments += [option, str(number)]
    return arguments


def run(
    model: str | Path,
    until: Any = None,
    for_: Any = None,
    *,
    directory: str | Path | None = None,
    constants: Mapping[str, Any] | None = None,
    seed: int | None = None,
    checkpoint_every: Any = None,
    keep: int | None = None,
    fresh: bool = False,
    threads: int | None = None,
    watch: Mapping[str, Any] | bool | None = None,
    max_wall: str | None = None,
    memory_check: bool = True,
    progress: bool = False,
) -> Run:
    """Starts a model file, or goes on where its run directory is; a finished run stays as it is.

    Times are texts with a unit (``"10 s"``), seconds, or Brian 2 quantities; so are constants. ``progress`` shows a bar.
    ``watch`` says what ends the run beside what the file says: ``{"nan": True, "bounds": {"G.v": ("-100 mV", "50 mV")}, "rate":
    {"G": "200 Hz"}, "disk": "5 GB"}``, or False for nothing. ``max_wall`` (``"23.9h"``) stops it with a checkpoint within that time;
    ``memory_check=False`` begins a model for which there is too little memory.

    Raises :class:`ProgramError` with the place in the file where it is wrong, :class:`Interrupted` where it stopped early,
    :class:`WatchdogError` where a watchdog ended it.
    """
    path = Path(model)
    arguments = ["run", str(path), *_limits(until, for_, checkpoint_every, keep, threads)]
    arguments += _care(watch, max_wall, memory_check)
    if directory is not None:
        arguments += ["--in", str(Path(directory).absolute())]
    for name, value in (constants or {}).items():
        arguments += ["--constant", f"{name}={value_text(value)}"]
    arguments += ["--seed", str(seed)] if seed is not None else []
    arguments += ["--fresh"] if fresh else []
    expected = Path(directory) if directory is not None else Path(_name_of(path) + ".engram")
    with Progress(expected.absolute(), progress, expected.stem) as bar:
        answer = call(arguments, accept=(0, STOPPED_EARLY), tick=bar.tick)
    found = Run(answer["directory"])
    found._note(answer)
    return found


def _name_of(model: Path) -> str:
    """The name that the file gives to its network: only for the bar, which may be wrong without harm."""
    try:
        match = re.search(r"^name:\s*[\"']?([^\s\"'#]+)", model.read_text(encoding="utf-8"), re.MULTILINE)
    except (OSError, UnicodeDecodeError):
        match = None
    return match[1] if match else model.stem


def open_run(path: str | Path, verify: bool = False) -> Run:
    """Opens a run directory, a portable file or an export, to read it in place and to go on with it.

    With ``verify``, every array is compared with its checksum when it is first looked at. No lock is taken; a run may go on.
    Raises :class:`NotARun`, :class:`DamagedFile`, :class:`UnsupportedVersion`.
    """
    return Run(path, verify)


__all__ = ["Outcome", "Run", "UnknownName", "open_run", "run"]
