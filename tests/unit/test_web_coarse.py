"""Pages whose networks float16 would make too large: how near their images stay, and how large they become."""

import json

import numpy as np
import pytest

from gan_core.explore import unowned
from gan_core.export.web import coarse, pack, write
from gan_core.storage.images import to_uint8
from gan_core.tasks import latent
from gan_core.tasks.synthesis import TrainedGenerator
from tests.unit.test_web_network import drawn_in_node, needs_node
from tests.unit.test_web_page import Elements, carried

LEVELS = 4  # of 255


def read(page):
    """(card, plans, entries, bytes of the weights)."""
    found = Elements(page.decode())
    told, data = carried(found)
    return json.loads(found.scripts["card"]), told["plans"], told["entries"], data


def off_by(page, generator, seed, count=50):
    """Levels by which each pixel is off of what Keras draws, [count, ...]; classes in turn."""
    _, (plan,), entries, data = read(page)
    z = latent.sample(count, generator.latent_dim, seed=seed, prior=generator.prior)
    kinds = max(generator.num_classes, 1)
    classes = np.eye(kinds, dtype=np.float32)[np.arange(count) % kinds]
    rows = [dict(zip(plan["inputs"], row, strict=False)) for row in zip(z, classes, strict=True)]
    own = drawn_in_node(plan, entries, data, rows, levels=True)
    keras_made = to_uint8(generator.images(z, classes if generator.num_classes else None))
    assert np.ptp(keras_made) > 100
    return np.abs(np.stack(own) - keras_made)


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    folder = tmp_path_factory.mktemp("digits")
    return unowned.open_network("bundled-digits", folder / "runs", folder / "data")


@needs_node
def test_trained_digits_stay_within_four_levels_in_two_thirds_of_the_bytes(digits, monkeypatch):
    """Trained to steep edges: int8 with a scale for each output was off by 12 levels and more."""
    half = write.web_page(digits, {"title": "x"})
    monkeypatch.setattr(write, "MOST", 2 * len(half) // 3)
    page = write.web_page(digits, {"title": "x"})
    card, _, entries, _ = read(page)
    assert 0.97 * write.MOST < len(page) <= write.MOST
    assert {e["key"] for e in entries if e["type"] == "steps"} == {
        "1/kernel", "3/kernel", "5/kernel", "9/kernel"
    }  # fmt: skip
    assert card["weights"]["kind"] == "steps" and card["weights"]["off"] <= LEVELS
    off = off_by(page, digits, seed=100)
    assert off.max() <= LEVELS
    assert np.median(off.reshape(len(off), -1).max(1)) <= LEVELS / 2


@needs_node
def test_a_page_grows_rather_than_that_images_change(digits, monkeypatch):
    monkeypatch.setattr(write, "MOST", 1)
    page = write.web_page(digits, {"title": "x"})
    assert off_by(page, digits, seed=101).max() <= LEVELS
    monkeypatch.setattr(coarse, "OFF", 255)
    loose = write.web_page(digits, {"title": "x"})
    assert len(loose) < len(page) and off_by(loose, digits, seed=101).max() > LEVELS


@pytest.mark.parametrize("error", [0.5, 2.0])
def test_the_error_of_images_is_the_one_that_is_expected(digits, error):
    """Root mean square of all pixels, of unrounded images and so without the rounding of levels."""
    _, _, (network,) = write._generator(digits)
    told = {entry["key"]: entry for entry in coarse.packed([network], error).entries}
    read_back = {key: pack.as_read(array, told[key]) for key, array in network.arrays.items()}
    z, classes = network.inputs(200, 9)
    right = network.model([z, classes]).numpy()
    own = dict(network.kernels._variables)
    for key, array in read_back.items():
        own[key].assign(array)
    made = network.kernels._model([z, classes]).numpy()
    found = 127.5 * np.sqrt(np.mean((made - right) ** 2))
    assert 0.7 * error < found < 1.3 * error


@needs_node
def test_both_ways_of_a_translator_are_as_coarse_as_their_own_images_allow(tmp_path, monkeypatch):
    made = unowned.open_network("translator-digits_and_paper", tmp_path / "runs", tmp_path / "data")
    half = write.web_page(made, {"title": "x"})
    monkeypatch.setattr(write, "MOST", len(half) * 3 // 4)
    card, plans, entries, data = read(write.web_page(made, {"title": "x"}))
    assert card["weights"]["kind"] == "steps" and card["weights"]["compared"] == 100
    stepped = {e["key"][0] for e in entries if e["type"] == "steps"}
    assert stepped == {"0", "1"} and len(plans) == 2
    for number, way in enumerate(made.ways):
        drawn = np.random.default_rng(5).integers(0, 256, (3, *made.input_shape(way)), np.uint8)
        rows = [{"image": picture / np.float32(127.5) - 1} for picture in drawn]
        own = drawn_in_node(plans[number], entries, data, rows, levels=True)
        assert np.abs(np.stack(own) - to_uint8(made.images(drawn, way))).max() <= LEVELS


def test_small_kernels_and_odd_numbers_stay_floats(monkeypatch):
    import keras

    z = keras.Input((3,), name="z")
    image = keras.layers.Reshape((4, 4, 1))(keras.layers.Dense(16, activation="tanh")(z))
    made = TrainedGenerator(keras.Model(z, image), "00001-x", 7, 3, 0, "normal")
    monkeypatch.setattr(write, "MOST", 1)
    card, _, entries, _ = read(write.web_page(made, {"title": "x"}))
    assert card["weights"]["kind"] == "float16"
    assert {entry["type"] for entry in entries} == {"float16"}
    arrays = {"nan": np.float32([np.nan, 1]), "inf": np.float32([np.inf, 1]), "far": np.float32([9, 1])}
    entries, _ = pack.packed(arrays, {"nan": 0.1, "inf": 0.1, "far": 1e-5})
    assert [entry["type"] for entry in entries] == ["float32", "float32", "float16"]
    for entry, array in zip(entries, arrays.values(), strict=True):
        np.testing.assert_array_equal(pack.as_read(array, entry), array)
