"""Trainings on one device and on two, compared: `python -m tests.unit.training.two_devices [RECIPE ...]`.

Devices are made before TensorFlow starts, so that this is a process of its own. It prints one JSON object:
what each recipe of `CASES`, or those that are named, came to. A command line of `gan_core` that it then
reads, as a JSON list, is done on its two devices.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":  # a process of its own: whoever imports this keeps its devices
    os.environ |= {
        "CUDA_VISIBLE_DEVICES": "-1",
        "GAN_CPU_DEVICES": "2",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }

import numpy as np

from gan_core import data, recipes
from gan_core.startup import devices, runtime
from gan_core.training.session import build_algorithm

STEPS = 10
# Adam's first steps are signs of gradients: at usual rates they make a rounded zero a whole step.
RATES = {"g_lr": 1e-5, "d_lr": 1e-5}
SMALL = RATES | {"seed": 3, "width": 4, "batch_size": 8}
TRANSLATED = SMALL | {"g_lr": 1e-8, "d_lr": 1e-8, "batch_size": 4}
CASES = {
    "fast_gan": ("mnist_5k", SMALL | {"dropout": 0.0, "n_critic": 2, "noise_steps": 0}),
}
MORE = {
    "toy_mlp": ("ring", SMALL),
    "mlp_gan": ("mnist_5k", SMALL | {"dropout": 0.0}),
    "dcgan": ("mnist_5k", SMALL | {"dropout": 0.0}),
    "fast_dcgan": ("mnist_5k", SMALL | {"dropout": 0.0}),
    "lsgan": ("mnist_5k", SMALL),
    "hinge_sn": ("mnist_5k", SMALL | {"augment": "color_translation_cutout"}),
    "wgan_gp": ("mnist_5k", SMALL | {"n_critic": 2}),
    "r3gan": ("mnist_5k", SMALL),
    "acgan": ("mnist_5k", SMALL | {"dropout": 0.0}),
    "fast_pix2pix": ("edges_to_digits", TRANSLATED),
    "fast_cyclegan": ("digits_and_paper", TRANSLATED | {"pool_size": 8, "jitter": "crop_mirror"}),
    "fastcut": ("digits_and_paper", TRANSLATED),
}


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Length of the difference over the length of the first."""
    one, other = one.astype("float64"), other.astype("float64")
    return float(np.linalg.norm(one - other) / max(np.linalg.norm(one), 1e-12))


def alike(algorithm) -> list[str]:
    """Variables whose two copies differ in any bit, or that have no two."""
    found = []
    for name, variable in algorithm._state._variables().items():
        copies = [copy.numpy().tobytes() for copy in getattr(variable, "values", [variable])]
        if len(copies) != 2 or copies[0] != copies[1]:
            found.append(name)
    return found


def trained(algorithm, steps: int) -> np.ndarray:
    return np.array([np.asarray(algorithm.train_step()) for _ in range(steps)])


def compared(recipe: str, folder: Path) -> dict:
    """What one and two devices made of the same settings."""
    dataset_name, settings = (CASES | MORE)[recipe]
    config = recipes.config(recipe, dataset_name, **settings)
    dataset = data.load(dataset_name, folder)
    one, two = (
        build_algorithm(config, dataset, d) for d in ("/CPU:0", devices.chosen("cpu", replicas=2))
    )
    begun = one.state()
    expected = trained(one, STEPS)
    half_rows = trained(two, STEPS // 2)
    half = two.state()
    rows = np.concatenate([half_rows, trained(two, STEPS - STEPS // 2)])
    differing, found = alike(two), two.state()
    two.load_state(half)
    trained(two, STEPS - STEPS // 2)
    again = two.state()
    wanted = one.state()
    floats = {n: a for n, a in wanted.items() if a.dtype.kind == "f"}
    return {
        "same_start": all(np.array_equal(a, begun[n]) for n, a in half.items() if n not in found)
        and sorted(begun) == sorted(found),
        "metrics": difference(np.nan_to_num(expected), np.nan_to_num(rows)),
        "worst": max((difference(a, found[n]), n) for n, a in floats.items()),
        "whole_numbers": [
            n for n in wanted if n not in floats and not np.array_equal(wanted[n], found[n])
        ],
        "copies": differing,
        "resumed": [n for n in found if not np.array_equal(found[n], again[n])],
        "counters": two.counters(),
        "moved": difference(begun[first_weight(begun)], found[first_weight(begun)]),
    }


def first_weight(state: dict) -> str:
    """A kernel that learns."""
    return next(name for name in state if name.endswith("kernel"))


# ---- pieces of a step ----


def pooled():
    """What a pool shows instead of new fakes, filling and full."""
    rng, pools = chance.generator(1), Pools(6, {"a": (2, 2, 1)})
    return lambda images, number: pools.swapped(rng, {"a": images + number})["a"]


def cropped():
    """Crops and mirroring, the same for the two of a pair."""
    rng = chance.generator(2)
    return lambda images, _: tf.concat(jittered(rng, "crop_mirror", images, -images), axis=-1)


def augmented():
    """Real images and fakes in one batch, by all operations; `mine` of both is its own half of each."""
    rng, augment = chance.generator(3), Augment(("color", "translation", "cutout"))
    augment.p.assign(1.0)

    def both(images, _):
        joined = augment(rng, tf.concat([images, -images], axis=0), parts=2)
        return tf.concat(tf.split(joined, 2), axis=-1)

    return both


def noised():
    """Noise on reals and fakes in one batch, of whole and of broken blocks of four numbers, and none."""
    rng = chance.generator(4)

    def noise(images, amount, parts):
        if replicas.count() > 1:
            return amount * rng.normal_share(images, amount, parts)
        rows = tf.where(amount > 0, tf.shape(images)[0], 1)
        return amount * rng.normal(tf.concat([[rows], tf.shape(images)[1:]], axis=0)) + 0 * images

    def both(images, number):
        amount, broken = tf.minimum(number, 1.0), images[:, :1]  # without noise at first
        pair = noise(tf.concat([images, -images], axis=0), amount, 2)
        found = [*tf.split(pair, 2), noise(images, amount, 1)]
        parts = tf.split(noise(tf.concat([broken, broken], axis=0), amount, 2), 2)
        return tf.concat([*found, *(tf.tile(part, [1, 2, 1, 1]) for part in parts)], axis=-1)

    return both


def normalised():
    """Batch normalisation, off 0, and its gradient."""
    layer = FusedBatchNorm()
    layer.build((None, 2, 2, 1))

    def outputs(images, number):
        with tf.GradientTape() as tape:
            tape.watch(images)
            made = layer(images + 3.0, training=True)
            total = tf.reduce_mean(made * tf.cast(number + 1, tf.float32) * tf.sin(images))
        moving = tf.ones_like(images) * layer.moving_variance * layer.moving_mean
        part = tf.cast(replicas.count(), tf.float32)  # the mean is over fewer images
        return tf.concat([made, tape.gradient(total, images) / part, moving], axis=-1)

    return outputs


def pieces(calls: int = 5) -> dict:
    """Name -> largest difference between what one and two devices make of the same images."""
    images = tf.constant(np.random.default_rng(0).normal(size=(4, 2, 2, 1)).astype("float32"))
    found = {}
    for make in (pooled, cropped, augmented, noised, normalised):
        alone = tf.function(make(), autograph=False)
        with devices.scope(devices.chosen("cpu", 2)):
            strategy, each = tf.distribute.get_strategy(), make()

        @tf.function(autograph=False)
        def shared(number, strategy=strategy, each=each):
            made = strategy.run(lambda: each(replicas.mine(images), number))
            return tf.concat(strategy.experimental_local_results(made), axis=0)

        numbers = [tf.constant(float(n)) for n in range(calls)]
        apart = [np.abs(alone(images, n) - shared(n)).max() for n in numbers]
        found[make.__name__] = float(max(apart))
    return found


if __name__ == "__main__":
    runtime.start()
    import tensorflow as tf

    from gan_core.algorithms import chance
    from gan_core.algorithms.augment import Augment
    from gan_core.algorithms.jitter import jittered
    from gan_core.algorithms.pool import Pools
    from gan_core.networks import replicas
    from gan_core.networks.fast_layers import FusedBatchNorm

    with tempfile.TemporaryDirectory() as place:
        told = {name: compared(name, Path(place)) for name in sys.argv[1:] or CASES}
    print(json.dumps(told if sys.argv[1:] else told | {"pieces": pieces()}), flush=True)
    if line := sys.stdin.readline():
        from gan_core.cli import main

        sys.exit(main(json.loads(line)))
