"""The Style page without a browser: its parts, and the run that Optimise starts."""

import time

import pytest

from gan_core.data import content_style
from gan_core.runs import inputs
from gan_core.web.process import get_lab
from pages.ui.shared import parts, start
from pages.ui.style import optimising, panels
from pages.ui.train import weights
from tests.app.conftest import texts

PARTS = ["bar", "content", "style", "result", "every", "settings", "optimise", "results"]
SMALL = {"picture_size": 32, "num_steps": 3, "coarse_steps": 0, "picture_levels": 1}


@pytest.fixture
def run(store):
    lab = get_lab()
    config = lab.make_config("style_patches", "canal_in_mosaic", **SMALL)
    return lab.create(config, who="test")


def components(at) -> list[str]:
    return [c.proto.id.rsplit("-", 1)[-1] for c in at.get("bidi_component")]


def test_all_parts_are_there(open_page):
    at = open_page("style.py")
    assert not at.exception
    assert [name for name in components(at) if name.startswith("style_")] == [
        f"style_{name}" for name in PARTS
    ]


def test_all_bundled_pictures_can_be_chosen():
    given = panels.data("")
    for kind in ("contents", "styles"):
        ids = [picture["id"] for picture in given[kind]]
        assert sorted(ids) == sorted(content_style.bundled(kind)) and ids[0] == panels.FIRST[kind]


def test_a_run_of_style_brings_its_pictures(open_page, run):
    at = open_page("style.py", run=run.id)
    assert not at.exception
    given = panels.data(run.id)
    assert given["contents"][0]["id"] == f"{run.id}:content"
    assert parts.trying("style_patches").page == "style.py"


def test_another_run_is_refused_in_words(open_page, make_run):
    at = open_page("style.py", run=make_run().id)
    assert not at.exception
    assert "none of style" in texts(at)


def test_what_is_started_has_the_chosen_pictures_and_settings(store):
    lab = get_lab()
    asked = {"recipe": "style_patches", "content": "fruit", "style": "marble"}
    settings = {"num_steps": 2, "picture_size": 32, "start_from": "noise", "style_weight": 3.0}
    run_id = optimising._started(asked | {"settings": settings | {"seed": 9, "path": "/"}})
    run = lab.store.get(run_id)
    assert run.config["dataset"] == "fruit_in_marble" and run.config["start_from"] == "noise"
    assert run.config["style_weight"] == 3.0 and run.config["num_steps"] == 2
    assert "path" not in run.config
    assert max(inputs.read(run.path)["content"].shape[:2]) == 32


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"recipe": "fast_gan"}, "fast_gan"),
        ({"content": "own-gone"}, "Load it again"),
        ({"settings": {"num_steps": -1}}, "num_steps"),
        ({"settings": {"picture_size": 7}}, "picture_size"),
    ],
)
def test_what_cannot_be_started_is_said(store, change, words):
    asked = {"recipe": "style_patches", "content": "canal", "style": "mosaic", "settings": {}}
    with pytest.raises(Exception, match=words):
        optimising._started(asked | change)
    assert not store.ids()


def test_vgg19_that_is_not_here_names_both_ways_out(store, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    engine = optimising._engines()["style_vgg19"]
    assert engine["here"] is False
    assert "download" in engine["missing"] and str(tmp_path / "models") in engine["missing"]
    assert optimising._engines()["style_patches"]["here"] is True


def test_a_download_shows_how_far_it_is_and_what_went_wrong(open_page, monkeypatch):
    vgg19 = get_lab().vgg19
    monkeypatch.setattr(type(vgg19), "is_coming", True)
    monkeypatch.setattr(vgg19, "megabytes_here", 20.0)
    at = open_page("style.py")
    assert not at.exception and [b.label for b in at.button if b.key == "vgg19_cancel"]
    monkeypatch.setattr(type(vgg19), "is_coming", False)
    monkeypatch.setattr(type(vgg19), "is_here", False)
    monkeypatch.setattr(vgg19, "problem", "It broke off. Two ways out.")
    at = open_page("style.py")
    assert any("broke off" in error.value for error in at.error)


def test_a_run_of_style_is_watched_by_its_own_parts(open_page, run):
    at = open_page("train.py", run=run.id)
    assert not at.exception
    assert components(at) == [
        "readouts",
        "picture",
        "step_slider",
        "curves",
        "event_list",
        "tour_of_page",
    ]


def test_settings_of_a_run_of_style_are_cloned_on_the_style_page(run, monkeypatch):
    opened = []
    monkeypatch.setattr(start, "open_page", lambda *where: opened.append(where))
    start.clone(run.id)
    assert opened == [("style.py", run.id)]


def until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_a_weight_acts_without_apply(store, open_page):
    lab = get_lab()
    config = lab.make_config("style_patches", "canal_in_mosaic", **SMALL | {"num_steps": 10**6})
    run_id = lab.start(config)
    until(lambda: lab.snapshot(run_id).step > 0)
    at = open_page("train.py", run=run_id)
    slider = at.select_slider(key=f"weight_{run_id}_style_weight")
    assert slider.value == 1.0 and "knobs_apply" not in {b.key for b in at.button}
    slider.set_value(10.0).run()
    until(lambda: lab.snapshot(run_id).knobs["style_weight"] == 10.0)
    at.run()
    assert at.select_slider(key=f"weight_{run_id}_style_weight").value == 10.0
    lab.job(run_id).set_knobs({"style_weight": 0.123}, who="test")  # by somebody else
    until(lambda: lab.snapshot(run_id).knobs["style_weight"] == 0.123)
    at.run()
    assert at.select_slider(key=f"weight_{run_id}_style_weight").value == 0.123
    assert not at.exception
    lab.job(run_id).stop()
    until(lambda: lab.snapshot(run_id).state == "stopped")


def test_the_scale_of_a_weight():
    """Ten times a quarter: a hundredth of the recipe's own value to a hundred times."""
    found = weights.scale(0.15, zero=True)
    assert found[:2] == [0.0, 0.0015] and found[-1] == 15.0 and found.index(0.15) == 21
    assert found.index(1.5) - found.index(0.15) == 10
    assert min(weights.scale(0.03, zero=False)) == 0.0003


def test_the_network_is_taken_away_as_a_page_that_is_made_when_asked_for(open_page):
    from pages.ui.style import take_away

    at = open_page("style.py")
    assert not at.exception
    assert [b.proto.label for b in at.get("download_button")] == ["Web page"]
    assert take_away._page().startswith(b"<!doctype html>")
