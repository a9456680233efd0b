"""``engram report DIR -o report.html``: one page about a run."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from .shared import Parser, ended, opened


def parser() -> argparse.ArgumentParser:
    found = Parser(
        prog="engram report",
        description="Writes one page of HTML about a run, with everything inside: model, checkpoints, recordings, weights, "
        "performance, provenance. It needs no network.",
    )
    found.add_argument("place", metavar="DIR[@NAME]", help="a run directory, portable file or export")
    found.add_argument("-o", "--output", metavar="FILE", help="the page; DIR.html by default")
    return found


def write(options: argparse.Namespace) -> Path:
    from ..report import report

    run, checkpoint = opened(options.place)
    return report(run, options.output or f"{run.path.stem}.html", checkpoint.id)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    return ended(lambda: print(write(options)))
