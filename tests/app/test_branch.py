"""Branching, downloading and importing from the pages."""

import numpy as np
import pytest

from gan_core.archive import pack
from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore, State
from gan_core.storage import files
from gan_core.web import process
from tests.app.conftest import labels


@pytest.fixture
def no_training(store, make_run):
    """A Lab whose queue stands still: what is started waits in it."""
    lab = process.get_lab()
    lab.shutdown()
    files.write_json(store.root / "queue.json", [make_run("queued").id])
    return lab


@pytest.fixture
def parent(make_run):
    run = make_run("stopped", step=100, num_steps=200)
    for step in (50, 100):
        meta = {"knobs": {"d_lr": 0.0005}, "wall_time": 9.0}
        checkpoints.save_checkpoint(run.path, step, {"a": np.zeros(3)}, meta)
    return run


def said(at) -> str:
    """Every sentence on the page."""
    return "\n".join(e.value for kind in (at.markdown, at.caption, at.error) for e in kind)


def open_form(open_page, run):
    at = open_page("runs.py")
    at.text_input(key="run_search").set_value(run.id).run()
    return again(at)


def again(at):
    """Draw the form with what was chosen: here, unlike in a browser, every run closes a dialog."""
    return at.button(key="sm_branch").click().run()


def test_a_limit_before_the_checkpoint_is_said_and_nothing_is_made(
    open_page, no_training, parent, store
):
    at = open_form(open_page, parent)
    before = store.ids()
    at.number_input(key="branch_total_100").set_value(60)
    again(at)
    assert "More than 100, the step of the checkpoint." in said(at)
    assert at.button(key="branch_go").disabled and store.ids() == before


def test_branch_with_a_changed_setting(open_page, no_training, parent, store):
    at = open_form(open_page, parent)
    assert at.selectbox(key="branch_step").value == 100
    at.selectbox(key="branch_step").set_value(50)
    at.multiselect(key="branch_fields").set_value(["g_lr", "n_critic", "loss"])
    again(at)
    at.number_input(key="branch_g_lr").set_value(0.001)
    at.selectbox(key="branch_loss").set_value("hinge")
    at.number_input(key="branch_total_50").set_value(300)
    at.button(key="branch_go").click()
    again(at)
    assert not at.exception
    child = store.get(store.ids()[0])
    assert (child.parent["run"], child.parent["step"]) == (parent.id, 50)
    changes = {"g_lr": 0.001, "loss": "hinge", "num_steps": 300, "num_minutes": None}
    assert child.parent["changes"] == changes  # n_critic was shown, but not changed
    assert child.status().state == State.QUEUED
    assert child.id in no_training.queue()
    assert parent.config["loss"] == "non_saturating"
    shown = open_page("train.py", run=child.id)
    assert f"from {parent.id[:5]} at 50" in said(shown)


def test_a_knob_is_offered_as_it_was_at_the_checkpoint(open_page, no_training, parent):
    at = open_form(open_page, parent)
    at.multiselect(key="branch_fields").set_value(["d_lr"])
    again(at)
    assert at.number_input(key="branch_d_lr").value == 0.0005


def test_a_run_without_checkpoints_says_so(open_page, make_run):
    at = open_form(open_page, make_run("stopped", step=100))
    assert "no checkpoint yet" in said(at)
    assert "branch_go" not in [b.key for b in at.button]


def test_a_checkpoint_that_is_damaged_is_said_in_words(open_page, no_training, parent, store):
    before = store.ids()
    (parent.path / "checkpoints" / "000100" / "state.npz").write_bytes(b"x")
    at = open_form(open_page, parent)
    at.button(key="branch_go").click()
    again(at)
    assert "is damaged" in said(at)
    assert store.ids() == before


def test_the_live_page_offers_it_too(open_page, parent):
    at = open_page("train.py", run=parent.id)
    assert not at.exception
    assert "Branch from a checkpoint" in str(at.get("menu_button")) or "Resume" in labels(at)


def test_a_packed_run_comes_in_through_the_page(open_page, make_run, tmp_path, store):
    elsewhere = RunStore(tmp_path / "elsewhere")
    packed = pack.export_run(elsewhere.create(make_run("finished").config), tmp_path / "a.zip")
    at = open_page("runs.py")
    at.file_uploader(key="import_file_0").set_value(
        ("a.zip", packed.read_bytes(), "application/zip")
    )
    at.run()
    at.button(key="import_go").click().run()
    assert not at.exception
    assert len(store.ids()) == 2
    assert "Imported as" in said(at)


def test_a_hostile_upload_is_refused_in_words(open_page, make_run, store):
    make_run("finished")
    at = open_page("runs.py")
    at.file_uploader(key="import_file_0").set_value(("a.zip", b"PK nonsense", "application/zip"))
    at.run()
    at.button(key="import_go").click().run()
    assert "is no zip" in said(at)
    assert len(store.ids()) == 1
