"""Generators for TensorFlow.js: read back by our own reader, and drawn by the real package where it is."""

import io
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gan_core import recipes
from gan_core.errors import ConfigError
from gan_core.explore import unowned
from gan_core.explore.foreign import importing
from gan_core.explore.library import Library
from gan_core.export import models
from gan_core.tasks.synthesis import TrainedGenerator
from tests.unit.test_web_network import shown_network

RUNNER = Path(__file__).parents[1] / "js" / "run_tfjs.cjs"
PACKAGE = os.environ.get("GAN_TFJS", "")  # .../node_modules/@tensorflow/tfjs
SAME = ("hinge_sn", "lsgan", "wgan_gp")  # as the generator of fast_dcgan
GENERATORS = [
    n for n in recipes.names() if recipes.get(n).needs in ("images", "labels") and n not in SAME
]


@pytest.fixture(scope="module", params=GENERATORS)
def written(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    model = shown_network(request.param, folder)
    count = model.inputs[1].shape[1] if len(model.inputs) > 1 else 0
    size, prior = model.inputs[0].shape[1], recipes.get(request.param).prior
    names = tuple(map(str, range(count)))
    trained = TrainedGenerator(model, "00001-x", 5, size, count, prior, names)
    out = folder / "generator"
    models.export(trained, "tfjs", out)
    return trained, out


def inputs_of(trained, count=3):
    rng = np.random.default_rng(0)
    z = rng.standard_normal((count, trained.latent_dim)).astype(np.float32)
    labels = np.arange(count) % max(trained.num_classes, 1)
    return z, labels


def drawn(trained, z, labels):
    rows = np.eye(trained.num_classes, dtype=np.float32)[labels] if trained.num_classes else None
    return trained.images(z, rows)


def zipped(folder):
    """All files of a folder as one zip, as people pack it: with the folder."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"{folder.name}/{path.name}")
    return packed.getvalue()


@pytest.mark.sampled(3)
def test_open_a_file_reads_it_with_the_same_pixels(written, tmp_path):
    """All its files chosen together, or a zip of them, end in the same generator of the library."""
    trained, out = written
    chosen = {p.name: p.read_bytes() for p in out.iterdir() if p.suffix[1:] in importing.SUFFIXES}
    assert {"model.json", "acgan-metadata.json"} < chosen.keys()
    library = Library(tmp_path / "runs")
    names = {
        library.add(found.plan, found.arrays, title="x", origin="a file", prior=trained.prior)
        for found in (importing.from_files(chosen), importing.from_bytes(zipped(out)))
    }
    (name,) = names
    opened = unowned.open_network(name, tmp_path / "runs", tmp_path)
    z, labels = inputs_of(trained)
    assert opened.num_classes == trained.num_classes
    found, expected = drawn(opened, z, labels), drawn(trained, z, labels)
    assert np.abs(found - expected).max() < 1e-5 * max(1.0, np.abs(expected).max())


@pytest.mark.skipif(
    not (PACKAGE and shutil.which("node")),
    reason="GAN_TFJS names no @tensorflow/tfjs: its own answers are NOT tested",
)
def test_tensorflow_js_draws_the_same_pixels(written):
    trained, out = written
    z, labels = inputs_of(trained)
    inputs = [z.tolist()] + ([labels[:, None].tolist()] if trained.num_classes else [])
    made = subprocess.run(
        ["node", str(RUNNER), PACKAGE, str(out)],
        input=json.dumps({"inputs": inputs}), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    answer = json.loads(made.stdout)
    expected = drawn(trained, z, labels)
    found = np.array(answer["data"], np.float32).reshape(answer["shape"])
    assert np.abs(found - expected).max() < 1e-5 * max(1.0, np.abs(expected).max())


def test_the_files_of_the_tutorial_are_there(written):
    trained, out = written
    names = {path.name for path in out.iterdir()}
    assert {"model.json", "acgan-metadata.json", "README.txt"} <= names
    told = json.loads((out / "acgan-metadata.json").read_text())
    assert told["completed"] is True and told["currentEpoch"] == told["totalEpochs"] == 5
    assert "tf.loadLayersModel" in (out / "README.txt").read_text()


def test_the_words_beside_a_generator_of_points_call_nothing_an_image(tmp_path):
    import keras

    z = keras.Input((2,))
    trained = TrainedGenerator(
        keras.Model(z, keras.layers.Dense(2)(z)), "00001-x", 1, 2, 0, "normal"
    )
    models.export(trained, "tfjs", tmp_path / "generator")
    told = (tmp_path / "generator" / "README.txt").read_text()
    assert "output: float32 [N, 2], points in a plane" in told and "image" not in told


def test_a_translator_is_refused_in_words(tmp_path):
    made = unowned.open_network("translator-edges_to_digits", tmp_path, tmp_path)
    with pytest.raises(ConfigError, match="Only generators are written for TensorFlow.js"):
        models.export(made, "tfjs", tmp_path / "out")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("more", [{"threshold": 0.1}, {"negative_slope": 0.1, "max_value": 6.0}])
def test_a_relu_that_it_has_not_is_refused(tmp_path, more):
    import keras

    z = keras.Input((4,))
    image = keras.layers.Reshape((2, 2, 1))(keras.layers.ReLU(name="odd", **more)(z))
    trained = TrainedGenerator(keras.Model(z, image), "00001-x", 1, 4, 0, "normal")
    with pytest.raises(ConfigError, match="no ReLU as `odd`.* Allowed: "):
        models.export(trained, "tfjs", tmp_path / "generator")


def test_a_file_of_that_name_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="is a folder, not a file"):
        models.check("tfjs", tmp_path / "model.zip")
