"""The report: complete, quiet on the network, drawn by a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import engram
from conftest import MODEL

pytest.importorskip("plotly")

from engram.report import charts, report


@pytest.fixture(scope="module")
def page(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run with a branch, whose model is called what no page may take for its own."""
    folder = tmp_path_factory.mktemp("report")
    hostile = MODEL.replace("after learning", '"</script><img src=x onerror=alert(1)>"')
    (folder / "small.yaml").write_text(hostile)
    run = engram.run(folder / "small.yaml", directory=folder / "small.engram")
    run.branch("trained", "other")
    return report(run.path, folder / "report.html")


def test_a_report_has_every_part(page: Path) -> None:
    text = page.read_text()
    for heading in ("State", "Model", "Checkpoints", "Activity", "Synapses", "Performance", "Provenance"):
        assert f'<h2 id="{heading}">' in text
    assert "dv/dt = (drive - v)/tau : volt (unless refractory)" in text
    assert "<th>tau</th><td>10 ms</td>" in text
    for title in (
        "spikes: events of P",
        "rate: rate of P",
        "trace: v of P",
        "g of S at t = 0.05 s",
        "checkpoints and branches",
    ):
        assert f'"text":"{title}"' in text
    assert "<td>trained, #good</td>" in text


def test_a_report_asks_no_network_and_words_of_others_stay_words(page: Path) -> None:
    text = page.read_text()
    assert "default-src 'none'" in text
    own = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", own)
    assert "<img" not in own
    assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in own


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("there is no Chromium on the PATH (Debian: apt install chromium): the page is not drawn")


def browse(page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        chromium(),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        f"--user-data-dir={page.parent / 'b'}",
    ]
    return subprocess.run([*command, *options, page.as_uri()], capture_output=True, text=True, timeout=120, check=True)


def test_a_browser_draws_every_chart_without_complaint(page: Path, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    shown = browse(page, "--window-size=960,4500", f"--screenshot={picture}", "--dump-dom")
    complaints = [line for line in shown.stderr.splitlines() if "CONSOLE" in line]
    assert complaints == []
    image = pytest.importorskip("PIL.Image").open(picture)
    pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    # The colours of traces, bands and dots are there: charts are no empty frames.
    for colour in charts.COLOURS[:3]:
        wanted = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)])
        assert (np.abs(pixels - wanted).max(axis=1) < 12).sum() > 100, colour
    assert int(re.search(r'data-drawn="(\d+)"', shown.stdout)[1]) == page.read_text().count('class="chart"') > 8  # type: ignore[index]


def test_a_report_prints_on_pages(page: Path, tmp_path: Path) -> None:
    paper = tmp_path / "page.pdf"
    browse(page, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    data = paper.read_bytes()
    assert data.startswith(b"%PDF")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", data)) <= 15


def test_many_spikes_are_a_density_that_counts_them_all(run: engram.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "MARKS_UP_TO", 10)
    found = charts.raster(run.latest, "spikes")
    assert np.sum(found.data[0]["z"]) == len(run.spikes("spikes"))
    assert "density of" in found.note


def test_an_export_has_a_report_too(run: engram.Run, tmp_path: Path) -> None:
    exported = run.export(tmp_path / "e.h5", "trained")
    text = report(exported, tmp_path / "e.html").read_text()
    assert "g of S at t = 0.05 s" in text
    assert "checkpoints and branches" not in text
