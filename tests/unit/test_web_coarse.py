"""Pages whose networks float16 would make too large: how near their images stay, how large they become."""

import json

import numpy as np
import pytest

from gan_core.explore import unowned
from gan_core.export.web import coarse, pack, write
from gan_core.export.web.rounding import Rounding
from gan_core.lab import Lab
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


@pytest.mark.thorough
@needs_node
def test_trained_digits_stay_within_four_levels_in_seven_tenths_of_the_bytes(digits, monkeypatch):
    """Trained to steep edges: int8 with a scale for each output was off by 12 levels and more."""
    half = write.web_page(digits, {"title": "x"})
    monkeypatch.setattr(write, "MOST", 7 * len(half) // 10)
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


@pytest.mark.thorough
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
    entries, _ = pack.packed(network.arrays, multiples := network.multiples(error))
    read_back = {entry["key"]: network.arrays[entry["key"]] for entry in entries}
    read_back |= {key: numbers * np.float32(step) for key, (numbers, step) in multiples.items()}
    z, classes = network.inputs(200, 9)
    right = network.model([z, classes]).numpy()
    own = dict(network.kernels._variables)
    for key, array in read_back.items():
        own[key].assign(array)
    made = network.kernels._model([z, classes]).numpy()
    found = 127.5 * np.sqrt(np.mean((made - right) ** 2))
    assert 0.6 * error < found < 1.4 * error


@pytest.mark.thorough
@needs_node
def test_both_ways_of_a_translator_are_as_coarse_as_their_own_images_allow(tmp_path, monkeypatch):
    made = unowned.open_network("translator-digits_and_paper", tmp_path / "runs", tmp_path / "data")
    half = write.web_page(made, {"title": "x"})
    monkeypatch.setattr(write, "MOST", len(half) * 3 // 4)
    monkeypatch.setattr(coarse, "CHECKED", 10)
    card, plans, entries, data = read(write.web_page(made, {"title": "x"}))
    assert card["weights"]["kind"] == "steps" and card["weights"]["compared"] == 20
    stepped = {e["key"][0] for e in entries if e["type"] == "steps"}
    assert stepped == {"0", "1"} and len(plans) == 2
    for number, way in enumerate(made.ways):
        drawn = np.random.default_rng(5).integers(0, 256, (3, *made.input_shape(way)), np.uint8)
        rows = [{"image": picture / np.float32(127.5) - 1} for picture in drawn]
        own = drawn_in_node(plans[number], entries, data, rows, levels=True)
        assert np.abs(np.stack(own) - to_uint8(made.images(drawn, way))).max() <= LEVELS


def test_small_kernels_stay_float16(monkeypatch):
    import keras

    z = keras.Input((3,), name="z")
    image = keras.layers.Reshape((4, 4, 1))(keras.layers.Dense(16, activation="tanh")(z))
    made = TrainedGenerator(keras.Model(z, image), "00001-x", 7, 3, 0, "normal")
    monkeypatch.setattr(write, "MOST", 1)
    card, _, entries, _ = read(write.web_page(made, {"title": "x"}))
    assert card["weights"]["kind"] == "float16"
    assert {entry["type"] for entry in entries} == {"float16"}


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30])
def test_a_kernel_that_has_no_steps_stays_as_it_is(value):
    import keras

    z = keras.Input((3,), name="z")
    first, last = keras.layers.Dense(2048), keras.layers.Dense(1024, activation="tanh")
    model = keras.Model(z, keras.layers.Reshape((32, 32, 1))(last(first(z))))
    first.kernel.assign(np.where(np.arange(2048) == 7, value, first.kernel.numpy()))
    rows = [np.random.default_rng(0).standard_normal((40, 3)).astype(np.float32)]
    network = coarse.Network(model, {}, "", 32 * 32, lambda count, seed: rows)
    assert "0/kernel" not in network.multiples(0.5)


def test_errors_of_rounding_make_up_for_each_other():
    """Of inputs that come together: what is left of the squared error of plain rounding, as it says."""
    rng = np.random.default_rng(4)
    x = rng.standard_normal((4000, 8)) @ rng.standard_normal((8, 64)) + 0.3 * rng.standard_normal(
        (4000, 64)
    )
    kernel, step = rng.standard_normal((64, 200)), 0.05
    rounding = Rounding(x.T @ x / len(x))
    errors = [
        np.mean((x @ (numbers * step - kernel)) ** 2)
        for numbers in (rounding.multiples(kernel, step), np.rint(kernel / step))
    ]
    assert rounding.share < 0.1
    assert 0.5 * rounding.share < errors[0] / errors[1] < 1.1 * rounding.share


def test_of_inputs_that_have_nothing_in_common_each_number_is_the_nearest():
    kernel = np.random.default_rng(4).standard_normal((70, 30)).astype(np.float32)
    rounding = Rounding(np.diag(np.linspace(1, 3, 70)))
    assert rounding.share == pytest.approx(1, abs=0.02)
    np.testing.assert_array_equal(
        rounding.multiples(kernel, 0.25), np.rint(kernel / np.float32(0.25))
    )


@needs_node
@pytest.mark.slow
@pytest.mark.parametrize(("recipe", "flags"), [("dcgan", {"batch_size": 48}), ("acgan", {})])
def test_large_generators_fit_a_page_and_stay_within_four_levels_when_trained(
    recipe, flags, tmp_path
):
    """At default width, after 150 steps: minutes on two cores."""
    lab = Lab(tmp_path / "runs", tmp_path / "data")
    config = lab.make_config(recipe=recipe, dataset="mnist_5k", num_steps=150, **flags)
    run = lab.create(config, who="test")
    lab.make_job(run.id, who="test").run()
    made = lab.open(run.id)
    page = write.web_page(made, {"title": "x"})
    assert len(page) <= write.MOST
    assert off_by(page, made, seed=100, count=200).max() <= LEVELS
