"""The source of all chance of a training: on several devices it gives each of them the same numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.networks import replicas

if TYPE_CHECKING:
    from collections.abc import Sequence


def generator(seed: int) -> tf.Tensor:
    """A philox generator of this seed; its `state` is an int64 variable [3]."""
    if tf.distribute.get_strategy().num_replicas_in_sync == 1:
        return tf.random.Generator.from_seed(seed, alg="philox")
    return _Alike(seed)


class _Alike:
    """The numbers of tf.random.Generator, bit for bit, whichever replica draws them.

    TensorFlow's own, made for several replicas, gives each of them a stream of its own; here all draw
    for the whole batch and take their share (networks.replicas.mine), so that no number hangs on how
    many they are.
    """

    def __init__(self, seed: int) -> None:
        with tf.init_scope():
            alone = tf.random.Generator.from_seed(seed, alg="philox")
        self._algorithm = tf.constant(int(alone.algorithm), tf.int32)
        self.state = tf.Variable(alone.state.numpy(), dtype=tf.int64, trainable=False)

    def normal(self, shape: Sequence[int | tf.Tensor]) -> tf.Tensor:
        """N(0, 1), float32."""
        return tf.raw_ops.StatelessRandomNormalV2(**self._drawn(shape), dtype=tf.float32)

    def normal_share(self, images: tf.Tensor, amount: tf.Tensor, parts: int = 1) -> tf.Tensor:
        """This replica's share of N(0, 1) for the images of all, like `images`, without drawing the rest.

        Philox makes block i of four numbers from its counter plus i (Salmon et al., 2011,
        https://doi.org/10.1145/2063384.2063405), so that a share can begin anywhere; where an image's
        numbers are no whole blocks, all are drawn.

        Args:
            images: [B, ...], of which the shape after B is known.
            amount: without any (0) one image's worth is passed over, as one replica does, and 0 returned.
            parts: of equal length that `images` joins (replicas.mine).
        """
        rows, shape = tf.shape(images)[0], images.shape.as_list()[1:]
        of_all = tf.where(amount > 0.0, replicas.count() * rows, 1)
        drawn = self._drawn(tf.stack([of_all, *shape]))
        size = math.prod(shape)

        def whole() -> tf.Tensor:
            everything = tf.raw_ops.StatelessRandomNormalV2(**drawn, dtype=tf.float32)
            return replicas.mine(everything, parts=parts)

        def share(part: int) -> tf.Tensor:
            own = rows // parts
            before = (part * replicas.count() + replicas.place(1)) * own * (size // 4)
            low, high = tf.unstack(drawn["counter"])
            place = {"counter": tf.stack([low + tf.cast(before, tf.uint64), high])}
            place["shape"] = tf.stack([own, *shape])
            return tf.raw_ops.StatelessRandomNormalV2(**drawn | place, dtype=tf.float32)

        def shares() -> tf.Tensor:
            return tf.concat([share(part) for part in range(parts)], axis=0)

        draw = whole if size % 4 else shares
        return tf.cond(amount > 0.0, draw, lambda: tf.zeros_like(images))

    def uniform(
        self,
        shape: Sequence[int | tf.Tensor],
        minval: tf.Tensor = 0,
        maxval: tf.Tensor = 1,
        dtype: tf.Tensor = tf.float32,
    ) -> tf.Tensor:
        """U[minval, maxval)."""
        drawn = self._drawn(shape)
        if dtype.is_integer:
            ends = {"minval": tf.constant(minval, dtype), "maxval": tf.constant(maxval, dtype)}
            return tf.raw_ops.StatelessRandomUniformIntV2(**drawn, **ends)
        low, high = tf.constant(minval, dtype), tf.constant(maxval, dtype)
        return tf.raw_ops.StatelessRandomUniformV2(**drawn, dtype=dtype) * (high - low) + low

    def _drawn(self, shape: Sequence[int | tf.Tensor]) -> dict[str, tf.Tensor]:
        """Where the next numbers of this shape come from; what comes after begins behind them."""
        shape = tf.convert_to_tensor(shape, tf.int32)
        state = tf.raw_ops.RngReadAndSkip(
            resource=self.state.handle,
            alg=self._algorithm,
            delta=tf.cast(tf.reduce_prod(shape), tf.uint64),
        )
        counter, key = tf.split(tf.bitcast(state, tf.uint64), [2, 1])
        return {"shape": shape, "key": key, "counter": counter, "alg": self._algorithm}
