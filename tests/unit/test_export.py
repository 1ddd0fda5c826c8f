"""Exported generators, loaded back in their own runtimes: the same pixels as in the app."""

import dataclasses
import functools
import io
import itertools
import json
import resource
import warnings
import zipfile

import numpy as np
import pytest

from gan_core import export, generate, images, latent, recipes, runtime
from gan_core.data import spec
from gan_core.errors import ConfigError, RunError

# Keras 3.15 reads its variables in the way NumPy 2 has deprecated, while it writes a .keras file.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"
)
WIDTHS = {"dcgan": 4, "acgan": 4, "fast_gan": 4, "toy_mlp": 4}


def make(recipe, folder):
    """A small generator with weights and statistics as if it had been trained."""
    runtime.start()
    dataset = "ring" if recipe == "toy_mlp" else "mnist_5k"
    config = recipes.config(recipe, dataset, width=WIDTHS[recipe], latent_dim=4)
    about = spec(dataset, folder)
    model = recipes.get(recipe).build(config, about).generator()
    arrays = generate_arrays(model)
    return generate.build(config, about, arrays, run_id=f"00001-{recipe}-{dataset}", step=500)


def generate_arrays(model):
    from gan_core.algorithms.variables import copy_out, named

    rng = np.random.default_rng(0)
    arrays = copy_out(named("generator", model.variables))
    for name, array in arrays.items():
        arrays[name] = (array + 0.1 * rng.random(array.shape)).astype(np.float32)
    return arrays


@pytest.fixture(scope="module")
def generators(tmp_path_factory):
    """Each recipe's generator, made once."""
    made, folder = {}, tmp_path_factory.mktemp("data")

    def get(recipe):
        if recipe not in made:
            made[recipe] = make(recipe, folder)
        return made[recipe]

    return get


@pytest.fixture(scope="module")
def exported(generators, tmp_path_factory):
    """exported("acgan", "litert"): what was written, made once; read only."""

    @functools.cache
    def get(recipe, format):
        path = tmp_path_factory.mktemp("exported") / f"g{export.SUFFIXES[format]}"
        return export.export(generators(recipe), format, path)

    return get


def inputs(generator, count=5):
    """z [N, Z] and one-hot classes [N, K] (None without)."""
    z = latent.sample(count, generator.latent_dim, seed=3, prior=generator.prior)
    if not generator.num_classes:
        return z, None
    return z, latent.one_hot(np.arange(count) % generator.num_classes, generator.num_classes)


def run_keras(path, z, classes):
    import keras

    model = keras.models.load_model(path)
    return np.asarray(model([z] if classes is None else [z, classes], training=False))


def run_saved_model(path, z, classes):
    import tensorflow as tf

    model = tf.saved_model.load(str(path))
    named = {"z": z} if classes is None else {"z": z, "classes": classes}
    answers = model.signatures["serving_default"](**{n: tf.constant(v) for n, v in named.items()})
    (answer,) = answers.values()
    return answer.numpy()


def run_litert(path, z, classes):
    import tensorflow as tf

    with warnings.catch_warnings():
        # TensorFlow announces that its interpreter moves to the package ai_edge_litert
        warnings.filterwarnings("ignore", "(?s).*tf.lite.Interpreter is deprecated", UserWarning)
        interpreter = tf.lite.Interpreter(str(path))
    named = {"z": z} if classes is None else {"z": z, "classes": classes}
    for detail in interpreter.get_input_details():
        (value,) = [v for n, v in named.items() if f"_{n}:" in detail["name"]]
        interpreter.resize_tensor_input(detail["index"], value.shape)
    (answer,) = interpreter.get_signature_runner()(**named).values()
    return answer


LOADERS = {"keras": run_keras, "saved_model": run_saved_model, "litert": run_litert}


class TestSamePixels:
    @pytest.mark.parametrize(
        ("recipe", "format"),
        [("dcgan", "keras"), *itertools.product(("acgan", "fast_gan", "toy_mlp"), export.SUFFIXES)],
    )
    def test_in_their_own_runtime(self, generators, exported, recipe, format):
        generator = generators(recipe)
        z, classes = inputs(generator)
        expected = generator.images(z, classes)
        assert expected.std() > 0.01
        answer = LOADERS[format](exported(recipe, format).path, z, classes)
        assert answer.shape == expected.shape and answer.dtype == np.float32
        np.testing.assert_allclose(answer, expected, rtol=0, atol=1e-6)
        if expected.ndim == 4:
            levels = [images.to_uint8(a).astype(int) for a in (answer, expected)]
            assert np.abs(levels[0] - levels[1]).max() <= 1
        np.testing.assert_array_equal(generator.images(z, classes), expected)

    def test_one_image_and_many(self, generators, exported):
        generator = generators("fast_gan")
        path = exported("fast_gan", "litert").path
        for count in (1, 40):
            z, classes = inputs(generator, count)
            answer = run_litert(path, z, classes)
            np.testing.assert_allclose(answer, generator.images(z, classes), rtol=0, atol=1e-6)


class TestWhatIsWritten:
    def test_a_saved_model_for_a_browser_is_a_zip_of_the_folder(self, generators, tmp_path):
        generator = generators("toy_mlp")
        packed = io.BytesIO(export.as_bytes(generator, "saved_model"))
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(tmp_path)
        z, _ = inputs(generator)
        answer = run_saved_model(tmp_path / "generator", z, None)
        np.testing.assert_allclose(answer, generator.images(z), rtol=0, atol=1e-6)

    def test_keras_file_holds_stock_layers_only(self, exported):
        import keras

        model = keras.models.load_model(exported("acgan", "keras").path, safe_mode=True)
        assert all(type(layer).__module__.startswith("keras.") for layer in model.layers)
        assert model.get_config()["name"] == "generator"

    def test_a_layer_of_our_own_is_refused(self, generators, tmp_path):
        import keras

        from gan_core.layers import SpectralNorm

        z = keras.Input((4,), name="z")
        inner = keras.Sequential([keras.Input((4,)), SpectralNorm(keras.layers.Dense(2), seed=1)])
        model = keras.Model([z], inner(z))
        own = dataclasses.replace(generators("toy_mlp"), model=model)
        with pytest.raises(ConfigError, match="holds a SpectralNorm, which Keras"):
            export.export(own, "keras", tmp_path / "g.keras")
        assert list(tmp_path.iterdir()) == []

    def test_facts_beside_a_saved_model(self, generators, exported):
        path = exported("acgan", "saved_model").path
        found = json.loads((path / "model.json").read_text())
        assert found["run"] == "00001-acgan-mnist_5k" and found["step"] == 500
        assert found["z"] == {"shape": ["N", 4], "dtype": "float32", "drawn_from": "U(-1, 1)"}
        assert found["classes"]["names"] == list("0123456789")
        assert found["output"] == {"shape": ["N", 28, 28, 1], "dtype": "float32", "range": [-1, 1]}
        points = export.facts(generators("toy_mlp"))
        assert points["z"]["drawn_from"] == "N(0, 1)" and "classes" not in points
        assert points["output"] == {"shape": ["N", 2], "dtype": "float32"}

    @pytest.mark.parametrize("format", list(export.SUFFIXES))
    def test_size_and_no_leftovers(self, exported, format):
        made = exported("toy_mlp", format)
        files = [p for p in made.path.rglob("*") if p.is_file()] or [made.path]
        assert made.bytes == sum(f.stat().st_size for f in files) > 0
        assert [p.name for p in made.path.parent.iterdir()] == [made.path.name]


class TestPlace:
    @pytest.mark.parametrize(
        ("format", "name", "text"),
        [
            ("keras", "g.h5", r"must end in \.keras. Received: `.*g\.h5`"),
            ("keras", "g", r"must end in \.keras"),
            ("litert", "g.keras", r"must end in \.tflite"),
            ("saved_model", "g.keras", "A SavedModel is a folder, not a file"),
            ("saved_model", "none/g", "does not exist. Make it first"),
            ("saved_model", "full", "holds files that this command did not make"),
            ("saved_model", "file", "exists and is not a folder"),
            ("keras", "full.keras", "is a folder. Name a file in it"),
            ("kears", "g.keras", "Unknown format `kears`. Did you mean `keras`"),
        ],
    )
    def test_refused(self, generators, tmp_path, format, name, text):
        for folder in ("full", "full.keras"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "thesis.txt").write_text("mine")
        (tmp_path / "file").write_text("mine")
        with pytest.raises(ConfigError, match=text):
            export.export(generators("toy_mlp"), format, tmp_path / name)
        assert (tmp_path / "full" / "thesis.txt").read_text() == "mine"
        assert (tmp_path / "file").read_text() == "mine"

    def test_an_earlier_export_and_an_empty_folder_are_replaced(self, generators, tmp_path):
        generator = generators("toy_mlp")
        (tmp_path / "g").mkdir()
        export.export(generator, "saved_model", tmp_path / "g")
        (tmp_path / "g" / "assets").mkdir(exist_ok=True)
        (tmp_path / "g" / "assets" / "old").write_text("")
        export.export(generator, "saved_model", tmp_path / "g")
        assert not (tmp_path / "g" / "assets" / "old").exists()
        assert [p.name for p in tmp_path.iterdir()] == ["g"]

    @pytest.mark.parametrize("format", list(export.SUFFIXES))
    def test_a_disk_that_takes_too_little(self, generators, tmp_path, format):
        path = tmp_path / f"g{export.SUFFIXES[format]}"
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
        try:
            with pytest.raises(RunError, match=f"{path.name} could not be written to"):
                export.export(generators("toy_mlp"), format, path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert list(tmp_path.iterdir()) == []
