"""What other libraries say of a damaged file is quoted in a line that can be read."""

import io
import zipfile

import numpy as np
import pytest

from gan_core import data, importing
from gan_core.archive import pack
from gan_core.errors import GanError, in_brief
from gan_core.runs.store import RunStore
from gan_core.storage import outputs


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("cut off\nat byte 9"), "cut off"),
        (ValueError("\n  later \n"), "later"),
        (ValueError(), "ValueError"),
        (KeyError("x"), "'x'"),
        (ValueError("\x1b[2J\x00name"), " [2J name"),  # nothing that a terminal would obey
        (ValueError("a" * 200), "a" * 200),
        (ValueError("a" * 201), "a" * 199 + "…"),
    ],
)
def test_the_first_line_is_quoted_and_a_long_one_is_cut(error, line):
    assert in_brief(error) == line


def test_a_failure_of_the_system_that_says_nothing_is_told_by_its_kind(tmp_path):
    assert "OSError" in str(outputs.explain(OSError(), tmp_path / "film.gif"))


def with_a_long_name(whole: bytes) -> bytes:
    """A zip in which the first member's own header claims a name that reaches far into its data."""
    name_length = 26  # in a local file header: APPNOTE.TXT 4.3.7
    return whole[:name_length] + (60_000).to_bytes(2, "little") + whole[name_length + 2 :]


def an_npz() -> bytes:
    held, rng = io.BytesIO(), np.random.default_rng(0)
    np.savez(held, x_train=rng.integers(0, 256, (40, 32, 32, 3), np.uint8))
    return held.getvalue()


def a_run() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("config.json", '{"format": 1}' + " " * 70_000)
        made.writestr("status.json", "{}")
    return held.getvalue()


def load(path):
    data.load(path.stem, path.parent)


def unpack(path):
    pack.import_run(RunStore(path.parent / "runs"), path, "test")


@pytest.mark.parametrize(
    ("made", "opened"), [(an_npz, load), (an_npz, importing.check_up), (a_run, unpack)]
)
def test_bytes_of_a_damaged_zip_are_not_told(tmp_path, made, opened):
    path = tmp_path / "mine.npz"
    path.write_bytes(with_a_long_name(made()))
    with pytest.raises(GanError, match="damaged|whole zip") as caught:
        opened(path)
    assert len(str(caught.value)) < 700
