"""`pack` and `unpack` as commands."""

import os

import pytest

from gan_core import recipes
from gan_core.cli import main
from gan_core.runs.store import RunStore


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir)


def test_a_run_goes_out_and_comes_back(store, tmp_path, capsys):
    run = store.create(recipes.config("toy_mlp", "ring").model_dump())
    where = ["--runs-dir", str(store.root)]
    assert main(["pack", run.id, "--out", str(tmp_path / "a.zip"), *where]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "a.zip")
    assert main(["unpack", str(tmp_path / "a.zip"), *where]) == 0
    assert capsys.readouterr().out.strip() == "00002-toy_mlp-ring"
    assert store.get("00002-toy_mlp-ring").events()[-1]["who"] == "command line"


def test_what_is_no_packed_run_is_one_clear_line(store, tmp_path, capsys):
    (tmp_path / "a.zip").write_bytes(b"hello")
    assert main(["unpack", str(tmp_path / "a.zip"), "--runs-dir", str(store.root)]) == 2
    assert "is no zip" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text"),
    [("pipe", "is no plain file: pipes and devices are not read"), ("d", "is a folder")],
)
def test_folders_and_pipes_are_refused_at_once(store, tmp_path, capsys, name, text):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "d").mkdir()
    assert main(["unpack", str(tmp_path / name), "--runs-dir", str(store.root)]) == 2
    assert text in capsys.readouterr().err
