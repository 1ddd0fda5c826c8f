"""Sets that were kept: renamed, removed, restored; never without their card."""

import dataclasses
import os

import pytest

from gan_core import data, importing
from gan_core.errors import DataError, RunError
from gan_core.importing import shelf as shelves
from gan_core.importing.shelf import Shelf
from tests.unit.importing.made import folder


@pytest.fixture
def kept(tmp_path):
    """A data folder with the set `mine`."""
    place = folder(tmp_path / "pictures", 30)
    found = importing.check_up(place)
    plan = dataclasses.replace(found.suggested, name="mine", title="mine", licence="CC0")
    importing.keep(place, found, plan, tmp_path / "data")
    return tmp_path / "data"


def names(folder):
    return sorted(name for name in os.listdir(folder) if not name.startswith("."))


def test_renamed_with_its_card(kept):
    Shelf(kept).rename("mine", "yours")
    assert names(kept) == ["yours.card.json", "yours.npz"]
    spec = data.spec("yours", kept)
    assert (spec.title, spec.licence) == ("yours", "CC0")


def test_a_set_that_cannot_be_moved_stays_whole_and_leaves_no_card_elsewhere(kept, monkeypatch):
    def refused(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(shelves.os, "rename", refused)
        with pytest.raises(RunError):
            Shelf(kept).rename("mine", "yours")
    assert (
        names(kept) == ["mine.card.json", "mine.npz"] and data.spec("mine", kept).licence == "CC0"
    )


def test_removed_and_restored(kept):
    shelf, whole = Shelf(kept), (kept / "mine.npz").read_bytes()
    shelf.remove("mine")
    assert names(kept) == [] and [each.name for each in shelf.binned()] == ["mine"]
    assert "mine" not in [spec.name for spec in data.specs(kept)]
    shelf.restore("mine")
    assert names(kept) == ["mine.card.json", "mine.npz"] and shelf.binned() == []
    assert (kept / "mine.npz").read_bytes() == whole and data.spec("mine", kept).licence == "CC0"


def test_what_was_removed_last_comes_back_first_and_never_over_another(kept):
    shelf = Shelf(kept)
    whole = (kept / "mine.npz").read_bytes()
    shelf.remove("mine")
    (kept / "mine.npz").write_bytes(whole)
    with pytest.raises(DataError, match="already"):
        shelf.restore("mine")
    shelf.remove("mine")
    assert len(shelf.binned()) == 2
    shelf.restore("mine")
    assert data.spec("mine", kept).licence == "not stated"  # the second one had no card
    shelf.delete("mine")
    assert shelf.binned() == []


def test_after_thirty_days_it_is_gone(kept, monkeypatch):
    shelf = Shelf(kept)
    shelf.remove("mine")
    monkeypatch.setattr(shelves, "DAYS", -1)
    assert shelf.binned() == [] and os.listdir(kept / ".bin") == []


@pytest.mark.parametrize(
    "name", ["nothing", "mnist_5k", "mnist", "ring", "../mine", ".bin", "", "a/b", "x" * 900, "a\0"]
)
def test_what_is_no_set_of_ones_own(kept, name):
    for change in (Shelf(kept).remove, lambda name: Shelf(kept).rename(name, "other")):
        with pytest.raises(DataError):
            change(name)
    with pytest.raises(DataError, match="no .* in the bin"):
        Shelf(kept).restore(name)
    assert names(kept) == ["mine.card.json", "mine.npz"]


@pytest.mark.parametrize("new", ["mine", "Mine", "mnist", "my cats", "", "../x"])
def test_names_that_it_cannot_have(kept, new):
    with pytest.raises(DataError):
        Shelf(kept).rename("mine", new)
    assert names(kept) == ["mine.card.json", "mine.npz"]


def test_a_file_that_somebody_put_there_can_be_removed_too(kept):
    (kept / "broken.npz").write_bytes(b"x")
    Shelf(kept).remove("broken")
    Shelf(kept).restore("broken")
    assert (kept / "broken.npz").read_bytes() == b"x"
