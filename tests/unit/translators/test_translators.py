"""Every translator, by the same questions: metrics, who is updated, randomness, resuming, knobs."""

import numpy as np
import pytest
import tensorflow as tf

from gan_core import recipes
from gan_core.algorithms import jitter
from gan_core.algorithms.losses import LOSSES
from gan_core.algorithms.state import COMMON_KNOBS
from gan_core.config import SETTINGS, TrainConfig
from gan_core.errors import ConfigError
from gan_core.metric_table.metrics import is_known
from tests.unit.translators.conftest import LARGE, NAMES, SMALL, told

OWN = {
    "pix2pix": {"gan_weight", "l1_weight"},
    "fast_pix2pix": {"gan_weight", "l1_weight"},
    "cyclegan": {"gan_weight", "cycle_weight", "identity_weight"},
    "fast_cyclegan": {"gan_weight", "cycle_weight", "identity_weight"},
    "fastcut": {"gan_weight", "nce_weight"},
}


SMALLER = [name for name in NAMES if name not in LARGE]  # the others are of the same code


@pytest.fixture(scope="module")
def first(make):
    """Metrics of the first step of each, as plain Python."""
    tf.config.run_functions_eagerly(True)
    found = {name: told(a := make(name), a.train_step()) for name in NAMES}
    tf.config.run_functions_eagerly(False)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is(name):
    recipe = recipes.get(name)
    assert recipe.title and recipe.summary.endswith(".") and recipe.paper.startswith("https://")
    assert recipe.needs in ("pairs", "sides") and recipe.task == "translation"
    assert recipe.expect, "fill `expect` from a real run"
    config = recipes.config(name, "drawn")
    assert config.num_steps and config.loss in LOSSES
    assert set(recipe.defaults) <= set(TrainConfig.model_fields)
    assert OWN[name] <= set(recipe.defaults), "or the form does not offer them"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", NAMES)
def test_metrics_are_finite_and_in_the_table(name, first, make):
    algorithm, found = make(name), first[name]
    assert np.isfinite(list(found.values())).all()
    assert all(is_known(metric) for metric in found)
    assert {"g_loss", "d_loss", "real_score", "fake_score", "g_grad_norm", "d_grad_norm"} <= {
        *found
    }
    assert ("real_prob" in found) == LOSSES[algorithm.config.loss].log_odds
    terms = {"pairs": {"l1"}, "sides": {"nce"} if name == "fastcut" else {"cycle", "identity"}}
    assert terms[recipes.get(name).needs] <= {*found}
    for mean in [m for m in found if f"{m}_a" in found]:
        assert found[mean] == pytest.approx((found[f"{mean}_a"] + found[f"{mean}_b"]) / 2, rel=1e-5)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", NAMES)
def test_translated_images_have_shape_and_range(name, make, datasets):
    algorithm, arrays = make(name), datasets[name].splits["held_out"]
    for network in algorithm.shown:
        given = (
            arrays["input"] if "input" in arrays else arrays[network[2] if "_" in network else "a"]
        )
        images = given[:5].astype(np.float32) / 127.5 - 1
        made = algorithm.sample(images, network)
        assert made.shape == (5, *datasets[name].spec.target_shape) and made.dtype == np.float32
        assert np.abs(made).max() <= 1.0
        assert np.abs(algorithm.sample(images[:1], network) - made[:1]).max() < 1e-5
    np.testing.assert_array_equal(
        algorithm.sample(images), algorithm.sample(images, algorithm.shown[0])
    )


def weights(algorithm):
    """Everything in its state that can be trained."""
    last = ("kernel", "bias", "gamma", "beta")
    return {n: a for n, a in algorithm.state().items() if n.endswith(last) and "/" in n}


def moved(before, after):
    """Networks of which weights changed."""
    return {n.split("/")[0] for n in before if not np.array_equal(before[n], after[n])}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", NAMES)
def test_each_update_moves_its_own_networks(name, make, eagerly):
    algorithm = make(name)
    judges = {n for n in algorithm.networks if n[0] == "d"}
    makers = set(algorithm.networks) - judges
    assert set(algorithm.updates) == {"discriminator", "generator"}
    for alone, own, others, missing in (
        ("discriminator", judges, makers, "g_loss"),
        ("generator", makers, judges, "d_loss"),
    ):
        before, start = weights(algorithm), algorithm.counters()
        values = told(algorithm, algorithm.partial_step(alone))
        changed = moved(before, weights(algorithm))
        assert own <= changed and not others & changed, changed
        assert np.isnan(values[missing])
        seen = SMALL["batch_size"] if alone == "discriminator" else 0
        gained = {n: v - start[n] for n, v in algorithm.counters().items()}
        assert gained == {
            "step": 1,
            "g_updates": int(alone == "generator"),
            "d_updates": int(alone == "discriminator"),
            "images_seen": seen,
        }


FUTURES = [
    ("fast_cyclegan", {"pool_size": 4, "jitter": "crop_mirror"}),
    ("pix2pix", {}),
    ("fastcut", {}),
]


def repeats_the_future(original, again):
    again.load_state(original.state())
    expected = [original.train_step().numpy() for _ in range(2)]
    assert np.array_equal(expected, [again.train_step().numpy() for _ in range(2)])
    states = original.state(), again.state()
    assert states[0].keys() == states[1].keys()
    assert all(np.array_equal(array, states[1][name]) for name, array in states[0].items())


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("name", "changes"), FUTURES)
def test_resuming_repeats_the_future_bit_for_bit(name, changes, make, eagerly):
    """Full pools of past fakes, dropout and jitter among it."""
    original = make(name, **changes)
    original.train_step()
    repeats_the_future(original, make(name, copy=1, **changes))


@pytest.mark.thorough
def test_compiled_too(make):
    original = make("fast_pix2pix")
    original.train_step()
    repeats_the_future(original, make("fast_pix2pix", copy=1))


@pytest.mark.parametrize("name", ["fast_pix2pix"])
def test_several_steps_in_one_call_are_the_same_steps(name, make):
    single, together = make(name), make(name, copy=1)
    values = np.array([single.train_step().numpy() for _ in range(3)])
    np.testing.assert_array_equal(values, together.train_steps(3).numpy())
    assert single.counters() == together.counters()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_recipe_compiled_and_in_one_call(name, make):
    single, together = make(name), make(name, copy=1)
    values = np.array([single.train_step().numpy() for _ in range(3)])
    np.testing.assert_allclose(values, together.train_steps(3).numpy(), rtol=1e-5, atol=1e-6)
    repeats_the_future(single, together)


@pytest.mark.parametrize("name", ["fast_pix2pix"])
def test_the_seed_decides_everything(name, make, eagerly):
    values = [make(name, seed=seed).train_step().numpy() for seed in (3, 3, 4)]
    assert np.array_equal(values[0], values[1])
    assert not np.array_equal(values[0], values[2])


@pytest.mark.parametrize("name", NAMES)
def test_knobs_are_the_common_ones_and_its_own(name, make):
    algorithm = make(name)
    assert set(algorithm.knobs()) == {*COMMON_KNOBS} | OWN[name]
    other = next(iter(set.union(*OWN.values()) - OWN[name]))
    with pytest.raises(ConfigError, match=f"no knob `{other}`. It has: g_lr"):
        algorithm.set_knobs({other: 1.0})


def test_other_trainings_keep_their_knobs_and_checkpoints():
    assert COMMON_KNOBS == (
        "g_lr",
        "d_lr",
        "n_critic",
        "ema_half_life",
        "label_smoothing",
        "instance_noise",
    )
    assert all(SETTINGS[name].special for names in OWN.values() for name in names)


def test_knobs_apply_to_the_next_step(make, eagerly):
    algorithm = make("fast_pix2pix")
    algorithm.set_knobs({"gan_weight": 0.0, "l1_weight": 0.0})
    before = algorithm.state()
    algorithm.train_step()
    assert "generator" not in moved(before, algorithm.state())


def test_more_updates_of_d(make, eagerly):
    algorithm = make("fast_pix2pix", n_critic=3)
    algorithm.train_step()
    assert algorithm.counters() == {
        "step": 1,
        "g_updates": 1,
        "d_updates": 3,
        "images_seen": 3 * SMALL["batch_size"],
    }


@pytest.mark.parametrize("name", SMALLER)
def test_instance_noise_and_smoothing_reach_the_discriminator(name, make, eagerly):
    losses = []
    for changed in ({}, {"instance_noise": 1.0}, {"label_smoothing": 0.3}):
        algorithm = make(name, **changed)
        losses.append(told(algorithm, algorithm.partial_step("discriminator"))["d_loss"])
    assert losses[1] != losses[0]
    assert (losses[2] != losses[0]) == LOSSES[algorithm.config.loss].log_odds


def test_rates_stay_and_fall_in_a_straight_line(make):
    state = make("fast_pix2pix", lr_decay_start=10, g_lr=0.5)._state
    for step, rate in ((0, 0.5), (10, 0.5), (15, 0.25), (18, 0.1), (20, 0.0), (25, 0.0)):
        state.counts["step"].assign(step)
        assert float(state.rate("g_lr")) == pytest.approx(rate, abs=1e-7)


class TestJitter:
    def moved(self, kind, size=16, count=200):
        """Pictures of rows and columns by their numbers, and what jitter made of two that differ."""
        rows, columns = np.mgrid[:size, :size].astype(np.float32)
        picture = np.tile(np.stack([rows, columns], -1)[None], (count, 1, 1, 1))
        rng = tf.random.Generator.from_seed(4)
        one, other = jitter.jittered(rng, kind, tf.constant(picture), tf.constant(picture + 100.0))
        return np.asarray(one), np.asarray(other)

    @pytest.mark.parametrize("kind", ["none", "crop", "crop_mirror"])
    def test_both_of_a_pair_are_moved_alike(self, kind):
        one, other = self.moved(kind)
        np.testing.assert_allclose(other - one, 100.0, atol=1e-3)

    def test_a_crop_is_a_part_of_the_picture_of_the_papers_size(self):
        one, _ = self.moved("crop")
        top, left = one[:, 0, 0, 0], one[:, 0, 0, 1]
        height = one[:, -1, 0, 0] - top
        np.testing.assert_allclose(height, 15 * 256 / 286, atol=1e-3)
        assert one.min() >= 0 and one.max() <= 15
        assert 0.5 < np.std(top) / (np.sqrt(1 / 12) * 15 * 30 / 286) < 1.5
        assert abs(np.corrcoef(top, left)[0, 1]) < 0.25

    def test_half_are_mirrored(self):
        one, _ = self.moved("crop_mirror")
        mirrored = (one[:, 0, 0, 1] > one[:, 0, -1, 1]).mean()
        assert 0.35 < mirrored < 0.65
        assert (one[:, 0, 0, 0] < one[:, -1, 0, 0]).all()

    @pytest.mark.parametrize(
        ("setting", "shape", "kind"),
        [
            ("auto", (28, 28, 1), "none"),
            ("auto", (64, 64, 3), "crop_mirror"),
            ("crop", (28, 28, 1), "crop"),
            ("none", (256, 256, 3), "none"),
        ],
    )
    def test_digits_are_left_alone(self, setting, shape, kind):
        assert jitter.kind(setting, shape) == kind
