"""Files of a run directory: what was written is read, and whatever else is there is told."""

from __future__ import annotations

import os
import random
import struct
from pathlib import Path

import numpy as np
import pytest

import engram
from building import Writer, committed, example, journal, resealed, sectioned, text
from engram.storage.arrays import Values
from engram.storage.manifest import Key, Manifest


def test_arrays_come_back_as_they_were_written(tmp_path: Path) -> None:
    example(tmp_path).commit(1, "trained")
    run = engram.open(tmp_path, verify=True)
    assert run["P"].v.tolist() == (np.arange(5) * 1e-3).tolist()
    assert run["P"].v.unit == "V"
    assert run["P"].ok.tolist() == [True, False, True, True, False]
    assert run["P"].empty.shape == (0,)
    assert run["P"].shared.shape == ()
    assert float(run["P"].shared) == 2.5
    assert run["P"].small.dtype == np.float32
    assert run.latest.verify() == []
    assert run.latest.seed == 2**64 - 1


def test_a_recording_in_several_files_is_one(tmp_path: Path) -> None:
    example(tmp_path).commit(1)
    spikes = engram.open(tmp_path, verify=True).spikes("M")
    assert np.allclose(spikes["t"], np.arange(7) * 0.1, rtol=0, atol=0)
    assert spikes["i"].tolist() == [0, 1, 2, 3, 4, 0, 1]


def test_arrays_lie_in_the_file_and_cannot_be_written(tmp_path: Path) -> None:
    example(tmp_path).commit(1)
    values = engram.open(tmp_path)["P"].v
    base = values
    while isinstance(base, np.ndarray):
        base = base.base
    assert type(getattr(base, "obj", base)).__name__ == "mmap"
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 1


@pytest.mark.parametrize("minor", [0, 1, 7])
def test_optional_sections_of_later_minor_versions_are_passed_over(tmp_path: Path, minor: int) -> None:
    example(tmp_path).begin(f"1.{minor}").commit(1, "trained", minor=minor, more=[(b"NEWS", 0, b"from the future")])
    assert engram.open(tmp_path).at("trained")["P"].v[4] == 4e-3


def test_a_needed_section_that_is_not_known_is_refused(tmp_path: Path) -> None:
    example(tmp_path).commit(1, "trained", more=[(b"NEWS", 1, b"from the future")])
    with pytest.raises(engram.UnsupportedVersion, match="'NEWS'"):
        engram.open(tmp_path).at("ck-1")


def test_a_greater_major_version_is_refused(tmp_path: Path) -> None:
    writer = example(tmp_path)
    path = writer.commit(1)
    data = sectioned(b"\x89ENGMAN\n", writer.sections(1), major=2)
    path.write_bytes(data)
    with pytest.raises(engram.UnsupportedVersion, match=r"2\.0"):
        engram.open(tmp_path).at("ck-1")
    writer.begin("2.0", "2.0")
    with pytest.raises(engram.UnsupportedVersion, match=r"2\.0"):
        engram.open(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"engram run directory\n",
        b"engram run directory\nformat 1.0\nreadable since 1.0\nrun x\ncheck 0000000000000000\n",
        b"#!/bin/sh\n",
        b"\xff" * 200,
    ],
)
def test_a_format_file_that_is_none_is_told(tmp_path: Path, content: bytes) -> None:
    example(tmp_path)
    (tmp_path / "FORMAT").write_bytes(content)
    with pytest.raises((engram.NotARun, engram.DamagedFile)):
        engram.open(tmp_path)


def test_every_changed_byte_of_a_manifest_is_noticed(tmp_path: Path) -> None:
    data = example(tmp_path).commit(1).read_bytes()
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0x41
        with pytest.raises((engram.DamagedFile, engram.UnsupportedVersion)):
            Manifest(bytes(changed), "x")
    for length in range(0, len(data), 7):
        with pytest.raises(engram.DamagedFile):
            Manifest(data[:length], "x")


def test_wrong_bytes_with_a_right_checksum_give_an_error_of_ours_or_a_value(tmp_path: Path) -> None:
    data = example(tmp_path).commit(1).read_bytes()
    generator = random.Random(5)
    refused = 0
    for _ in range(1000):
        changed = bytearray(data)
        for _ in range(generator.choice((1, 1, 2, 8))):
            changed[generator.randrange(8, len(data) - 16)] = generator.choice(
                (0, 1, 0x7F, 0x80, 0xFF, generator.randrange(256))
            )
        (tmp_path / "checkpoints" / "ck-1.manifest").write_bytes(resealed(bytes(changed)))
        try:
            checkpoint = engram.open(tmp_path, verify=True).at("ck-1")
            repr(checkpoint)
            checkpoint.spikes("M")
            checkpoint["P"].v.sum()
        except engram.EngramError:
            refused += 1
    assert refused > 300


def test_announced_sizes_are_compared_with_what_is_there(tmp_path: Path) -> None:
    writer = example(tmp_path)
    sections = writer.sections(1)
    huge = struct.pack("<I", 0xFFFF_FFFF)
    for place in (1, 2, 3):
        changed = list(sections)
        changed[place] = (sections[place][0], 1, huge + sections[place][2][4:])
        with pytest.raises(engram.DamagedFile, match="too few bytes left"):
            _ = Manifest(sectioned(b"\x89ENGMAN\n", changed), "x").contents


def test_an_array_that_lies_beyond_its_file_is_refused(tmp_path: Path) -> None:
    writer = Writer(tmp_path).begin()
    files = struct.pack("<I", 1) + b"\x00" + text("a.h5") + struct.pack("<QQ", 4096, 0) + bytes(16)
    head = (
        text("P")
        + text("v")
        + b"\x00\x00"
        + struct.pack("<I7d", 0, *[0.0] * 7)
        + text("1")
        + struct.pack("<QQQB", 4, 1, 1, 1)
    )
    sections = writer.sections(1)
    sections[1] = (b"FILE", 1, files)
    sections[2] = (b"COLS", 1, struct.pack("<I", 1) + head + struct.pack("<IQQ", 0, 4090, 32) + bytes(16))
    with pytest.raises(engram.DamagedFile, match="beyond its file"):
        _ = Manifest(sectioned(b"\x89ENGMAN\n", sections), "x").contents


def repeated(type_code: int, rows: int, row_length: int, bits: int) -> bytes:
    """A section of one array whose elements are all the same."""
    head = text("S") + text("w") + b"\x00" + bytes([type_code]) + struct.pack("<I7d", 0, *[0.0] * 7) + text("V")
    return struct.pack("<I", 1) + head + struct.pack("<QQQQ", rows, row_length, 1, bits)


@pytest.mark.parametrize(
    ("type_code", "rows", "row_length", "bits", "expected"),
    [
        (0, 1_000_000, 1, 0x8000_0000_0000_0000, np.full(1_000_000, -0.0)),
        (1, 3, 2, 0x3FC0_0000, np.full((3, 2), 1.5, np.float32)),
        (2, 4, 1, 0xFFFF_FFFE, np.full(4, -2, np.int32)),
        (4, 5, 1, 1, np.full(5, True)),
    ],
)
def test_an_array_of_equal_elements_is_stored_as_one_and_read_as_all(
    tmp_path: Path, type_code: int, rows: int, row_length: int, bits: int, expected: Values
) -> None:
    writer = example(tmp_path)
    writer.commit(1, minor=2, more=[(b"FILL", 1, repeated(type_code, rows, row_length, bits))])
    run = engram.open(tmp_path, verify=True)
    values = run.latest.arrays.whole(Key("S", "w"))
    assert values.dtype == expected.dtype
    assert values.shape == expected.shape
    assert values.tobytes() == expected.tobytes()
    assert run.latest.verify() == []
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 1


@pytest.mark.parametrize(
    ("type_code", "rows", "bits", "message"),
    [
        (0, 0, 0, "0 equal elements"),
        (0, 1 << 31, 0, "equal elements"),
        (1, 4, 1 << 32, "too long"),
        (4, 4, 256, "too long"),
    ],
)
def test_what_cannot_be_an_array_of_equal_elements_is_refused(
    tmp_path: Path, type_code: int, rows: int, bits: int, message: str
) -> None:
    sections = [*example(tmp_path).sections(1), (b"FILL", 1, repeated(type_code, rows, 1, bits))]
    with pytest.raises(engram.DamagedFile, match=message):
        _ = Manifest(sectioned(b"\x89ENGMAN\n", sections), "x").contents


def test_a_truth_value_that_is_neither_is_refused_where_all_are_equal(tmp_path: Path) -> None:
    example(tmp_path).commit(1, more=[(b"FILL", 1, repeated(4, 5, 1, 2))])
    with pytest.raises(engram.DamagedFile, match="neither 0 nor 1"):
        engram.open(tmp_path).latest.arrays.whole(Key("S", "w"))


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "a/b", ".hidden", "", "a\n"])
def test_names_of_files_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    sections = Writer(tmp_path).begin().sections(1)
    sections[1] = (b"FILE", 1, struct.pack("<I", 1) + b"\x00" + text(name) + struct.pack("<QQ", 4096, 0) + bytes(16))
    with pytest.raises(engram.DamagedFile, match="plain file name"):
        _ = Manifest(sectioned(b"\x89ENGMAN\n", sections), "x").contents


def test_flipped_bytes_of_an_array_are_told_when_it_is_verified(tmp_path: Path) -> None:
    example(tmp_path).commit(1)
    path = tmp_path / "objects" / "1-0-0.h5"
    data = bytearray(path.read_bytes())
    data[4096 + 9] ^= 1
    path.write_bytes(data)
    with pytest.raises(engram.DamagedFile, match=r"P\.v does not agree"):
        _ = engram.open(tmp_path, verify=True)["P"].v
    problems = engram.open(tmp_path).latest.verify()
    assert any("P.v" in str(problem) for problem in problems)


@pytest.mark.parametrize("length", [4096 + 5 * 8 - 1, 4096, 0, 65536 + 4096 + 1])
def test_a_file_of_another_length_is_told_before_it_is_mapped(tmp_path: Path, length: int) -> None:
    example(tmp_path).commit(1)
    os.truncate(tmp_path / "objects" / "1-0-0.h5", length)
    with pytest.raises(engram.DamagedFile, match="bytes"):
        _ = engram.open(tmp_path)["P"].v
    assert engram.open(tmp_path).latest.verify()


def test_zeros_behind_the_last_array_of_an_object_may_be_lacking(tmp_path: Path) -> None:
    example(tmp_path).commit(1)
    os.truncate(tmp_path / "objects" / "1-0-0.h5", 4096 + 5 * 8)
    run = engram.open(tmp_path, verify=True)
    assert run["P"].v[4] == 4e-3
    assert run.latest.verify() == []


def test_a_segment_may_grow_but_not_shrink(tmp_path: Path) -> None:
    example(tmp_path).commit(1)
    path = tmp_path / "segments" / "1-5-0.h5"
    os.truncate(path, 1 << 30)
    assert len(engram.open(tmp_path, verify=True).spikes("M")) == 7
    os.truncate(path, 4096 + 8)
    with pytest.raises(engram.DamagedFile, match="at least"):
        engram.open(tmp_path).spikes("M")


def test_links_pipes_and_missing_files_are_told_and_not_followed(tmp_path: Path) -> None:
    example(tmp_path).commit(1)
    path = tmp_path / "objects" / "1-0-0.h5"
    path.rename(tmp_path / "elsewhere")
    with pytest.raises(engram.EngramError, match="is missing"):
        _ = engram.open(tmp_path)["P"].v
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(engram.DamagedFile):
        _ = engram.open(tmp_path)["P"].v
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(engram.DamagedFile, match="not a regular file"):
        _ = engram.open(tmp_path)["P"].v


def test_a_truth_value_that_is_neither_is_told(tmp_path: Path) -> None:
    writer = example(tmp_path)
    writer.arrays[1].values = np.array([0, 1, 2, 0, 0], dtype="u1").view(bool)
    writer.commit(1)
    with pytest.raises(engram.DamagedFile, match="neither 0 nor 1"):
        _ = engram.open(tmp_path)["P"].ok


def test_names_follow_the_table_and_then_later_manifests(tmp_path: Path) -> None:
    writer = example(tmp_path)
    for number, name in ((1, "a"), (2, "b"), (3, None), (4, "a")):
        writer.commit(number, name)
    writer.names(3, {"renamed": 1, "b": 2}, {2: ["kept", "fine"]}, [3])
    run = engram.open(tmp_path)
    assert run.names == {"a": "ck-4", "b": "ck-2", "renamed": "ck-1"}
    assert run.checkpoints["id"].tolist() == ["ck-1", "ck-2", "ck-4"]
    assert run.at("b").tags == ("kept", "fine")
    with pytest.raises(engram.UnknownName):
        run.at("ck-3")


def test_a_damaged_newer_checkpoint_makes_names_uncertain_and_ids_not(tmp_path: Path) -> None:
    writer = example(tmp_path)
    writer.commit(1, "a")
    path = writer.commit(2, "a")
    path.write_bytes(path.read_bytes()[:-1])
    run = engram.open(tmp_path)
    assert run.at("ck-1").id == "ck-1"
    for name in ("a", "latest", "live", "nonsense", "ck-2"):
        with pytest.raises(engram.DamagedFile):
            run.at(name)
    assert list(run.checkpoints.attrs["damaged"]) == ["ck-2"]


def test_a_damaged_table_of_names_leaves_ids(tmp_path: Path) -> None:
    writer = example(tmp_path)
    writer.commit(1, "a")
    path = writer.names(1, {"a": 1})
    path.write_bytes(path.read_bytes().replace(b"a", b"b"))
    run = engram.open(tmp_path)
    assert run.at("ck-1").t == 1.5
    with pytest.raises(engram.DamagedFile):
        run.at("a")


def test_a_manifest_under_another_number_is_refused(tmp_path: Path) -> None:
    writer = example(tmp_path)
    path = writer.commit(1)
    path.rename(path.with_name("ck-9.manifest"))
    with pytest.raises(engram.DamagedFile, match="describes checkpoint ck-1"):
        engram.open(tmp_path).at("ck-9")


def test_descriptions_that_are_wrong_are_damage(tmp_path: Path) -> None:
    writer = example(tmp_path)
    for content in (
        b"",
        b"\x06" + b"\xff" * 8,
        b"\x2a",
        b"\x07" + struct.pack("<Q", 1),
        b"\x06\x01" + bytes(7) * 90,
        b"\x01\x01",
    ):
        sections = [section for section in writer.sections(1) if not section[2].startswith(text("network"))]
        data = sectioned(b"\x89ENGMAN\n", [*sections, (b"PART", 1, text("network") + content)])
        (tmp_path / "checkpoints" / "ck-1.manifest").write_bytes(data)
        with pytest.raises(engram.DamagedFile):
            _ = engram.open(tmp_path).latest.network


def test_deep_nesting_is_damage_and_no_overflow(tmp_path: Path) -> None:
    writer = example(tmp_path)
    sections = [section for section in writer.sections(1) if not section[2].startswith(text("network"))]
    nested = (b"\x06" + struct.pack("<Q", 1)) * 5000 + b"\x05\x00"
    data = sectioned(b"\x89ENGMAN\n", [*sections, (b"PART", 1, text("network") + nested)])
    (tmp_path / "checkpoints" / "ck-1.manifest").write_bytes(data)
    with pytest.raises(engram.DamagedFile, match="deep"):
        _ = engram.open(tmp_path).latest.network


def test_what_is_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(engram.NotARun, match="does not exist"):
        engram.open(tmp_path / "nothing")
    with pytest.raises(engram.NotARun, match="no file FORMAT"):
        engram.open(tmp_path)
    (tmp_path / "text.h5").write_text("hello")
    with pytest.raises(engram.NotARun, match="HDF5"):
        engram.open(tmp_path / "text.h5")
    with pytest.raises(engram.NotARun, match=r"\.at\('trained'\)"):
        engram.open(f"{tmp_path}@trained")


def test_an_empty_run_says_that_it_is_empty(tmp_path: Path) -> None:
    example(tmp_path)
    run = engram.open(tmp_path)
    assert len(run.checkpoints) == 0
    assert str(run.tree()) == "no checkpoints yet"
    with pytest.raises(engram.EngramError, match="no checkpoint yet"):
        run.at("latest")


def test_a_tree_stands_in_for_parents_that_are_gone(tmp_path: Path) -> None:
    writer = example(tmp_path)
    for number, line in ((1, "main"), (2, "main"), (4, "main"), (5, "other")):
        writer.commit(number, f"n{number}", line=line, kind=3 if line == "other" else 0)
    tree = engram.open(tmp_path).tree()
    assert [node.parent for node in tree.nodes] == [None, "ck-1", "ck-2", "ck-4"]


def test_golden_directories_of_released_formats_are_read() -> None:
    formats = Path(__file__).resolve().parents[3] / "fixtures" / "formats"
    opened = 0
    for folder in sorted(formats.iterdir()):
        if (folder / "FORMAT").exists():
            run = engram.open(folder, verify=True)
            assert len(run.checkpoints) > 0
            for name in run.checkpoints["id"]:
                assert run.at(name).verify() == []
            opened += 1
    assert opened > 0


def journalled(root: Path) -> tuple[Writer, list[tuple[bytes, bytes]]]:
    """Three checkpoints on ``main`` and one on a line that branched off at the second, as a journal of format 1.1 says it."""
    writer = example(root).begin("1.1", "1.1")
    paths = [writer.commit(number, name) for number, name in ((1, "a"), (2, "b"), (3, "a"))]
    branch = writer.commit(4, "a", line="side", kind=3)
    records = [committed(path, name=name) for path, name in zip(paths, "aba", strict=True)]
    records.append(committed(branch, "side", "a", parent=2, kind=3))
    return writer, records


def test_names_of_a_journal_belong_to_lines(tmp_path: Path) -> None:
    writer, records = journalled(tmp_path)
    (tmp_path / "journal").write_bytes(journal(writer.run, records))
    (tmp_path / "journal.copy").write_bytes(journal(writer.run, records))
    run = engram.open(tmp_path)
    assert run.names == {"a": "ck-3", "b": "ck-2", "side:a": "ck-4"}
    assert run.at("side:a").id == "ck-4"
    assert run.at("side:latest").id == "ck-4"
    assert run.at("latest").id == "ck-4"
    assert run.checkpoints["names"].tolist() == [[], ["b"], ["a"], ["a"]]
    more = [
        (b"NAME", struct.pack("<QI", 3, 1) + text("a") + text("last")),
        (b"TAGS", struct.pack("<QI", 2, 2) + text("x") + text("y")),
        (b"GONE", struct.pack("<IQ", 1, 4)),
        (b"NEWS", b"of a later version"),
    ]
    (tmp_path / "journal").write_bytes(journal(writer.run, records + more))
    assert run.names == {"b": "ck-2", "last": "ck-3"}
    assert run.at("b").tags == ("x", "y")
    # A name that was taken away is not given back to an older checkpoint.
    with pytest.raises(engram.UnknownName):
        run.at("a")
    with pytest.raises(engram.UnknownName):
        run.at("ck-4")


def test_the_longer_of_two_journals_counts_and_a_damaged_one_does_not(tmp_path: Path) -> None:
    writer, records = journalled(tmp_path)
    whole = journal(writer.run, records)
    (tmp_path / "journal").write_bytes(whole[:-1])
    (tmp_path / "journal.copy").write_bytes(whole)
    assert engram.open(tmp_path).names["a"] == "ck-3"
    for place in range(0, len(whole), 5):
        (tmp_path / "journal").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert engram.open(tmp_path).names["a"] == "ck-3"
    (tmp_path / "journal.copy").write_bytes(whole[:-1])
    run = engram.open(tmp_path)
    assert run.at("ck-3").id == "ck-3"
    with pytest.raises(engram.DamagedFile, match="journal"):
        run.at("a")


def test_a_checkpoint_that_a_process_could_not_note_any_more_is_there(tmp_path: Path) -> None:
    writer, records = journalled(tmp_path)
    (tmp_path / "journal").write_bytes(journal(writer.run, records))
    writer.commit(5, "late")
    assert engram.open(tmp_path).at("late").id == "ck-5"


def test_manifests_that_were_deleted_replaced_or_doubted_are_told(tmp_path: Path) -> None:
    writer, records = journalled(tmp_path)
    (tmp_path / "journal").write_bytes(journal(writer.run, records))
    writer.commit(2, "b", time=9.0)
    (tmp_path / "checkpoints" / "ck-1.manifest").unlink()
    (tmp_path / "checkpoints" / "ck-3.doubt").write_text("array P.v was damaged")
    run = engram.open(tmp_path)
    assert run.checkpoints["id"].tolist() == ["ck-4"]
    for name, reason in (
        ("ck-1", "is missing"),
        ("ck-2", "replaced"),
        ("b", "replaced"),
        ("ck-3", r"P\.v was damaged"),
    ):
        with pytest.raises(engram.DamagedFile, match=reason):
            run.at(name)
    assert run.at("ck-4").id == "ck-4"


def test_records_with_wrong_bodies_are_damage(tmp_path: Path) -> None:
    writer, _ = journalled(tmp_path)
    for kind in (b"SNAP", b"CMIT", b"GONE", b"NAME", b"TAGS"):
        for body in (b"\xff" * 3, b"\xff" * 7, b"\xff" * 200):
            (tmp_path / "journal").write_bytes(journal(writer.run, [(kind, body)]))
            with pytest.raises(engram.DamagedFile):
                engram.open(tmp_path).at("latest")


def test_a_journal_of_another_run_is_no_journal(tmp_path: Path) -> None:
    _, records = journalled(tmp_path)
    (tmp_path / "journal").write_bytes(journal("another run", records))
    with pytest.raises(engram.DamagedFile, match="another run"):
        engram.open(tmp_path).at("a")
