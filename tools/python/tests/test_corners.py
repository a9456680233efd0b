"""What seldom happens while reading: odd files, odd questions, and what is said then."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import h5py
import numpy as np
import pytest

import engram
from building import digest, example, sectioned
from engram.errors import UnsupportedVersion
from engram.reading.exports import constant_of, text_of
from engram.reading.status import Status, read_status
from engram.storage.format_file import read_format
from engram.storage.names import read_names
from engram.storage.portable import HEADER_BYTE_COUNT, read_portable

# ------------------------------------------------------------------------------------------------------- portable files


@pytest.fixture
def portable(run: engram.Run, tmp_path: Path) -> Path:
    run.pack(tmp_path / "p.h5", "trained")
    return tmp_path / "p.h5"


def changed_header(path: Path, offset: int, data: bytes, seal: bool = True) -> None:
    content = bytearray(path.read_bytes())
    content[offset : offset + len(data)] = data
    if seal:
        content[HEADER_BYTE_COUNT - 16 : HEADER_BYTE_COUNT] = digest(bytes(content[: HEADER_BYTE_COUNT - 16]))
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("offset", "data", "words"),
    [
        (8, struct.pack("<H", 2), r"2\.0"),
        (16, struct.pack("<Q", 5000), "5000 were written"),
        (24, struct.pack("<Q", 1 << 40), "beyond the file"),
        (24, struct.pack("<Q", 1), "beyond the file"),
        (40, b"\0" * 16, "checksum of its manifests"),
    ],
)
def test_a_portable_file_that_lies_about_itself_is_told(portable: Path, offset: int, data: bytes, words: str) -> None:
    assert read_portable(portable)[0].name == "trained"
    changed_header(portable, offset, data)
    with pytest.raises((engram.DamagedFile, UnsupportedVersion), match=words):
        engram.open(portable)


def test_a_portable_file_without_its_beginning_or_end_is_told(portable: Path) -> None:
    changed_header(portable, 100, b"x", seal=False)
    with pytest.raises(engram.DamagedFile, match="first block"):
        engram.open(portable)
    portable.write_bytes(portable.read_bytes()[:1000])
    with pytest.raises(engram.DamagedFile, match="not a portable file"):
        engram.open(portable)


# --------------------------------------------------------------------------------------------------------- small files


def test_tables_of_names_that_mean_nothing_are_damage() -> None:
    def table(*bodies: bytes) -> bytes:
        return sectioned(b"\x89ENGNAM\n", [(b"NAME", 1, body) for body in bodies])

    empty = struct.pack("<Q", 3) + struct.pack("<I", 0) * 3
    assert read_names(table(empty), "n").up_to_sequence == 3
    with pytest.raises(engram.DamagedFile, match="2 tables of names"):
        read_names(table(empty, empty), "n")
    with pytest.raises(engram.DamagedFile, match="not a number of a checkpoint"):
        read_names(table(struct.pack("<Q", 1 << 63) + empty[8:]), "n")
    with pytest.raises(engram.DamagedFile, match="bytes too many"):
        read_names(table(empty + b"more"), "n")


def test_a_format_file_with_a_right_check_number_must_have_its_lines() -> None:
    for body in (b"engram run directory\nformat 1.0\n", b"engram run directory\n\xff\n"):
        low = struct.unpack("<Q", digest(body)[:8])[0]
        with pytest.raises(engram.DamagedFile, match="a line is missing"):
            read_format(body + f"check {low:016x}\n".encode(), "FORMAT")


def test_folders_and_journals_that_are_something_else_are_told(tmp_path: Path) -> None:
    writer = example(tmp_path)
    writer.commit(1, "trained")
    for name in ("journal", "journal.copy"):
        (tmp_path / name).mkdir()
    run = engram.open(tmp_path)
    with pytest.raises(engram.DamagedFile):
        run.at("trained")
    assert run.at("ck-1").t == 1.5
    for folder in ("objects", "checkpoints"):
        (tmp_path / folder).rename(tmp_path / f"old-{folder}")
        with pytest.raises(engram.EngramError, match="is missing"):
            run.at("ck-1")["P"].v  # noqa: B018
        (tmp_path / folder).symlink_to(tmp_path / f"old-{folder}")
        with pytest.raises(engram.DamagedFile, match="cannot be opened as a folder"):
            run.at("ck-1")["P"].v  # noqa: B018
        (tmp_path / folder).unlink()
        (tmp_path / f"old-{folder}").rename(tmp_path / folder)
    assert run.at("ck-1")["P"].v[1] == 1e-3
    with pytest.raises(engram.NotARun):
        engram.open(tmp_path / "FORMAT" / "x")


def test_a_missing_object_is_told_when_everything_is_verified(tmp_path: Path) -> None:
    example(tmp_path).commit(1)
    checkpoint = engram.open(tmp_path).latest
    next((tmp_path / "objects").iterdir()).unlink()
    with pytest.raises(engram.EngramError, match="is missing"):
        checkpoint.verify()


def test_a_file_that_is_larger_than_any_real_one_is_not_read(tmp_path: Path) -> None:
    example(tmp_path).commit(1)
    with (tmp_path / "status.json").open("wb") as file:
        file.truncate(1 << 21)
    with pytest.raises(engram.DamagedFile, match="at most 1048576"):
        engram.open(tmp_path).status  # noqa: B018


# ------------------------------------------------------------------------------------------------------------- exports


def test_exports_are_asked_like_runs(run: engram.Run, tmp_path: Path) -> None:
    exported = run.export(tmp_path / "e.h5", "trained")
    assert exported.latest.t == run.at("trained").t
    assert exported.status.state == "unknown"
    assert exported.latest.verify() == []
    assert len(exported["P"]) == 100
    assert list(exported) == list(exported.latest)
    assert exported["S"].shape == (80, 80)
    with pytest.raises(engram.UnknownName, match="there is no checkpoint"):
        exported.at("ck-9")
    with pytest.raises(engram.EngramError, match="is an export"):
        exported.tree()
    everything = run.export(tmp_path / "all.h5", all=True)
    assert everything.at("trained").t == run.at("trained").t


def test_an_export_that_is_damaged_or_none_is_told(run: engram.Run, tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = 1
    with pytest.raises(engram.NotARun, match="no export of Engram"):
        engram.open(tmp_path / "other.h5")
    exported = run.export(tmp_path / "e.h5", "trained", chunked=True)
    data = bytearray((tmp_path / "e.h5").read_bytes())
    with h5py.File(tmp_path / "e.h5") as file:
        chunk = file["objects/P/v"].id.get_chunk_info(0)
        is_checked = file["objects/P/v"].fletcher32 or file["objects/P/v"].compression is not None
    data[chunk.byte_offset : chunk.byte_offset + 16] = b"\xff" * 16
    (tmp_path / "e.h5").write_bytes(data)
    assert bool(exported.latest.verify()) == is_checked


def test_large_arrays_of_an_export_are_mapped(program: Path, tmp_path: Path) -> None:
    text = "name: large\nobjects:\n  - {kind: NeuronGroup, name: G, N: 20000, model: 'v : 1', initial: {v: i}}\nrun: 1 ms\n"
    (tmp_path / "large.yaml").write_text(text)
    large = engram.run(tmp_path / "large.yaml", directory=tmp_path / "large.engram")
    exported = large.export(tmp_path / "large.h5")
    assert np.array_equal(exported["G"].v, np.arange(20000))
    base: object = exported["G"].v
    while isinstance(base, np.ndarray):
        base = base.base
    assert type(getattr(base, "obj", base)).__name__ == "mmap"


def test_attributes_of_hdf5_become_texts_and_constants() -> None:
    assert text_of(np.array([b"a"])) == text_of(b"a") == text_of("a") == "a"
    assert constant_of("0.01 second").unit == "s"
    assert constant_of("3") == 3
    assert constant_of("3 furlong") == "3 furlong"
    assert constant_of("a text") == "a text"


# ----------------------------------------------------------------------------------------------------------- questions


def test_objects_answer_like_mappings(run: engram.Run) -> None:
    group = run["P"]
    assert set(group) == set(group.variables)
    assert len(group) == group.N == 100
    assert bool(group)
    assert list(run.latest) == list(run.objects)
    assert not hasattr(group, "__array_interface__")
    assert run["trace"].source == "P"
    assert run["trace"].elements.tolist() == [0, 50, 99]
    assert run["weights"].elements is None
    assert "delay" in dir(run["S"].pre)
    with pytest.raises(engram.UnknownVariable, match="did you mean 'pre'"):
        run["S"].prr  # noqa: B018


def test_what_was_not_recorded_is_told(program: Path, tmp_path: Path) -> None:
    text = """\
name: quiet
objects:
  - {kind: NeuronGroup, name: G, N: 3, model: "v : 1", threshold: v > 1, reset: v = 0}
  - {kind: StateMonitor, name: M, source: G, variables: v, record: false}
  - {kind: PopulationRateMonitor, name: R, source: G}
"""
    (tmp_path / "quiet.yaml").write_text(text)
    quiet = engram.run(tmp_path / "quiet.yaml", until="0.1 ms", directory=tmp_path / "quiet.engram")
    assert quiet.recording("M")["v"].shape == (1, 0)
    with pytest.raises(engram.EngramError, match="a step needs two"):
        quiet.rate("R").smooth("1 ms")


def test_rates_are_cut_smoothed_and_refused(run: engram.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rate = run.rate("rate")
    part = rate.between(0.01, 0.02)
    assert len(part.t) == 100
    assert part.series().index.name == "t"
    with pytest.raises(engram.EngramError, match="more than 0"):
        rate.smooth(0)
    with pytest.raises(engram.UnknownName, match="did you mean 'gaussian'"):
        rate.smooth("1 ms", window="gausian")
    with monkeypatch.context() as patched:
        patched.setitem(__import__("sys").modules, "scipy.sparse", None)
        with pytest.raises(engram.EngramError, match=r"engram-snn\[sparse\]"):
            run.synapses("S").matrix()


def test_recordings_of_different_lengths_are_damage(tmp_path: Path) -> None:
    writer = example(tmp_path)
    writer.arrays[-1].values = writer.arrays[-1].values[:-1]
    writer.commit(1)
    with pytest.raises(engram.DamagedFile, match="different lengths"):
        engram.open(tmp_path).spikes("M")


def test_a_status_says_itself_in_a_sentence(tmp_path: Path) -> None:
    for state, words in (
        ("running", "running: process 7 on here, t = 1 s of 2 s"), ("abandoned", "ended without a word"),
        ("failed", "failed at t = 1 s of 2 s: no room"), ("unknown", "no run has said anything"), ("stopped", "stopped at t = 1 s"),
    ):  # fmt: skip
        assert words in str(Status(state, 1.0, 2.0, process=7, host="here", problem="no room"))
    import socket

    told = {"format": "engram status 1", "state": "running", "host": socket.gethostname()}
    for process, expected in ((None, "running"), (-1, "running"), (1 << 80, "running"), (1, "running")):
        (tmp_path / "status.json").write_text(json.dumps({**told, "process": process}))
        assert read_status(tmp_path).state == expected
    (tmp_path / "status.json").write_text(json.dumps({**told, "host": "elsewhere", "process": 99999999}))
    assert read_status(tmp_path).state == "running"


def test_a_comment_and_an_initial_checkpoint_are_there(run: engram.Run) -> None:
    assert run.at("initial").kind == "initial"
    assert run.at("trained").comment == "after learning"
    assert "after learning" in run.checkpoints["comment"].tolist()
