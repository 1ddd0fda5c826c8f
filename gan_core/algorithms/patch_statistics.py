"""Style and content of a picture without any network: statistics of its patches.

Two pictures have the same style where their patches are distributed alike, whatever lies where. Along one
direction the distance between two such distributions has a closed form: sort both, compare in pairs. So
random directions, small filters, are drawn, and each patch of the picture is pulled towards the patch of
the style that has its rank (the sliced Wasserstein distance; Elnekave & Weiss, 2022,
https://arxiv.org/abs/2203.11862).

Ranks are read from histograms: of 15,625 numbers in 32 directions that takes 8 ms where sorting took 340.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from gan_core.errors import ConfigError

if TYPE_CHECKING:
    from gan_core.config import TrainConfig

SIZE = 7  # of a patch
CLOSE = 10_000  # pixels of a picture up to which patches begin at each pixel, else at each second
LEAST_SIDE = 20  # of a level: fewer patches would be pulled to the same few places
BANK, DRAWN = 256, 32  # directions whose ranks in the style are known; used in one step
LEVELS = (1, 2, 3)  # the picture, its half and its quarter
MOST_LEVELS = 5
BINS, RANKS = 256, 512
LEAST_SPREAD = 1e-5  # of answers: a picture of one colour has no ranks, only rounding
TOWARDS = 0.3  # 0: directions are even, 1: as patches lie
_ROW = np.array([1, 3, 3, 1], np.float32) / 8
BLUR = np.outer(_ROW, _ROW)[..., None, None] * np.eye(3, dtype=np.float32)  # [4, 4, 3, 3]
LUMA = (0.299, 0.587, 0.114)
EVEN = 0.01  # differences below this count less


class PatchStatistics:
    """What a picture [1, H, W, 3] in [0, 1] of one size is compared with.

    Args:
        content: float32 [1, H, W, 3] in [0, 1].
        style: float32 [1, h, w, 3], at the scale of the content.
        seed: of the directions.
        levels: where patches are compared: 1 in the picture, 2 in its half and so on; of those that
            are too small here only the largest, and that where no other is chosen.
    """

    def __init__(
        self, content: tf.Tensor, style: tf.Tensor, *, seed: int, levels: Sequence[int] = LEVELS
    ) -> None:
        self._content = _edges(halved(content))
        self._levels = {}  # level -> filters, and what the style answers to them
        rng, fit = np.random.default_rng(seed), _fitting(levels, content, style)
        for level in range(1, max(fit) + 1):
            if level in fit:
                filters = _directions(rng, content, style)
                self._levels[level] = tf.constant(filters), tf.constant(_ranked(style, filters))
            content, style = halved(content), halved(style)

    def losses(self, picture: tf.Tensor, rng: tf.random.Generator) -> dict[str, tf.Tensor]:
        """content_loss, style_loss and tv_loss of a picture, each a float32 scalar.

        Args:
            rng: tf.random.Generator that chooses the directions and where patches begin.
        """
        first = rng.uniform([], 0, BANK // DRAWN, tf.int32) * DRAWN
        begin = rng.uniform([2], 0, 2, tf.int32)
        style, small, drawn = tf.constant(0.0), picture, slice(first, first + DRAWN)
        for level in range(1, max(self._levels) + 1):
            if level in self._levels:
                filters, ranked = self._levels[level]
                filters, ranked = filters[..., drawn], ranked[drawn]
                style += _distance(small, filters, ranked, begin, _stride(small))
            small = halved(small)
        content = tf.reduce_mean(tf.abs(_edges(halved(picture)) - self._content))
        return {
            "content_loss": content,
            "style_loss": style / len(self._levels),
            "tv_loss": roughness(picture),
        }


def levels_of(config: TrainConfig) -> tuple[int, ...]:
    """Levels in the setting `patch_levels`; ConfigError for others and for none."""
    parts = [part.strip() for part in config.patch_levels.split(",") if part.strip()]
    known = {str(level) for level in range(1, MOST_LEVELS + 1)}
    if not parts or not known.issuperset(parts):
        raise ConfigError(
            f"`patch_levels` must be numbers from 1 to {MOST_LEVELS} with commas. "
            f"Received: `{config.patch_levels}`."
        )
    return tuple(sorted({int(part) for part in parts}))


def _fitting(levels: Sequence[int], *pictures: tf.Tensor) -> list[int]:
    """Those levels at which enough is left of all pictures; else the last at which it is."""
    least = min(side for picture in pictures for side in picture.shape[1:3])
    sides = [least]
    while len(sides) < MOST_LEVELS:
        sides.append(-(-sides[-1] // 2))
    large = [level for level, side in enumerate(sides, 1) if side >= LEAST_SIDE] or [1]
    return [level for level in levels if level in large] or [large[-1]]


def halved(picture: tf.Tensor) -> tf.Tensor:
    """Every second pixel of a picture blurred by (1, 3, 3, 1): [1, H, W, 3], both sides rounded up.

    Means of two by two would pull each two by two alike, which shows as squares.
    """
    height, width = picture.shape[1:3]
    sides = [[1, 1 + height % 2], [1, 1 + width % 2]]
    padded = tf.pad(picture, [[0, 0], *sides, [0, 0]], "SYMMETRIC")
    return tf.nn.conv2d(padded, BLUR, 2, "VALID")


def roughness(picture: tf.Tensor) -> tf.Tensor:
    """Mean difference of neighbours, in brightness and, four times as heavy, in colour.

    Patches of flat areas are told apart by little more than noise, which would show in all colours.
    """
    luma = tf.reduce_sum(picture * LUMA, -1, keepdims=True)
    parts = tf.concat([luma, 4.0 * (picture - luma)], -1)
    slopes = [tf.square(d) for d in _differences(parts)]
    return tf.nn.relu(tf.reduce_mean(tf.sqrt(sum(slopes) + EVEN**2)) - EVEN)


def _differences(parts: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Downwards and to the right, each [1, H, W, C]; 0 at the end."""
    down, right = parts[:, 1:] - parts[:, :-1], parts[:, :, 1:] - parts[:, :, :-1]
    return (
        tf.pad(down, [[0, 0], [0, 1], [0, 0], [0, 0]]),
        tf.pad(right, [[0, 0], [0, 0], [0, 1], [0, 0]]),
    )


def _edges(picture: tf.Tensor) -> tf.Tensor:
    """Differences of brightness, downwards and to the right: [1, H, W, 2], 0 at the end."""
    luma = tf.reduce_sum(picture * LUMA, -1, keepdims=True)
    return tf.concat(_differences(luma), -1)


def _stride(picture: tf.Tensor) -> int:
    return 1 if picture.shape[1] * picture.shape[2] <= CLOSE else 2


def _directions(rng: np.random.Generator, *pictures: tf.Tensor) -> np.ndarray:
    """Filters [SIZE, SIZE, 3, BANK] of length 1, more of them where the pictures' patches differ.

    Drawn from N(0, C^TOWARDS), C being the covariance of patches. Even directions would be nearly
    all fine and motley, which pictures are not: what such filters ask for shows as speckles.
    """
    covariance = sum(_covariance(picture) for picture in pictures)
    values, axes = np.linalg.eigh(covariance)
    spread = np.maximum(values, values[-1] * 1e-6 + 1e-12) ** (TOWARDS / 2)
    filters = axes @ (spread[:, None] * rng.standard_normal((len(values), BANK)))
    filters /= np.sqrt((filters**2).sum(0))
    found: np.ndarray = filters.reshape(SIZE, SIZE, 3, BANK).astype(np.float32)
    return found


def _covariance(picture: tf.Tensor) -> np.ndarray:
    """Of the patches of a picture [1, H, W, 3], each laid flat: [SIZE SIZE 3] squared."""
    pixels = picture.numpy()[0].astype(np.float64)
    views = np.lib.stride_tricks.sliding_window_view(pixels, (SIZE, SIZE), axis=(0, 1))
    rows = views[::2, ::2].transpose(0, 1, 3, 4, 2).reshape(-1, SIZE * SIZE * 3)
    return np.cov(rows, rowvar=False)


def _ranked(style: tf.Tensor, filters: np.ndarray) -> np.ndarray:
    """Answers of the style's patches at equally spaced ranks: [BANK, RANKS]."""
    ranks, stride = np.linspace(0, 1, RANKS), _stride(style)
    found = []
    for start in range(0, BANK, DRAWN):
        answers = tf.nn.conv2d(style, filters[..., start : start + DRAWN], stride, "VALID")
        found.append(np.quantile(answers.numpy().reshape(-1, DRAWN), ranks, axis=0).T)
    return np.concatenate(found).astype(np.float32)


def _distance(
    picture: tf.Tensor, filters: tf.Tensor, ranked: tf.Tensor, begin: tf.Tensor, stride: int
) -> tf.Tensor:
    """Mean distance between the answers of the picture's patches and the style's of their rank."""
    if stride > 1:
        picture = picture[:, begin[0] :, begin[1] :]
    answers = tf.nn.conv2d(picture, filters, stride, "VALID")
    answers = tf.reshape(answers, [-1, DRAWN])
    wanted = tf.stop_gradient(_at_rank(_ranks(tf.stop_gradient(answers)), ranked))
    return tf.reduce_mean(tf.abs(answers - wanted))


def _ranks(values: tf.Tensor) -> tf.Tensor:
    """Rank of each value in its column, from 0 to 1: [N, DRAWN] -> the same."""
    low, high = tf.reduce_min(values, 0), tf.reduce_max(values, 0)
    place = (values - low) / tf.maximum(high - low, LEAST_SPREAD) * (BINS - 1e-3)
    whole = tf.floor(place)
    index = tf.cast(whole, tf.int32) + BINS * tf.range(DRAWN)
    counts = tf.math.unsorted_segment_sum(tf.ones_like(values), index, BINS * DRAWN)
    below = tf.cumsum(tf.reshape(counts, [DRAWN, BINS]), axis=1, exclusive=True)
    before = tf.gather(tf.reshape(below, [-1]), index)
    inside = (place - whole) * tf.gather(counts, index)
    return (before + inside) / tf.cast(tf.shape(values)[0], tf.float32)


def _at_rank(ranks: tf.Tensor, ranked: tf.Tensor) -> tf.Tensor:
    """Values of the table [DRAWN, RANKS] at ranks [N, DRAWN], linear between its entries."""
    place = tf.clip_by_value(ranks, 0.0, 1.0) * (RANKS - 1.001)
    whole = tf.floor(place)
    index = tf.cast(whole, tf.int32) + RANKS * tf.range(DRAWN)
    flat, share = tf.reshape(ranked, [-1]), place - whole
    return tf.gather(flat, index) * (1 - share) + tf.gather(flat, index + 1) * share
