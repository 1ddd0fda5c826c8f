"""A temporary folder without room is told as that, never as damage of the file that is read."""

import gzip
import os
import pickle
import tarfile
import tempfile
from pathlib import Path

import numpy as np
import pytest

from gan_core.errors import DataError
from gan_core.importing import forms_list
from tests.unit.importing.written import pictures

SAID = "could not be unpacked in .*No space left on device.*TMPDIR"
PIXELS = pictures().reshape(24, -1)


def table(folder):
    np.savetxt(folder / "a.csv", PIXELS, "%d", ",")
    return folder / "a.csv"


def packed_pickle(folder):
    path = folder / "a.pkl.gz"
    path.write_bytes(gzip.compress(pickle.dumps({"data": PIXELS}, 2)))
    return path


def tar_of_pickles(folder):
    (folder / "data_batch_1").write_bytes(pickle.dumps({"data": PIXELS}, 2))
    with tarfile.open(folder / "a.tar.gz", "w:gz") as archive:
        archive.add(folder / "data_batch_1", "x/data_batch_1")
    return folder / "a.tar.gz"


def packed_arrays(folder):
    np.savez_compressed(folder / "a.npz", images=pictures())
    return folder / "a.npz"


def columns(folder):
    np.save(folder / "a.npy", np.asfortranarray(pictures()))
    return folder / "a.npy"


MADE = [table, packed_pickle, tar_of_pickles, packed_arrays, columns]


def full():
    return Path("/dev/full").open("w+b")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("made", MADE)
def test_a_full_disk_is_no_damage(tmp_path, monkeypatch, made):
    path = made(tmp_path)
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(DataError, match=SAID) as caught:
        forms_list.open_source(path, {})
    assert "damaged" not in str(caught.value) and "Download" not in str(caught.value)


@pytest.mark.parametrize("made", MADE)
def test_where_no_temporary_file_can_be_made_a_folder_is_asked_for(tmp_path, monkeypatch, made):
    path = made(tmp_path)

    def none():
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "TemporaryFile", none)
    with pytest.raises(DataError, match=r"No temporary file can be made .*\['/tmp'\].*TMPDIR"):
        forms_list.open_source(path, {})
