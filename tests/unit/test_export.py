"""Exported generators, loaded back in their own runtimes: the same pixels as in the app."""

import dataclasses
import functools
import io
import itertools
import json
import os
import resource
import subprocess
import time
import venv
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_core import recipes
from gan_core.data import spec
from gan_core.errors import ConfigError, RunError
from gan_core.export import keras_archive, models, usage
from gan_core.startup import runtime
from gan_core.storage import images, outputs
from gan_core.tasks import latent, synthesis

# Keras 3.15 reads its variables in the way NumPy 2 has deprecated, while it writes a .keras file.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"
)
RECIPES = [name for name in recipes.names() if recipes.get(name).task == "synthesis"]
# What each layer's constructor takes in Keras 3.3, asked there by tools/make_keras_arguments.py
OLDEST = json.loads((Path(__file__).parents[1] / "data" / "keras_3.3_arguments.json").read_text())


def make(recipe, folder):
    """A small generator with weights and statistics as if it had been trained."""
    runtime.start()
    dataset = "ring" if recipe == "toy_mlp" else "mnist_5k"
    config = recipes.config(recipe, dataset, width=4, latent_dim=4)
    about = spec(dataset, folder)
    model = recipes.get(recipe).build(config, about).generator()
    arrays = generate_arrays(model)
    return synthesis.build(config, about, arrays, run_id=f"00001-{recipe}-{dataset}", step=500)


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
        path = tmp_path_factory.mktemp("exported") / f"g{models.SUFFIXES[format]}"
        return models.export(generators(recipe), format, path)

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
    @pytest.mark.sampled(6)
    @pytest.mark.parametrize(
        ("recipe", "format"),
        [
            *((recipe, "keras") for recipe in RECIPES),
            *itertools.product(("acgan", "fast_gan", "toy_mlp"), ("saved_model", "litert")),
        ],
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


def objects(value):
    """All serialized objects of a config, outermost first."""
    if isinstance(value, dict):
        if {"module", "class_name", "config"} <= value.keys():
            yield value
        value = list(value.values())
    for item in value if isinstance(value, list) else []:
        yield from objects(item)


def arrays(path):
    """Name -> array of a .keras file's weights."""
    import h5py

    found = {}
    with (
        zipfile.ZipFile(path) as archive,
        h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file,
    ):
        file.visititems(
            lambda n, o: found.update({n: o[()]}) if isinstance(o, h5py.Dataset) else None
        )
    return found


class TestOlderKeras:
    """A .keras file opens in every Keras from 3.3 on."""

    @pytest.mark.parametrize("recipe", RECIPES)
    def test_no_argument_that_the_oldest_does_not_know(self, exported, recipe):
        with zipfile.ZipFile(exported(recipe, "keras").path) as archive:
            config = json.loads(archive.read("config.json"))
        known, seen = OLDEST["arguments"], 0
        for each in objects(config):
            if each["module"] in known:
                allowed = known[each["module"]][each["class_name"]]
                assert set(each["config"]) <= set(allowed), each
                seen += 1
        assert seen > 5
        for name in ("input_layers", "output_layers"):  # 3.3 knows lists of tensors only
            assert all(isinstance(tensor, list) for tensor in config["config"][name])

    @pytest.mark.sampled(3)
    @pytest.mark.parametrize("recipe", RECIPES)
    def test_nothing_is_lost_with_what_is_left_out(self, generators, exported, recipe):
        import keras

        from gan_core.networks.fast_layers import as_stock

        loaded = keras.models.load_model(exported(recipe, "keras").path)
        for own, other in zip(
            as_stock(generators(recipe).model).layers, loaded.layers, strict=True
        ):
            assert own.get_config() == other.get_config()

    @pytest.mark.parametrize("recipe", RECIPES)
    def test_the_weights_lie_where_keras_puts_them(self, generators, exported, tmp_path, recipe):
        from gan_core.networks.fast_layers import as_stock

        as_stock(generators(recipe).model).save(tmp_path / "keras.keras")
        own, other = arrays(exported(recipe, "keras").path), arrays(tmp_path / "keras.keras")
        assert own.keys() == other.keys() and len(own) > 3
        assert all(np.array_equal(own[name], other[name]) for name in own)

    def test_models_in_models(self, tmp_path):
        import keras

        layers = keras.layers
        inner = keras.Sequential([layers.Dense(3), layers.LeakyReLU(), layers.Dense(4)])
        z = keras.Input((2,))
        model = keras.Model(z, inner(layers.Dense(3)(layers.Dense(2)(z))))
        keras_archive.write(model, tmp_path / "own.keras")
        model.save(tmp_path / "keras.keras")
        own, other = arrays(tmp_path / "own.keras"), arrays(tmp_path / "keras.keras")
        assert own.keys() == other.keys() and len(own) == 8
        given = np.ones((3, 2), np.float32)
        loaded = keras.models.load_model(tmp_path / "own.keras")
        np.testing.assert_array_equal(
            model.predict(given, verbose=0), loaded.predict(given, verbose=0)
        )

    @pytest.mark.slow
    @pytest.mark.network
    @pytest.mark.parametrize("version", ["3.3.3", "3.8.0"])
    def test_same_pixels_there(self, generators, exported, tmp_path, version):
        python = older_keras(tmp_path, version)
        for recipe in RECIPES:
            z, classes = inputs(generators(recipe))
            given = {"z": z} if classes is None else {"z": z, "classes": classes}
            np.savez(tmp_path / f"{recipe}.npz", **given)
            os.link(exported(recipe, "keras").path, tmp_path / f"{recipe}.keras")
        subprocess.run([python, "-c", THERE, version], cwd=tmp_path, check=True)
        for recipe in RECIPES:
            expected = generators(recipe).images(*inputs(generators(recipe)))
            answer = np.load(tmp_path / f"{recipe}.answer.npy")
            np.testing.assert_allclose(answer, expected, rtol=0, atol=2e-6)
            if expected.ndim == 4:
                levels = [images.to_uint8(a).astype(int) for a in (answer, expected)]
                assert np.abs(levels[0] - levels[1]).max() <= 1


THERE = """
import glob, sys, keras, numpy as np
assert keras.__version__ == sys.argv[1]
for path in glob.glob("*.keras"):
    given = np.load(path[:-6] + ".npz")
    model = keras.models.load_model(path)
    answer = model([given[n] for n in ("z", "classes") if n in given.files], training=False)
    np.save(path[:-6] + ".answer.npy", np.asarray(answer))
"""


def older_keras(folder, version):
    """The interpreter of a new environment with this Keras, from the package index."""
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    wanted = ["tensorflow-cpu==2.16.2", f"keras=={version}"]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
    return python


class TestWords:
    """The lines beside a file say what goes in and comes out; their code draws that image."""

    @pytest.mark.parametrize(
        ("recipe", "format"),
        [
            ("acgan", "keras"),
            ("dcgan", "keras"),
            *((r, f) for r in ("fast_gan", "toy_mlp") for f in ("saved_model", "litert")),
        ],
    )
    def test_the_code_draws_what_the_generator_makes(
        self, generators, exported, monkeypatch, tmp_path, recipe, format
    ):
        generator, path = generators(recipe), exported(recipe, format).path
        words = self.words(path)
        found = {}
        monkeypatch.chdir(tmp_path)
        os.symlink(path, tmp_path / path.name)
        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", "(?s).*tf.lite.Interpreter is deprecated", UserWarning
            )
            exec(words[words.index("import ") :], found)
        z, classes = found["z"], found.get("classes")
        assert z.shape == (1, 4) and abs(z).max() <= (1 if generator.prior == "uniform" else 9)
        if recipe != "toy_mlp":
            drawn = np.asarray(Image.open("image.png")).astype(int)
            expected = images.to_uint8(generator.images(z, classes))[0, :, :, 0].astype(int)
            assert np.abs(drawn - expected).max() <= 1

    @staticmethod
    def words(path):
        return (path / "README.txt" if path.is_dir() else Path(f"{path}.txt")).read_text()

    def test_what_goes_in_and_comes_out(self, exported):
        words = self.words(exported("acgan", "keras").path)
        assert "z        float32 [N, 4], drawn from U(-1, 1)" in words
        assert (
            "classes  float32 [N, 10], one-hot, in this order: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
            in words
        )
        assert "output   float32 [N, 28, 28, 1], from -1 (black) to 1 (white)" in words
        points = self.words(exported("toy_mlp", "litert").path)
        assert "output  float32 [N, 2], points in a plane" in points and "classes" not in points

    @pytest.mark.parametrize("recipe", RECIPES)
    def test_the_same_is_known_without_the_networks(self, generators, tmp_path, recipe):
        from gan_core.runs.store import RunStore

        generator = generators(recipe)
        dataset = "ring" if recipe == "toy_mlp" else "mnist_5k"
        settings = recipes.config(recipe, dataset, latent_dim=4).model_dump()
        run = RunStore(tmp_path / "runs").create(settings)
        told = usage.of_run(run, spec(dataset, tmp_path))
        known = usage.of_generator(generator)
        assert dataclasses.replace(told, about="") == dataclasses.replace(known, about="")

    def test_somebody_elses_file_of_that_name_stays(self, generators, tmp_path):
        (tmp_path / "g.keras.txt").write_text("my notes")
        models.export(generators("toy_mlp"), "keras", tmp_path / "g.keras")
        assert (tmp_path / "g.keras.txt").read_text() == "my notes"
        (tmp_path / "g.keras.txt").unlink()
        for _ in range(2):  # ours is replaced
            models.export(generators("toy_mlp"), "keras", tmp_path / "g.keras")
        assert (tmp_path / "g.keras.txt").read_text().startswith("Made by GANscope: ")


@pytest.mark.parametrize("format", ["keras", "saved_model"])
def test_a_clock_in_1970(generators, tmp_path, monkeypatch, format):
    """A zip cannot tell times before 1980."""
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(0))
    if format == "keras":
        assert zipfile.is_zipfile(io.BytesIO(models.as_bytes(generators("toy_mlp"), "keras")))
        return
    made = models.export(generators("toy_mlp"), "saved_model", tmp_path / "g").path
    for file in made.rglob("*"):
        os.utime(file, (0, 0))
    with zipfile.ZipFile(outputs.one_file(made)) as archive:
        assert "g/saved_model.pb" in archive.namelist()


class TestWhatIsWritten:
    def test_a_saved_model_for_a_browser_is_a_zip_of_the_folder(self, generators, tmp_path):
        generator = generators("toy_mlp")
        packed = io.BytesIO(models.as_bytes(generator, "saved_model"))
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

        from gan_core.networks.layers import SpectralNorm

        z = keras.Input((4,), name="z")
        inner = keras.Sequential([keras.Input((4,)), SpectralNorm(keras.layers.Dense(2), seed=1)])
        model = keras.Model([z], inner(z))
        own = dataclasses.replace(generators("toy_mlp"), model=model)
        with pytest.raises(ConfigError, match="holds a SpectralNorm, which Keras"):
            models.export(own, "keras", tmp_path / "g.keras")
        assert list(tmp_path.iterdir()) == []

    def test_facts_beside_a_saved_model(self, generators, exported):
        path = exported("acgan", "saved_model").path
        found = json.loads((path / "model.json").read_text())
        assert found["run"] == "00001-acgan-mnist_5k" and found["step"] == 500
        assert found["z"] == {"shape": ["N", 4], "dtype": "float32", "drawn_from": "U(-1, 1)"}
        assert found["classes"]["names"] == list("0123456789")
        assert found["output"] == {"shape": ["N", 28, 28, 1], "dtype": "float32", "range": [-1, 1]}
        points = models.facts(generators("toy_mlp"))
        assert points["z"]["drawn_from"] == "N(0, 1)" and "classes" not in points
        assert points["output"] == {"shape": ["N", 2], "dtype": "float32"}

    @pytest.mark.parametrize("format", list(models.SUFFIXES))
    def test_size_and_no_leftovers(self, exported, format):
        made = exported("acgan" if format == "web" else "toy_mlp", format)
        files = [p for p in made.path.rglob("*") if p.is_file()] or [made.path]
        assert made.bytes == sum(f.stat().st_size for f in files) > 0
        alone = format in (
            "saved_model",
            "tfjs",
            "web",
        )  # a folder with its README, a page that says it
        beside = [] if alone else [f"{made.path.name}.txt"]
        assert {p.name for p in made.path.parent.iterdir()} == {made.path.name, *beside}


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
            models.export(generators("toy_mlp"), format, tmp_path / name)
        assert (tmp_path / "full" / "thesis.txt").read_text() == "mine"
        assert (tmp_path / "file").read_text() == "mine"

    def test_an_earlier_export_and_an_empty_folder_are_replaced(self, generators, tmp_path):
        generator = generators("toy_mlp")
        (tmp_path / "g").mkdir()
        models.export(generator, "saved_model", tmp_path / "g")
        (tmp_path / "g" / "assets").mkdir(exist_ok=True)
        (tmp_path / "g" / "assets" / "old").write_text("")
        models.export(generator, "saved_model", tmp_path / "g")
        assert not (tmp_path / "g" / "assets" / "old").exists()
        assert [p.name for p in tmp_path.iterdir()] == ["g"]

    @pytest.mark.parametrize("format", list(models.SUFFIXES))
    def test_a_disk_that_takes_too_little(self, generators, tmp_path, format):
        path = tmp_path / f"g{models.SUFFIXES[format]}"
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
        try:
            with pytest.raises(RunError, match=f"{path.name} could not be written to"):
                models.export(
                    generators("acgan" if format in ("web", "tfjs") else "toy_mlp"), format, path
                )
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert list(tmp_path.iterdir()) == []
