"""The Data page without a browser: what its parts are given, and what may be done with a set."""

import numpy as np
import pytest

from gan_core.data.faces import FACES
from gan_core.importing.base import SIZES
from gan_core.web.process import get_lab
from pages.ui.data import describe, expect, one, waiting
from pages.ui.shared import forms
from tests.app.conftest import labels, texts


@pytest.fixture
def mine(store):
    """A set of one's own."""
    folder = get_lab().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    images = np.random.default_rng(0).integers(0, 256, (40, 28, 28), np.uint8)
    np.savez(folder / "mine.npz", x_train=images, y_train=np.arange(40) % 2)
    return "mine"


@pytest.fixture
def plain(mine):
    """Another, without classes."""
    with np.load(get_lab().data_dir / "mine.npz") as found:
        np.savez(get_lab().data_dir / "plain.npz", x_train=found["x_train"])
    return "plain"


def components(at) -> list[str]:
    return [c.proto.id.rsplit("-", 1)[-1] for c in at.get("bidi_component")]


def test_the_list_counts_what_is_here(open_page, mine):
    at = open_page("data.py")
    assert not at.exception and components(at) == ["data_list"]
    sets = get_lab().datasets()
    here = sum(not spec.download_bytes for spec in sets)
    assert f"{here} of {len(sets)} sets are on this machine" in texts(at)


def test_a_card_says_what_a_set_is(store):
    faces = describe.card(FACES, 3, store.root)
    assert faces["facts"] == "32 × 32 colour · 4 classes · 3 runs"
    assert faces["words"] == "Pixel faces in colour. 4,500 images to learn from, 500 held out."
    assert (faces["section"], faces["problem"], faces["download"]) == ("app", "", 0)
    assert faces["image"] == f"api/data/sets/pixel_faces/card.png?v={FACES.digest}"
    grey = describe.card(get_lab().dataset("grey_to_faces"), 1, store.root)
    assert grey["facts"] == "32 × 32 grey to colour · pairs · 1 run"
    mnist = describe.card(get_lab().dataset("mnist"), 0, store.root)
    assert mnist["section"] == "download" and mnist["download"] > 10**7


def test_one_set_names_its_runs_and_the_recipes_that_fit(open_page, make_run):
    run = make_run(dataset="pixel_faces")
    at = open_page("data.py", set="pixel_faces")
    assert not at.exception and components(at) == ["data_one"]
    assert "Train on it" in labels(at) and "Delete" not in labels(at)
    assert one._run(get_lab().store.summaries()[0]) == {
        "id": run.id,
        "words": "fast_gan, Finished",
        "action": "Explore",
    }


def _begins_with(open_page, name: str) -> str:
    at = open_page("data.py", set=name)
    at.button(key="sm_train_on").click().run()
    draft = at.session_state["draft"]
    assert draft["dataset"] == name and "New run" in texts(at)
    return draft["recipe"]


def test_training_on_a_set_begins_with_the_recipe_that_suits_it(open_page, mine, plain):
    assert _begins_with(open_page, "faces_and_glasses") == "fast_cyclegan"
    assert _begins_with(open_page, plain) == "fast_dcgan"
    assert _begins_with(open_page, mine) == "fast_gan"


def test_training_on_a_set_takes_the_recipe_that_was_chosen_where_it_can(plain, monkeypatch):
    monkeypatch.setattr(forms.st, "session_state", {})
    lab = get_lab()
    forms.choose_recipe("hinge_sn", lab.datasets())
    forms.begin_with(lab.dataset(plain))
    assert forms.draft()["recipe"] == "hinge_sn"
    forms.begin_with(lab.dataset("faces_and_glasses"))
    assert forms.draft()["recipe"] == "fast_cyclegan"
    forms.begin_with(lab.dataset(plain))
    assert forms.draft()["recipe"] == "hinge_sn"


def test_keep_and_train_takes_the_same_recipe(plain, monkeypatch):
    started = []
    monkeypatch.setattr(waiting.start, "start", lambda *what: started.append(what))
    monkeypatch.setattr(waiting.st, "stop", lambda: None)
    waiting._train(plain)
    assert started == [("fast_dcgan", plain)]


def test_a_set_is_deleted_brought_back_and_renamed(open_page, mine):
    at = open_page("data.py", set=mine)
    at.button(key="sm_set_delete").click().run()
    assert "is in the bin for 30 days" in texts(at)
    assert mine not in [spec.name for spec in get_lab().datasets()]
    at.button(key="sm_set_undo").click().run()
    assert "in the bin" not in texts(at)
    at = open_page("data.py", set=mine)
    at.text_input(key="set_new_name").set_value("yours").run()
    at.button(key="set_rename_go").click().run()
    assert [title.value for title in at.title] == ["yours"]
    at.text_input(key="set_new_name").set_value("mnist").run()
    at.button(key="set_rename_go").click().run()
    assert "comes with the app" in texts(at)
    (popover,) = at.get("popover")  # which would cover the words at the top of the page
    assert [error.value for error in popover.get("error")] == [error.value for error in at.error]


def test_a_set_that_is_none_is_said(open_page):
    at = open_page("data.py", set="nothing_here")
    assert not at.exception and "Unknown data set" in texts(at)


def test_what_waits_has_its_page_even_where_it_is_gone(open_page):
    at = open_page("data.py", waiting="0123456789ab")
    assert not at.exception and components(at) == ["data_desk"]


def test_what_to_expect_is_told_for_every_choice(store):
    found = expect.table(get_lab(), "images", 600)
    assert len(found) == 2 * 2 * len(SIZES)
    with_classes, without = ({r["recipe"]: r for r in found[f"28 1 {k}"]} for k in (1, 0))
    assert with_classes["fast_gan"]["speed"] and not with_classes["fast_gan"]["off"]
    assert "classes" in without["fast_gan"]["why"] and without["fast_gan"]["off"]
    assert found["64 3 1"][0]["recipe"] == "fast_gan"
    pairs = expect.table(get_lab(), "pairs", 600)["64 3 0"]
    assert {row["recipe"] for row in pairs} == {"fast_pix2pix", "pix2pix"}


def test_train_leads_to_where_images_are_added(open_page):
    at = open_page("train.py")
    at.button(key="sm_own_images").click().run()
    assert components(at) == ["data_list"]
