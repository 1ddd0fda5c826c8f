"""Files of others: Keras's own answers for good ones, words for damaged and hostile ones."""

import io
import json
import pickle
import struct
import zipfile

import numpy as np
import pytest

from gan_core.explore.foreign import build, config, importing, keras_file, limited
from gan_core.explore.foreign.plan import Unfit, sized
from tests.unit.explore.described import GOOD, IMAGE, described, keras_bytes, row, zipped


def sequential(layers):
    import keras

    return keras.Sequential(
        [
            keras.Input((20,)),
            layers.Dense(7 * 7 * 8, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Reshape((7, 7, 8)),
            layers.UpSampling2D(),
            layers.Conv2D(8, 3, padding="same", activation="relu"),
            layers.Dropout(0.3),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", activation="sigmoid"),
        ]
    )


def nested_with_embedding(layers):
    """The shape of TensorFlow.js's ACGAN example: z times an embedding, then a nested model."""
    import keras

    inner = keras.Sequential(
        [
            keras.Input((1, 20)),
            layers.Dense(3 * 3 * 12, activation="relu"),
            layers.Reshape((3, 3, 12)),
            layers.Conv2DTranspose(6, 5, padding="valid", activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2DTranspose(4, 5, strides=2, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", activation="tanh"),
        ]
    )
    z, number = keras.Input((20,), name="noise"), keras.Input((1,), name="digit")
    row = layers.Flatten()(layers.Embedding(10, 20)(number))
    return keras.Model([number, z], inner(layers.Reshape((1, 20))(layers.Multiply()([z, row]))))


def two_branches(layers):
    """A class drawn as a plane beside the features, as many tutorials do it."""
    import keras

    number, z = keras.Input((1,), name="label"), keras.Input((16,), name="z")
    plane = layers.Reshape((7, 7, 1))(layers.Dense(49)(layers.Embedding(5, 11)(number)))
    body = layers.Reshape((7, 7, 4))(layers.ReLU()(layers.Dense(196)(z)))
    x = layers.Concatenate()([body, plane])
    x = layers.Conv2DTranspose(6, 4, strides=2, padding="same")(x)
    x = layers.Activation("gelu")(layers.Add()([x, layers.Conv2D(6, 1)(x)]))
    out = layers.Conv2DTranspose(3, 4, strides=2, padding="same", activation="tanh")(x)
    return keras.Model([number, z], out)


SAVING = pytest.mark.filterwarnings("ignore:__array__ implementation")  # Keras's, with NumPy 2
MODELS = {f.__name__: f for f in (sequential, nested_with_embedding, two_branches)}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """saved("sequential"): (Keras model with random weights, bytes of its .keras file)."""
    from gan_core.startup import runtime

    runtime.start()
    from keras import layers

    made, folder = {}, tmp_path_factory.mktemp("saved")

    def save(name):
        if name not in made:
            model, rng = MODELS[name](layers), np.random.default_rng(0)
            for variable in model.variables:
                noise = rng.uniform(0.1, 0.3, variable.shape)
                variable.assign(variable.numpy() + noise)
            model.save(folder / f"{name}.keras")
            made[name] = model, (folder / f"{name}.keras").read_bytes()
        return made[name]

    return save


@SAVING
@pytest.mark.filterwarnings("ignore:The structure of `inputs`")
@pytest.mark.parametrize("name", MODELS)
def test_the_images_are_those_that_keras_makes(name, saved):
    model, data = saved(name)
    plan, arrays, _ = importing.from_bytes(data)
    own = build.build(plan, arrays, run_id="x", step=0, prior="normal")
    z = np.random.default_rng(1).standard_normal((4, plan["z"])).astype(np.float32)
    labels = np.array([0, 1, 2, 4])
    if plan["classes"]:
        wanted = model([labels[:, None].astype(np.float32), z], training=False)
        made = own.images(z, np.eye(plan["classes"], dtype=np.float32)[labels])
    else:
        wanted, made = 2 * model(z, training=False) - 1, own.images(z)  # a sigmoid gives [0, 1]
    np.testing.assert_allclose(made, np.asarray(wanted), atol=1e-5)


@SAVING
@pytest.mark.sampled(1)
@pytest.mark.parametrize("recipe", ["fast_gan", "acgan"])
def test_a_generator_of_ours_goes_out_and_comes_back(recipe, generator_of, tmp_path):
    from gan_core.export.models import export

    generator = generator_of(recipe)
    made = export(generator, "keras", tmp_path / "g.keras")
    plan, arrays, _ = importing.from_bytes(made.path.read_bytes())
    again = build.build(plan, arrays, run_id="x", step=0, prior="uniform")
    z = np.random.default_rng(2).uniform(-1, 1, (3, 12)).astype(np.float32)
    rows = np.eye(10, dtype=np.float32)[:3]
    np.testing.assert_allclose(again.images(z, rows), generator.images(z, rows), atol=1e-6)


# ---- hostile and damaged files ----


def test_what_is_described_here_is_understood():
    plan = config.read(described(*GOOD))
    assert (plan["z"], plan["classes"], plan["low"]) == (8, 0, -1.0)
    assert sized(plan).image_shape == (4, 4, 1)


LAMBDA = {"function": {"class_name": "__lambda__", "config": {"code": "4wEAAAA="}}}
HUGE = [("Dense", {"units": 1_000_000}), ("Dense", {"units": 1_000_000})]
FAR = [
    ("Dense", {"units": 16}),
    ("Reshape", {"target_shape": [4, 4, 1]}),
    ("UpSampling2D", {"size": [1 << 20, 1 << 20]}),
]


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([("Lambda", LAMBDA), *GOOD], "is a `Lambda`. Only stock layers"),
        ([("Evil", {"module": "os", "registered": "os.system"})], "a class of its own .os.system."),
        ([("TorchModuleWrapper", {}), *GOOD], "Only stock layers are read"),
        (HUGE, "declares more than 32,000,000 weights"),
        (FAR, "One image would need"),
        ([("Dense", {"units": 10**12}), IMAGE], "must be a whole number from 1 to"),
        ([("Dense", {"units": True}), IMAGE], "must be a whole number"),
        ([("Dense", {"units": 15}), IMAGE], r"cannot reshape \[15\] to \[4, 4, 1\]"),
        ([("Dense", {"units": 16, "activation": "exec"}), IMAGE], "must be one of linear"),
        ([("Dense", {"units": 16})], "must make images"),
        ([("Dense", {"units": 16}), *[("ReLU", {})] * 300, IMAGE], "of 1 to 200 layers"),
        (
            [
                ("Dense", {"units": 16}),
                IMAGE,
                ("Conv2D", {"filters": 1, "kernel_size": [9, 9], "strides": [1, 1]}),
            ],
            "would make an image of",
        ),
    ],
)
def test_networks_that_are_refused(layers, words):
    with pytest.raises(Unfit, match=words):
        keras_file.read(keras_bytes(described(*layers)))


def test_a_class_of_its_own_is_refused():
    found = described(*GOOD)
    found["config"]["layers"][1] |= {"module": "evil", "registered_name": "pwn>Dense"}
    with pytest.raises(Unfit, match="a class of its own .pwn>Dense."):
        config.read(found)


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ([], "must be an object"),
        ({"class_name": "Sequential"}, "must be an object"),
        ({"class_name": 5}, "no class name"),
        ({"class_name": "Sequential", "config": {"layers": []}}, "no layers"),
        ({"class_name": "Functional", "config": {"layers": [{"class_name": "Dense"}]}}, "no name"),
    ],
)
def test_descriptions_that_are_damaged(description, words):
    with pytest.raises(Unfit, match=words):
        config.read(description)


def test_nesting_has_an_end():
    inner = {"class_name": "Sequential", "config": {"name": "s", "layers": []}}
    for _ in range(30):
        inner = {
            "class_name": "Sequential",
            "config": {
                "name": "s",
                "layers": [row("InputLayer", "z", batch_shape=[None, 8]), inner],
            },
        }
    with pytest.raises(Unfit, match="nested deeper"):
        config.read(inner)


def test_other_files_are_refused():
    with pytest.raises(Unfit, match="Python pickle"):
        importing.from_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(Unfit, match="could not be read: "):
        importing.from_bytes(b"\x89HDF\r\n\x1a\n" + b"0" * 100)
    with pytest.raises(Unfit, match="begins with PK"):
        importing.from_bytes(b"GIF89a")
    with pytest.raises(Unfit, match="or it is damaged"):
        importing.from_bytes(b"PK\3\4 nothing more")
    with pytest.raises(Unfit, match="or it is damaged"):
        importing.from_bytes(keras_bytes(described(*GOOD))[:-30])


@pytest.mark.parametrize("name", ["../evil.py", "/etc/cron.d/x", "assets/a.pkl", "state.pkl"])
def test_a_zip_with_anything_else_is_refused(name):
    with pytest.raises(Unfit, match="and nothing else"):
        keras_file.read(keras_bytes(described(*GOOD), **{name: b"x"}))


def test_a_zip_without_weights_is_refused():
    with pytest.raises(Unfit, match="once each"):
        keras_file.read(zipped({"config.json": json.dumps(described(*GOOD))}))


def test_zip_bombs_are_refused_before_they_unpack():
    bomb = keras_bytes(described(*GOOD), b"\0" * 50_000_000, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    with pytest.raises(Unfit, match="more than a network of 144 weights can need"):
        keras_file.read(bomb)
    long = json.dumps(described(*GOOD)) + " " * 5_000_000
    with pytest.raises(Unfit, match="at most 4,000,000 are read"):
        keras_file.read(zipped({"config.json": long, "model.weights.h5": b""}, 8))


def test_json_that_nests_without_end_is_refused():
    deep = zipped({"config.json": "[" * 200_000, "model.weights.h5": b""})
    with pytest.raises(Unfit, match="damaged|deeply"):
        keras_file.read(deep)


def h5_bytes(write) -> bytes:
    import h5py

    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        write(file)
    return out.getvalue()


def dense(file, kernel, bias=None):
    group = file.create_group("layers/dense/vars")
    group["0"] = kernel
    group["1"] = np.zeros(16, np.float32) if bias is None else bias


KERNEL = np.ones((8, 16), np.float32)


def test_numbers_come_from_the_file():
    data = keras_bytes(described(*GOOD), h5_bytes(lambda f: dense(f, KERNEL * 3)))
    _, arrays = keras_file.read(data)
    np.testing.assert_array_equal(arrays["layer_1/kernel"], KERNEL * 3)


def linked_outside(file):
    import h5py

    group = file.create_group("layers/dense/vars")
    group["0"] = h5py.ExternalLink("/etc/hostname", "/x")
    group["1"] = np.zeros(16, np.float32)


def stored_outside(file):
    group = file.create_group("layers/dense/vars")
    group.create_dataset("0", (8, 16), "<f4", external=[("/etc/passwd", 0, 512)])


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda f: dense(f, np.ones((9, 16), np.float32)), r"has float32 \[9, 16\]"),
        (lambda f: dense(f, np.full((8, 16), "x", "S4")), r"expected \[8, 16\]"),
        (lambda f: f.create_group("layers"), "holds no weights for"),
        (linked_outside, "leads elsewhere"),
        (stored_outside, "keeps its numbers elsewhere"),
    ],
)
def test_weights_that_are_refused(write, words):
    with pytest.raises(Unfit, match=words):
        keras_file.read(keras_bytes(described(*GOOD), h5_bytes(write)))


def test_weights_that_are_not_finite_are_refused():
    data = keras_bytes(described(*GOOD), h5_bytes(lambda f: dense(f, KERNEL * np.nan)))
    plan, arrays = keras_file.read(data)
    with pytest.raises(Unfit, match="not finite"):
        build.build(plan, arrays, run_id="x", step=0, prior="normal")


def test_a_damaged_weights_file_is_said_in_words():
    good = bytearray(h5_bytes(lambda f: dense(f, KERNEL)))
    for at in range(64, len(good), 97):
        good[at] ^= 0xFF
    with pytest.raises(Unfit, match="could not be read"):
        keras_file.read(keras_bytes(described(*GOOD), bytes(good)))


def test_the_child_has_limits():
    plan = config.read(described(*GOOD))
    data = keras_bytes(described(*GOOD), h5_bytes(lambda f: dense(f, KERNEL)))
    with pytest.raises(Unfit, match="took over 0.01 s"):
        limited.weights(data, plan, sized(plan), seconds=0.01)
    with pytest.raises(Unfit, match="could not be read"):
        limited.weights(data, plan, sized(plan), memory=1 << 20)


def test_a_weights_file_that_packs_too_much_is_stopped_by_its_expected_shape():
    """An HDF5 bomb: a compressed data set of the right name and a huge shape."""

    def write(file):
        group = file.create_group("layers/dense/vars")
        group.create_dataset("0", (200_000, 16), "<f4", compression="gzip", fillvalue=0)
        group["1"] = np.zeros(16, np.float32)

    with pytest.raises(Unfit, match=r"expected \[8, 16\]"):
        keras_file.read(keras_bytes(described(*GOOD), h5_bytes(write)))


def test_a_central_directory_that_is_too_long_is_refused():
    data = bytearray(keras_bytes(described(*GOOD)))
    at = data.rfind(b"PK\5\6")
    struct.pack_into("<I", data, at + 12, 1 << 30)
    with pytest.raises(Unfit, match="lists too many files"):
        keras_file.read(bytes(data))
