"""Mixed precision: convolutions and dense layers in bfloat16, everything else in float32.

bfloat16 has float32's range, so that no loss scaling is needed (Kalamkar et al., 2019,
https://arxiv.org/abs/1905.12322). Variables, batch normalisation, spectral norms, scores, losses and
optimisers stay float32.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import keras

from gan_core.startup import runtime


def network(build: Callable[[], keras.Model], precision: str) -> keras.Model:
    """What `build` makes, with arithmetic in "float32" or "bfloat16" and outputs in float32.

    "auto" that nobody has decided (training.auto_precision) is float32.

    Raises:
        ConfigError: bfloat16 would end the process.
    """
    if precision != "bfloat16":
        return build()
    runtime.refuse_bfloat16()
    with _policy("mixed_bfloat16"):
        model = build()
    outputs = [keras.layers.Activation("linear", dtype="float32")(o) for o in model.outputs]
    return keras.Model(model.inputs, outputs if len(outputs) > 1 else outputs[0], name=model.name)


@contextlib.contextmanager
def _policy(name: str) -> Iterator[None]:
    """Keras's dtype policy of this thread alone."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
