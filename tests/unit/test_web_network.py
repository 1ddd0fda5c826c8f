"""The forward pass in JavaScript against Keras, for every kind of network that leaves as a web page."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from gan_core import recipes
from gan_core.data import catalogue
from gan_core.errors import ConfigError
from gan_core.explore.foreign import plan
from gan_core.export import tfjs
from gan_core.export.web import network, pack
from tools import make_products

UNPACK = "../../assets/components/shared/network/unpack.js"
RUNNER = Path(__file__).parents[1] / "js" / "run_network.mjs"
DATA = {
    "images": "mnist_5k",
    "labels": "mnist_5k",
    "pairs": "edges_to_digits",
    "sides": "digits_and_paper",
}
RECIPES = [name for name in recipes.names() if recipes.get(name).needs in DATA]
ONE_FLOAT32 = 2e-5  # sums of thousands of products in another order, of images in [-1, 1]
ONE_LEVEL = 2 / 255

needs_node = pytest.mark.skipif(
    not shutil.which("node"), reason="node is not installed: the forward pass is NOT tested"
)


def in_node(plan, arrays, inputs, *, plain=False):
    """What network.js makes of `inputs` [{name: array}]: a list of arrays; plain: without WebAssembly."""
    return drawn_in_node(plan, *pack.packed(arrays), inputs, plain=plain)


def drawn_in_node(plan, entries, data, inputs, **how):
    """The same with weights that are packed; how: `plain`, `levels` (bytes as a page shows them)."""
    told = {
        "plan": plan,
        "entries": entries,
        "weights": base64.b64encode(data).decode(),
        "inputs": [
            {name: {"shape": list(a.shape), "data": a.ravel().tolist()} for name, a in row.items()}
            for row in inputs
        ],
        **how,
    }
    made = subprocess.run(
        ["node", str(RUNNER)], input=json.dumps(told), capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return [np.array(m["data"], np.float32).reshape(m["shape"]) for m in json.loads(made.stdout)]


def stirred(model, seed=0):
    """The model with weights that tell one from another, and statistics that are used."""
    rng = np.random.default_rng(seed)
    for variable in model.variables:
        if "seed" in variable.path or variable.dtype == "uint32":
            continue
        name = variable.path.rsplit("/", 1)[-1]
        value = 0.1 * rng.standard_normal(variable.shape)
        if name in ("gamma", "moving_variance"):
            value = 1 + 0.3 * rng.random(variable.shape)
        elif len(variable.shape) > 1:
            value = rng.standard_normal(variable.shape) / np.sqrt(np.prod(variable.shape[:-1]))
        variable.assign(value.astype(np.float32))
    return model


def shown_network(recipe_name, tmp_path, *, stock=True):
    from gan_core.networks.fast_layers import as_stock

    recipe = recipes.get(recipe_name)
    spec = catalogue.spec(DATA[recipe.needs], tmp_path)
    built = recipe.build(recipes.config(recipe_name, spec.name, width=8), spec)
    made = stirred(built.networks[recipe.shown[0]]())
    return as_stock(made) if stock else made


def names_of(model):
    """Of its inputs, as the app calls them."""
    image = len(model.inputs[0].shape) == 4
    return ["image"] if image else ["z", "classes"][: len(model.inputs)]


def drawn(model, rows):
    """What Keras makes of `rows` [{name: array}]."""
    import keras

    batch = [np.stack([row[name] for row in rows]) for name in names_of(model)]
    return keras.Model(model.inputs, model.outputs[0])(batch, training=False).numpy()


def some_inputs(model, count=2, seed=1):
    rng = np.random.default_rng(seed)
    shapes = [[n or 32 for n in tensor.shape[1:]] for tensor in model.inputs]
    named = list(zip(names_of(model), shapes, strict=True))
    return [
        {name: rng.standard_normal(shape).astype(np.float32) for name, shape in named}
        for _ in range(count)
    ]


def rounded(model):
    """The model with weights as float16 has them, so that only the arithmetic differs."""
    for variable in model.variables:
        if np.issubdtype(np.dtype(variable.dtype), np.floating):
            variable.assign(variable.numpy().astype(np.float16).astype(np.float32))
    return model


@pytest.mark.sampled(5)
@needs_node
@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_draws_the_same_in_javascript(recipe, tmp_path):
    model = rounded(shown_network(recipe, tmp_path))
    plan, arrays = network.plan_of(model, names_of(model))
    rows = some_inputs(model)
    expected = drawn(model, rows)
    most = ONE_FLOAT32 * max(1.0, np.abs(expected).max())
    for plain in (False, True):
        for own, theirs in zip(in_node(plan, arrays, rows, plain=plain), expected, strict=True):
            assert own.shape == theirs.shape
            assert np.abs(own - theirs).max() < most


@pytest.mark.sampled(1)
@needs_node
@pytest.mark.parametrize("kind", ["Conv2D", "Conv2DTranspose"])
def test_convolutions_of_every_form_are_those_of_keras_with_webassembly_and_without(kind):
    """Sizes, strides and channels that fill no whole vector; each padding."""
    import keras

    rng = np.random.default_rng(5)
    for i in range(12):
        h, w, c, f = (
            int(rng.integers(low, high)) for low, high in ((3, 9), (3, 9), (1, 6), (1, 14))
        )
        k, s = [int(n) for n in rng.integers(1, 4, 2)], int(rng.integers(1, 4))
        image = keras.Input((h, w, c))
        layer = getattr(keras.layers, kind)(f, k, s, ("same", "valid")[i % 2], activation="relu")
        model = stirred(keras.Model(image, layer(image)), seed=i)
        plan, arrays = network.plan_of(rounded(model), ["image"])
        rows = [{"image": rng.standard_normal((h, w, c)).astype(np.float32)}]
        for plain in (False, True):
            (own,) = in_node(plan, arrays, rows, plain=plain)
            np.testing.assert_allclose(own, drawn(model, rows)[0], atol=ONE_FLOAT32)


@needs_node
@pytest.mark.parametrize("step", [2.0**-12, 0.02, 0.3, 20.0])
def test_steps_are_read_as_the_nearest_multiple(step):
    """Of few bits and of many, with numbers far from the others, and of all zeros."""
    rng = np.random.default_rng(0)
    far = rng.standard_t(3, 1001).astype(np.float32)
    arrays = {"far": far, "zero": np.zeros(9, np.float32), "edge": step * np.arange(-300, 301.0)}
    read = _unpacked(arrays, dict.fromkeys(arrays, step))
    for key, array in arrays.items():
        np.testing.assert_allclose(read[key], np.rint(array / step) * step, rtol=1e-6)
        assert np.abs(read[key] - array).max() <= 0.5001 * step


@needs_node
def test_scales_of_channels_are_read_as_the_style_network_has_them():
    """int8 as it lies in the file of the app: number i has the scale of its output."""
    numbers, scales = np.arange(-6, 6, dtype=np.int8), np.float16([0.5, 2, 8])
    data = numbers.tobytes() + bytes(4) + scales.tobytes()
    told = {"size": 12, "at": 0, "scales": 16, "count": 3, "repeat": 1, "half": True}
    (read,) = _read([{"key": "k", "type": "int8", **told}], data).values()
    np.testing.assert_array_equal(read.reshape(4, 3), numbers.reshape(4, 3) * scales)


def _unpacked(arrays, steps):
    numbers = {
        key: (np.rint(a / steps[key]).astype(np.int32), steps[key]) for key, a in arrays.items()
    }
    return _read(*pack.packed(arrays, numbers))


def _read(entries, data):
    """What unpack.js reads."""
    script = (
        f"import {{ unpacked }} from {json.dumps((RUNNER.parent / UNPACK).resolve().as_uri())};"
        f"const b = Buffer.from({json.dumps(base64.b64encode(data).decode())}, 'base64');"
        f"const f = unpacked({json.dumps(entries)}, b.buffer.slice(b.byteOffset, b.byteOffset + b.length));"
        "console.log(JSON.stringify(Object.fromEntries(Object.entries(f).map(([k, v]) => [k, [...v]]))))"
    )
    made = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    return {key: np.array(value) for key, value in json.loads(made.stdout).items()}


def test_a_layer_that_no_browser_computes_is_refused_by_name():
    import keras

    image = keras.Input((8, 8, 1))
    model = keras.Model(image, keras.layers.SeparableConv2D(4, 3, name="odd")(image))
    with pytest.raises(ConfigError, match="SeparableConv2D"):
        network.plan_of(model, ["image"])


def odd(name):
    """A layer with a setting that network.js does not know."""
    from keras import layers

    return {
        "dilation_rate": lambda: layers.Conv2D(4, 3, dilation_rate=2),
        "activation": lambda: layers.Conv2D(4, 3, activation="mish"),
        "interpolation": lambda: layers.UpSampling2D(2, interpolation="bilinear"),
        "axis": lambda: layers.BatchNormalization(axis=1),
    }[name]()


@pytest.mark.parametrize("setting", ["dilation_rate", "activation", "interpolation", "axis"])
def test_a_setting_that_no_browser_computes_is_refused_by_name(setting):
    import keras

    image = keras.Input((8, 8, 1))
    model = keras.Model(image, odd(setting)(image))
    with pytest.raises(ConfigError, match=f"has {setting}=.* Allowed: "):
        network.plan_of(model, ["image"])


def test_the_products_are_those_that_the_tool_writes():
    assert make_products.OUT.read_text(encoding="utf-8") == make_products.script()
    assert len(make_products.module()) < 100_000


@needs_node
def test_what_is_written_is_what_the_page_computes_and_what_a_file_may_hold():
    """Kinds of layers and activations stand in two languages and in the reader of foreign files."""
    told = [
        (RUNNER.parent / UNPACK).with_name(f"{name}.js").resolve().as_uri()
        for name in ("layers", "activations")
    ]
    script = (
        f"import {{ LAYERS }} from {json.dumps(told[0])};"
        f"import {{ ACTIVATIONS }} from {json.dumps(told[1])};"
        "console.log(JSON.stringify([LAYERS, ACTIVATIONS].map(Object.keys)))"
    )
    made = subprocess.run(
        ["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    layers, activations = map(set, json.loads(made.stdout))
    assert layers == set(network.SETTINGS) and set(tfjs.KINDS) <= layers
    assert activations == set(network.ACTIVATIONS) == set(plan.ACTIVATIONS)
