"""Kinds of generators that people save: Keras's own answers, or a refusal that is true."""

import numpy as np
import pytest

from gan_core.explore.foreign import build, config, importing, joined, keras_file, limited, roles
from gan_core.explore.foreign.plan import MAX_WORK, Unfit, output_shape, sized
from gan_core.explore.foreign.stock import STOCK
from tests.unit.explore.described import GOOD, IMAGE, described, keras_bytes, without_a_process

SAVING = pytest.mark.filterwarnings("ignore:__array__ implementation")  # Keras's, with NumPy 2


# ---- live Keras models: (model, what is fed beside z) ----


def image_of(keras, x, activation="tanh"):
    x = keras.layers.Dense(64, activation=activation)(x)
    return keras.layers.Reshape((8, 8, 1))(x)


def z_of_one_pixel(keras):
    z = keras.Input((1, 1, 5))
    x = keras.layers.Conv2DTranspose(3, 4, activation="relu")(z)
    x = keras.layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh")(x)
    return keras.Model(z, x)


def one_hot_of_one_pixel(keras):
    z, label = keras.Input((1, 1, 5)), keras.Input((1, 1, 3))
    x = keras.layers.Concatenate()([z, label])
    return keras.Model([z, label], keras.layers.Conv2DTranspose(1, 8, activation="tanh")(x))


def class_number_first_without_names(keras):
    label, z = keras.Input((), dtype="int32"), keras.Input((5,))
    x = keras.layers.Multiply()([z, keras.layers.Embedding(3, 5)(label)])
    return keras.Model([label, z], image_of(keras, x))


def class_in_a_row_of_its_own(keras):
    z, label = keras.Input((5,)), keras.Input((1,), dtype="int32")
    rows = [keras.layers.Reshape((1, 5))(z), keras.layers.Embedding(3, 5)(label)]
    x = keras.layers.Flatten()(keras.layers.Concatenate(axis=1)(rows))
    return keras.Model([z, label], image_of(keras, x))


def frozen_and_nested(keras):
    """Frozen layers change the order in which an .h5 file keeps its weights."""
    deep = keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.Dense(6),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(6, activation="relu"),
        ]
    )
    deep.layers[0].trainable = False
    inner = keras.Sequential(
        [
            keras.Input((5,)),
            keras.layers.Dense(6),
            keras.layers.BatchNormalization(),
            deep,
            keras.layers.BatchNormalization(),
        ]
    )
    z = keras.Input((5,))
    return keras.Model(z, image_of(keras, inner(z)))


def square_of_rows(keras):
    return keras.Sequential(
        [
            keras.Input((5,)),
            keras.layers.Dense(64),
            keras.layers.Activation(keras.layers.ReLU(1.0)),
            keras.layers.Reshape((8, 8)),
            keras.layers.Permute((2, 1)),
        ]
    )


LIVE = {
    f.__name__: f
    for f in (
        z_of_one_pixel,
        one_hot_of_one_pixel,
        class_number_first_without_names,
        class_in_a_row_of_its_own,
        frozen_and_nested,
        square_of_rows,
    )
}


def filled(make):
    """The Keras model with weights of its own."""
    from gan_core.startup import runtime

    runtime.start()
    import keras

    model, rng = make(keras), np.random.default_rng(0)
    model.set_weights([rng.uniform(0.1, 0.5, w.shape) for w in model.get_weights()])
    return model


@pytest.mark.sampled(6)
@SAVING
@pytest.mark.filterwarnings("ignore:The structure of `inputs`")
@pytest.mark.parametrize("suffix", ["keras", "h5"])
@pytest.mark.parametrize("name", LIVE)
def test_images_are_those_of_keras(name, suffix, tmp_path, monkeypatch):
    if name != "frozen_and_nested":  # the hardest to read: as in the app
        monkeypatch.setattr(limited, "_run", without_a_process)
    model = filled(LIVE[name])
    model.save(tmp_path / f"m.{suffix}")
    found = importing.from_bytes((tmp_path / f"m.{suffix}").read_bytes())
    z = np.random.default_rng(1).standard_normal((3, 5)).astype(np.float32)
    labels = np.array([0, 2, 1])
    rows, fed, given = np.eye(3, dtype=np.float32)[labels], [], [z]
    for tensor in model.inputs:
        is_z = tensor.shape[-1] == 5
        values = z if is_z else rows if tensor.shape[-1] == 3 else labels
        fed.append(values.reshape(3, *tensor.shape[1:]))
    if found.plan["classes"]:
        given.append(rows)
    own = build.build(found.plan, found.arrays, run_id="x", step=0, prior="normal")
    wanted = np.asarray(model(fed if len(fed) > 1 else fed[0], training=False))
    wanted = 2 * wanted - 1 if name == "square_of_rows" else wanted
    made = own.model(given, training=False).numpy()
    np.testing.assert_allclose(made, wanted.reshape(made.shape), atol=1e-5)


def test_the_last_numbers_become_a_class_of_their_own():
    plan = config.read(described(*GOOD, z=138))
    assert joined.guess(plan) == 10
    guesses = {n: joined.guess(plan | {"z": n}) for n in (100, 128, 64, 110, 18, 74, 107)}
    assert guesses == {100: 0, 128: 0, 64: 0, 110: 10, 18: 10, 74: 10, 107: 7}
    parts = joined.split(plan, 10)
    assert (parts["z"], parts["classes"]) == (128, 10)
    assert sized(parts).weights == sized(plan).weights | {"z and class": []}
    for count in (1, 138, -3):
        with pytest.raises(Unfit, match="has 2 to 137 of the 138 numbers"):
            joined.split(plan, count)


# ---- work for one image ----


def wide_kernel(side, pixels=1024):
    """Few weights, few activations, much work."""
    up = ("UpSampling2D", {"size": [pixels // 4, pixels // 4]})
    conv = {"filters": 1, "kernel_size": [side, side], "padding": "same"}
    return described(*GOOD, up, ("Conv2D", conv))


@pytest.mark.parametrize("side", [1001, 255, 191, 95, 65])
def test_kernels_are_bounded(side):
    """255 on 20 x 20 pixels aborts TensorFlow 2.21, and with it the server."""
    for pixels in (20, 1024):
        with pytest.raises(Unfit, match=f"at most 64 pixels a side. Layer `layer_4`: {side:,}"):
            keras_file.read(keras_bytes(wide_kernel(side, pixels)))


@pytest.mark.parametrize("side", [64, 31, 7])
def test_work_for_one_image_is_bounded(side):
    with pytest.raises(Unfit, match=f"multiplications .*Allowed: {MAX_WORK:,}"):
        keras_file.read(keras_bytes(wide_kernel(side)))


def test_usual_generators_are_far_below_the_bound():
    """The DCGAN paper's generator for 64 x 64: 4 transposed convolutions of 1024 to 3 channels."""
    up = {"kernel_size": [5, 5], "strides": [2, 2], "padding": "same"}
    layers = [("Dense", {"units": 16384}), ("Reshape", {"target_shape": [4, 4, 1024]})]
    layers += [("Conv2DTranspose", up | {"filters": n}) for n in (512, 256, 128, 3)]
    sizes = sized(config.read(described(*layers, z=100)))
    by_hand = 100 * 16384 + 25 * (
        16 * 1024 * 512 + 64 * 512 * 256 + 256 * 256 * 128 + 1024 * 128 * 8
    )  # three channels count as eight
    assert sizes.work == pytest.approx(by_hand, rel=0.001) and sizes.work < MAX_WORK / 2


# ---- what comes out ----


@pytest.mark.parametrize(
    ("shape", "image"),
    [
        ([784], (28, 28, 1)),
        ([3072], (32, 32, 3)),
        ([28, 28], (28, 28, 1)),
        ([1, 784], (28, 28, 1)),
        ([12288], (64, 64, 3)),
        ([1, 28, 20], (28, 20, 1)),
        ([783], None),
        ([10], None),
        ([1], None),
        ([49], None),
        ([28, 28, 2], None),
        ([28, 28, 3], None),
    ],
)
def test_rows_of_numbers_are_shown_as_images(shape, image):
    assert roles.as_image(tuple(shape)) == image


@pytest.mark.parametrize(
    ("layers", "low", "last"),
    [
        (
            [
                ("Dense", {"units": 64, "activation": "sigmoid"}),
                ("Reshape", {"target_shape": [8, 8, 1]}),
            ],
            0.0,
            None,
        ),
        (
            [
                ("Dense", {"units": 64}),
                ("Reshape", {"target_shape": [8, 8, 1]}),
                ("Activation", {"activation": "sigmoid"}),
                ("Rescaling", {"scale": 2, "offset": -1}),
            ],
            -1.0,
            None,
        ),
        (
            [
                ("Dense", {"units": 64, "activation": "tanh"}),
                ("Rescaling", {"scale": 0.5, "offset": 0.5}),
                ("Reshape", {"target_shape": [8, 8, 1]}),
            ],
            0.0,
            None,
        ),
        (
            [
                ("Dense", {"units": 64, "activation": "tanh"}),
                IMAGE_8 := ("Reshape", {"target_shape": [8, 8, 1]}),
                ("Rescaling", {"scale": 127.5, "offset": 127.5}),
            ],
            -1.0,
            {"scale": 2 / 255, "offset": -1.0},
        ),
        ([("Dense", {"units": 64}), IMAGE_8], -1.0, None),
    ],
)
def test_the_range_of_pixels_is_read_off_the_last_activation(layers, low, last):
    plan = config.read(described(*layers))
    assert plan["low"] == low and output_shape(plan) == (8, 8, 1)
    made = plan["layers"][-1]
    assert (made["params"] if made["name"] == "to [-1, 1]" else None) == last


# ---- refusals that are true ----


def test_stock_names_are_those_of_keras():
    from gan_core.startup import runtime

    runtime.start()
    import keras

    former = {
        "LocallyConnected1D",
        "LocallyConnected2D",
        "RandomHeight",
        "RandomWidth",
        "ThresholdedReLU",
    }
    assert all(hasattr(keras.layers, name) for name in STOCK - former)
    assert not {"Lambda", "TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper"} & STOCK


@pytest.mark.parametrize("kind", ["SpectralNormalization", "SeparableConv2D", "GRU", "Softmax"])
def test_a_stock_layer_is_called_one(kind):
    with pytest.raises(Unfit, match=f"`{kind}`, a stock layer that is not supported yet. Supp"):
        config.read(described((kind, {}), *GOOD))


def test_what_was_received_is_never_cut_without_a_word():
    act = {"class_name": "PReLU", "config": {"name": "p" * 90, "trainable": True}}
    with pytest.raises(Unfit, match="is an object `PReLU`, which is not supported yet"):
        config.read(described(("Dense", {"units": 16, "activation": act}), IMAGE))
    with pytest.raises(Unfit, match="Received: x{59}…"):
        config.read(described(("Dense", {"units": "x" * 90}), IMAGE))


def test_computing_outside_of_layers_is_refused():
    found = described(*GOOD)
    found["config"]["layers"][1] |= {"module": "keras.src.ops.numpy", "class_name": "Multiply"}
    with pytest.raises(Unfit, match="computes with `Multiply` outside of its layers"):
        config.read(found)
