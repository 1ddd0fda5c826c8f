"""Augmentation: each operation against plain numpy, its gradient, who sees it, how p moves, resuming."""

import numpy as np
import pytest
import tensorflow as tf

from gan_core import recipes
from gan_core.algorithms import augment
from gan_core.algorithms.augment import ALL, APPLY, Augment, operations
from gan_core.data.base import Dataset, DatasetSpec
from gan_core.training.session import build_algorithm

SMALL = {"width": 4, "batch_size": 8, "latent_dim": 6, "seed": 3}
SHAPES = [(16, 16, 3), (28, 28, 1), (14, 22, 3)]


def pictures(shape, count=6, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (count, *shape)).astype(np.float32)


# ---- the operations as the paper has them, image by image ----


def colored(image, draws):
    added, saturation, contrast = draws
    image = image + added
    if image.shape[-1] == 3:
        grey = image.mean(axis=2, keepdims=True)
        image = (image - grey) * saturation + grey
    return (image - image.mean()) * contrast + image.mean()


def moved(image, draws):
    down, right = draws
    found = np.zeros_like(image)
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            y, x = row - down, column - right
            if 0 <= y < image.shape[0] and 0 <= x < image.shape[1]:
                found[row, column] = image[y, x]
    return found


def cut(image, draws):
    row, column, whether = draws
    found = image.copy()
    if whether:
        (height, width), middle = (int(s / 2 + 0.5) for s in image.shape[:2]), (row, column)
        top, left = middle[0] - height // 2, middle[1] - width // 2
        found[max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)] = 0.0
    return found


PLAIN = {"color": colored, "translation": moved, "cutout": cut}


def draws_of(name, shape, count, *, chance=1.0, seed=5):
    rng = tf.random.Generator.from_seed(seed)
    meets = rng.uniform([count]) < chance
    return augment.DRAWS[name](rng, [count, *shape], meets)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ALL)
def test_operations_are_those_of_the_paper(name, shape):
    images, draws = pictures(shape), draws_of(name, shape, 6)
    expected = [PLAIN[name](i, d) for i, d in zip(images, draws.numpy(), strict=True)]
    np.testing.assert_allclose(APPLY[name](tf.constant(images), draws), expected, atol=2e-6)


@pytest.mark.parametrize("shape", SHAPES)
def test_draws_have_the_papers_ranges_and_use_all_of_them(shape):
    height, width, _ = shape
    added, saturation, contrast = draws_of("color", shape, 4000).numpy().T
    for values, low, high in ((added, -0.5, 0.5), (saturation, 0, 2), (contrast, 0.5, 1.5)):
        assert low <= values.min() < low + 0.01 * (high - low)
        assert high >= values.max() > high - 0.01 * (high - low)
    for values, side in zip(draws_of("translation", shape, 4000).numpy().T, shape[:2], strict=True):
        most = int(side / 8 + 0.5)
        assert sorted({*values.tolist()}) == list(range(-most, most + 1))
    rows, columns, whether = draws_of("cutout", shape, 4000).numpy().T
    for values, side in ((rows, height), (columns, width)):
        last = side - int(side / 2 + 0.5) % 2  # an odd hole has its middle on a pixel
        assert sorted({*values.tolist()}) == list(range(last + 1))
    assert whether.all()


@pytest.mark.parametrize("name", ALL)
def test_an_image_is_changed_with_the_chance_p_and_else_left_as_it_is(name):
    images = tf.constant(pictures((16, 16, 3), 2000))
    changed = APPLY[name](images, draws_of(name, (16, 16, 3), 2000, chance=0.25))
    untouched = np.abs(changed - images).reshape(2000, -1).max(axis=1) < 1e-6
    assert 0.7 < untouched.mean() < 0.8


@pytest.mark.parametrize("name", ALL)
def test_gradients_are_those_of_the_operation(name):
    """Every operation is affine in the image: <T(x + v) - T(x), u> must be <v, gradient of <T x, u>>."""
    shape = (14, 22, 3)
    x, v, u = (tf.constant(pictures(shape, 4, seed)) for seed in (1, 2, 3))
    draws = draws_of(name, shape, 4)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(APPLY[name](x, draws) * u)
    ahead = tf.reduce_sum((APPLY[name](x + v, draws) - APPLY[name](x, draws)) * u)
    back = tf.reduce_sum(v * tape.gradient(total, x))
    np.testing.assert_allclose(ahead, back, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize(
    ("setting", "shape", "count", "names"),
    [
        ("auto", (32, 32, 3), 1999, ("translation", "cutout")),
        ("auto", (28, 28, 1), 2000, ()),
        ("none", (32, 32, 3), 100, ()),
        ("color_cutout", (32, 32, 3), 60_000, ("color", "cutout")),
        ("translation", (28, 28, 1), 100, ("translation",)),
        ("auto", (2,), 100, ()),
    ],
)
def test_auto_is_for_small_sets_of_images(setting, shape, count, names):
    assert operations(setting, shape, count) == names


class TestP:
    """Scores are those of an update: of real images, of fakes, of held-out ones."""

    BY_HEART, NOT = (2.0, -2.0, 1.0), (2.0, -2.0, 1.5)  # r_v is 1/4 and 1/8, the target 0.2

    def follow(self, updates, start=0.5):
        found, told, asked = Augment(("cutout",)), [], []
        found.p.assign(start)
        for number, (real, fake, unknown) in enumerate(updates, start=1):

            def held_out(unknown=unknown, number=number):
                asked.append(number)
                return tf.constant(unknown)

            scores = tf.constant(real), tf.constant(fake), held_out
            metrics = found.follow(*scores, tf.constant(number, tf.int64), 64)
            told.append(float(metrics["augment_p"]))
        return told, asked

    def p_after(self, updates, start=0.5):
        return self.follow(updates, start)[0][-1]

    def test_it_is_1_at_first(self):
        assert float(Augment(("cutout",)).p) == 1.0

    def test_it_moves_every_fourth_update_by_the_images_seen(self):
        rise, fall = 4 * 64 / 20_000, 4 * 64 / 200_000
        told, asked = self.follow([self.BY_HEART] * 12)
        assert told == pytest.approx([0.5 + rise * (n // 4) for n in range(1, 13)])
        assert asked == [4, 8, 12]  # D need not look at more held-out images than that
        assert self.p_after([self.NOT] * 8) == pytest.approx(0.5 - 2 * fall)
        assert self.p_after([self.NOT] * 3 + [self.BY_HEART]) == pytest.approx(0.5 + rise)

    def test_a_d_that_cannot_tell_real_from_fake_knows_nothing_by_heart(self):
        assert self.p_after([(-1.0, 1.0, -9.0)] * 4) < 0.5

    def test_it_stays_between_0_and_1(self):
        assert self.p_after([self.BY_HEART] * 4, start=0.999) == 1.0
        assert self.p_after([self.NOT] * 4, start=0.001) == 0.0

    def test_without_operations_there_is_nothing(self):
        off = Augment(())
        assert off.variables == {} and off.metric_names == ()
        ones = tf.constant(1.0)
        assert off.follow(ones, ones, lambda: ones, tf.constant(4, tf.int64), 64) == {}


# ---- in a training ----


def few(side=16, count=60):
    spec = DatasetSpec(
        name="few",
        title="Few",
        kind="images",
        image_shape=(side, side, 3),
        num_classes=2,
        class_names=("a", "b"),
        labels=(0, 1),
        num_train=count,
        num_held_out=20,
        source="bundled",
        licence="",
        origin="",
    )
    images = np.random.default_rng(1).integers(0, 256, (count, side, side, 3), np.uint8)
    labels = (np.arange(count) % 2).astype(np.int32)
    held_out = {"image": images[:20], "label": labels[:20]}
    return Dataset(spec, {"train": {"image": images, "label": labels}, "held_out": held_out})


def make(name, **changes):
    config = recipes.config(name, "mnist_5k", **(SMALL | changes))
    return build_algorithm(config, few(20 if name == "acgan" else 16))


AUGMENTED = [
    name for name in recipes.names() if recipes.get(name).defaults.get("augment") == "auto"
]


def test_the_quick_recipes_augment_few_images_by_themselves():
    assert {"fast_gan", "fast_dcgan", "r3gan", "wgan_gp"} <= {*AUGMENTED}


@pytest.mark.sampled(2)
@pytest.mark.fresh
@pytest.mark.parametrize("name", ["fast_gan", "hinge_sn", "r3gan", "wgan_gp", "dcgan", "acgan"])
def test_every_way_of_training_augments_and_resumes_bit_for_bit(name, eagerly):
    algorithm, again = (make(name, augment="auto") for _ in range(2))
    algorithm._augment.p.assign(0.5)
    algorithm._state.counts["d_updates"].assign(3)  # p moves: held-out images are looked at
    values = algorithm.train_step().numpy()
    assert np.isfinite(values).all()
    p = values[algorithm.metric_names.index("augment_p")]
    assert 0 < abs(p - 0.5) < 0.05 and algorithm.state()["augment/p"] == p
    again.load_state(algorithm.state())
    rows = [a.train_step().numpy() for a in (algorithm, again)]
    np.testing.assert_array_equal(*rows)
    for name, array in algorithm.state().items():
        np.testing.assert_array_equal(array, again.state()[name])


@pytest.mark.parametrize("name", ["fast_gan", "dcgan", "r3gan"])
def test_both_networks_see_real_and_fake_images_changed(name, eagerly, monkeypatch):
    """An operation that makes every image grey leaves D nothing to tell and G nothing to learn from."""
    monkeypatch.setitem(APPLY, "cutout", lambda x, draws: x * 0.0)
    algorithm = make(name, augment="cutout", instance_noise=0.0)
    algorithm._augment.p.assign(1.0)
    values = dict(zip(algorithm.metric_names, algorithm.train_step().numpy(), strict=True))
    assert values["real_score"] == pytest.approx(values["fake_score"], abs=1e-6)
    assert values["g_grad_norm"] == 0.0
    for penalty in [n for n in values if n.startswith("penalty/")]:
        assert values[penalty] > 0.0  # at the changed images D has its slope


def test_penalties_are_taken_at_what_d_sees(eagerly, monkeypatch):
    algorithm, seen = make("r3gan", augment="color"), []
    monkeypatch.setitem(APPLY, "color", lambda x, draws: x * 0.0 + 0.25)
    algorithm.parts.regularizers["r1"] = (lambda c, r, f, g: seen.extend([r, f]) or 0.0, 1.0)
    algorithm.partial_step("discriminator")
    assert [float(tf.reduce_max(tf.abs(i - 0.25))) for i in seen] == [0.0, 0.0]


@pytest.mark.thorough
@pytest.mark.fresh
def test_several_steps_in_one_call_move_p_as_single_ones():
    """p moves in a branch of the graph, in a loop of the graph."""
    single, many = (make("fast_gan", augment="auto") for _ in range(2))
    for algorithm in (single, many):
        algorithm._augment.p.assign(0.5)
    rows = [single.train_step().numpy() for _ in range(9)]
    np.testing.assert_array_equal(many.train_steps(9).numpy(), rows)
    assert single.state()["augment/p"] != 0.5
    for name, array in single.state().items():
        np.testing.assert_array_equal(array, many.state()[name])


def test_a_branch_may_switch_it_on_and_off(eagerly):
    on, off = make("fast_gan", augment="auto"), make("fast_gan", augment="none")
    on._augment.p.assign(0.5)
    off.load_state(on.state())
    assert "augment/p" not in off.state() and "augment_p" not in off.metric_names
    on.load_state(off.state())
    assert on.state()["augment/p"] == 0.5  # as it was here
