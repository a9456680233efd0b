"""``engram plot DIR raster -o out.svg``: one picture from the shell."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import EngramError
from .shared import Parser, ended, moment, one_of, opened

KINDS = {
    "raster": "spikes over time",
    "trace": "a recorded variable over time",
    "rate": "the rate of a population",
    "isi": "intervals between spikes",
    "phase": "one recorded variable over another: --variable v,w",
    "weights": "the distribution of a variable of synapses",
    "weights_over_time": "that distribution from checkpoint to checkpoint",
    "connectivity": "who is connected with whom",
    "morphology": "a neuron with a shape, coloured by a variable: --variable v",
    "tree": "checkpoints and branches",
    "summary": "everything that was recorded",
}
_OF_RUNS = ("tree", "weights_over_time")
_FORMATS = ("svg", "pdf", "png", "jpg", "eps")


def parser() -> argparse.ArgumentParser:
    found = Parser(
        prog="engram plot",
        description="Draws a picture of a run, of its newest checkpoint or of DIR@NAME.",
        epilog="kinds: " + "; ".join(f"{kind}: {meaning}" for kind, meaning in KINDS.items()),
    )
    found.add_argument("place", metavar="DIR[@NAME]", help="a run directory, portable file or export")
    found.add_argument("kind", metavar="KIND", type=one_of("kind of picture", list(KINDS)), help=", ".join(KINDS))
    found.add_argument(
        "object", metavar="OBJECT", nargs="?", help="the monitor, the synapses or the neuron; the only ones by default"
    )
    found.add_argument("-o", "--output", metavar="FILE", help=f"ends in {', '.join(_FORMATS)}; else DIR-KIND.svg")
    found.add_argument("--variable", metavar="NAME", help="the variable to draw; `--variable v,w` for a phase portrait")
    found.add_argument("--elements", metavar="0,5,9", help="numbers of the elements to draw")
    found.add_argument("--from", dest="start", metavar="TIME", type=moment, help="the beginning, as in 100ms")
    found.add_argument("--to", dest="stop", metavar="TIME", type=moment, help="the end")
    found.add_argument("--width", metavar="TIME", help="the width of the window that smooths rates; 0 for none")
    found.add_argument("--size", metavar="WxH", help="inches, as in 7x4")
    found.add_argument("--dpi", metavar="NUMBER", type=float, default=150, help="dots per inch of png and jpg")
    return found


def _numbers(text: str | None, separator: str, kind: type, what: str) -> list[Any] | None:
    if text is None:
        return None
    try:
        return [kind(part) for part in text.split(separator)]
    except ValueError:
        raise EngramError(f"'{text}' is not {what}") from None


def draw(options: argparse.Namespace) -> Path:
    """Draws, and gives the file that it wrote."""
    try:
        import matplotlib
    except ImportError as problem:
        raise EngramError("pictures need matplotlib: pip install 'engram-snn[plot]'") from problem
    matplotlib.use("Agg")
    from matplotlib import pyplot

    from .. import plot

    run, checkpoint = opened(options.place)
    output = Path(options.output or f"{run.path.stem}-{options.kind}.svg")
    if output.suffix[1:].lower() not in _FORMATS:
        raise EngramError(f"'{output}': a picture ends in {', '.join('.' + name for name in _FORMATS)}")
    size = _numbers(options.size, "x", float, "a size in inches such as 7x4")
    if size is not None and (len(size) != 2 or not all(0.5 <= length <= 200 for length in size)):
        raise EngramError(f"'{options.size}' is not a size in inches such as 7x4")
    function = getattr(plot, options.kind)
    taken = inspect.signature(function).parameters
    given: dict[str, Any] = {}
    for word in ("monitor", "synapses", "neuron"):
        if word in taken:
            given[word] = options.object
    if options.object is not None and not given:
        raise EngramError(
            f"a picture of kind '{options.kind}' is of the whole run: '{options.object}' has no place there"
        )
    elements = _numbers(options.elements, ",", int, "a list of numbers such as 0,5,9")
    if options.start is not None or options.stop is not None:
        given["between"] = (options.start or 0.0, options.stop if options.stop is not None else checkpoint.t)
    if options.kind == "phase":
        variables = (options.variable or "").split(",")
        if len(variables) != 2 or not all(variables):
            raise EngramError("a phase portrait needs two variables: --variable v,w")
        given["x"], given["y"] = variables
        if elements:
            given["element"] = elements[0]
    else:
        if options.variable is not None:
            given["variable"] = options.variable
        elif "variable" in taken and taken["variable"].default is inspect.Parameter.empty:
            raise EngramError(f"'{options.kind}' needs a variable of the synapses: --variable w")
        if elements is not None:
            given["elements"] = elements
    if options.width is not None:
        given["width"] = None if options.width == "0" else options.width
    names = {"between": "--from and --to", "element": "--elements"}
    if refused := [names.get(name, "--" + name) for name in given if name not in taken]:
        raise EngramError(f"a picture of kind '{options.kind}' has no {', '.join(refused)}")
    drawn = function(run if options.kind in _OF_RUNS else checkpoint, **given)
    axes = drawn[0] if isinstance(drawn, list) else drawn
    if size is not None:
        axes.figure.set_size_inches(*size)
    axes.figure.savefig(output, dpi=options.dpi, bbox_inches="tight" if size is None else None)
    pyplot.close(axes.figure)
    return output


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_intermixed_args(arguments)
    return ended(lambda: print(draw(options)))
