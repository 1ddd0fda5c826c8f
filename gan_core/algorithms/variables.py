"""Variables of networks by stable names, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from gan_core.errors import CheckpointError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import tensorflow as tf


def named(prefix: str, variables: Iterable[tf.Variable]) -> dict[str, tf.Variable]:
    """Variables under names that do not depend on how many models this process has built."""
    return {f"{prefix}/{i:03d}_{_leaf(v)}": _raw(v) for i, v in enumerate(variables)}


def _leaf(variable: tf.Variable) -> str:
    return str(variable.name).split(":")[0].split("/")[-1]


def _raw(variable: tf.Variable) -> tf.Variable:
    """The tf.Variable inside a Keras variable."""
    return getattr(variable, "value", variable) if hasattr(variable, "regularizer") else variable


def copy_out(variables: Mapping[str, tf.Variable]) -> dict[str, np.ndarray]:
    """Name -> array copies."""
    return {name: np.array(v.numpy()) for name, v in variables.items()}


def copy_in(variables: Mapping[str, tf.Variable], arrays: Mapping[str, np.ndarray]) -> None:
    """Assign every array to the variable of its name.

    Raises:
        CheckpointError: names or shapes differ; the text says which.
    """
    missing, extra = sorted(set(variables) - set(arrays)), sorted(set(arrays) - set(variables))
    if missing or extra:
        raise CheckpointError(
            f"The saved state is of another network: missing {missing[:3]}, not known {extra[:3]}."
        )
    for name, variable in variables.items():
        if tuple(variable.shape) != arrays[name].shape:
            raise CheckpointError(
                f"The saved state is of another network: `{name}` has shape {arrays[name].shape}, "
                f"expected {tuple(variable.shape)}."
            )
    for name, variable in variables.items():
        variable.assign(arrays[name])
