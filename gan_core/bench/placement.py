"""Which operations of a step can run on a GPU, by TensorFlow's own table of kernels; no GPU is needed.

An operation without a kernel for GPUs runs on the processor, and what it takes and gives is copied there and
back in every step. TensorFlow says nothing of it.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from dataclasses import dataclass

EVERYWHERE = ("GPU", "DEFAULT")
# What the runtime itself does: calls of functions and their arguments have no kernels.
OF_THE_RUNTIME = frozenset({"Placeholder", "PartitionedCall", "StatefulPartitionedCall", "NoOp"})


@dataclass(frozen=True)
class Placement:
    """What a step's graph needs of the processor.

    Attributes:
        operations: in the graph and the functions that it calls.
        on_host: type of operation -> how often it is one that only a processor can do.
        host_bytes: of what those give, where their sizes are known: copied in each step.
    """

    operations: int
    on_host: dict[str, int]
    host_bytes: int


def of_step(function) -> Placement:
    """The placement of a tf.function without arguments."""
    found = _operations(function.get_concrete_function().graph)
    hosted = [op for op in found if not runs_on_gpu(op)]
    return Placement(len(found), dict(Counter(op.type for op in hosted)), sum(map(_size, hosted)))


def runs_on_gpu(operation) -> bool:
    """Whether there is a kernel for GPUs that takes its types."""
    if operation.type in OF_THE_RUNTIME:
        return True
    return any(_takes(kernel, operation) for kernel in _kernels(operation.type))


@functools.cache
def _kernels(kind: str) -> list:
    from tensorflow.python.framework import kernels

    found = kernels.get_registered_kernels_for_op(kind).kernel
    return [kernel for kernel in found if kernel.device_type in EVERYWHERE]


def _takes(kernel, operation) -> bool:
    for rule in kernel.constraint:
        kinds = operation.get_attr(rule.name)
        kinds = kinds if isinstance(kinds, list | tuple) else [kinds]
        allowed = rule.allowed_values.list.type
        if any(kind.as_datatype_enum not in allowed for kind in kinds):
            return False
    return True


def _operations(graph) -> list:
    """Those of a graph and of all functions that it holds."""
    inner = [f.graph for f in graph._functions.values() if hasattr(f, "graph")]
    return [op for g in (graph, *inner) for op in g.get_operations()]


def _size(operation) -> int:
    shapes = [(tensor.shape, tensor.dtype.size) for tensor in operation.outputs]
    return sum(math.prod(s.as_list()) * size for s, size in shapes if s.is_fully_defined())
