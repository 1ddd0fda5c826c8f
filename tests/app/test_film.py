"""The film of a run, as it is made on the Train and the Runs page."""

import io

import numpy as np
import pytest
import streamlit as st
from PIL import Image

from gan_core.lab import Lab
from gan_core.storage import images
from pages.ui.shared import film as films


def said(at) -> str:
    return "\n".join(e.value for e in at.caption)


def saved(at):
    """What the Save button gives: (data, what became of the wishes)."""
    asked = at.session_state["film_asked"]
    return asked["data"], asked["made"]


@pytest.mark.parametrize("page", ["train.py", "runs.py"])
def test_frames_label_and_format_are_chosen_and_said(open_page, filmed, page):
    at = open_page(page, run=filmed.id)
    assert "5 of the 5 sample grids from step 0 to 100" in said(at)
    at.number_input(key="film_first").set_value(20)
    at.number_input(key="film_frames").set_value(3)
    at.number_input(key="film_scale").set_value(1)
    at.checkbox(key="film_label").set_value(False).run()
    assert "3 of the 4 sample grids from step 25 to 100" in said(at)
    at.button(key="film_make").click().run()
    assert not at.exception and not at.error
    data, made = saved(at)
    assert made.steps == (25, 50, 100) and "GIF, 3 frames, step 25 to 100" in said(at)
    with Image.open(io.BytesIO(data)) as film:
        assert film.size == (280, 224) and film.n_frames == 3  # no strip below
    pytest.importorskip("imageio_ffmpeg", reason="imageio-ffmpeg is not installed")
    at.segmented_control(key="film_kind").set_value("mp4").run()
    at.button(key="film_make").click().run()
    assert saved(at)[0][4:8] == b"ftyp" and "MP4, 3 frames" in said(at)


def test_what_cannot_be_made_is_said_in_words(open_page, filmed):
    at = open_page("train.py", run=filmed.id)
    at.number_input(key="film_first").set_value(80).run()
    assert "has 1 from step 80 to 100; it has 5 from 0 to 100" in at.error[0].value.replace(
        "\\", ""
    )
    assert "film_make" not in [b.key for b in at.button]
    at.number_input(key="film_first").set_value(None)
    at.number_input(key="film_frames").set_value(1000).run()
    at.button(key="film_make").click().run()
    assert "at most 50 frames a second" in at.error[0].value.replace("\\", "")


def test_a_limit_that_made_it_smaller_is_named(open_page, filmed):
    rng = np.random.default_rng(0)
    for step in (0, 100):
        noise = rng.integers(0, 256, (224, 280, 1), np.uint8)
        filmed.write_sample(step, images.png(noise))
    at = open_page("train.py", run=filmed.id)
    at.number_input(key="film_scale").set_value(4)
    at.number_input(key="film_limit").set_value(0.2).run()
    at.button(key="film_make").click().run()
    assert "Made smaller to stay within 0.2 MB" in said(at)
    assert len(saved(at)[0]) <= 200_000


def test_a_press_outlives_the_page_run_that_was_ended_by_another(open_page, filmed, monkeypatch):
    """Streamlit ends a page run at any call to it where another is wanted, and the press with it."""
    made, film = [], Lab.film
    monkeypatch.setattr(Lab, "film", lambda lab, *a, **k: made.append(a) or film(lab, *a, **k))
    at = open_page("train.py", run=filmed.id)
    with monkeypatch.context() as ended:
        ended.setattr(films, "_make", lambda *_: st.stop())
        at.button(key="film_make").click().run()
    assert not made and "GIF, " not in said(at)
    for _ in range(2):
        at.run()
        assert "GIF, 5 frames" in said(at) and len(made) == 1
