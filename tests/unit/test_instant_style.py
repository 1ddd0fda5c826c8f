"""Instant style transfer: the networks answer as they do in ONNX Runtime, and every picture works."""

import statistics
import time

import numpy as np
import pytest

from gan_core.algorithms.instant_style import stylise, stylist
from gan_core.errors import ConfigError
from gan_core.networks import style_numpy
from tests.conftest import TESTS

EVERY = 12  # see tools/make_style_fixture.py
LUMA = [0.299, 0.587, 0.114]


def waves(side):
    y, x = np.mgrid[0:side, 0:side] / side
    channels = [(3 + c) * x + (2 - c) * y + 0.3 * np.sin(9 * x * y + c) for c in range(3)]
    return (0.5 + 0.5 * np.sin(2 * np.pi * np.stack(channels, -1))).astype(np.float32)


def picture(height, width, seed=0):
    rng = np.random.default_rng(seed)
    blocks = rng.integers(0, 256, (-(-height // 8), -(-width // 8), 3), np.uint8)
    return np.repeat(np.repeat(blocks, 8, 0), 8, 1)[:height, :width]


@pytest.fixture(scope="module")
def recorded():
    with np.load(TESTS / "data" / "style_networks.npz") as found:
        return dict(found)


def test_the_networks_answer_as_in_onnx_runtime(recorded):
    """Recorded by tools/make_style_fixture.py with ONNX Runtime 1.32."""
    style = style_numpy.predict(waves(256)[::-1] ** 2)
    np.testing.assert_allclose(style, recorded["style"], atol=2e-5)
    made = style_numpy.transform(waves(384), style)
    np.testing.assert_allclose(made[::EVERY, ::EVERY], recorded["output"], atol=2e-4)


def test_the_reader_is_the_same_in_keras():
    from gan_core.networks import style_nets

    model = style_nets.fill(style_nets.build_predict(), "predict")
    wanted = model(waves(256)[None], training=False).numpy()[0]
    np.testing.assert_allclose(style_numpy.predict(waves(256)), wanted, atol=2e-5)


@pytest.mark.parametrize("height, width", [(64, 64), (61, 47), (1, 1), (5, 100), (200, 10)])
def test_any_size_comes_back_in_its_size(height, width):
    made = stylise(picture(height, width), [picture(40, 90, seed=1)])
    assert made.shape == (height, width, 3) and made.dtype == np.uint8


def test_what_is_padded_is_cut_off_in_place():
    """The middle of a picture with odd sides is that of one with a few more pixels."""
    content, style = picture(66, 66), [picture(64, 64, seed=1)]
    whole = stylise(np.pad(content, [(1, 1), (1, 1), (0, 0)], "symmetric"), style)
    assert np.abs(stylise(content, style).astype(int) - whole[1:-1, 1:-1]).max() <= 1


def test_strength_goes_from_the_contents_own_style_to_the_styles():
    content, style = picture(64, 64), picture(64, 64, seed=1)
    made = [
        stylise(content, [style], strength=s).astype(int).ravel() for s in (0, 0.25, 0.5, 0.75, 1)
    ]
    own = stylise(content, [content]).astype(int).ravel()
    assert np.abs(made[0] - own).max() <= 1
    away = [np.abs(m - own).mean() for m in made]
    assert all(a < b for a, b in zip(away, away[1:], strict=False))


def test_a_mix_is_the_mix_of_the_style_numbers():
    content, styles = picture(64, 64), [picture(64, 64, seed=s) for s in (1, 2, 3)]
    one = stylise(content, styles, [0, 5, 0])
    assert np.array_equal(one, stylise(content, styles[1:2]))
    assert np.array_equal(stylise(content, styles), stylise(content, styles, [2, 2, 2]))
    mixed = np.mean([stylist().vector(s) for s in styles], axis=0)
    direct = stylist()._redrawn(content, mixed.astype(np.float32))
    assert np.abs(stylise(content, styles) - 255.0 * direct).max() <= 0.6


def test_kept_colours_are_those_of_the_content():
    """Brightness of the result, and the content's differences from its own brightness."""
    content = np.full((32, 32, 3), (120, 100, 140), np.uint8)
    content[8:24, 8:24] = (100, 130, 90)
    style = [picture(64, 64, seed=1)]
    plain, kept = (
        stylise(content, style, strength=0.3, keep_colours=k) / 255.0 for k in (False, True)
    )
    inside = ((kept > 0.01) & (kept < 0.99)).all(-1)
    assert inside.mean() > 0.5
    brightness = (kept @ LUMA - plain @ LUMA)[inside]
    assert np.abs(brightness).max() < 0.005
    chroma = [p - (p @ LUMA)[..., None] for p in (kept, content / 255.0)]
    assert np.abs(chroma[0] - chroma[1])[inside].max() < 0.005


@pytest.mark.parametrize("colour", [0, 128, 255])
def test_one_colour_is_no_problem(colour):
    flat = np.full((50, 50, 3), colour, np.uint8)
    assert stylise(flat, [flat]).shape == (50, 50, 3)
    assert stylise(picture(50, 50), [flat]).std() > 0


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"styles": []}, "1 to 3 styles"),
        ({"weights": [0.0]}, "not all 0"),
        ({"weights": [1, 1]}, "must be 1 numbers"),
        ({"weights": [float("nan")]}, "at least 0"),
        ({"strength": 1.5}, "between 0 and 1"),
        ({"content": np.zeros((2000, 4, 3), np.uint8)}, "at most 1024"),
        ({"content": np.zeros((20, 20), np.uint8)}, "uint8 \\[H, W, 3\\]"),
        ({"content": np.zeros((0, 20, 3), np.uint8)}, "no pixels"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(changed, words):
    asked = {"content": picture(20, 20), "styles": [picture(20, 20)]} | changed
    with pytest.raises(ConfigError, match=words):
        stylise(**asked)


@pytest.mark.benchmark
@pytest.mark.parametrize("side, most", [(256, 0.1), (512, 0.4)])
def test_it_is_fast_enough_for_a_slider(side, most):
    content, style = picture(side, side), [picture(256, 256, seed=1)]
    stylise(content, style)
    seconds = []
    for _ in range(11):
        started = time.perf_counter()
        stylise(content, style, strength=0.7)
        seconds.append(time.perf_counter() - started)
    assert statistics.median(seconds) <= most, seconds
