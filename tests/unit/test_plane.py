"""The GAN that trains in the page, step for step against the engine's own updates."""

import itertools
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from gan_core import data, recipes
from gan_core.algorithms.losses import LOSSES
from gan_core.algorithms.regularizers import REGULARIZERS

RUNNER = Path(__file__).parents[1] / "js" / "run_plane.mjs"
STEPS, COUNT = 20, 16
SMALL = {"width": 4, "batch_size": COUNT, "g_lr": 1e-3, "d_lr": 1e-3}
NEAR = 1e-5  # float32 there, float64 here, 20 steps on
# A weight that moves all scores alike has no gradient under losses of differences. What float32 leaves of it
# is rounding, which Adam makes as large as a step: such a weight may drift there, and the losses with it.
STILL = 1e-8

pytestmark = pytest.mark.skipif(
    not shutil.which("node"), reason="node is not installed: the plane's GAN is NOT tested"
)


def batches(loss, seed=0):
    """Real points, z of D and of G, shares of the gradient penalty, for each step."""
    rng = np.random.default_rng(seed)
    normal = lambda: rng.standard_normal((COUNT, 2)).astype(np.float32)  # noqa: E731
    for _ in range(STEPS):
        yield {
            "real": normal(),
            "z": normal(),
            "z_g": normal(),
            "real_g": normal() if LOSSES[loss].relativistic else None,
            "shares": rng.random(COUNT).astype(np.float32),
        }


class Shares:
    """Instead of the algorithm's random numbers: what the gradient penalty is to draw."""

    def __init__(self):
        self.rows = None

    def uniform(self, shape):
        import tensorflow as tf

        return tf.reshape(tf.constant(self.rows), shape)


def engine(loss, penalty, tmp_path, label_smoothing=0.0):
    """toy_mlp with one penalty, its own updates called one by one."""
    import dataclasses

    import tensorflow as tf

    from gan_core.algorithms.adversarial import AdversarialGAN
    from gan_core.algorithms.batches import BatchSource

    more = {"loss": loss, "label_smoothing": label_smoothing}
    config = recipes.config("toy_mlp", "ring", **SMALL, **more)
    dataset = data.load("ring", tmp_path)
    weights = {penalty: (REGULARIZERS[penalty], 0.1)} if penalty else {}
    parts = recipes.get("toy_mlp").build(config, dataset.spec)
    parts = dataclasses.replace(parts, regularizers=weights)
    source = BatchSource(dataset.train, None, num_classes=0, seed=1)
    with tf.device("/CPU:0"):
        return AdversarialGAN(parts, config, source, lambda: source), config


def steps_of(gan, rows, loss):
    import tensorflow as tf

    drawn, losses = Shares(), []
    gan._state.rng, kept = drawn, gan._state.rng
    gan.noisy = lambda images, parts=1: images
    for row in rows:
        drawn.rows = row["shares"]
        fake = gan.networks["generator"]([row["z"]], training=True)
        d = gan.update_d(tf.constant(row["real"]), None, fake, None)
        others = None
        with tf.GradientTape() as tape:
            if LOSSES[loss].relativistic:
                others = gan.score(tf.constant(row["real_g"]), None)
            made = gan.networks["generator"]([row["z_g"]], training=True)
            g_loss = gan.fooling_loss(others, made, None)
        g = gan.update_g(tape, g_loss)
        penalty = next((float(v) for n, v in d.items() if n.startswith("penalty/")), 0.0)
        norms = [float(d["d_grad_norm"]), float(g["g_grad_norm"])]
        losses.append([float(d["d_loss"]), float(g_loss), penalty, *norms])
    gan._state.rng = kept
    return losses


def weights_of(gan):
    return {
        "g": [v.numpy() for v in gan.networks["generator"].trainable_variables],
        "d": [v.numpy() for v in gan.networks["discriminator"].trainable_variables],
    }


def in_page(config, start, rows, **settings):
    told = {
        "settings": {
            "hidden": 2 * config.width,
            "latent_dim": 2,
            "batch_size": COUNT,
            "g_lr": config.g_lr,
            "d_lr": config.d_lr,
            "beta_1": config.beta_1,
            "beta_2": config.beta_2,
            **settings,
        },
        **{name: [v.ravel().tolist() for v in values] for name, values in start.items()},
        "rows": [
            {n: None if a is None else a.ravel().tolist() for n, a in row.items()} for row in rows
        ],
    }
    made = subprocess.run(
        ["node", str(RUNNER)], input=json.dumps(told), capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


CASES = [
    *itertools.product(LOSSES, ["r1"]),
    *itertools.product(["non_saturating"], [None, "r2", "gradient_penalty"]),
    ("wasserstein", "gradient_penalty"),
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("loss", "penalty"), CASES)
def test_twenty_steps_are_those_of_the_engine(loss, penalty, tmp_path):
    smoothing = 0.1 if loss == "cross_entropy" else 0.0
    gan, config = engine(loss, penalty, tmp_path, smoothing)
    start, rows = weights_of(gan), list(batches(loss))
    expected = steps_of(gan, rows, loss)
    found = in_page(
        config,
        start,
        rows,
        loss=loss,
        penalty=penalty,
        penalty_weight=0.1,
        label_smoothing=smoothing,
    )
    after, drift = weights_of(gan), 0.0
    for name in ("g", "d"):
        for own, theirs, before in zip(found[name], after[name], start[name], strict=True):
            own, theirs, before = np.array(own), theirs.ravel(), before.ravel()
            still = np.abs(own - before) < STILL
            assert np.abs(own - theirs)[~still].max(initial=0) < NEAR
            drift = max(drift, np.abs(theirs - before)[still].max(initial=0))
            assert before.size == 1 or np.abs(theirs - before).max() > 1e-3  # it moved
    assert drift < STEPS * config.d_lr / 10
    np.testing.assert_allclose(found["losses"], expected, rtol=1e-4, atol=NEAR + 2 * drift)
