"""The samples of the documentation do what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[3] / "Documentation" / "Python.md"


def test_the_samples_of_the_page_run_from_top_to_bottom(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("scipy")
    pytest.importorskip("matplotlib").use("Agg")
    text = PAGE.read_text(encoding="utf-8")
    (tmp_path / "net.yaml").write_text(re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1])
    monkeypatch.chdir(tmp_path)
    space: dict[str, object] = {}
    samples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(samples) > 5
    for sample in samples:
        exec(compile(sample, str(PAGE), "exec"), space)
    told = capsys.readouterr().out
    assert "the end of the steps at t = 0.2 s" in told
    assert "(160, 200)" in told
    assert "True True" in told
    assert "['final', 'trained']" in told
