"""Files of the real writers: seven versions of Keras and two of TensorFlow.js, and their answers.

The files are made by `tools/make_foreign_fixtures.py` and `.js`, each with that very version.
"""

import functools
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gan_core.explore.foreign import build, importing, limited
from gan_core.explore.foreign.plan import Unfit
from gan_core.tasks import directions
from tests.unit.explore.described import without_a_process

FOLDER = Path(__file__).parents[2] / "data" / "foreign"
KERAS = sorted(path.stem for path in FOLDER.glob("keras-*.zip"))
TFJS = sorted(path.name for path in FOLDER.glob("tfjs-*"))
MODELS = ("sequential", "wrapped", "embedding", "functional", "twice", "flat")
NEWEST, OLDEST = "keras-3.15.1", "keras-2.12.0"
IN_H5 = ("sequential", "functional", "twice")


def member(version: str, name: str) -> bytes:
    with zipfile.ZipFile(FOLDER / f"{version}.zip") as archive:
        return archive.read(name)


@functools.cache
def opened(version: str, name: str) -> importing.Found:
    """A file, read once for all tests.

    Those of the newest version and one of the oldest are read as in the app, by a process of its own
    for each question; of the others is asked without one what that process does with a file.
    """
    with pytest.MonkeyPatch.context() as patch:
        if version != NEWEST and (version, name[:10]) != (OLDEST, "sequential"):
            patch.setattr(limited, "_run", without_a_process)
        return importing.from_bytes(member(version, name))


def drawn(found: importing.Found, z, label) -> np.ndarray:
    """Images in [-1, 1] as the page shows them; uncompiled, which is faster for two."""
    own = build.build(found.plan, found.arrays, run_id="x", step=0, prior="normal")
    given, count = [np.asarray(z, np.float32)], found.plan["classes"]
    if count:
        given.append(np.eye(count, dtype=np.float32)[np.ravel(label).astype(int)])
    return own.model(given, training=False).numpy()


def test_all_versions_are_here():
    assert len(KERAS) == 7 and {NEWEST, OLDEST} < set(KERAS)
    assert TFJS == ["tfjs-2.8.6", "tfjs-4.22.0"]


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("version", KERAS)
def test_images_are_those_of_the_keras_that_wrote_the_file(version, name):
    found = opened(version, f"{name}.keras")
    with np.load(io.BytesIO(member(version, f"{name}.npz"))) as file:
        answer = dict(file)
    wanted = answer["images"]
    if name == "functional":  # a sigmoid at its end
        wanted = 2 * wanted - 1
    if name == "flat":  # 0 to 255
        wanted = wanted / 127.5 - 1
    made = drawn(found, answer["z"], answer.get("label"))
    assert made.shape == (2, 8, 8, 3 if name == "wrapped" else 1)
    np.testing.assert_allclose(made, wanted.reshape(made.shape), atol=1e-5)


@pytest.mark.sampled(7)
@pytest.mark.parametrize("name", IN_H5)
@pytest.mark.parametrize("version", KERAS)
def test_an_h5_file_holds_the_same_network(version, name):
    one, other = opened(version, f"{name}.keras"), opened(version, f"{name}.h5")
    assert one.plan == other.plan and set(one.arrays) == set(other.arrays)
    for key, values in one.arrays.items():
        np.testing.assert_array_equal(values, other.arrays[key])


@pytest.mark.parametrize("version", KERAS)
def test_weights_alone_are_told_apart_with_what_to_do(version):
    with pytest.raises(Unfit, match="weights only.*save the whole model.*generator.save") as told:
        opened(version, "only.weights.h5")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", [*IN_H5, "flat"])
def test_directions_are_found_in_foreign_networks(name):
    found = opened("keras-2.15.0", f"{name}.keras")
    own = build.build(found.plan, found.arrays, run_id="x", step=0, prior="normal")
    row = np.eye(found.plan["classes"], dtype=np.float32)[0] if found.plan["classes"] else None
    for made in (directions.sefa(own, row), directions.local(own, np.ones(4, np.float32), row)):
        np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)


def tfjs_files(version: str, name: str) -> dict[str, bytes]:
    names = (f"{name}.json", f"{name}.weights.bin")
    return {n: (FOLDER / version / n).read_bytes() for n in names}


@pytest.mark.parametrize("name", ["acgan", "sequential", "functional"])
@pytest.mark.parametrize("version", TFJS)
def test_images_are_those_of_tensorflow_js(version, name):
    answer = json.loads((FOLDER / version / f"{name}.answer.json").read_text())
    wanted = np.reshape(answer["images"], answer["shape"])
    if name == "sequential":  # a sigmoid at its end
        wanted = 2 * wanted - 1
    found = importing.from_files(tfjs_files(version, name))
    made = drawn(found, np.reshape(answer["z"], (2, 4)), answer["label"])
    assert found.kind == "tfjs" and made.shape == wanted.shape
    np.testing.assert_allclose(made, wanted, atol=1e-5)
