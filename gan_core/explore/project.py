"""Finding the z and class whose image is nearest to a given one.

A coarse draw over all classes, Adam on the most promising starts as one batch, then
Levenberg-Marquardt on the best: with a few dozen unknowns and hundreds of pixels the last step
lands on the very z of an image that the generator made.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from gan_core.explore import paths
from gan_core.tasks import directions, latent

DRAWS = 24  # random z per class
STARTS = 16  # of them go on, at most 4 per class
PER_CLASS = 4
STEPS = 100  # of Adam
RATE = 0.05
POLISHED = (4, 12)  # answers made exact: always, and while none is good
FRESH, AGAIN = 200, 6  # z drawn anew, and made exact, where the best answer is not quite right
GOOD, EXACT = 1e-3, 3e-6  # mean squared errors; rounding to 256 levels alone leaves 1e-6
SLACK = 1.0  # that a normal z may be longer than usual, sqrt(Z), at no cost
WEIGHT = 5.0  # of the squared excess length, against the sum of squared pixel errors
SECONDS = 30.0  # of search; an idle machine needs a fraction
ROUNDS = 20  # of Levenberg-Marquardt


@dataclass(frozen=True)
class Found:
    """One answer: z [Z], its class row [K] (None without classes) and what is left over.

    Attributes:
        mse: mean squared error of the pixels, in [-1, 1] units.
    """

    z: np.ndarray
    classes: np.ndarray | None
    mse: float


def project(
    generator, target: np.ndarray, *, seed: int = 0, best: int = 3, seconds: float = SECONDS
) -> list[Found]:
    """The best answers for an image [H, W, C] in [-1, 1], nearest first, of different classes.

    Of two answers with the same class the better one is given, unless fewer classes remain. After
    `seconds` no further answer is made exact.
    """
    end = time.monotonic() + seconds
    rng = np.random.default_rng(seed)
    z, classes = _starts(generator, target, rng)
    z, errors = _adam(generator, target, z, classes, rng)
    found: list[Found] = []
    few = 1 if best == 1 else POLISHED[0]
    for i in _order(errors, classes)[: POLISHED[1]]:
        enough = len(found) >= few and min(f.mse for f in found) < GOOD
        if enough or (found and time.monotonic() > end):
            break
        item = _polish(generator, target, z[i], None if classes is None else classes[i])
        if EXACT < item.mse < GOOD:  # an own image, most likely: go all the way
            item = _polish(generator, target, item.z, item.classes, 2 * ROUNDS)
        found.append(item)
    nearest = min(found, key=lambda f: f.mse)
    if EXACT < nearest.mse < GOOD and time.monotonic() < end:
        found += _again(generator, target, nearest, rng, end)
    return _varied(sorted(found, key=lambda f: f.mse), best)


def _again(generator, target, nearest: Found, rng, end: float) -> list[Found]:
    """Fresh starts of the class of an answer that is nearly exact: it may sit in a side valley."""
    seed = int(rng.integers(2**31))
    z = latent.sample(FRESH, generator.latent_dim, seed=seed, prior=generator.prior)
    classes = directions.rows(nearest.classes, FRESH)
    ranked = np.argsort(_errors(generator.images(z, classes), target))[:STARTS]
    rows = directions.rows(nearest.classes, len(ranked))
    z, errors = _adam(generator, target, z[ranked], rows, rng)
    found: list[Found] = []
    for i in np.argsort(errors)[:AGAIN]:
        if time.monotonic() > end or (found and min(f.mse for f in found) <= EXACT):
            break
        found.append(_polish(generator, target, z[i], nearest.classes, 3 * ROUNDS))
    return found


def _order(errors, classes) -> list[int]:
    """Indices from the lowest error up, but the best of each class before all seconds."""
    ranked = [int(i) for i in np.argsort(errors, kind="stable")]
    if classes is None:
        return ranked
    labels = classes.argmax(1)
    firsts = [i for n, i in enumerate(ranked) if labels[i] not in labels[ranked[:n]]]
    return firsts + [i for i in ranked if i not in firsts]


def _excess(z: np.ndarray, prior: str) -> np.ndarray:
    """How much longer than usual each z [..., Z] is; 0 for typical ones and inside the cube.

    Without this cost a z far outside the prior draws nearly anything, in any class.
    """
    if prior != "normal":
        return np.zeros(z.shape[:-1])
    return np.maximum(np.linalg.norm(z, axis=-1) - np.sqrt(z.shape[-1]) - SLACK, 0)


def _starts(generator, target, rng):
    """The most promising random draws: z [S, Z] and class rows [S, K] or None."""
    kinds = max(1, generator.num_classes)
    seed = int(rng.integers(2**31))
    z = latent.sample(DRAWS * kinds, generator.latent_dim, seed=seed, prior=generator.prior)
    labels = np.arange(len(z)) % kinds
    classes = latent.one_hot(labels, generator.num_classes) if generator.num_classes else None
    errors = _errors(generator.images(z, classes), target)
    ranked = np.concatenate(
        [np.flatnonzero(labels == k)[np.argsort(errors[labels == k])] for k in range(kinds)]
    ).reshape(kinds, -1)
    few = ranked[:, :PER_CLASS].reshape(-1) if generator.num_classes else ranked.reshape(-1)
    chosen = few[np.argsort(errors[few])][:STARTS]
    return z[chosen], None if classes is None else classes[chosen]


def _adam(generator, target, z, classes, rng):
    """z after Adam, and the errors of its images; coordinates that leave the cube start anew.

    That is stochastic clipping (Lipton & Tripathi, 2017, https://arxiv.org/abs/1702.04782).
    """
    import tensorflow as tf

    goal = tf.constant(target[None], tf.float32)
    rows = [] if classes is None else [tf.constant(classes, tf.float32)]

    @tf.function(autograph=False)
    def gradient(points):
        with tf.GradientTape() as tape:
            tape.watch(points)
            made = generator.model([points, *rows], training=False)
            axes = list(range(1, len(made.shape)))
            errors = tf.reduce_mean(tf.square(made - goal), axis=axes)
        return tape.gradient(errors, points), errors

    mean, square = np.zeros_like(z), np.zeros_like(z)
    kept, lowest = z.copy(), np.full(len(z), np.inf, np.float32)
    for step in range(1, STEPS + 1):
        slope, errors = (v.numpy() for v in gradient(tf.constant(z)))
        long = _excess(z, generator.prior) * WEIGHT / target.size
        errors = errors + long * _excess(z, generator.prior)
        unit = z / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-6)
        slope = slope + 2 * long[:, None].astype(np.float32) * unit
        better = errors < lowest
        kept[better], lowest[better] = z[better], errors[better]
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        move = mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        z = _back_inside(z - RATE * move.astype(np.float32), generator.prior, rng)
    return kept, lowest


def _back_inside(z, prior: str, rng):
    """Coordinates outside the cube are drawn anew; a normal prior has no outside."""
    if prior != "uniform":
        return z
    return np.where(np.abs(z) > 1, rng.uniform(-1, 1, z.shape), z).astype(np.float32)


def _polish(generator, target, z, classes, rounds: int = ROUNDS) -> Found:
    """Levenberg-Marquardt from z [Z]; never returns worse than it got."""
    damping, z = 1e-3, z.astype(np.float64)
    rest, slopes = _residual(generator, target, z, classes), None
    for _ in range(rounds):
        if slopes is None:
            slopes = _slopes(generator, z, classes)
        moved = paths.inside(z - _move(slopes, rest, damping), prior=generator.prior)
        new = _residual(generator, target, moved, classes)
        if new @ new < rest @ rest:
            gain = 1 - (new @ new) / (rest @ rest)
            z, rest, damping, slopes = moved, new, max(damping / 5, 1e-7), None
            if gain < 1e-5:
                break
        else:
            damping *= 4
        if damping > 1e3 or rest @ rest < 1e-7 * len(rest):
            break
    return Found(z.astype(np.float32), classes, float(np.mean(rest[:-1] ** 2)))


def _residual(generator, target, z, classes) -> np.ndarray:
    """What is left of the pixels, and behind them the weighted excess length: [P + 1]."""
    made = generator.images(z[None].astype(np.float32), directions.rows(classes, 1))
    left = (made[0] - target).reshape(-1).astype(np.float64)
    return np.append(left, np.sqrt(WEIGHT) * _excess(z, generator.prior))


def _slopes(generator, z, classes) -> np.ndarray:
    """Derivative of `_residual` by z: [Z, P + 1]."""
    pixels = directions.jacobian(generator, z.astype(np.float32), classes).astype(np.float64)
    longer = _excess(z, generator.prior) > 0
    last = np.sqrt(WEIGHT) * z / np.linalg.norm(z) if longer else np.zeros_like(z)
    return np.concatenate([pixels, last[:, None]], axis=1)


def _move(slopes, rest, damping: float):
    """(J J' + damping diag) step = J r, for slopes [Z, P + 1] and residual [P + 1]."""
    square = slopes @ slopes.T
    weight = damping * (np.diag(square) + 1e-3 * np.trace(square) / len(square))
    return np.linalg.solve(square + np.diag(weight + 1e-9), slopes @ rest)


def _errors(images, target):
    return np.mean((images - target).reshape(len(images), -1) ** 2, axis=1)


def _varied(found: list[Found], best: int) -> list[Found]:
    """The best of every class first come, then the rest; at most `best`, nearest first."""
    firsts: list[Found] = []
    rest: list[Found] = []
    seen: set[int] = set()
    for item in found:
        label = -1 if item.classes is None else int(np.argmax(item.classes))
        (rest if label in seen else firsts).append(item)
        seen.add(label)
    return sorted((firsts + rest)[:best], key=lambda f: f.mse)
