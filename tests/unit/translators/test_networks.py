"""Networks of translators: published sizes, what is counted of them, and any size of picture."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_core import recipes
from gan_core.data.base import DatasetSpec
from gan_core.evaluation import likeness
from gan_core.networks import patch, resnet
from gan_core.networks.fast_layers import as_stock
from gan_core.networks.instance_norm import InstanceNorm
from gan_core.networks.translators import Start
from tests.unit.translators.conftest import NAMES


def spec_of(kind, shape, target):
    return DatasetSpec(
        name="drawn", title="", kind=kind, image_shape=shape, target_shape=target, num_classes=0,
        class_names=(), num_train=10, num_held_out=2, source="file", licence="", origin="",
    )  # fmt: skip


def built(recipe, shape, target=None, **settings):
    """Networks by name, their sizes as counted, and their parts, at a recipe's own settings."""
    spec = spec_of(recipes.get(recipe).needs, shape, target or shape)
    config = recipes.config(recipe, "drawn", **settings)
    parts = recipes.get(recipe).build(config, spec)
    networks = {name: build() for name, build in parts.networks.items()}
    return networks, recipes.get(recipe).sizes(config, spec)


def trained(model):
    return sum(math.prod(v.shape) for v in model.trainable_variables)


def outputs(model, shape):
    """Numbers that its layers and operations put out for one image of this shape, by Keras."""
    whole = keras.Model(model.inputs, [o for op in model.operations for o in [op.output]])
    made = whole([tf.zeros([1, *shape[:2], i.shape[-1]]) for i in model.inputs])
    return sum(math.prod(m.shape) for m in made)


# What the reference implementation prints (junyanz/pytorch-CycleGAN-and-pix2pix), in millions.
@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("recipe", "network", "shape", "millions"),
    [
        ("pix2pix", "generator", (256, 256, 3), 54.414),
        ("pix2pix", "generator", (128, 128, 3), 41.829),
        ("pix2pix", "discriminator", (256, 256, 3), 2.769),
        ("cyclegan", "g_ab", (256, 256, 3), 11.378),
        ("cyclegan", "g_ba", (128, 128, 3), 7.838),
        ("cyclegan", "d_a", (256, 256, 3), 2.765),
    ],
)
def test_networks_to_the_letter_have_their_published_sizes(recipe, network, shape, millions):
    """But for biases that normalisation takes away again, which are left out here."""
    spec = spec_of(recipes.get(recipe).needs, shape, shape)
    config = recipes.config(recipe, "drawn")
    found = trained(recipes.get(recipe).build(config, spec).networks[network]())
    assert found == pytest.approx(1e6 * millions, rel=6e-4)


def test_scores_see_patches_of_16_34_and_70_pixels():
    """By what the scores of a random network hang on, not by formula."""
    for downs, side in ((1, 16), (2, 34), (3, 70)):
        net = patch.build({"image": 1}, width=2, downs=downs, start=Start(1, 0, normal=False))
        plain = keras.Sequential([x for x in net.layers if not isinstance(x, InstanceNorm)])
        picture = tf.random.stateless_normal([1, 128, 128, 1], [1, 2])
        with tf.GradientTape() as tape:
            tape.watch(picture)
            score = plain(picture)[0, plain(picture).shape[1] // 2, plain(picture).shape[2] // 2, 0]
        seen = np.abs(tape.gradient(score, picture)[0, ..., 0]).max(axis=0) > 0
        assert seen.sum() == side == patch.field(downs)


def test_the_paper_s_discriminator_gives_30_by_30_scores():
    networks, _ = built("pix2pix", (256, 256, 3), width=2)
    picture = tf.zeros([1, 256, 256, 3])
    assert networks["discriminator"]([picture, picture]).shape == (1, 30, 30, 1)


SHAPES = [(28, 28, 1), (32, 32, 3), (64, 96, 3), (128, 128, 3)]
# The small recipes build one network below 48 pixels, and but for the U-Net one above.
AGAIN = {"fast_pix2pix": SHAPES[1:2], "fast_cyclegan": SHAPES[1::2], "fastcut": SHAPES[1::2]}
FITTING = [
    pytest.param(n, s, marks=[pytest.mark.slow] if s in AGAIN.get(n, ()) else [])
    for n in NAMES
    for s in SHAPES
    if min(s[:2]) >= recipes.get(n).min_size
]


RESIZED = [("fast_pix2pix", (28, 28, 1)), ("fast_cyclegan", (28, 28, 1))]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("name", "shape", "settings"),
    [
        *(pytest.param(*p.values, {}, marks=p.marks) for p in FITTING),
        *((*each, {"upsampling": "resize"}) for each in RESIZED),
    ],
)
def test_sizes_are_those_of_the_networks(name, shape, settings):
    networks, found = built(name, shape, width=4, **settings)
    generators = [n for name, n in networks.items() if name[0] != "d"]
    judges = [n for name, n in networks.items() if name[0] == "d"]
    assert found.generator.parameters == sum(map(trained, generators))
    assert found.discriminator.parameters == sum(map(trained, judges))
    passes = {"cyclegan": 3, "fast_cyclegan": 3}.get(name, 1)
    if name != "fastcut":  # half of G twice, and heads at some places
        assert found.generator.outputs == passes * sum(outputs(g, shape) for g in generators)
    assert found.discriminator.outputs == sum(outputs(d, shape) for d in judges)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", NAMES)
def test_generators_take_larger_pictures(name):
    """Of any size that is a multiple of what the recipe says, as a network of that size."""
    side = max(recipes.get(name).min_size, 28)
    networks, _ = built(name, (side, side, 3), width=4)
    generator = next(iter(networks.values()))
    assert generator.input_shape == (None, None, None, 3)
    for picture in ((2 * side, side), (side, 3 * side)):
        assert generator(tf.zeros([2, *picture, 3])).shape == (2, *picture, 3)


@pytest.mark.parametrize(("name", "shape"), RESIZED)
def test_a_way_up_that_repeats_pixels_leaves_no_grid(name, shape):
    """Grey in, before any step: transposed convolutions give every second pixel another value."""
    grey = tf.zeros([1, 64, 64, 1])
    inside = {}
    for way in ("transposed", "resize"):
        networks, _ = built(name, shape, width=4, upsampling=way)
        generator = next(iter(networks.values()))
        for variable in generator.trainable_variables:
            if variable.name in ("bias", "beta"):
                variable.assign(0.3 * tf.ones_like(variable))
        inside[way] = likeness.grid(generator(grey)[:, 20:-20, 20:-20].numpy())[0]
    assert inside["resize"] < 1e-6 < 0.01 < inside["transposed"]


def test_colours_of_a_target_may_be_others():
    networks, _ = built("fast_pix2pix", (32, 32, 1), (32, 32, 3))
    assert networks["generator"](tf.zeros([1, 32, 32, 1])).shape == (1, 32, 32, 3)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", NAMES)
def test_networks_of_a_run_start_apart_and_from_the_seed(name):
    side = max(recipes.get(name).min_size, 28)
    first, _ = built(name, (side, side, 3), width=4, seed=5)
    again, _ = built(name, (side, side, 3), width=4, seed=5)
    starts = {}
    for network in first:
        one, other = (net[network].get_weights() for net in (first, again))
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
        starts[network] = one[0]
    for one in starts:
        assert not any(
            starts[o].shape == starts[one].shape and np.array_equal(starts[o], starts[one])
            for o in starts
            if o != one
        )


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("shape", [(2, 7, 5, 3), (3, 2, 1, 4)])
def test_instance_norm_is_keras_s_group_norm_of_single_channels(shape, affine):
    """Values, and gradients to inputs, gains and offsets; in training and in use."""
    x = tf.constant(np.random.default_rng(0).normal(0.4, 1.3, shape), tf.float32)
    weight = tf.constant(np.random.default_rng(1).normal(size=shape), tf.float32)
    fast = InstanceNorm(affine=affine)
    stock = keras.layers.GroupNormalization(-1, epsilon=1e-5, center=affine, scale=affine)
    for layer in (fast, stock):
        layer.build(shape)
    if affine:
        values = [np.array([0.5, 2, -1, 3][: shape[-1]]), np.array([1, 0, -2, 0.5][: shape[-1]])]
        fast.set_weights(values)
        stock.set_weights(values)
    results = []
    for layer, how in ((fast, {"training": True}), (fast, {"training": False}), (stock, {})):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, **how)
            loss = tf.reduce_sum(weight * y * y)
        wanted = [x, *[v.value for v in layer.trainable_variables]]
        results.append([y, *tape.gradient(loss, wanted)])
    for found in results[:2]:
        for one, other in zip(found, results[2], strict=True):
            np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-5)


def test_an_even_picture_has_no_deviation():
    """A blank sheet: no NaN, and offsets alone."""
    layer, blank = InstanceNorm(), tf.fill([1, 8, 8, 2], 30.0)
    for training in (True, False):
        assert np.abs(layer(blank, training=training)).max() < 0.2


@pytest.mark.parametrize("name", ["fast_pix2pix", "fast_cyclegan"])
def test_files_for_others_hold_stock_layers(name):
    networks, _ = built(name, (32, 32, 3), width=4)
    model = next(iter(networks.values()))
    stock = as_stock(model)
    assert all(type(layer).__module__.startswith("keras.") for layer in stock.layers)
    picture = tf.random.stateless_uniform([2, 32, 32, 3], [1, 2], -1, 1)
    np.testing.assert_allclose(stock(picture), model(picture, training=False), atol=1e-5)


def test_the_first_half_of_a_generator_is_its_own():
    start = Start(1, 0, normal=False)
    generator = resnet.build(3, 3, width=4, downs=2, blocks=4, start=start)
    half, whole = resnet.encoder(generator), resnet.encoder(generator, made=True)
    picture = tf.random.stateless_uniform([1, 16, 16, 3], [1, 2], -1, 1)
    *maps, made = whole(picture)
    assert [m.shape[1:] for m in maps] == [
        (16, 16, 3),
        (8, 8, 8),
        (4, 4, 16),
        (4, 4, 16),
        (4, 4, 16),
    ]
    np.testing.assert_array_equal(made, generator(picture))
    for one, other in zip(maps, half(picture), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("name", "kind", "shape", "target", "words"),
    [
        ("fast_pix2pix", "images", (28, 28, 1), (), "needs pairs of images; `drawn` holds images"),
        ("fast_cyclegan", "pairs", (28, 28, 1), (28, 28, 1), "needs two sides of images; `drawn` h"),
        ("fast_gan", "sides", (28, 28, 1), (28, 28, 1), "needs images with class labels; `drawn`"),
        ("fast_pix2pix", "pairs", (30, 30, 1), (30, 30, 1), "multiples of 4 from 16 on"),
        ("fast_pix2pix", "pairs", (32, 32, 1), (64, 64, 1), "inputs and targets of one size; `drawn`"),
        ("pix2pix", "pairs", (28, 28, 1), (28, 28, 1), "multiples of 32 from 64 on; `drawn` has 28"),
        ("fastcut", "sides", (32, 32, 1), (32, 32, 3), "sides of one shape; `drawn` has 32 x 32 x 1"),
        ("fast_pix2pix", "pairs", (32, 32, 1), (32, 32, 3), ""),
        ("cyclegan", "sides", (128, 64, 3), (128, 64, 3), ""),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_words(name, kind, shape, target, words):
    found = recipes.get(name).misfit(spec_of(kind, shape, target))
    assert words in found and bool(words) == bool(found)


@pytest.mark.parametrize("name", NAMES)
def test_bfloat16_is_refused_in_words(name):
    config = recipes.config(name, "drawn", precision="bfloat16")
    assert "instance normalisation needs float32" in recipes.get(name).conflict(config)
    assert recipes.get(name).conflict(recipes.config(name, "drawn")) == ""
