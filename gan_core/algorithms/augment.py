"""What D sees of a small data set: changed images, real and fake alike, so that it learns none by heart.

The operations are those of DiffAugment (Zhao et al., 2020, https://arxiv.org/abs/2006.10738), the chance
that an image meets one follows the r_v of ADA (Karras et al., 2020, https://arxiv.org/abs/2006.06676, 3.1).
G learns through them: every operation has its gradient. They come before instance noise, and penalties are
taken at what they gave.

Each operation is a pure function of images [B, H, W, C] in [-1, 1] and of its draws, one row an image;
draws at which nothing happens stand for the images that it leaves alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.config import AUTO_AUGMENT
from gan_core.data.base import FEW
from gan_core.networks import replicas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gan_core.types import Array

ALL = ("color", "translation", "cutout")
SHIFT, HOLE = 1 / 8, 1 / 2  # of the side
EVERY = 4  # updates of D between two moves of p
TARGET = 0.2  # of r_v: 0 where D knows nothing by heart, 1 where held-out images are fakes to it
RISE, FALL = 20_000, 200_000  # real images in which p can go from 0 to 1, and from 1 to 0


def operations(setting: str, shape: tuple[int, ...], count: int) -> tuple[str, ...]:
    """Names of the operations that a setting means for `count` training images of this shape."""
    if setting == "auto":
        setting = AUTO_AUGMENT if count < FEW else "none"
    return () if setting == "none" or len(shape) != 3 else tuple(setting.split("_"))


# ---- operations ----


def color(x: tf.Tensor, draws: tf.Tensor) -> tf.Tensor:
    """Another brightness, saturation and contrast; draws [B, 3]: added, factor, factor.

    The saturation of grey images, which have none, stays.
    """
    added, saturation, contrast = (d[:, None, None, None] for d in tf.unstack(draws, axis=1))
    x = x + added
    if x.shape[-1] > 1:
        x = _from_mean(x, saturation, [3])
    return _from_mean(x, contrast, [1, 2, 3])


def _from_mean(x: tf.Tensor, factor: tf.Tensor, axes: list[int]) -> tf.Tensor:
    mean = tf.reduce_mean(x, axes, keepdims=True)
    return (x - mean) * factor + mean


def translation(x: tf.Tensor, draws: tf.Tensor) -> tf.Tensor:
    """Moved down and right by whole pixels, grey where nothing comes from; draws int32 [B, 2]."""

    @tf.custom_gradient
    def moved(x: tf.Tensor) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
        return _moved(x, draws), lambda upstream: _moved(upstream, -draws)

    return moved(x)


def _moved(x: tf.Tensor, draws: tf.Tensor) -> tf.Tensor:
    _, height, width, channels = x.shape
    rows, columns = tf.range(height) - draws[:, :1], tf.range(width) - draws[:, 1:]
    there = _within(rows, height)[:, :, None] & _within(columns, width)[:, None, :]
    rows, columns = tf.clip_by_value(rows, 0, height - 1), tf.clip_by_value(columns, 0, width - 1)
    places = tf.reshape(rows[:, :, None] * width + columns[:, None, :], [-1, height * width])
    pixels = tf.gather(tf.reshape(x, [-1, height * width, channels]), places, axis=1, batch_dims=1)
    moved = tf.reshape(pixels, [-1, height, width, channels])
    return moved * tf.cast(there, x.dtype)[..., None]


def _within(places: tf.Tensor, side: int) -> tf.Tensor:
    return (places >= 0) & (places < side)


def cutout(x: tf.Tensor, draws: tf.Tensor) -> tf.Tensor:
    """A square of half the sides in grey; draws int32 [B, 3]: row and column of its middle, and 1 if cut."""
    sides = [_hole(side) for side in x.shape[1:3]]
    cut = tf.cast(draws[:, 2], tf.bool)[:, None, None]
    for axis, side in enumerate(sides):
        first = draws[:, axis, None] - side // 2
        along = tf.range(x.shape[1 + axis])
        inside = (along >= first) & (along < first + side)
        cut = cut & tf.expand_dims(inside, 2 - axis)
    return x * tf.cast(~cut, x.dtype)[..., None]


def _hole(side: int) -> int:
    return int(side * HOLE + 0.5)


# ---- draws ----


def _draw_color(
    rng: tf.random.Generator, shape: Sequence[int | tf.Tensor], meets: tf.Tensor
) -> tf.Tensor:
    """Brightness from U(-0.5, 0.5), saturation from U(0, 2), contrast from U(0.5, 1.5)."""
    u = rng.uniform([shape[0], 3])
    drawn = u * [1.0, 2.0, 1.0] + [-0.5, 0.0, 0.5]
    return tf.where(meets[:, None], drawn, [0.0, 1.0, 1.0])


def _draw_translation(
    rng: tf.random.Generator, shape: Sequence[int | tf.Tensor], meets: tf.Tensor
) -> tf.Tensor:
    """Whole pixels, up to an eighth of each side."""
    most = tf.constant([int(side * SHIFT + 0.5) for side in shape[1:3]])
    drawn = _whole(rng.uniform([shape[0], 2]), 2 * most + 1) - most
    return tf.where(meets[:, None], drawn, 0)


def _draw_cutout(
    rng: tf.random.Generator, shape: Sequence[int | tf.Tensor], meets: tf.Tensor
) -> tf.Tensor:
    """Its middle anywhere, so that it may reach over the edges."""
    ends = tf.constant([side + 1 - _hole(side) % 2 for side in shape[1:3]])
    middle = _whole(rng.uniform([shape[0], 2]), ends)
    return tf.concat([middle, tf.cast(meets, tf.int32)[:, None]], axis=1)


def _whole(u: tf.Tensor, ends: tf.Tensor) -> tf.Tensor:
    """U(0, 1) to 0 .. end - 1, each as likely."""
    return tf.minimum(tf.cast(u * tf.cast(ends, tf.float32), tf.int32), ends - 1)


DRAWS: dict[str, Callable[..., tf.Tensor]] = {
    "color": _draw_color,
    "translation": _draw_translation,
    "cutout": _draw_cutout,
}
APPLY: dict[str, Callable[..., tf.Tensor]] = {
    "color": color,
    "translation": translation,
    "cutout": cutout,
}


# ---- in a training ----


class Augment:
    """Operations at a chance p: 1 as in DiffAugment at first, less where D knows nothing by heart.

    Args:
        names: of the operations; () does nothing and has no variables.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.p = tf.Variable(1.0, trainable=False) if names else None

    @property
    def variables(self) -> dict[str, tf.Variable]:
        """What a checkpoint holds of it, by name."""
        return {"augment/p": self.p} if self.names else {}

    @property
    def metric_names(self) -> tuple[str, ...]:
        return ("augment_p",) if self.names else ()

    def __call__(self, rng: tf.random.Generator, images: tf.Tensor, parts: int = 1) -> tf.Tensor:
        """Images [B, H, W, C] as D is to see them; each meets each operation with chance p.

        Args:
            parts: of equal length that `images` joins (replicas.mine).
        """
        shape = [replicas.count() * tf.shape(images)[0], *images.shape[1:]]
        for name in self.names:
            meets = rng.uniform([shape[0]]) < self.p
            draws = DRAWS[name](rng, shape, meets)
            images = APPLY[name](images, replicas.mine(draws, parts=parts))
        return images

    def follow(
        self,
        real: tf.Tensor,
        fake: tf.Tensor,
        held_out: Callable[[], tf.Tensor],
        updates: tf.Tensor,
        batch_size: int,
    ) -> dict[str, tf.Tensor]:
        """After an update of D: every EVERY of them p moves, by r_v against the target; its metric.

        r_v = (real - held out) / (real - fake), of D's mean scores; where D cannot tell real from fake,
        it knows nothing by heart that it did not know of held-out images as well.

        Args:
            real, fake: D's mean scores of a batch, scalars.
            held_out: gives that of a batch which D never learns from; asked only where p moves.
            updates: int64, how many D has had.
        """
        if self.p is None:
            return {}
        due = tf.equal(updates % EVERY, 0)
        unknown = tf.cond(due, held_out, lambda: tf.identity(real))
        real, fake, unknown = replicas.mean([real, fake, unknown])
        way = real - fake
        by_heart = (way > 0.0) & (real - unknown > TARGET * way)
        move = batch_size * EVERY * tf.where(by_heart, 1 / RISE, -1 / FALL)
        self.p.assign(tf.where(due, tf.clip_by_value(self.p + move, 0.0, 1.0), self.p))
        return {"augment_p": tf.identity(self.p)}

    def completed(self, arrays: Mapping[str, Array]) -> dict[str, Array]:
        """Arrays of a checkpoint in which it was on or off, as they are needed here."""
        own = self.variables
        kept = {n: a for n, a in arrays.items() if not n.startswith("augment/") or n in own}
        return {n: v.numpy() for n, v in own.items()} | kept
