"""`sample FILE`: the pixels of those who wrote the file; bad input is one clear line."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gan_core.cli import main
from gan_core.explore.foreign import limited
from tests.unit.explore.described import without_a_process

FOREIGN = Path(__file__).parents[2] / "data" / "foreign"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with embedding.keras, its z.npy, label.npy and answer, and joined.keras."""
    folder = tmp_path_factory.mktemp("foreign")
    with zipfile.ZipFile(FOREIGN / "keras-2.13.1.zip") as archive:
        archive.extract("embedding.keras", folder)
        archive.extract("flat.keras", folder)
        archive.extract("functional.h5", folder)
        with np.load(io.BytesIO(archive.read("embedding.npz"))) as file:
            for name, values in file.items():
                np.save(folder / f"{name}.npy", values)
    np.save(folder / "wide.npy", np.zeros((2, 5), np.float32))
    np.save(folder / "text.npy", np.array(["a", "b"]))
    np.save(folder / "nan.npy", np.full((2, 4), np.nan, np.float32))
    np.save(folder / "far.npy", np.array([1, 7]))
    np.save(folder / "half.npy", np.array([0.5, 1.0]))
    (folder / "pickle.npy").write_bytes(b"\x80\x04.")
    return folder


@pytest.fixture(scope="module")
def joined(place):
    """joined.keras: 18 numbers, the last 10 of them a class; and the Keras model."""
    from gan_core.startup import runtime

    runtime.start()
    import keras

    inputs = keras.Input((18,))
    x = keras.layers.Dense(64, activation="sigmoid")(inputs)
    model = keras.Model(inputs, keras.layers.Reshape((8, 8, 1))(x))
    model.save(place / "joined.keras")
    return model


@pytest.fixture
def read_here(monkeypatch):
    """Files are read without the child process, which the first test of this file goes through."""
    monkeypatch.setattr(limited, "_run", without_a_process)


def sample(place, *words):
    """(exit code, arrays)."""
    out = place / "out.npz"
    out.unlink(missing_ok=True)
    code = main(["sample", *map(str, words), "--out", str(out)])
    if not out.exists():
        return code, {}
    with np.load(out, allow_pickle=False) as file:
        return code, dict(file)


def test_pixels_are_those_of_the_writer(place):
    flags = ("--z", place / "z.npy", "--classes", place / "label.npy")
    code, found = sample(place, place / "embedding.keras", *flags)
    assert code == 0
    np.testing.assert_allclose(found["values"], np.load(place / "images.npy"), atol=1e-5)
    assert found["labels"].tolist() == [1, 2] and found["images"].dtype == np.uint8
    np.testing.assert_array_equal(found["z"], np.load(place / "z.npy"))


@pytest.mark.parametrize("source", ["tfjs-4.22.0/acgan.json", "tfjs-2.8.6/acgan.json"])
def test_model_json_is_read_with_the_weights_beside_it(source, place):
    answer = json.loads((FOREIGN / source.replace(".json", ".answer.json")).read_text())
    np.save(place / "js.npy", np.reshape(answer["z"], (2, 4)))
    np.save(place / "jsc.npy", np.eye(3)[answer["label"]])
    flags = ("--z", place / "js.npy", "--classes", place / "jsc.npy")
    code, found = sample(place, FOREIGN / source, *flags)
    assert code == 0
    wanted = np.reshape(answer["images"], answer["shape"])
    np.testing.assert_allclose(found["values"], wanted, atol=1e-5)


SAVING = pytest.mark.filterwarnings("ignore:__array__ implementation")  # Keras's, with NumPy 2


@SAVING
def test_a_class_joined_to_z_is_asked_for(place, joined, capsys, read_here):
    source, rng = place / "joined.keras", np.random.default_rng(3)
    assert sample(place, source) == (2, {})
    error = capsys.readouterr().err
    assert "18 numbers go in" in error and "`--class-size 10` (8 + 10)" in error
    assert len(error.strip().splitlines()) == 1
    z, labels = rng.standard_normal((3, 8)).astype(np.float32), np.array([0, 9, 4])
    rows = np.concatenate([z, np.eye(10, dtype=np.float32)[labels]], axis=1)
    wanted = 2 * np.asarray(joined(rows, training=False)) - 1
    for name, values in (("z", z), ("c", labels), ("rows", rows)):
        np.save(place / f"joined_{name}.npy", values)
    for flags in (
        ("--z", place / "joined_rows.npy"),  # all that goes in
        ("--z", place / "joined_rows.npy", "--class-size", 10),
        ("--z", place / "joined_z.npy", "--classes", place / "joined_c.npy"),
    ):
        code, found = sample(place, source, *flags)
        assert code == 0
        np.testing.assert_allclose(found["values"], wanted, atol=1e-5)
    code, found = sample(place, source, "--class-size", 10, "--num", 4, "--class", 7)
    assert code == 0 and found["classes"].argmax(1).tolist() == [7] * 4
    code, found = sample(place, source, "--class-size", 0, "--num", 4)
    assert code == 0 and found["z"].shape == (4, 18) and "classes" not in found


def test_without_z_it_is_drawn_by_seed_and_prior(place, capsys, read_here):
    source = place / "functional.h5"
    first, again, other = (
        sample(place, source, "--num", 6, "--seed", seed, *more)[1]
        for seed, more in ((4, ()), (4, ()), (4, ("--prior", "uniform")))
    )
    assert all(np.array_equal(first[n], again[n]) for n in first)
    assert np.abs(other["z"]).max() <= 1 < np.abs(first["z"]).max()
    assert first["labels"].tolist() == [0, 1, 2, 0, 1, 2]
    assert sample(place, place / "flat.keras", "--num", 1)[0] == 0
    assert "64 numbers come out: shown as 8 x 8." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["nothing.keras"], "There is no file"),
        (["{p}/text.npy.zip"], "There is no file"),
        (["{p}/z.npy"], "This is no generator that can be read"),
        (
            ["{p}/embedding.keras", "--z", "{p}/wide.npy"],
            r"must have shape [N, 4]. Received: [2, 5]",
        ),
        (["{p}/embedding.keras", "--z", "{p}/text.npy"], "must be an .npy file of numbers"),
        (["{p}/embedding.keras", "--z", "{p}/nan.npy"], "must hold finite numbers"),
        (["{p}/embedding.keras", "--z", "{p}/pickle.npy"], "is no .npy file of numbers."),
        (["{p}/embedding.keras", "--z", "{p}/no.npy"], "There is no file"),
        (["{p}/embedding.keras", "--z", "{p}/z.npy", "--count", "3"], "leave `--count`"),
        (
            ["{p}/embedding.keras", "--z", "{p}/z.npy", "--classes", "{p}/wide.npy"],
            "must have shape [2] (class numbers) or [2, 3]",
        ),
        (
            ["{p}/embedding.keras", "--z", "{p}/z.npy", "--classes", "{p}/far.npy"],
            "Classes are 0 to 2. Received: 7",
        ),
        (
            ["{p}/embedding.keras", "--z", "{p}/z.npy", "--classes", "{p}/half.npy"],
            "Classes are 0 to 2. Received: 0.5",
        ),
        (["{p}/embedding.keras", "--class", "3"], "Classes are 0 to 2. Received: 3"),
        (["{p}/embedding.keras", "--class-size", "2"], "has an input for its class already"),
        (["{p}/embedding.keras", "--step", "3"], "`--step` is for runs"),
        (["{p}/embedding.keras", "--count", "0"], "`--count` must be at least 1"),
        (["{p}/embedding.keras", "--num", "1000000000000"], "`--count` must be at least 1, and at"),
        (["{p}/flat.keras", "--class", "1"], "`--class-size 3` (1 + 3)"),
        (["{p}/flat.keras", "--class-size", "4"], "has 2 to 3 of the 4 numbers"),
        (["00001-dcgan-mnist", "--z", "{p}/z.npy"], "`--z` is for files"),
        (["http://127.0.0.1:9/model.json"], "together with its `.bin` files"),
    ],
)
def test_bad_input_is_one_clear_line(words, text, place, capsys, read_here):
    code, found = sample(place, *(word.format(p=place) for word in words))
    error = capsys.readouterr().err
    assert code == 2 and not found
    assert text in error and len(error.strip().splitlines()) == 1
