"""TensorFlow's libraries are loaded before its import, without Python's lock, and only once."""

import subprocess
import sys
import threading

import pytest

from gan_core.startup import libraries

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="shared libraries of another kind")
LOADED = """
from gan_core.startup import libraries
told = [libraries.load(), libraries.load()]
def mapped():
    with open("/proc/self/maps") as file:
        return {row.split()[-1] for row in file if "libtensorflow_" in row}
before = mapped()
import sys
assert "tensorflow" not in sys.modules
import tensorflow as tf
print(told, len(before), before == mapped(), float(tf.reduce_sum(tf.ones(3))))
"""


@pytest.mark.thorough
@ON_LINUX
def test_the_import_finds_them_loaded_and_loads_no_other():
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    told = done.stdout.split("\n")[0]
    assert told == f"[True, True] {len(libraries.NAMES)} True 3.0"


@pytest.fixture
def nothing_kept(monkeypatch):
    monkeypatch.setattr(libraries, "_kept", [])


def test_where_they_are_missing_the_import_does_it_all(nothing_kept, monkeypatch, tmp_path):
    monkeypatch.setattr(libraries, "_paths", list)
    assert libraries.load() is False
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(libraries, "_paths", lambda: pytest.fail("looked for"))
    assert libraries.load() is False


@ON_LINUX
def test_a_file_that_is_no_library_is_passed_over(nothing_kept, monkeypatch, tmp_path):
    broken = tmp_path / libraries.NAMES[0]
    broken.write_bytes(b"no library")
    monkeypatch.setattr(libraries, "_paths", lambda: [broken])
    assert libraries.load() is False


def test_two_that_come_at_once_load_them_once(nothing_kept, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(libraries, "_paths", lambda: [tmp_path])
    monkeypatch.setattr(libraries, "_open", lambda path: opened.append(path) or 1)
    threads = [threading.Thread(target=libraries.load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [tmp_path]
