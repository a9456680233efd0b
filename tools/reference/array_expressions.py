"""Writes fixtures/reference/array_expressions.json: texts of lists with the values that NumPy gives them.

Run with the Python environment of the repository: .venv/bin/python tools/reference/array_expressions.py
"""

import json
from pathlib import Path

import numpy as np

TARGET = Path(__file__).parents[2] / "fixtures/reference/array_expressions.json"
TEXTS = [
    "linspace(0, 1, 7)",
    "linspace(-3, 2, 11, False)",
    "linspace(5, 5, 1)",
    "arange(7)",
    "arange(2, 9)",
    "arange(0, 1, 0.1)",
    "arange(10, 0, -3)",
    "logspace(-2, 3, 6)",
    "geomspace(1, 1000, 4)",
    "repeat([1, 2, 3], 2)",
    "repeat([1, 2, 3], [3, 0, 2])",
    "tile([1, 2], 3)",
    "concatenate([linspace(0, 1, 3), zeros(2), [7]])",
    "full(3, 2.5)",
    "sin(2*pi*arange(8)/8)",
    "exp(-linspace(0, 3, 5)**2/2) + 1",
    "where(arange(6) % 2 == 0, arange(6), -1)",
    "minimum(arange(5), 2.5)",
    "maximum(arange(5), [4, 3, 2, 1, 0])",
    "cumsum([1, 2, 3.5])",
    "diff([1, 4, 9, 16])",
    "sort([3, 1, 2])",
    "flip(arange(4))",
    "roll(arange(5), 2)",
    "roll(arange(5), -1)",
    "unique([3, 1, 3, 2, 1])",
    "round([0.5, 1.5, 2.4])",
    "arange(10)[2:8:2]",
    "arange(10)[-3:]",
    "arange(10)[::-1]",
    "arange(10)[[1, 3, -1]]",
    "arange(6)[arange(6) > 2]",
    "reshape(arange(6), 2, 3)[1]",
    "reshape(arange(6), 2, 3)[:, 1]",
    "transpose(reshape(arange(6), 2, 3))[2]",
    "outer([1, 2], [3, 4, 5])[1]",
    "[sum(arange(5)), mean([1, 2, 6]), std([1, 2, 6]), min([3, 1, 2]), max([3, 1, 2])]",
    "[len(zeros(4)), argmin([3, 1, 2]), argmax([3, 1, 2])]",
    "clip(linspace(-2, 2, 5), -1, 1)",
    "7 // arange(1, 5)",
    "-7 % arange(1, 5)",
]


def value(text: str) -> list[float]:
    names = {name: getattr(np, name) for name in dir(np)}
    names["reshape"] = lambda values, rows, columns: np.reshape(values, (rows, columns))
    names |= {"sum": np.sum, "min": np.min, "max": np.max, "len": len, "round": np.round}
    return [float(number) for number in np.asarray(eval(text, names)).ravel()]  # noqa: S307


TARGET.write_text(json.dumps([{"text": text, "values": value(text)} for text in TEXTS], indent=1) + "\n")
