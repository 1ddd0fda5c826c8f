"""Damaged files of every kind: words, never a traceback. Seeded, so that a failure repeats."""

import io
import json
import zipfile
import zlib

import numpy as np
import pytest

from gan_core.explore.foreign import config, importing, keras_file, limited, tfjs
from gan_core.explore.foreign.plan import Unfit
from tests.unit.explore.described import GOOD, described, keras_bytes
from tests.unit.explore.test_foreign_files import js_files, packed

SEED = 20


def damaged(data: bytes, rng) -> bytes:
    """Some bytes changed, or the file cut, or a piece of it doubled."""
    found = bytearray(data)
    at = int(rng.integers(len(found)))
    kind = rng.integers(4)
    if kind == 0:
        return bytes(found[:at])
    if kind == 1:
        return bytes(found[:at] + found[max(0, at - 50) :])
    for place in rng.integers(len(found), size=rng.integers(1, 12)):
        found[place] = rng.integers(256)
    return bytes(found)


def opened(read, *given) -> bool:
    """Whether it was read; anything but Unfit is a fault, as is text that no page can show."""
    try:
        found = read(*given)
        json.dumps(found if isinstance(found, dict) else found[0], ensure_ascii=False).encode()
    except Unfit as error:
        assert str(error).encode().strip()
        return False
    return True


@pytest.fixture
def no_child(monkeypatch):
    """Readers without their child process, which other tests damage: hundreds of files a second."""
    monkeypatch.setattr(limited, "_run", lambda given, *_: b"\0" * (4 * 144))


def test_damaged_zips(no_child):
    rng = np.random.default_rng(SEED)
    good = keras_bytes(described(*GOOD), b"\0" * 999, zipfile.ZIP_DEFLATED)
    bundled = io.BytesIO()
    with zipfile.ZipFile(bundled, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in js_files().items():
            archive.writestr(name, data)
    for data in (good, bundled.getvalue(), packed(js_files()), packed({"a.keras": good})):
        assert opened(importing.from_bytes, data)
        results = [opened(importing.from_bytes, damaged(data, rng)) for _ in range(150)]
        assert not all(results)


def test_deflate_errors_of_a_keras_file_are_said_in_words(no_child):
    """The very kind that once was a traceback: zlib.error inside config.json."""
    data = bytearray(keras_bytes(described(*GOOD), b"", zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        entry = archive.getinfo("config.json")
    start = entry.header_offset + 30 + len(entry.filename)
    data[start : start + 40] = b"\xff" * 40
    with pytest.raises(zlib.error):
        zipfile.ZipFile(io.BytesIO(bytes(data))).read("config.json")
    with pytest.raises(Unfit, match="or it is damaged"):
        keras_file.read(bytes(data))


def test_damaged_texts():
    rng = np.random.default_rng(SEED)
    files = js_files()
    for _ in range(300):
        text = damaged(files["model.json"], rng)
        opened(tfjs.read, text, lambda name, most: files["weights.bin"][:most])


ODD = (
    None,
    True,
    -1,
    0,
    1.5,
    float("nan"),
    float("inf"),
    10**18,
    "",
    "x" * 300,
    "\ud800",
    [],
    {},
    [[]],
    [None],
    {"class_name": "Dense"},
    {"config": 3},
    ["z", 0, 0],
    [[[["z", 0, 0]]]],
)


def twisted(value, rng):
    """The same description with one place replaced by something odd."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = list(value)[rng.integers(len(value))]
        return value | {key: twisted(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        at = int(rng.integers(len(value)))
        return [*value[:at], twisted(value[at], rng), *value[at + 1 :]]
    return ODD[rng.integers(len(ODD))]


def test_odd_values_at_any_place():
    rng = np.random.default_rng(SEED)
    good = described(
        *GOOD,
        ("ZeroPadding2D", {"padding": [[1, 1], [1, 1]]}),
        ("PReLU", {"shared_axes": [1, 2]}),
        (
            "Conv2D",
            {
                "filters": 1,
                "kernel_size": [3, 3],
                "activation": {"class_name": "LeakyReLU", "config": {"negative_slope": 0.2}},
            },
        ),
        ("Cropping2D", {"cropping": 1}),
        ("Rescaling", {"scale": 2.0, "offset": 0}),
    )
    assert opened(config.read, good)
    results = [opened(config.read, twisted(good, rng)) for _ in range(1500)]
    assert 100 < sum(results) < 1500


@pytest.mark.parametrize("depth", [100, 600, 900, 20_000])
@pytest.mark.parametrize("ends", ["[]", ('{"args":', "}")])
def test_nesting_has_an_end_everywhere(depth, ends):
    nested = ends[0] * depth + "0" + ends[1] * depth
    found = json.dumps(described(*GOOD)).replace('"output_layers": ["layer_2", 0, 0]', '"X": 0')
    for key in ("output_layers", "input_layers"):
        text = found.replace('"X": 0', f'"{key}": {nested}')
        assert not opened(tfjs.read, b'{"modelTopology": %s}' % text.encode(), None)
        assert not opened(keras_file.read, packed({"config.json": text, "model.weights.h5": b""}))
    nodes = found.replace('"inbound_nodes": [{', f'"inbound_nodes": [{nested}, {{', 1)
    assert not opened(tfjs.read, b'{"modelTopology": %s}' % nodes.encode(), None)


def test_damaged_hdf5_in_the_child():
    rng = np.random.default_rng(SEED)
    out = io.BytesIO()
    import h5py

    with h5py.File(out, "w") as file:
        file.attrs["model_config"] = json.dumps(described(*GOOD))
        group = file.create_group("model_weights/layer_1")
        group.attrs["weight_names"] = [b"layer_1/kernel:0", b"layer_1/bias:0"]
        group["layer_1/kernel:0"] = np.ones((8, 16), np.float32)
        group["layer_1/bias:0"] = np.ones(16, np.float32)
    assert opened(importing.from_bytes, out.getvalue())
    for _ in range(3):
        opened(importing.from_bytes, b"\x89HDF\r\n\x1a\n" + damaged(out.getvalue()[8:], rng))
