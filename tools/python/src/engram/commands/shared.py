"""What the commands have in common: how they read places and times, and how they end."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from ..errors import EngramError, UnknownName
from ..reading.checkpoint import Checkpoint
from ..reading.run import Reader
from ..times import seconds

FINE, ERROR, USAGE, READER_GONE = 0, 1, 64, 141


class Parser(argparse.ArgumentParser):
    """As the program does it: wrong usage ends with status 64, and a word that is none of those possible with the nearest."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"error: {message}\n{self.format_usage()}")
        raise SystemExit(USAGE)


def one_of(what: str, words: Sequence[str]) -> Callable[[str], str]:
    """A type for an argument: one of these words."""

    def check(word: str) -> str:
        if word not in words:
            raise argparse.ArgumentTypeError(UnknownName(what, word, words).text)
        return word

    return check


def moment(text: str) -> float:
    """A type for an argument: a time with its unit, in seconds."""
    try:
        return seconds(text)
    except EngramError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def opened(place: str) -> tuple[Reader, Checkpoint]:
    """``DIR`` or ``DIR@NAME``: what lies there, and the checkpoint that is meant; the newest without a name."""
    path, mark, name = place.rpartition("@")
    if not mark or Path(place).exists():
        path, name = place, "latest"
    run = Reader(path)
    return run, run.at(name)


def ended(body: Callable[[], None]) -> int:
    """Calls ``body``; what goes wrong becomes one paragraph on standard error and an exit status."""
    try:
        body()
        sys.stdout.flush()
    except EngramError as problem:
        sys.stderr.write(f"error: {problem}\n")
        return ERROR
    except BrokenPipeError:
        # Nothing more is written at the end of the process either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except OSError as problem:
        sys.stderr.write(f"error: {problem.filename or 'the output'}: {problem.strerror}\n")
        return ERROR
    except KeyboardInterrupt:
        return 130
    return FINE
