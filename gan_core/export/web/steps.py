"""How coarsely the kernels of a network may be written while its images stay what they are.

Rounding a kernel to multiples of a step s adds to an image's squared error s² / 12 times the squared gradient
of its pixels by each number of the kernel. For so many bits altogether the error is least where every number of
every kernel adds as much, so s is proportional to 1 / the root mean square of that gradient (reverse
water-filling; Cover & Thomas, Elements of Information Theory, 10.3.3). What the image feels most has the finest
steps, and one number says how fine all of them are: the error that is expected of the image.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core.export.web import network
from gan_core.networks.fast_layers import as_stock
from gan_core.storage import images

if TYPE_CHECKING:
    import keras

    from gan_core.types import Array, Floats

LEAST = 4096  # numbers of a kernel; smaller ones stay float16
LEVEL = 127.5  # levels of 255 in an image's unit: it is in [-1, 1]
CHUNK = 10  # images at once
NEVER = 1e-12  # of the largest squared gradient: a kernel that no image feels has steps all the same


class Kernels:
    """The large kernels of a network, and what its images feel of them.

    Args:
        model: left as it is; a copy is changed.
        felt: rows of its inputs, for whose images the gradients are taken.
        checked: rows of its inputs, whose images are compared.

    Attributes:
        keys: of the kernels, as network.variables has them.
        count: how many numbers they have.
        compared: images that `off` compares.
    """

    def __init__(self, model: keras.Model, felt: Sequence[Floats], checked: Sequence[Floats]):
        import keras

        stock = as_stock(model, shared=False)
        self._variables = network.variables(stock)
        self._model = keras.Model(stock.inputs, stock.outputs[0])  # one that takes a list
        self._checked, self._right = checked, _bytes(self._model, checked)
        self.keys = [key for key, variable in self._variables.items() if _is_large(key, variable)]
        self.compared = len(checked[0])
        self.count = sum(int(np.prod(self._variables[key].shape)) for key in self.keys)
        self._slopes = self._felt(felt) if self.keys else {}

    def _felt(self, inputs: Sequence[Floats]) -> dict[str, float]:
        """By key the mean over numbers and images of d(pixel)² / d(number)², in levels², summed over pixels.

        A random sign for each pixel: the expected squared gradient of such a sum is the sum of squares.
        """
        rng, shape = np.random.default_rng(0), (1, *self._right.shape[1:])
        squares = _squares(self._model, [self._variables[key].value for key in self.keys])
        found = [
            squares([rows[i : i + 1] for rows in inputs], rng.choice(np.float32([-1, 1]), shape))
            for i in range(len(inputs[0]))
        ]
        means = LEVEL**2 * np.mean(found, axis=0)
        floor = NEVER * means.max() or 1.0
        return {key: max(float(m), floor) for key, m in zip(self.keys, means, strict=True)}

    def steps(self, error: float) -> dict[str, float]:
        """By key the step that leaves images with an expected root mean square error of so many levels."""
        pixels = self._right[0].size
        budget = 12 * pixels * error**2 / max(self.count, 1)
        return {key: float(np.sqrt(budget / slope)) for key, slope in self._slopes.items()}

    def off(self, read: Mapping[str, Array]) -> int:
        """Levels of 255 by which the worst pixel of the checked images is off with other weights, by key."""
        for key, array in read.items():
            self._variables[key].assign(array)
        made = _bytes(self._model, self._checked)
        return int(np.abs(made.astype(int) - self._right).max())


def _is_large(key: str, variable: Any) -> bool:
    return key.endswith("kernel") and int(np.prod(variable.shape)) >= LEAST


def _bytes(model: keras.Model, inputs: Sequence[Floats]) -> np.ndarray:
    """uint8 [N, H, W, C], for a few rows of the inputs at a time."""
    made = [
        model([rows[i : i + CHUNK] for rows in inputs], training=False).numpy()
        for i in range(0, len(inputs[0]), CHUNK)
    ]
    return images.to_uint8(np.concatenate(made))


def _squares(model: keras.Model, kernels: list[Any]) -> Callable[..., np.ndarray]:
    """(inputs of one image, signs [1, H, W, C]) -> mean squared gradient of sum(signs * image) of each kernel."""
    import tensorflow as tf

    @tf.function
    def compiled(given: Any, signs: Any) -> Any:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            for kernel in kernels:
                tape.watch(kernel)
            total = tf.reduce_sum(signs * model(given, training=False))
        slopes = tape.gradient(total, kernels, unconnected_gradients="zero")
        return tf.stack([tf.reduce_mean(slope**2) for slope in slopes])

    return lambda given, signs: compiled([tf.constant(rows) for rows in given], signs).numpy()
