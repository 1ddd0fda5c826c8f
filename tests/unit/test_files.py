"""Atomic files: old or new, never half; failures of the disk said in words."""

import errno
import json
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from gan_core.errors import DiskFullError, OpenFilesError, RunError
from gan_core.storage import files, json_text

GAN_CORE = Path(files.__file__).parents[1]


def test_write_atomic_replaces_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "a.bin"
    files.write_atomic(path, b"old")
    files.write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a.bin"]


def test_a_failure_keeps_the_old_file_and_no_temporary_one(tmp_path):
    path = tmp_path / "a.bin"
    files.write_atomic(path, b"old")
    with pytest.raises(ZeroDivisionError), files.atomic_file(path) as file:
        file.write(b"half")
        _ = 1 / 0
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.bin"]


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        (errno.ENOSPC, DiskFullError, "disk is full: a.bin could not be written .* is untouched"),
        (errno.EDQUOT, DiskFullError, "disk is full"),
        (errno.EMFILE, OpenFilesError, "Too many open files: a.bin in .* Nothing is lost"),
        (errno.ENFILE, OpenFilesError, "Too many open files"),
        (
            errno.EACCES,
            RunError,
            "a.bin cannot be written: .* is read-only for this user",
        ),
        (errno.EROFS, RunError, "is read-only for this user"),
        (errno.EIO, RunError, "a.bin could not be written to .*: Input/output error"),
    ],
)
def test_a_failing_disk_is_said_in_words(tmp_path, monkeypatch, number, kind, text):
    path = tmp_path / "a.bin"
    files.write_atomic(path, b"old")

    def fail(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(kind, match=text):
        files.write_atomic(path, b"new")
    assert os.listdir(tmp_path) == ["a.bin"]
    assert path.read_bytes() == b"old"


@pytest.fixture
def tiny_disk(tmp_path):
    """A real file system of 64 KB, where the machine lets us mount one."""
    tiny = tmp_path / "tiny"
    tiny.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tiny)]
    if os.name == "nt" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    yield tiny
    subprocess.run(["umount", "-l", str(tiny)], check=True)


def test_a_full_disk_keeps_what_was_there(tiny_disk):
    files.write_json(tiny_disk / "status.json", {"step": 1})
    with pytest.raises(DiskFullError, match="disk is full: big.bin"):
        files.write_atomic(tiny_disk / "big.bin", bytes(200_000))
    assert files.read_json(tiny_disk / "status.json") == {"step": 1}
    assert os.listdir(tiny_disk) == ["status.json"]


def test_a_full_disk_tears_no_line(tiny_disk):
    path = tiny_disk / "events.jsonl"
    files.append_jsonl(path, {"n": 0})
    with pytest.raises(DiskFullError, match="disk is full: events.jsonl"):
        files.append_jsonl(path, {"n": "x" * 200_000})
    assert files.read_jsonl(path) == [{"n": 0}]


def test_json_round_trips_and_knows_numpy_numbers(tmp_path):
    path = tmp_path / "a.json"
    files.write_json(path, {"a": np.float32(0.5), "b": np.int64(3), "c": (1, 2), "d": {2, 1}})
    assert files.read_json(path) == {"a": 0.5, "b": 3, "c": [1, 2], "d": [1, 2]}


def test_json_has_no_nan():
    assert files.dump_json({"a": [float("nan"), 1.0], "b": float("inf")}) == (
        '{"a": [null, 1.0], "b": null}'
    )


def test_json_refuses_what_it_cannot_hold():
    with pytest.raises(TypeError, match="object cannot be stored as JSON"):
        files.dump_json({"a": object()})


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_damaged_json_is_said_in_words(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_bytes(text)
    with pytest.raises(RunError, match=r"a\.json is damaged: it holds no valid JSON"):
        files.read_json(path)


def test_missing_json_is_said_in_words(tmp_path):
    with pytest.raises(RunError, match=r"a\.json is missing in "):
        files.read_json(tmp_path / "a.json")
    with pytest.raises(RunError, match="cannot be read: Is a directory"):
        files.read_json(tmp_path)


def test_lines_torn_at_any_byte_cost_one_line_only(tmp_path):
    path = tmp_path / "events.jsonl"
    files.append_jsonl(path, {"n": 1})
    whole = path.stat().st_size
    files.append_jsonl(path, {"n": 2, "text": "é"})
    data = path.read_bytes()
    for size in range(whole, len(data)):
        path.write_bytes(data[:size])
        assert files.read_jsonl(path) == [{"n": 1}]
        files.append_jsonl(path, {"n": 3})
        found = [line["n"] for line in files.read_jsonl(path)]
        # Torn just before its newline, the line was whole and is found again.
        assert found == ([1, 2, 3] if size == len(data) - 1 else [1, 3])


def test_jsonl_skips_what_is_no_object(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"n": 1}\n17\n\xff\n{"n": 2}\n')
    assert files.read_jsonl(path) == [{"n": 1}, {"n": 2}]
    assert files.read_jsonl(tmp_path / "none.jsonl") == []


def test_temporary_names_are_removed_links_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    folder = tmp_path / "run"
    (folder / ".tmp-folder" / "deep").mkdir(parents=True)
    (folder / ".tmp-file").touch()
    (folder / ".tmp-link").symlink_to(outside)
    (folder / "kept").touch()
    files.remove_temps(folder)
    files.remove_temps(tmp_path / "missing")
    assert os.listdir(folder) == ["kept"]
    assert os.listdir(outside) == ["kept"]


def test_steps_are_read_from_names(tmp_path):
    for name in ("000500.png", "1000000.png", ".tmp-1-000700.png", "12.png", "000900.txt"):
        (tmp_path / name).touch()
    assert files.steps_in(tmp_path, ".png") == [500, 1_000_000]
    assert files.steps_in(tmp_path / "missing") == []
    assert [files.step_name(step) for step in (0, 500, 1_234_567)] == [
        "000000",
        "000500",
        "1234567",
    ]


@pytest.mark.parametrize("found", [None, "1", 0, True, 1.0])
def test_a_format_must_be_a_number(found):
    with pytest.raises(RunError, match="is damaged: its format is .*, not a number from 1"):
        files.check_format(found, 1, "run")


def test_every_crash_point_in_the_code_is_listed():
    text = "".join(path.read_text() for path in GAN_CORE.rglob("*.py"))
    named = set(re.findall(r'crash_point\("([^"]+)"\)', text))
    kinds = set(re.findall(r'kind="([a-z]+)"', text)) & set(files.ATOMIC_KINDS)
    assert named <= set(files.CRASH_POINTS)
    assert kinds == set(files.ATOMIC_KINDS) - {"file"} | ({"file"} & kinds)
    assert len(set(files.CRASH_POINTS)) == len(files.CRASH_POINTS)


@pytest.mark.parametrize(
    "raw", [rb'"a\ud800b"', b'"a\xed\xa0\x80b"', '"a\ud800b"'.encode("utf-16", "surrogatepass")]
)
def test_halves_of_characters_are_replaced_when_a_text_is_read(tmp_path, raw):
    (tmp_path / "a.json").write_bytes(raw)
    assert files.read_json(tmp_path / "a.json") == "a\ufffdb"
    assert json_text.has_halves(raw)
    whole = json.dumps("\U0001f600 \\ud800").encode()  # a pair, and the letters of an escape
    assert files.parse_json(whole) == "\U0001f600 \\ud800"
    assert not json_text.has_halves(whole)
