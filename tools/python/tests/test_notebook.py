"""The notebook of the documentation: it runs from top to bottom, and shows what comes out.

`UPDATE_NOTEBOOK=1` writes what came out into the page.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conftest import CHECKOUT

PAGE = CHECKOUT / "Documentation" / "Notebook.ipynb"


def test_the_notebook_runs_and_its_texts_are_what_comes_out(program: Path, tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    pytest.importorskip("matplotlib")
    book = nbformat.read(PAGE, 4)
    shown = [spoken(cell) for cell in book.cells]
    nbclient.NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute(env={**os.environ, "PYTHONWARNINGS": "ignore"})
    if os.environ.get("UPDATE_NOTEBOOK"):
        for cell in book.cells:
            cell.metadata = {}
        nbformat.write(book, PAGE)
        return
    assert sum(len(cell.get("outputs", [])) > 0 for cell in book.cells) > 8
    assert [spoken(cell) for cell in book.cells] == shown


def spoken(cell: dict[str, object]) -> str:
    """What a cell printed: the tree of checkpoints, times, values; the same bits on every machine."""
    outputs = cell.get("outputs", [])
    assert isinstance(outputs, list)
    return "".join(output["text"] for output in outputs if output.get("name") == "stdout")
