"""Where results go: whole or not at all, and nothing of a killed process stays beside them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gan_core.errors import ConfigError
from gan_core.storage import outputs

ROOT = Path(__file__).resolve().parents[2]
HALF = """
import sys, time, pathlib
from gan_core.storage import outputs
target = pathlib.Path(sys.argv[2])
with getattr(outputs, sys.argv[1])(target) as temp:
    (temp / "part" if temp.is_dir() else temp).write_bytes(b"half" * 10_000)
    print("ready", flush=True)
    time.sleep(60)
"""


def writing(kind, path):
    """A process that has written half of a result."""
    job = subprocess.Popen(
        [sys.executable, "-c", HALF, kind, str(path)], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert job.stdout.readline() == "ready\n"
    return job


def finish(job, number):
    job.send_signal(number)
    job.wait()
    job.stdout.close()


def make(kind, path, words="whole"):
    with getattr(outputs, kind)(path) as temp:
        (temp / "part" if temp.is_dir() else temp).write_text(words)


@pytest.mark.parametrize("kind", ["whole_file", "whole_folder"])
def test_what_a_killed_writer_left_goes_with_the_next_one(tmp_path, kind):
    path, other = tmp_path / "run [1].zip", tmp_path / "other-run [1].zip"
    finish(writing(kind, path), signal.SIGKILL)
    finish(writing(kind, other), signal.SIGKILL)
    assert len(list(tmp_path.iterdir())) == 2 and not path.exists()
    make(kind, path)
    left = [p.name for p in tmp_path.iterdir() if p != path]
    assert path.exists() and len(left) == 1 and left[0].endswith("-other-run [1].zip")


def test_a_writer_that_lives_is_left_alone(tmp_path):
    path = tmp_path / "run.zip"
    job = writing("whole_file", path)
    try:
        make("whole_file", path)
        assert path.read_text() == "whole" and len(list(tmp_path.iterdir())) == 2
    finally:
        finish(job, signal.SIGKILL)


def test_left_overs_of_earlier_versions_go_when_they_are_old(tmp_path):
    path = tmp_path / "run.zip"
    old, new, strange = (tmp_path / f".tmp-{part}-run.zip" for part in ("0" * 12, "1" * 12, "mine"))
    for each in (old, new, strange):
        each.write_text("half")
    long_ago = time.time() - 2 * outputs.HOUR
    for each in (old, strange):
        os.utime(each, (long_ago, long_ago))
    make("whole_file", path)
    assert {p.name for p in tmp_path.iterdir()} == {path.name, new.name, strange.name}


def test_an_error_leaves_what_was_there(tmp_path):
    path = tmp_path / "run.zip"
    make("whole_file", path, "before")
    with pytest.raises(ZeroDivisionError), outputs.whole_file(path) as temp:
        temp.write_text("half")
        raise ZeroDivisionError
    assert [p.name for p in tmp_path.iterdir()] == ["run.zip"] and path.read_text() == "before"


@pytest.mark.skipif(os.name == "nt", reason="named pipes")
def test_pipes_and_folders_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe.zip")
    (tmp_path / "folder.zip").mkdir()
    for name in ("pipe.zip", "folder.zip"):
        with pytest.raises(ConfigError, match="is no plain file|is a folder"):
            outputs.check_file(tmp_path / name, (".zip",))
        with pytest.raises(ConfigError, match="is no plain file|is a folder"):
            outputs.check_source(tmp_path / name)
    with pytest.raises(ConfigError, match=r"must end in \.gif, \.mp4 or \.png\. Received"):
        outputs.check_file(tmp_path / "a.zip", (".gif", ".mp4", ".png"))
