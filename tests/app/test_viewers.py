"""Viewers see every page and can press whatever is there: nothing that is kept changes."""

import hashlib
import json

import numpy as np
import pytest
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gan_core.storage import access
from gan_core.web.process import get_lab
from tests.app.conftest import labels, texts

PAGES = ("home.py", "train.py", "explore.py", "translate.py", "compare.py", "runs.py", "data.py")
CHANGING = {
    "Train now", "Train", "New run", "Start", "Pause", "Resume", "Stop", "Step", "Checkpoint", "Cancel",
    "Move up", "Branch", "Train on", "Measure now", "Sweep", "Import this run", "Delete", "Archive",
    "Pin", "Clone settings", "Save", "Save rules", "Bring back", "Open a file", "Check and open",
    "Train one", "Resume from 0", "Edges to digits",
}  # fmt: skip


@pytest.fixture
def as_viewer(monkeypatch):
    """Runs of pages, callbacks included, are a viewer's; the test itself is a trainer."""

    def role():
        return access.VIEWER if get_script_run_ctx(suppress_warning=True) else ""

    monkeypatch.setattr(access, "_asked", [role])


def kept(store):
    """A checksum of every file that is kept."""
    files = sorted(p for p in store.root.rglob("*") if p.is_file() and p.suffix != ".lock")
    named = (p.relative_to(store.root).as_posix() for p in files if p.name != "lock")
    return {n: hashlib.sha256((store.root / n).read_bytes()).hexdigest() for n in named}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("page", PAGES)
def test_a_viewer_s_pages_offer_and_change_nothing(page, as_viewer, open_page, make_run, store):
    for state in ("finished", "interrupted", "failed", "queued"):
        make_run("running" if state == "interrupted" else state, name=state, note="words")
    before = kept(store)
    runs = store.ids() if page == "train.py" else store.ids()[-1:]
    for run_id in (None, *runs):
        at = open_page(page, **({"run": run_id} if run_id else {}))
        assert not at.exception
        assert not CHANGING & {*labels(at)}
        for key in [button.key for button in at.button if button.key]:
            there = [b for b in at.button if b.key == key]
            if there and not there[0].disabled:
                there[0].click()
                at.run()
                assert not at.exception, key
    assert kept(store) == before


def test_a_viewer_without_a_run_chooses_one_to_watch(as_viewer, open_page, make_run):
    run = make_run("finished", name="seen", note="what was tried")
    at = open_page("train.py")
    assert [title.value for title in at.title] == ["Watch a run"]
    assert "**seen**" in labels(at)
    at = open_page("runs.py", run=run.id)
    assert "what was tried" in texts(at)


@pytest.mark.parametrize("page", ["explore.py", "translate.py", "style.py"])
def test_components_are_told_who_looks(page, open_page, make_run, request):
    """What is of class "changes" is then not shown (js/viewer.test.mjs)."""
    make_run("finished")
    for viewer in (False, True):
        if viewer:
            request.getfixturevalue("as_viewer")
        parts = [json.loads(p.proto.json) for p in open_page(page).get("bidi_component")]
        assert parts and {bool(part.get("viewer")) for part in parts if part} == {viewer}


def test_a_set_of_somebodys_own_is_looked_at_only(open_page, request):
    folder = get_lab().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    images = np.zeros((40, 28, 28), np.uint8)
    np.savez(folder / "mine.npz", x_train=images, y_train=np.arange(40) % 2)
    command = {"Train on it", "Rename", "Delete"}
    for viewer in (False, True):
        if viewer:
            request.getfixturevalue("as_viewer")
        at = open_page("data.py", set="mine")
        (part,) = [json.loads(p.proto.json) for p in at.get("bidi_component")]
        assert part["editable"] is not viewer
        assert command & {*labels(at)} == (set() if viewer else command)
    at = open_page("data.py", waiting="0123456789ab")  # what waits is for whoever can keep it
    assert "sets" in json.loads(at.get("bidi_component")[0].proto.json)


def test_a_trainer_has_what_a_viewer_has_not(open_page, make_run):
    make_run("finished")
    found = {label for page in ("home.py", "runs.py") for label in labels(open_page(page))}
    assert {"Train now", "New run", "Sweep", "Delete", "Archive", "Branch"} <= found
