"""``engram convert DIR --to nwb``: what was recorded and connected, in a format of the field."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..convert import FORMATS, convert, convert_table
from .shared import Parser, ended, one_of, opened


def parser() -> argparse.ArgumentParser:
    found = Parser(
        prog="engram convert",
        description="Writes what a run holds, at its newest checkpoint or at DIR@NAME, in a format of the field; and a table of a sweep as Parquet.",
        epilog="; ".join(f"{name}: {form.meaning}" for name, form in FORMATS.items()),
    )
    found.add_argument("place", metavar="DIR[@NAME]", help="a run directory, portable file or export, or a table of a sweep (.csv)")
    found.add_argument(
        "--to", metavar="FORMAT", required=True, type=one_of("format", list(FORMATS)), help=", ".join(FORMATS)
    )
    found.add_argument("-o", "--output", metavar="PATH", help="a file, or a folder for formats of several files")
    return found


def write(options: argparse.Namespace) -> Path:
    if options.place.endswith(".csv") and Path(options.place).is_file():
        return convert_table(options.place, options.to, options.output)
    run, checkpoint = opened(options.place)
    return convert(run, options.to, options.output, checkpoint.id)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    return ended(lambda: print(write(options)))
