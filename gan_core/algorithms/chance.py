"""The source of all chance of a training: on several devices it gives each of them the same numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

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
