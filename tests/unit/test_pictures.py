"""Pictures of a stranger's run: what they declare is bounded before a pixel is decoded."""

import os
import struct

import numpy as np
import pytest

from gan_core.errors import RunError
from gan_core.export import film
from gan_core.runs import pictures
from gan_core.runs.store import RunStore
from gan_core.storage import images
from gan_core.web.details import measured_png
from pages.ui.shared import cards

WHOLE = images.png(np.full((8, 15, 1), 7, np.uint8))


@pytest.fixture
def run(runs_dir):
    return RunStore(runs_dir).create({"recipe": "fast_gan", "dataset": "mnist_5k"})


def add(run, png, steps=range(6)):
    for step in steps:
        run.write_sample(step, png)
    return run


def declaring(width, height):
    """A PNG that says it has so many pixels."""
    return WHOLE[:16] + struct.pack(">II", width, height) + WHOLE[24:]


@pytest.mark.parametrize("size", [(1, 50_000_000), (50_000_000, 1), (7000, 7000), (0, 5)])
@pytest.mark.parametrize("kind", film.KINDS)
def test_a_film_of_huge_grids_is_refused_before_they_are_decoded(run, size, kind):
    with pytest.raises(RunError, match="at most 33,554,432 and 16,384 a side are read"):
        film.as_bytes(add(run, declaring(*size)), kind, {})


@pytest.mark.parametrize("data", [b"", b"GIF89a" + bytes(40), WHOLE[:20], WHOLE[:45]])
def test_what_is_no_picture_is_damaged(run, data):
    with pytest.raises(RunError, match="at step 1 is damaged"):
        pictures.read_grid(add(run, data), 1)


def test_the_frames_of_a_film_are_bounded_before_they_are_read(run, monkeypatch):
    add(run, images.png(np.zeros((200, 200, 1), np.uint8)))
    read = []
    real = film.read_grid
    monkeypatch.setattr(film, "read_grid", lambda r, s: read.append(s) or real(r, s))
    monkeypatch.setattr(film, "RAW_LIMIT", 3 * 200 * 200)
    assert len(film.as_bytes(run, "gif", {"scale": 1})[1].steps) == 3
    assert len(read) <= 2 + 3  # the first of each attempt, then those of the film
    monkeypatch.setattr(film, "RAW_LIMIT", 200 * 200)
    with pytest.raises(RunError, match="too large for a film"):
        film.as_bytes(run, "gif", {})


@pytest.mark.usefixtures("ffmpeg")
def test_one_frame_of_a_video_is_bounded_too(run, monkeypatch):
    add(run, images.png(np.zeros((200, 200, 1), np.uint8)))
    monkeypatch.setattr(film, "FRAME_LIMIT", 4 * 200 * 200)
    assert film.as_bytes(run, "mp4", {"scale": 8})[1].scale == 2


@pytest.mark.parametrize(
    ("data", "whole"),
    [(WHOLE, True), (b"", False), (WHOLE[:45], False), (declaring(60_000, 60_000), False)],
)
def test_best_and_worst_are_shown_only_where_they_can_be(run, data, whole):
    (run.path / "measured.png").write_bytes(data)
    assert measured_png(run) == (WHOLE if whole else None)


def test_a_small_picture_follows_its_grid(run):
    """The same step of the same run, written again: by a run that went back, or in another folder."""
    for level in (10, 200):
        grid = np.full((56, 84, 1), level, np.uint8)
        run.write_sample(5, images.png(grid))
        os.utime(run.path / "samples" / "000005.png", (level, level))
        corner = cards.newest_thumbnail(run, (28, 28, 1), rows=1, columns=2)
        assert (images.from_png(corner) == grid[:28, :56]).all()
    run.write_sample(5, WHOLE[:45])
    with pytest.raises(RunError, match="at step 5 is damaged"):
        cards.newest_thumbnail(run, (28, 28, 1))


@pytest.mark.parametrize(
    ("layout", "size"),
    [
        ({"columns": 10, "rows": 8, "tile": [28, 32]}, (320, 224)),
        ({"columns": 1, "rows": 1, "tile": [280, 280]}, (280, 280)),
        ({"columns": 4096, "rows": 4096, "tile": [28, 28]}, None),
        ({"columns": 4, "rows": 4, "tile": [28, 28.0]}, None),
        ({"columns": 4, "rows": 4}, None),
        ([4, 4], None),
    ],
)
def test_a_layout_says_how_large_every_grid_is(layout, size):
    assert pictures.grid_size(layout) == size
