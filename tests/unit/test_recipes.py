"""Every recipe, by the same questions: shapes, ranges, who is updated, randomness, resuming."""

import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest

from gan_core import data, recipes
from gan_core.algorithms import updates
from gan_core.algorithms.adversarial import AdversarialGAN
from gan_core.algorithms.losses import LOSSES
from gan_core.bench.baselines import tf_dcgan
from gan_core.config import TrainConfig
from gan_core.errors import CheckpointError, ConfigError
from gan_core.tasks import latent
from gan_core.tasks.synthesis import inputs_of
from gan_core.training import expect, speeds, trial
from gan_core.training.session import build_algorithm

ROOT = Path(__file__).resolve().parents[2]
SMALL = {"width": 4, "batch_size": 8, "latent_dim": 6, "seed": 3}
NAMES = [name for name in recipes.names() if recipes.get(name).task == "synthesis"]
COMPILED = ("fast_gan", "dcgan", "wgan_gp")  # one of each way to update; `slow` does all


@pytest.fixture(scope="module")
def datasets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    return {name: data.load(name, folder) for name in ("mnist_5k", "ring")}


def dataset_for(name, datasets):
    return datasets["ring" if recipes.get(name).needs == "points" else "mnist_5k"]


def make(name, datasets, **changes):
    dataset = dataset_for(name, datasets)
    few = {"n_critic": 2} if name == "wgan_gp" else {}
    config = recipes.config(name, dataset.spec.name, **(SMALL | few | changes))
    return build_algorithm(config, dataset)


@pytest.fixture(scope="module")
def algorithms(datasets):
    """One small algorithm of each recipe, after one step; a compilation costs a second or two."""
    import tensorflow as tf

    found = {name: make(name, datasets) for name in NAMES}
    for name, algorithm in found.items():
        tf.config.run_functions_eagerly(name not in COMPILED)
        algorithm.first = algorithm.train_step().numpy()
    tf.config.run_functions_eagerly(False)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is(name):
    recipe = recipes.get(name)
    assert recipe.title and recipe.summary.endswith(".") and recipe.paper.startswith("https://")
    assert recipe.needs in ("points", "images", "labels")
    assert recipe.expect, "fill `expect` from a real run"
    config = recipes.config(name, "mnist_5k")
    assert config.num_steps and config.loss in LOSSES
    assert set(recipe.defaults) <= set(TrainConfig.model_fields)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "name", sorted(NAMES, reverse=True)
)  # acgan, which takes seconds, comes last
def test_samples_have_shape_and_range(name, algorithms, datasets, eagerly):
    algorithm = algorithms[name]
    spec = dataset_for(name, datasets).spec
    given = inputs_of(algorithm.config, spec, algorithm.networks["generator"])
    assert given.prior == algorithm.parts.prior
    z = latent.sample(5, SMALL["latent_dim"], seed=1, prior=given.prior)
    classes = latent.one_hot([0, 1, 2, 3, 9], 10) if given.num_classes else None
    images = algorithm.sample(z, classes)
    assert images.shape == (5, *spec.image_shape) and images.dtype == np.float32
    if spec.kind == "images":
        assert np.abs(images).max() <= 1.0
    alone = algorithm.sample(z[:1], None if classes is None else classes[:1])
    assert np.abs(alone - images[:1]).max() < 1e-5


@pytest.mark.parametrize("name", NAMES)
def test_metrics_are_finite_and_named(name, algorithms):
    algorithm = algorithms[name]
    assert len(algorithm.first) == len(algorithm.metric_names)
    assert np.isfinite(algorithm.first).all()
    names = algorithm.metric_names
    assert {"g_loss", "d_loss", "real_score", "fake_score", "g_grad_norm", "d_grad_norm"} <= {
        *names
    }
    loss = LOSSES[algorithm.config.loss]
    assert ("real_accuracy" in names) == (loss.threshold is not None)
    assert ("real_prob" in names) == loss.log_odds
    assert ("class_accuracy_real" in names) == (name == "acgan")
    assert {f"penalty/{n}" for n in algorithm.parts.regularizers} <= {*names}


def changed(algorithm, before, network):
    after = algorithm.state()
    prefix = f"{network}/"
    return any(
        not np.array_equal(before[n], after[n])
        for n in before
        if n.startswith(prefix) and ("kernel" in n or "bias" in n)
    )


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", NAMES)
def test_each_step_updates_its_own_network(name, algorithms, eagerly):
    algorithm = algorithms[name]
    start = algorithm.counters()
    before = algorithm.state()
    values = algorithm.partial_step("discriminator").numpy()
    assert changed(algorithm, before, "discriminator") and not changed(
        algorithm, before, "generator"
    )
    assert np.isnan(values[algorithm.metric_names.index("g_loss")])
    before = algorithm.state()
    algorithm.partial_step("generator")
    assert changed(algorithm, before, "generator") and not changed(
        algorithm, before, "discriminator"
    )
    gained = {n: v - start[n] for n, v in algorithm.counters().items()}
    batch = SMALL["batch_size"]
    assert gained == {"step": 2, "g_updates": 1, "d_updates": 1, "images_seen": batch}


def repeats_the_future(original, again):
    """Save, restore in another instance: the next steps are those of a run that never stopped."""
    again.load_state(original.state())
    expected = [original.train_step().numpy() for _ in range(2)]
    assert np.array_equal(expected, [again.train_step().numpy() for _ in range(2)])
    states = original.state(), again.state()
    assert states[0].keys() == states[1].keys()
    assert all(np.array_equal(array, states[1][name]) for name, array in states[0].items())


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", NAMES)
def test_resuming_repeats_the_future_bit_for_bit(name, algorithms, datasets, eagerly):
    repeats_the_future(algorithms[name], make(name, datasets))


# Compiled, as users run it, for each way of training; `pytest -m slow` does it for every recipe.
@pytest.mark.parametrize("name", ["fast_gan", "dcgan"])
def test_compiled_too(name, algorithms, datasets):
    repeats_the_future(algorithms[name], make(name, datasets))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_recipe_compiled_repeats_the_future(name, algorithms, datasets):
    repeats_the_future(algorithms[name], make(name, datasets))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_several_steps_in_one_call_are_the_same_steps(name, datasets):
    """Bit for bit, but for r3gan's penalties at fakes: to the last bits."""
    single, together = make(name, datasets), make(name, datasets)
    values = np.array([single.train_step().numpy() for _ in range(4)]), together.train_steps(4)
    tolerance = 1e-6 if name == "r3gan" else 0.0
    np.testing.assert_allclose(values[0], values[1].numpy(), rtol=tolerance, atol=tolerance)
    assert single.counters() == together.counters()


@pytest.mark.parametrize("name", ["fast_gan", "toy_mlp"])
def test_the_seed_decides_everything(name, datasets, eagerly):
    first, second, other = make(name, datasets), make(name, datasets), make(name, datasets, seed=4)
    values = [a.train_step().numpy() for a in (first, second, other)]
    assert np.array_equal(values[0], values[1])
    assert not np.array_equal(values[0], values[2])


@pytest.mark.sampled(1)
@pytest.mark.parametrize("n_critic", [1, 2, 3])
def test_n_critic_updates_per_generator_update(n_critic, datasets, eagerly):
    algorithm = make("wgan_gp", datasets, n_critic=n_critic)
    for _ in range(2):
        algorithm.train_step()
    counters = algorithm.counters()
    assert (counters["step"], counters["g_updates"], counters["d_updates"]) == (2, 2, 2 * n_critic)
    assert counters["images_seen"] == 2 * n_critic * SMALL["batch_size"]


def test_knobs_apply_to_the_next_step(datasets, eagerly):
    algorithm = make("fast_gan", datasets)
    algorithm.train_step()
    algorithm.set_knobs({"g_lr": 0.0, "d_lr": 0.0})
    assert algorithm.knobs()["g_lr"] == 0.0
    before = algorithm.state()
    algorithm.train_step()
    assert not changed(algorithm, before, "generator")
    assert not changed(algorithm, before, "discriminator")


def test_instance_noise_reaches_the_discriminator(datasets, eagerly):
    made = [make("fast_gan", datasets, instance_noise=n, noise_steps=0) for n in (0.0, 1.0)]
    scores = [a.partial_step("discriminator").numpy() for a in made]
    assert not np.array_equal(scores[0], scores[1])


@pytest.mark.parametrize(
    ("noise_steps", "expected"), [(0, [0.4, 0.4, 0.4]), (4, [0.0, 0.1, 0.2]), (1, [0.0, 0.4, 0.4])]
)
def test_instance_noise_grows_in_a_straight_line(noise_steps, expected, datasets, eagerly):
    """By hand: 0.4 x step / noise_steps, and never more than 0.4; a knob that is turned counts at once."""
    algorithm = make("mlp_gan", datasets, instance_noise=0.4, noise_steps=noise_steps)
    found = []
    for _ in expected:
        found.append(float(algorithm._state.noise()))
        algorithm.train_step()
    assert found == pytest.approx(expected)
    algorithm.set_knobs({"instance_noise": 0.8})
    grown = min(1.0, 3 / noise_steps) if noise_steps else 1.0
    assert float(algorithm._state.noise()) == pytest.approx(0.8 * grown)


def test_noise_that_grows_reaches_the_discriminator_only_then(datasets, eagerly):
    made = [make("mlp_gan", datasets, instance_noise=n, noise_steps=1) for n in (0.0, 1.0)]
    first, second = ([a.train_step().numpy() for a in made] for _ in range(2))
    assert np.array_equal(*first) and not np.array_equal(*second)


def test_another_network_s_state_is_refused_in_words(algorithms, datasets):
    with pytest.raises(CheckpointError, match="of another network: missing"):
        algorithms["fast_gan"].load_state(algorithms["dcgan"].state())
    wider = make("fast_gan", datasets, width=8)
    with pytest.raises(CheckpointError, match=r"has shape \(.*\), expected \("):
        algorithms["fast_gan"].load_state(wider.state())


def test_unknown_recipe_is_refused_with_a_suggestion():
    with pytest.raises(ConfigError, match="Unknown recipe `dcgn`. Did you mean `dcgan`?"):
        recipes.get("dcgn")


def test_the_example_of_the_contributing_guide_is_all_there_is_to_add(
    tmp_path, datasets, eagerly, monkeypatch
):
    guide = (ROOT / "CONTRIBUTING.md").read_text().split("## A recipe is one file")[1]
    (tmp_path / "dragan.py").write_text(guide.split("```python\n")[1].split("```")[0])
    monkeypatch.setattr(recipes, "__path__", [*recipes.__path__, str(tmp_path)])
    try:
        assert "dragan" in recipes.names()
        algorithm = make("dragan", datasets)
        assert "penalty/r1" in algorithm.metric_names
        assert np.isfinite(algorithm.train_step().numpy()).all()
    finally:
        sys.modules.pop("gan_core.recipes.dragan", None)


def test_sharing_one_backward_pass_is_exact(datasets, eagerly):
    """One pass back through D serves both networks; two separate passes give the same numbers."""

    class TwoPasses(AdversarialGAN):
        shares_backward = False
        score_each = AdversarialGAN.score_both  # the same dropout

    shared = make("dcgan", datasets)
    separate = TwoPasses(shared.parts, shared.config, shared.source, None)
    for _ in range(3):
        values = [a.train_step().numpy() for a in (shared, separate)]
        assert np.allclose(values[0], values[1], rtol=2e-4, atol=1e-6)


# Weights and biases of the tutorials' own networks, counted by hand from their layer lists.
@pytest.mark.parametrize(
    ("name", "generator", "discriminator"),
    [("dcgan", 2_330_944, 212_865), ("acgan", 2_657_897, 525_835)],
)
def test_tutorial_networks_have_their_full_size(name, generator, discriminator, datasets):
    dataset = dataset_for(name, datasets)
    config = recipes.config(name, dataset.spec.name)
    parts = recipes.get(name).build(config, dataset.spec)
    assert parts.generator().count_params() == generator
    assert sum(int(np.prod(v.shape)) for v in parts.discriminator().trainable_variables) == (
        discriminator
    )


def test_a_step_of_the_dcgan_is_the_step_of_the_tutorials_loop(datasets, eagerly, monkeypatch):
    """From the same weights, images and z, but for dropout, whose draws cannot be shared.

    Adam makes rounding of tiny gradients visible (G 0.03, D 0.005); updates in turn would be 0.38 apart,
    and batch statistics that follow sooner would draw images 0.49 apart instead of 0.002.
    """
    import tensorflow as tf

    ours = make("dcgan", datasets, width=64, latent_dim=100, dropout=0.0)
    networks = ours.networks
    theirs = {name: getattr(tf_dcgan, name)() for name in networks}
    for name, network in networks.items():
        theirs[name].set_weights(network.get_weights())
        monkeypatch.setattr(tf_dcgan, name, lambda name=name: theirs[name])
    for layer in theirs["discriminator"].layers:
        layer.rate = 0.0  # of dropout
    start = {name: flat_weights(network) for name, network in networks.items()}

    images, drawn = datasets["mnist_5k"].train[:8], []
    scaled = images / np.float32(127.5) - 1
    monkeypatch.setattr(tf_dcgan, "BATCH", len(images))
    monkeypatch.setattr(tf.random, "normal", lambda shape: drawn[-1])
    monkeypatch.setattr(ours, "next_batch", lambda: (tf.constant(scaled), None))
    monkeypatch.setattr(ours._state, "next_z", lambda prior, count: drawn[-1])
    step, _ = tf_dcgan.build(images, None, seed=1)
    for i in range(2):
        drawn.append(tf.constant(latent.sample(8, 100, seed=i)))
        ours.train_step()
        step()
    near = {"generator": 0.06, "discriminator": 0.02}
    for name, network in networks.items():
        moved = flat_weights(network) - start[name]
        apart = flat_weights(theirs[name]) - start[name] - moved
        assert np.abs(moved).max() > 1e-4
        assert np.linalg.norm(apart) < near[name] * np.linalg.norm(moved)
    shown = [g(drawn[-1], training=False) for g in (networks["generator"], theirs["generator"])]
    assert np.linalg.norm(shown[0] - shown[1]) < 0.01 * np.linalg.norm(shown[1])


def flat_weights(network):
    """What is trained, as one float64 vector."""
    values = [v.numpy().astype(float).ravel() for v in network.trainable_variables]
    return np.concatenate(values)


def test_reused_fakes_teach_the_generator_through_the_new_discriminator(datasets, eagerly):
    whole, by_hand = (make("fast_gan", datasets, instance_noise=0.0) for _ in range(2))
    made = []
    generate = whole.networks["generator"].call
    whole.networks["generator"].call = lambda *a, **k: made.append(1) or generate(*a, **k)
    metrics = dict(zip(whole.metric_names, whole.train_step().numpy(), strict=True))
    assert len(made) == 1  # alternating updates make fakes twice

    real, classes = by_hand.next_batch()
    fake, _ = by_hand.generate(classes)
    d_loss = by_hand.update_d(real, classes, fake, classes)["d_loss"]
    scores = by_hand.networks["discriminator"]([fake, classes], training=True).numpy().astype(float)
    assert metrics["d_loss"] == pytest.approx(float(d_loss), rel=1e-6)
    assert metrics["g_loss"] == pytest.approx(np.log1p(np.exp(-scores)).mean(), rel=1e-5)
    assert metrics["g_grad_norm"] > 0


@pytest.mark.thorough
def test_scoring_real_and_fake_images_apart_is_exact(datasets, eagerly):
    """Two passes through a D that names classes give the numbers of one pass over both halves."""

    class OnePass(AdversarialGAN):
        score_each = AdversarialGAN.score_both

    acgan = make("acgan", datasets, dropout=0.0)
    parts = dataclasses.replace(acgan.parts, update=updates.simultaneous)
    algorithms = [
        kind(parts, acgan.config, acgan.source, None) for kind in (AdversarialGAN, OnePass)
    ]
    values = [a.train_step().numpy() for a in algorithms]
    assert np.allclose(*values, rtol=2e-4, atol=1e-6)


def test_the_acgan_learns_from_the_fakes_of_the_example(datasets, eagerly):
    """D from a batch with moving batch statistics, then G from two batches with their own."""
    algorithm, made = make("acgan", datasets), []
    generate = algorithm.networks["generator"].call

    def call(inputs, training=None, **more):
        made.append((training, len(inputs[0]), len(inputs[1])))
        return generate(inputs, training=training, **more)

    algorithm.networks["generator"].call = call
    algorithm.train_step()
    batch = algorithm.config.batch_size
    assert made == [(False, batch, batch), (True, 2 * batch, 2 * batch)]


def test_a_loss_of_pairs_takes_as_many_fakes_as_real_images(datasets, eagerly):
    algorithm = make("acgan", datasets, loss="relativistic")
    assert np.isfinite(algorithm.train_step().numpy()).all()


def test_what_the_acgan_draws_follows_at_once_what_it_has_learned(datasets):
    """Images are drawn with the moving batch statistics, which the example's 0.99 leaves far behind."""
    import tensorflow as tf

    algorithm = make("acgan", datasets)
    z = latent.sample(64, 6, seed=1, prior="uniform")
    inputs = [tf.constant(z), tf.constant(latent.one_hot(np.arange(64) % 10, 10))]
    generator = algorithm.networks["generator"]
    learn = tf.function(lambda: generator(inputs, training=True), autograph=False)
    for _ in range(100):
        learned = learn().numpy()
    drawn = generator(inputs, training=False).numpy()
    assert np.abs(drawn - learned).max() < 0.05 * np.abs(learned).max()


@pytest.mark.parametrize(
    ("kind", "classes", "first"),
    [
        ("images", 0, "fast_dcgan"),
        ("images", 2, "fast_gan"),
        ("pairs", 0, "fast_pix2pix"),
        ("sides", 0, "fast_cyclegan"),
    ],
)
def test_the_recipe_to_begin_with_is_the_soonest_to_show_something(tmp_path, kind, classes, first):
    """Not the one with the cheapest step, which may need a hundred times as many."""
    for size, channels in ((28, 1), (64, 3)):
        spec = trial.imagined(kind, (size, size), channels, classes, 400)
        told = expect.expected(spec, speeds.Speeds([], [spec]), tmp_path)
        assert recipes.fitting(spec)[0] == first
        assert told[0].recipe == first


def test_quick_starts_are_in_the_order_of_their_places_and_fit(tmp_path):
    starts = recipes.quick_starts()
    assert starts[:4] == [
        ("fast_gan", "mnist_5k"),
        ("fast_gan", "pixel_faces"),
        ("fast_pix2pix", "edges_to_digits"),
        ("fast_cyclegan", "digits_and_paper"),
    ]
    places = [recipes.get(recipe).quick_starts[dataset] for recipe, dataset in starts]
    assert places == sorted(set(places))  # no two share one
    assert not any(recipes.get(r).misfit(data.spec(d, tmp_path)) for r, d in starts)
