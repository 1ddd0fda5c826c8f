"""One training on several devices: graph code that every replica runs on its own share of each batch.

The batch is that of the whole training. Each replica takes its rows of it, what is learned is averaged
over all, and what is drawn by chance is drawn alike by all, who take their rows of that, too: so the
numbers are those of one device, up to rounding, and every replica's variables stay bit-equal. Who is asked
outside a replicated step answers as the only one, and adds nothing to the graph.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf


def _context() -> Any:
    """The replica whose graph is being built; None outside, or where it is the only one."""
    context = tf.distribute.get_replica_context()
    return context if context is not None and context.num_replicas_in_sync > 1 else None


def count() -> int:
    """How many replicas share a batch."""
    context = _context()
    return context.num_replicas_in_sync if context else 1


def share(rows: int) -> int:
    """How many of the rows of all are this replica's."""
    return rows // count()


def place(rows: int) -> tf.Tensor | int:
    """How many rows of all come before this replica's `rows`: 0 for the first, or the only one."""
    context = _context()
    return context.replica_id_in_sync_group * rows if context else 0


def mine(rows: tf.Tensor, *, parts: int = 1, axis: int = 0) -> tf.Tensor:
    """This replica's share of what all replicas hold alike.

    Args:
        rows: a tensor whose `axis` holds the rows of all.
        parts: as many blocks of equal length, of each of which it has a share, as real images and fakes
            in one batch are two.
    """
    context = _context()
    if context is None:
        return rows
    shape = tf.shape(rows)
    length = rows.shape[axis] or shape[axis]
    own = length // (parts * context.num_replicas_in_sync)
    split = tf.concat(
        [shape[:axis], [parts, context.num_replicas_in_sync, own], shape[axis + 1 :]], axis=0
    )
    found = tf.gather(tf.reshape(rows, split), context.replica_id_in_sync_group, axis=axis + 1)
    static = rows.shape.as_list()
    static[axis] = parts * own if isinstance(own, int) else None
    joined = tf.reshape(found, tf.concat([shape[:axis], [parts * own], shape[axis + 1 :]], axis=0))
    return tf.ensure_shape(joined, static)


def mean(tensors: Any) -> Any:
    """The mean over all replicas of a tensor, or of each of a list in one message."""
    context = _context()
    return context.all_reduce(tf.distribute.ReduceOp.MEAN, tensors) if context else tensors


def gathered(rows: tf.Tensor) -> tf.Tensor:
    """The rows [B, ...] of all replicas, in their order; whatever `mine` of it gives back."""
    context = _context()
    if context is None:
        return rows
    own, *shape = rows.shape.as_list()
    of_all = own and own * context.num_replicas_in_sync
    return tf.ensure_shape(context.all_gather(rows, axis=0), [of_all, *shape])


def own_seed(seed: tf.Tensor) -> tf.Tensor:
    """A seed [2] that is this replica's alone, of one that all have."""
    context = _context()
    if context is None:
        return seed
    return tf.random.fold_in(seed, tf.cast(context.replica_id_in_sync_group, seed.dtype))


def on_all(function: Callable[[], Any]) -> Callable[[], Any]:
    """Graph code without arguments, run by every replica of the present strategy; the first one's result."""
    strategy = tf.distribute.get_strategy()
    if strategy.num_replicas_in_sync == 1:
        return function

    def run() -> Any:
        found = strategy.run(function)
        return None if found is None else strategy.experimental_local_results(found)[0]

    return run
