"""Pools of past fakes: D also sees what G made some steps ago (Shrivastava et al., 2017; CycleGAN, 4)."""

from __future__ import annotations

import tensorflow as tf

from gan_core.networks import replicas


class Pools:
    """A pool of past fakes of each side, with one draw of chance for all.

    While a pool fills, every fake is kept and shown. Then every fake is, with probability one half,
    kept in the place of an old one, which is shown instead.

    Args:
        size: images of each pool; 0: every fake is shown and none is kept.
        shapes: side -> (H, W, C).
    """

    def __init__(self, size: int, shapes: dict[str, tuple[int, ...]]) -> None:
        self.size = size
        kept = shapes if size else {}
        self.images = {
            n: tf.Variable(tf.zeros([size, *s]), trainable=False) for n, s in kept.items()
        }
        self.count = tf.Variable(0, dtype=tf.int64, trainable=False)

    @property
    def variables(self) -> dict[str, tf.Variable]:
        """For the checkpoint."""
        pools = {f"pool/{name}": images for name, images in self.images.items()}
        return pools | {"pool/count": self.count} if self.size else {}

    def swapped(
        self, rng: tf.random.Generator, fakes: dict[str, tf.Tensor]
    ) -> dict[str, tf.Tensor]:
        """What D is shown instead of new fakes [B, H, W, C] of every side; of each, at most `size` swap.

        Every replica keeps the fakes of all, so that a pool is the same wherever it is read.
        """
        if not self.size:
            return fakes
        fakes = {name: replicas.gathered(images) for name, images in fakes.items()}
        batch = min(self.size, next(iter(fakes.values())).shape[0])
        full = self.count >= self.size
        order = tf.argsort(rng.uniform([self.size]))[:batch]
        filling = tf.cast((self.count + tf.range(batch, dtype=tf.int64)) % self.size, tf.int32)
        slots = tf.where(full, order, filling)
        swap = full & (rng.uniform([batch]) < 0.5)
        self.count.assign_add(batch)
        shown = {n: self._swapped(self.images[n], f, slots, swap, full) for n, f in fakes.items()}
        return {name: replicas.mine(images) for name, images in shown.items()}

    def _swapped(
        self, pool: tf.Tensor, fakes: tf.Tensor, slots: tf.Tensor, swap: tf.Tensor, full: tf.Tensor
    ) -> tf.Tensor:
        batch = slots.shape[0]
        new, rest = fakes[:batch], fakes[batch:]
        old = tf.gather(pool, slots)
        chosen = tf.reshape(swap, [-1, 1, 1, 1])
        kept = tf.where(chosen | ~full, new, old)
        shown = tf.where(chosen, old, new)
        with tf.control_dependencies([shown]):
            tf.raw_ops.ResourceScatterNdUpdate(
                ref=pool.handle, indices=slots[:, None], updates=kept
            )
        return tf.concat([shown, rest], axis=0) if fakes.shape[0] > batch else shown
