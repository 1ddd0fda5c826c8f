"""Random enlarging, cropping and mirroring of training images, in the graph (Isola et al., 2017, 6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.networks import replicas

if TYPE_CHECKING:
    from collections.abc import Sequence

ENLARGED = 286 / 256  # the paper's: to 286 x 286, of which 256 x 256 are cropped
AUTO_FROM = 64  # pixels of the smaller side; smaller pictures are digits, icons: not to be mirrored


def kind(setting: str, shape: Sequence[int]) -> str:
    """What "auto" means for images of this shape: "crop_mirror" or "none"; others mean themselves."""
    if setting != "auto":
        return setting
    return "crop_mirror" if min(shape[:2]) >= AUTO_FROM else "none"


def jittered(rng: tf.random.Generator, kind: str, *images: tf.Tensor) -> Sequence[tf.Tensor]:
    """The same crop and mirroring for all images [B, H, W, C] that stand at one place of the batch.

    Args:
        rng: tf.random.Generator of the training.
        kind: "none", "crop" or "crop_mirror".
    """
    if kind == "none":
        return images
    joined = tf.concat(images, axis=-1)
    count = tf.shape(joined)[0]
    boxes = _boxes(rng, count, mirror=kind == "crop_mirror")
    moved = tf.image.crop_and_resize(joined, boxes, tf.range(count), joined.shape[1:3])
    moved = tf.ensure_shape(moved, joined.shape)
    found: Sequence[tf.Tensor] = tf.split(moved, [i.shape[-1] for i in images], axis=-1)
    return found


def _boxes(rng: tf.random.Generator, count: int, *, mirror: bool) -> tf.Tensor:
    """[B, 4] of top, left, bottom, right as shares of the sides; left and right changed is mirrored."""
    side = 1.0 / ENLARGED
    of_all = replicas.count() * count
    top, left = tf.unstack(replicas.mine(rng.uniform([2, of_all], 0.0, 1.0 - side), axis=1))
    right = left + side
    if mirror:
        turned = replicas.mine(rng.uniform([of_all])) < 0.5
        left, right = tf.where(turned, right, left), tf.where(turned, left, right)
    return tf.stack([top, left, top + side, right], axis=1)
