"""The Learn page without a browser: Home leads to it, and a chapter starts its short run as told."""

import pytest

from gan_core.errors import ConfigError
from gan_core.storage import files
from gan_core.web.process import get_lab
from pages.ui.learn import digits, keeping
from tests.app.conftest import texts


@pytest.fixture
def not_trained(monkeypatch):
    """Runs are made and wait; nobody trains."""
    monkeypatch.setattr(
        "gan_core.lab.Lab.start", lambda lab, config, who: lab.create(config, who=who).id
    )


def test_a_first_visitor_is_led_to_learn(open_page):
    at = open_page("home.py")
    assert "New to this?" in texts(at)
    assert at.button(key="learn").label == "Learn shows it on points, in two minutes."


def test_the_chapter_of_digits_starts_a_run_whose_z_has_two_numbers(open_page, not_trained):
    at = open_page("learn.py")
    assert not at.exception
    digits.start()
    found = digits.known()["digits"]
    run = get_lab().store.get(found["run"])
    assert run.config["latent_dim"] == 2 and run.config["dataset"] == "mnist_5k"
    assert run.config["recipe"] == "fast_dcgan" and run.config["num_steps"] == 300
    assert found["problem"] == "" and found["more"] == 0


@pytest.mark.parametrize(("asked", "expected"), [(16, 16), (17, 2), ([16], 2), (None, 2)])
def test_what_heals_the_map_is_the_same_run_with_more_numbers_of_z(
    open_page, not_trained, asked, expected
):
    open_page("learn.py")
    digits.start("digits", asked)
    found = digits.known()["digits"]
    config = get_lab().store.get(found["run"]).config
    assert config["latent_dim"] == expected and config["num_steps"] == 300
    assert found["more"] == (expected if expected > 2 else 0)


def test_the_chapter_of_what_d_sees_trains_its_own(open_page, not_trained):
    open_page("learn.py")
    digits.start("sees")
    run = get_lab().store.get(digits.known()["sees"]["run"])
    assert run.config["recipe"] == "hinge_sn" and run.config["num_steps"] == 400
    assert run.id != digits.known()["digits"]["run"]


def test_beside_another_training_the_run_of_a_chapter_waits_in_the_queue(
    open_page, make_run, store
):
    """What the component says of it then: js/chapters.test.mjs."""
    lab = get_lab()
    lab.shutdown()  # its queue stands still, as behind a run that trains
    first = make_run("queued")
    files.write_json(store.root / "queue.json", [first.id])
    at = open_page("learn.py")
    digits.start()
    found = digits.known()["digits"]
    assert not at.exception and found["problem"] == ""
    assert lab.queue() == [first.id, found["run"]]
    assert store.get(found["run"]).status().state == "queued"


def test_what_cannot_start_is_said(open_page, monkeypatch):
    def refuse(lab, config, who):
        raise ConfigError("There is no room left for `a_run`.")

    monkeypatch.setattr("gan_core.lab.Lab.start", refuse)
    digits.start()
    assert digits.known()["digits"]["problem"] == "There is no room left for a_run."


def test_what_is_kept_becomes_a_run_that_trains_on_or_waits(open_page, monkeypatch):
    """What the browser sends is tested in unit/test_plane_kept.py; here what the page does with it."""
    lab = get_lab()
    made = lab.create(lab.make_config("toy_mlp", "ring"), who="test")
    resumed = []
    monkeypatch.setattr("gan_core.lab.Lab.keep_plane", lambda lab, told, name, who: made)
    monkeypatch.setattr("gan_core.lab.Lab.resume", lambda lab, run_id, who: resumed.append(run_id))
    open_page("learn.py")
    keeping.keep({"name": "Mine", "at": 7})
    assert resumed == [made.id]
    expected = {"may": True, "at": 7, "run": made.id, "step": 0, "waits": False}
    assert keeping.known() == expected


def test_what_cannot_be_kept_is_said_in_words(open_page):
    open_page("learn.py")
    keeping.keep({"at": 8, "name": "x"})
    assert keeping.known()["problem"] == "settings is missing in what was to be kept."
    assert "run" not in keeping.known()
