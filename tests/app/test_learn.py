"""The Learn page without a browser: Home leads to it, and a chapter starts its short run as told."""

import pytest

from gan_core.errors import ConfigError
from gan_core.web.process import get_lab
from pages.ui.learn import digits
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
    assert found["problem"] == ""


def test_the_chapter_of_what_d_sees_trains_its_own(open_page, not_trained):
    open_page("learn.py")
    digits.start("sees")
    run = get_lab().store.get(digits.known()["sees"]["run"])
    assert run.config["recipe"] == "hinge_sn" and run.config["num_steps"] == 400
    assert digits.known()["digits"] == {"run": "", "problem": ""}


def test_what_cannot_start_is_said(open_page, monkeypatch):
    def refuse(lab, config, who):
        raise ConfigError("There is no room left for `a_run`.")

    monkeypatch.setattr("gan_core.lab.Lab.start", refuse)
    digits.start()
    assert digits.known()["digits"]["problem"] == "There is no room left for a_run."
