"""Style by optimising the picture: the losses are those of the sources, the picture goes where they say."""

import hashlib

import numpy as np
import pytest
import tensorflow as tf

from gan_core import recipes
from gan_core.algorithms import neural_style, patch_statistics
from gan_core.algorithms.gram_statistics import GramStatistics, layers_of
from gan_core.algorithms.patch_statistics import PatchStatistics
from gan_core.data import content_style
from gan_core.errors import ConfigError, DataError
from gan_core.networks import vgg19, vgg19_file

STYLE = ["block1_conv1", "block2_conv1", "block3_conv1"]  # few: a test that takes a second
CONTENT = ["block3_conv2"]
WHOLE = [f"block{b}_conv1" for b in range(1, 6)], ["block5_conv2"]  # the tutorial's own


def picture(seed, height=48, width=48):
    rng = np.random.default_rng(seed)
    blocks = rng.integers(0, 256, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
    return np.kron(blocks, np.ones((8, 8, 1), np.uint8))[:height, :width]


def unit(pixels):
    return tf.constant(pixels[None].astype(np.float32) / 255)


@pytest.fixture(scope="module")
def keras_vgg():
    """Keras's own network; random weights, so that nothing is downloaded."""
    import keras

    keras.utils.set_random_seed(3)
    return keras.applications.VGG19(include_top=False, weights=None)


@pytest.fixture(scope="module")
def weights(keras_vgg):
    return {
        name: [np.array(w) for w in keras_vgg.get_layer(name).get_weights()]
        for name in vgg19_file.LAYERS
    }


class Tutorial:
    """The loop of https://www.tensorflow.org/tutorials/generative/style_transfer, in its words."""

    def __init__(self, vgg, content, style, layers=(STYLE, CONTENT)):
        import keras

        outputs = [vgg.get_layer(name).output for name in sum(layers, [])]
        self.counts = [len(names) for names in layers]
        self.vgg = keras.Model([vgg.input], outputs)
        self.preprocess = keras.applications.vgg19.preprocess_input
        self.weights = 1e-2, 1e4, 30
        self.style_targets, self.content_targets = self(style)[0], self(content)[1]
        self.optimizer = keras.optimizers.Adam(learning_rate=0.02, beta_1=0.99, epsilon=1e-1)
        self.image = tf.Variable(content)

    def __call__(self, inputs):
        outputs = self.vgg(self.preprocess(inputs * 255.0))
        grams = []
        for out in outputs[: self.counts[0]]:
            result = tf.linalg.einsum("bijc,bijd->bcd", out, out)
            grams.append(result / tf.cast(out.shape[1] * out.shape[2], tf.float32))
        return grams, outputs[self.counts[0] :]

    def losses(self, image):
        style, content = self(image)
        style_loss = tf.add_n(
            [tf.reduce_mean((s - t) ** 2) for s, t in zip(style, self.style_targets, strict=True)]
        )
        content_loss = tf.add_n(
            [
                tf.reduce_mean((c - t) ** 2)
                for c, t in zip(content, self.content_targets, strict=True)
            ]
        )
        s, c, tv = self.weights
        weighted = style_loss * s / self.counts[0], content_loss * c / self.counts[1]
        return *weighted, tv * tf.image.total_variation(image)[0]

    def step_in_graph(self):
        with tf.GradientTape() as tape:
            loss = tf.add_n(self.losses(self.image))
        self.optimizer.apply_gradients([(tape.gradient(loss, self.image), self.image)])
        self.image.assign(tf.clip_by_value(self.image, 0.0, 1.0))
        return loss

    def step(self):
        return float(self.step_in_graph())


def our_features(weights, layers=(STYLE, CONTENT)):
    network, count = vgg19.Features(sum(layers, []), weights), len(layers[0])

    def both(pixels):
        found = network(pixels)
        return found[:count], found[count:]

    return both


def test_losses_are_those_of_tensorflows_tutorial(keras_vgg, weights):
    content, style, now = (unit(picture(seed, 80, 80)) for seed in (1, 2, 3))
    theirs = [float(v) for v in Tutorial(keras_vgg, content, style).losses(now)]
    ours = GramStatistics(our_features(weights), content, style).losses(now, None)
    names = ("style_loss", "content_loss", "tv_loss")
    weighed = [w * float(ours[n]) for w, n in zip((1e-2, 1e4, 30), names, strict=True)]
    np.testing.assert_allclose(weighed, theirs, rtol=1e-4)


def test_steps_are_those_of_tensorflows_tutorial(keras_vgg, weights):
    config = recipes.config(
        "style_vgg19", "lake_in_mosaic", style_layers=",".join(STYLE), content_layers=CONTENT[0]
    )
    blueprint = neural_style.Blueprint(
        lambda c, s: GramStatistics(our_features(weights), c, s), epsilon=0.1, clipped=True
    )
    content = np.random.default_rng(1).integers(60, 200, (48, 48, 3), np.uint8)  # nowhere flat:
    ours = neural_style.NeuralStyle(blueprint, config, content, picture(2))
    theirs = Tutorial(keras_vgg, unit(content), unit(picture(2)))  # there |0| has no slope
    for _ in range(3):
        total = float(ours.train_step()[ours.metric_names.index("total_loss")])
        np.testing.assert_allclose(total, theirs.step(), rtol=1e-3)
    np.testing.assert_allclose((ours.sample() + 1) / 2, theirs.image.numpy(), atol=5e-3)


def test_the_preset_is_the_tutorials():
    defaults = recipes.get("style_vgg19").defaults
    assert defaults["style_layers"].split(",") == [f"block{b}_conv1" for b in range(1, 6)]
    assert defaults["content_layers"] == "block5_conv2"
    assert (defaults["style_weight"], defaults["content_weight"]) == (1e-2, 1e4)
    assert (defaults["tv_weight"], defaults["picture_lr"], defaults["beta_1"]) == (30, 0.02, 0.99)
    assert (defaults["num_steps"], defaults["picture_size"]) == (1000, 512)


def test_without_its_file_both_ways_out_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(DataError, match="80 MB.*not here.*--download.*by hand.*style_patches"):
        vgg19_file.require()
    file = tmp_path / "models" / vgg19_file.FILE
    file.parent.mkdir()
    file.write_bytes(b"half a download")
    with pytest.raises(DataError, match="0.0 of 80 MB are here.*--download"):
        vgg19_file.weights()


def test_weights_are_read_from_a_file_of_keras(keras_vgg, weights, monkeypatch, tmp_path):
    import h5py

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    file = tmp_path / "models" / vgg19_file.FILE
    file.parent.mkdir()
    with h5py.File(file, "w") as out:  # as keras.applications writes it
        for name, (kernel, bias) in weights.items():
            out[f"{name}/{name}/kernel:0"], out[f"{name}/{name}/bias:0"] = kernel, bias
    with pytest.raises(DataError, match="damaged.*Delete it"):
        vgg19_file.weights()
    monkeypatch.setattr(vgg19_file, "HASH", hashlib.md5(file.read_bytes()).hexdigest())
    for name, found in vgg19_file.weights().items():
        assert all(np.array_equal(a, b) for a, b in zip(found, weights[name], strict=True))


def test_layers_are_checked():
    config = recipes.config(
        "style_vgg19", "lake_in_mosaic", style_layers=" block1_conv2, block4_conv4 "
    )
    assert layers_of(config, "style_layers") == ["block1_conv2", "block4_conv4"]
    for wrong in ("", "block9_conv1", "block1_conv1,x"):
        changed = config.replace(style_layers=wrong)
        with pytest.raises(ConfigError, match="must name layers of VGG19"):
            layers_of(changed, "style_layers")


# ---- patches ----


def test_ranks_are_those_of_sorting():
    values = np.random.default_rng(0).standard_normal((5000, patch_statistics.DRAWN)).astype("f4")
    order = np.argsort(np.argsort(values, axis=0), axis=0) / len(values)
    found = patch_statistics._ranks(tf.constant(values)).numpy()
    assert np.abs(found - order).max() < 0.005


def test_the_distance_is_that_of_sorted_answers():
    """Sliced Wasserstein: mean difference of both sorted lists, direction by direction."""
    rng = np.random.default_rng(1)
    one, other = (rng.uniform(0, 1, (1, 70, 70, 3)).astype("f4") ** p for p in (1, 3))
    bank = patch_statistics._directions(rng, unit(picture(1)))
    filters, ranked = bank[..., : patch_statistics.DRAWN], patch_statistics._ranked(other, bank)
    begin = tf.constant([0, 0])
    found = patch_statistics._distance(
        tf.constant(one), filters, ranked[: patch_statistics.DRAWN], begin, 1
    )
    sides = [
        np.sort(tf.nn.conv2d(p, filters, 1, "VALID").numpy().reshape(-1, patch_statistics.DRAWN), 0)
        for p in (one, other)
    ]
    assert float(found) == pytest.approx(np.abs(sides[0] - sides[1]).mean(), rel=0.01)


@pytest.mark.thorough
def test_a_style_is_like_itself_wherever_its_parts_lie():
    style = unit(picture(5, 96, 96))
    asked = PatchStatistics(unit(picture(6, 96, 96)), style, seed=1)

    def distance(pixels):
        found = asked.losses(pixels, tf.random.Generator.from_seed(1, alg="philox"))
        return float(found["style_loss"])

    rolled = tf.roll(style, [40, 24], [1, 2])
    assert distance(style) < 0.1 * distance(unit(picture(6, 96, 96)))
    assert distance(rolled) < 0.6 * distance(unit(picture(6, 96, 96)))


@pytest.mark.thorough
def test_patches_are_compared_at_the_levels_that_are_chosen():
    content, style = unit(picture(1, 96, 96)), unit(picture(2, 96, 96))

    def compared(*levels):
        return sorted(PatchStatistics(content, style, seed=1, levels=levels)._levels)

    assert compared(1, 2, 3) == [1, 2, 3] and compared(2) == [2] and compared(1, 3) == [1, 3]
    assert compared(2, 5) == [2]  # 6 pixels a side are too few
    assert compared(4, 5) == [3]  # the last at which there is enough
    rng = tf.random.Generator.from_seed(1, alg="philox")
    fine = np.repeat(np.tile([[0.3, 0.7]], (96, 48))[None, ..., None], 3, -1).astype(np.float32)
    grey = tf.constant(np.full((1, 96, 96, 3), 0.5, np.float32))
    alone = PatchStatistics(grey, tf.constant(fine), seed=1, levels=(3,)).losses(grey, rng)
    every = PatchStatistics(grey, tf.constant(fine), seed=1, levels=(1,)).losses(grey, rng)
    assert float(alone["style_loss"]) < 0.2 * float(every["style_loss"])  # its quarter is grey


@pytest.mark.parametrize("wrong", ["", "0", "6", "1,x", "dots"])
def test_patch_levels_are_checked(wrong):
    config = recipes.config("style_patches", "lake_in_mosaic", patch_levels=wrong)
    with pytest.raises(ConfigError, match="numbers from 1 to 5"):
        patch_statistics.levels_of(config)


def test_content_and_roughness_of_the_content_itself():
    flat = unit(np.full((64, 64, 3), 90, np.uint8))
    asked = PatchStatistics(unit(picture(1, 64, 64)), flat, seed=1)
    rng = tf.random.Generator.from_seed(1, alg="philox")
    of_itself, of_flat = (asked.losses(p, rng) for p in (unit(picture(1, 64, 64)), flat))
    assert float(of_itself["content_loss"]) < 1e-7 < float(of_flat["content_loss"])
    assert float(of_flat["tv_loss"]) < 1e-6 < float(of_itself["tv_loss"])


def test_colour_costs_more_roughness_than_brightness():
    stripes = np.zeros((32, 32, 3), np.float32)
    stripes[:, ::2] = 0.2
    motley = stripes * [1, -1, 1]
    rough = [
        float(patch_statistics.roughness(tf.constant(0.5 + p[None]))) for p in (stripes, motley)
    ]
    assert rough[1] > 1.5 * rough[0]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("height, width", [(48, 64), (37, 61), (16, 320), (250, 16)])
def test_any_shape_can_be_trained(height, width):
    ours = patches(picture(1, height, width), picture(2, 40, 90), num_steps=4, coarse_steps=2)
    for _ in range(3):
        assert np.isfinite(ours.train_step()).all()
    assert ours.sample().shape == (1, height, width, 3)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("colour", [0, 255])
def test_one_colour_is_no_problem(colour, eagerly):
    flat = np.full((64, 64, 3), colour, np.uint8)
    for content, style in ((flat, picture(2)), (picture(1), flat), (flat, flat)):
        ours = patches(content, style, coarse_steps=0)
        assert np.isfinite([ours.train_step() for _ in range(2)]).all()


# ---- the picture ----


def patches(content, style, **settings):
    config = recipes.config("style_patches", "lake_in_mosaic", **settings)
    pictures = content_style.dataset(content_style.spec("lake_in_mosaic"), content, style)
    return recipes.get("style_patches").algorithm(config, pictures)


def test_before_the_first_step_it_is_the_content():
    content = picture(1, 45, 70)
    ours = patches(content, picture(2))
    assert np.abs((ours.sample()[0] + 1) * 127.5 - content).max() < 0.1
    assert np.array_equal(ours.weights()["picture/pixels"], content)


@pytest.mark.thorough
def test_it_may_start_from_noise_or_from_the_instant_style():
    content, style = picture(1, 64, 64), picture(2, 64, 64)
    noise, again = (patches(content, style, start_from="noise", seed=s).sample() for s in (1, 2))
    assert not np.array_equal(noise, again) and 0.05 < noise.std() < 0.3
    from gan_core.algorithms.instant_style import stylise

    instant = patches(content, style, start_from="instant").weights()["picture/pixels"]
    assert np.abs(instant.astype(int) - stylise(content, [style])).max() <= 1


@pytest.mark.thorough
def test_stages_go_from_coarse_to_fine():
    ours = patches(picture(1, 256, 256), picture(2, 256, 256), coarse_steps=10)
    assert [ours.stage(step) for step in (0, 4, 5, 9, 10, 999)] == [2, 2, 1, 1, 0, 0]
    assert patches(picture(1), picture(2), coarse_steps=10).stages == 1
    before = ours.state()
    ours.train_step()
    after = ours.state()
    moved = {
        n for n in before if n.startswith("picture/") and not np.array_equal(before[n], after[n])
    }
    assert moved == {"picture/level_2", "picture/level_3"}


def test_it_comes_nearer_to_the_style():
    ours = patches(picture(1, 64, 64), picture(2, 64, 64), coarse_steps=0, content_weight=0)
    losses = [float(ours.train_step()[1]) for _ in range(40)]
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:3])


def test_weights_are_live_and_no_other_knob_is_there():
    ours = patches(picture(1, 64, 64), picture(2, 64, 64), coarse_steps=0)
    assert set(ours.knobs()) == {"content_weight", "style_weight", "tv_weight", "picture_lr"}
    ours.set_knobs({"style_weight": 0.0, "content_weight": 0.0, "tv_weight": 0.0})
    assert float(ours.train_step()[3]) == 0.0
    with pytest.raises(ConfigError, match="no knob `g_lr`"):
        ours.set_knobs({"g_lr": 0.1})


@pytest.mark.benchmark
def test_a_step_takes_less_than_that_of_the_tutorial(keras_vgg, weights):
    """In turns, in one process, with the same random weights; at 256 pixels."""
    import statistics
    import time

    config = recipes.config("style_vgg19", "lake_in_mosaic")
    blueprint = neural_style.Blueprint(
        lambda c, s: GramStatistics(our_features(weights, WHOLE), c, s), epsilon=0.1, clipped=True
    )
    content, style = picture(1, 256, 256), picture(2, 256, 256)
    theirs = tf.function(Tutorial(keras_vgg, unit(content), unit(style), WHOLE).step_in_graph)
    ours = neural_style.NeuralStyle(blueprint, config, content, style)
    seconds = {theirs: [], ours.train_step: []}
    for turn in range(7):
        for step, found in seconds.items():
            started = time.perf_counter()
            step().numpy()
            if turn:  # the first one traces
                found.append(time.perf_counter() - started)
    medians = [statistics.median(found) for found in seconds.values()]
    assert medians[1] <= 0.8 * medians[0], seconds
