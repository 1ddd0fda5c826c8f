"""Compiled functions: one step a call, or several in a loop of the graph."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.networks import replicas

if TYPE_CHECKING:
    from typing import Any


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """A tf.function of plain graph code."""
    found: Callable[..., Any] = tf.function(function, autograph=False)
    return found


def stepping(function: Callable[[], Any]) -> Callable[[], Any]:
    """A tf.function of graph code that trains: all replicas run it, on their shares of the batch."""
    return compiled(replicas.on_all(function))


class ManyTurns:
    """Several turns in one call: where a step is short, calling it costs more than computing it.

    The numbers are those of as many single calls, bit for bit, but for penalties at fake images
    (`r3gan`), where TensorFlow rounds the last bit differently inside a loop.

    Args:
        turn: graph code of one turn; returns its metrics, float32 [width].
        critic_turn: graph code of one more update of D.
    """

    def __init__(
        self, turn: Callable[[], tf.Tensor], critic_turn: Callable[[], Any], width: int
    ) -> None:
        self._turn, self._width = replicas.on_all(turn), width
        self._critic_turn = replicas.on_all(critic_turn)
        self._calls: dict[tuple[int, int], Callable[[], tf.Tensor]] = {}

    def __call__(self, count: int, n_critic: int) -> tf.Tensor:
        """Metrics [count, width] of `count` turns, each with `n_critic` updates of D."""
        key = count, n_critic
        if key not in self._calls:
            self._calls[key] = compiled(functools.partial(self._turns, *key))
        return self._calls[key]()

    def _turns(self, count: int, n_critic: int) -> tf.Tensor:
        def one(index: tf.Tensor, rows: tf.TensorArray) -> tuple[tf.Tensor, tf.TensorArray]:
            for _ in range(n_critic - 1):
                self._critic_turn()
            return index + 1, rows.write(index, self._turn())

        rows = tf.TensorArray(tf.float32, count, element_shape=[self._width])
        _, rows = tf.while_loop(lambda i, _: i < count, one, (0, rows), parallel_iterations=1)
        return rows.stack()
