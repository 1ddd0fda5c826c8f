"""Files of former versions, HDF5 by names, several files of one model and zips of them."""

import io
import json
import zipfile

import numpy as np
import pytest

from gan_core.explore.foreign import importing
from gan_core.explore.foreign.plan import Unfit
from gan_core.explore.library import Library
from gan_core.explore.sources import LibrarySource
from tests.unit.explore.described import GOOD, described, row

# ---- files of former versions ----


@pytest.mark.parametrize("name", ["bundled-digits", "bundled-fashion"])
def test_cards_that_former_versions_wrote_still_draw(name, tmp_path):
    """Their plans have settings without a value: "threshold": null."""
    source = LibrarySource(Library(tmp_path), name, tmp_path)
    for layer in source._card["plan"]["layers"]:
        layer["params"]["threshold"] = None
    generator = source.build(source.steps()[0], source.arrays(source.steps()[0]))
    assert generator.sample(2, seed=0)[0].shape == (2, 28, 28, 1)


def h5_of(names, groups=("layer_1",)) -> bytes:
    """A whole model in HDF5 whose weights have these names."""
    import h5py

    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        file.attrs["model_config"] = json.dumps(described(*GOOD)).encode()
        for name in groups:
            group = file.create_group(f"model_weights/{name}")
            group.attrs["weight_names"] = [n.encode() for n in names]
            for n, shape in zip(names, ((8, 16), (16,)), strict=True):
                group[n] = np.full(shape, len(n), np.float32)
    return out.getvalue()


@pytest.mark.parametrize(
    "names",
    [
        ("layer_1/kernel:0", "layer_1/bias:0"),
        ("layer_1_1/kernel:0", "layer_1_1/bias:0"),
        ("g/layer_1/kernel", "g/layer_1/bias"),
        ("kernel_2:0", "bias_2:0"),
    ],
)
def test_weights_of_h5_files_go_by_their_order(names):
    """TensorFlow 1 adds numbers to names, Keras 3 the model around them."""
    found = importing.from_bytes(h5_of(names))
    assert [float(v.flat[0]) for v in found.arrays.values()] == [len(n) for n in names]


@pytest.mark.parametrize(
    ("names", "groups", "words"),
    [
        (("a/alpha:0", "a/beta:0"), ("layer_1",), "of `layer_1` are not those of its layers"),
        (("a/kernel:0", "a/bias:0"), ("other",), "holds no weights for `layer_1`"),
    ],
)
def test_weights_of_h5_files_that_are_others(names, groups, words):
    with pytest.raises(Unfit, match=words):
        importing.from_bytes(h5_of(names, groups))


# ---- several files, and zips of them ----


def packed(files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def js_files(weights="weights.bin"):
    """A tiny model.json and its weights."""
    layers = [row("Dense", "d", units=64, batch_input_shape=[None, 4])]
    manifest = [
        {"name": "d/kernel", "shape": [4, 64], "dtype": "float32"},
        {"name": "d/bias", "shape": [64], "dtype": "float32"},
    ]
    text = {
        "modelTopology": {"class_name": "Sequential", "config": {"layers": layers}},
        "weightsManifest": [{"paths": [f"./{weights}"], "weights": manifest}],
    }
    return {"model.json": json.dumps(text).encode(), weights: np.ones(320, "<f4").tobytes()}


@pytest.mark.parametrize(
    "files",
    [
        js_files(),
        {"my-model.json": js_files()["model.json"], "weights (1).bin": js_files()["weights.bin"]},
        {
            "g.zip": packed(
                {f"dist/g/{n}": d for n, d in js_files().items()}
                | {"__MACOSX/dist/g/._model.json": b"x", "dist/.DS_Store": b"x", "dist/": b""}
            )
        },
    ],
)
def test_model_json_and_its_weights_from_the_disk(files):
    found = importing.from_files(files)
    assert found.kind == "tfjs" and found.plan["came_as"] == [64]
    assert all((values == 1).all() for values in found.arrays.values())


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"model.json": js_files()["model.json"]},
            "needs its weights file `weights.bin`. Choose bo",
        ),
        ({"weights.bin": b"\0" * 16}, "is no generator that can be read"),
        ({"a.bin": b"1", "b.bin": b"2"}, "is opened. Received: a.bin, b.bin"),
        (
            {"a.keras": b"PK", "b.keras": b"PK"},
            "One `.keras` or `.h5` file.*Received: a.keras, b.k",
        ),
        ({"x.json": b'{"a": 1}'}, "is opened. Received: x.json"),
        (
            {"m.zip": packed({f"{k}/{n}": d for k in "gd" for n, d in js_files().items()})},
            "same name. Choose those of one model",
        ),
        ({"m.zip": packed({"m/saved_model.pb": b"", "m/keras_metadata.pb": b""})}, "a SavedModel"),
        (
            {"m.zip": packed(js_files() | {f"{i}.txt": b"" for i in range(300)})},
            "at most 200 files",
        ),
    ],
)
def test_files_that_do_not_belong_together(files, words):
    with pytest.raises(Unfit, match=words):
        importing.from_files(files)


def test_bilinear_upsampling_of_tensorflow_js_is_no_keras_one():
    files = js_files()
    text = json.loads(files["model.json"])
    text["modelTopology"]["config"]["layers"] += [
        row("Reshape", "r", target_shape=[8, 8, 1]),
        row("UpSampling2D", "u", size=[2, 2], interpolation="bilinear"),
    ]
    with pytest.raises(Unfit, match="bilinear UpSampling2D of TensorFlow.js"):
        importing.from_files(files | {"model.json": json.dumps(text).encode()})
