"""What can go wrong, each with a sentence that says what, where and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any


class EngramError(Exception):
    """The parent of every error of this package. Errors go from one process to another as they are."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[EngramError], arguments: tuple[Any, ...], state: dict[str, Any]) -> EngramError:
    """An error that another process has sent."""
    found = kind.__new__(kind)
    found.args = arguments
    found.__dict__.update(state)
    return found


class NotARun(EngramError):
    """A path that is no run directory, no portable file and no export."""


class DamagedFile(EngramError):
    """Bytes on disk that are not what was written.

    ``file`` and ``place`` say where, ``reason`` says what was found.
    """

    def __init__(self, file: str | Path, reason: str, place: str = "") -> None:
        self.file = str(file)
        self.reason = reason
        self.place = place
        super().__init__(f"'{file}' is damaged: {reason}" + (f" ({place})" if place else ""))


class UnsupportedVersion(EngramError):
    """A file of a later release than this package knows."""

    def __init__(self, file: str | Path, found: str, supported: str) -> None:
        self.file = str(file)
        super().__init__(
            f"'{file}' has {found}; this package reads {supported}. Install a newer version of the package."
        )


class UnknownName(EngramError, KeyError):
    """A name that nothing has; ``nearest`` is the likeliest one that was meant."""

    def __init__(self, what: str, name: str, known: Iterable[str], where: str = "") -> None:
        self.wanted = name
        self.known = sorted(set(known))
        self.nearest = nearest(name, self.known)
        text = f"{where + ': ' if where else ''}there is no {what} '{name}'"
        if self.nearest is not None:
            text += f"; did you mean '{self.nearest}'?"
        elif self.known:
            text += f" (there are: {', '.join(self.known[:20])}{', …' if len(self.known) > 20 else ''})"
        self.text = text
        super().__init__(text)

    def __str__(self) -> str:
        return self.text


class UnknownVariable(UnknownName, AttributeError):
    """A variable that an object does not have."""


class ProgramNotFound(EngramError):
    """The program `engram` is nowhere; the message lists where it was looked for."""


class ProgramError(EngramError):
    """The program refused or failed.

    ``message`` is its sentence; where it points at a model file, ``file``, ``line`` and ``column`` say where, and
    ``excerpt`` is the line with its caret.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        command: list[str],
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        excerpt: str | None = None,
    ) -> None:
        self.message = message
        self.status = status
        self.command = command
        self.file = file
        self.line = line
        self.column = column
        self.excerpt = excerpt
        super().__init__(message)


class WatchdogError(ProgramError):
    """A watchdog has ended a run; the state before the bad step is stored.

    ``watchdog`` says what bit (``kind`` is ``value``, ``rate`` or ``disk``, with ``variable``, ``element``, ``value``, ``t`` …), ``checkpoint``
    is the id of that state, ``directory`` where it is.
    """

    def __init__(self, message: str, *, status: int, command: list[str], answer: dict[str, Any]) -> None:
        super().__init__(message, status=status, command=command)
        found = answer.get("watchdog")
        self.watchdog: dict[str, Any] = found if isinstance(found, dict) else {}
        self.checkpoint: str | None = answer.get("checkpoint")
        self.directory: str | None = answer.get("directory")


class Interrupted(EngramError):
    """A run that stopped early and can be resumed: a signal, or a limit of wall-clock time."""


class NotPossible(EngramError):
    """Something that the program, or this package, cannot do yet; the message names it and says what to do instead."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like ``name``; None where none does."""
    words = list(known)
    by_folded = {word.casefold(): word for word in reversed(words)}
    found = get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None
