"""How coarsely the kernels of a network may be written while its images stay what they are.

Rounding a kernel to multiples of a step s adds to an image's squared error s² / 12 times the squared
gradient of its pixels by each number of the kernel, or the share of it that `rounding` leaves. For so many
bits altogether the error is least where every number of every kernel adds as much: s is proportional to
1 / the root mean square of that gradient (reverse water-filling; Cover & Thomas, Elements of Information
Theory, 10.3.3). What the image feels most has the finest steps, and one number says how fine all of them
are: the error that is expected of the image.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core.export.web import network
from gan_core.export.web.rounding import Rounding
from gan_core.networks.fast_layers import as_stock
from gan_core.storage import images

if TYPE_CHECKING:
    import keras

    from gan_core.types import Array, Floats

LEAST = 4096  # numbers of a kernel; smaller ones stay float16
LEVEL = 127.5  # levels of 255 in an image's unit: it is in [-1, 1]
DRAWS = 32  # images whose gradients are taken
CHUNK = 10  # images at once
MOST = 2**14  # steps of a number before it makes up for others
NEVER = (
    1e-12  # of the largest squared gradient: a kernel that no image feels has steps all the same
)
INPUTS = {
    "Dense": -2,
    "Conv2D": -2,
    "Conv2DTranspose": -1,
}  # the axis of a kernel that has its inputs


class Kernels:
    """The large kernels of a network, and what its images feel of them.

    Args:
        model: left as it is; a copy is changed.
        felt: rows of its inputs: what goes into its layers is seen for all, the gradient of images for a few.
        checked: rows of its inputs, whose images are compared.

    Attributes:
        count: how many numbers there are.
        compared: images that `off` compares.
    """

    def __init__(self, model: keras.Model, felt: Sequence[Floats], checked: Sequence[Floats]):
        import keras

        stock = as_stock(model, shared=False)
        self._model = keras.Model(stock.inputs, stock.outputs[0])  # one that takes a list
        self._variables = network.variables(stock)
        self._checked, self._right = checked, _bytes(self._model, checked)
        layers = _layers(stock)
        self._given = {key: layer.kernel.numpy() for key, layer in layers.items()}
        self._axes = {key: INPUTS[type(layer).__name__] for key, layer in layers.items()}
        self._roundings = _roundings(stock, layers, felt)
        self._slopes = self._felt(felt)
        self.compared = len(checked[0])
        self.count = sum(self._given[key].size for key in self._slopes)

    def _felt(self, inputs: Sequence[Floats]) -> dict[str, float]:
        """By key the mean over numbers and images of d(pixel)² / d(number)², in levels², summed over pixels.

        A random sign for each pixel: the expected squared gradient of such a sum is the sum of squares.
        """
        keys = list(self._roundings)
        if not keys:
            return {}
        rng, shape = np.random.default_rng(0), (1, *self._right.shape[1:])
        squares = _squares(self._model, [self._variables[key].value for key in keys])
        found = [
            squares(
                [rows[i : i + 1] for rows in inputs],
                rng.choice(np.array([-1, 1], np.float32), shape),
            )
            for i in range(min(DRAWS, len(inputs[0])))
        ]
        means = LEVEL**2 * np.mean(found, axis=0) * [self._roundings[key].share for key in keys]
        means = np.nan_to_num(means, nan=0.0, posinf=0.0)
        floor = NEVER * means.max() or 1.0
        return {key: max(float(mean), floor) for key, mean in zip(keys, means, strict=True)}

    def multiples(self, error: float) -> dict[str, tuple[np.ndarray, float]]:
        """(whole numbers, the step that they are multiples of) of each kernel by its key.

        A kernel whose numbers would not fit 16 bits is left out.

        Args:
            error: levels of 255: the root mean square error that is expected of images.
        """
        budget = 12 * self._right[0].size * error**2 / max(self.count, 1)
        steps = {key: float(np.sqrt(budget / slope)) for key, slope in self._slopes.items()}
        return {
            key: self._rounded(key, step)
            for key, step in steps.items()
            if np.abs(self._given[key]).max() < MOST * step
        }

    def _rounded(self, key: str, step: float) -> tuple[np.ndarray, float]:
        kernel = np.moveaxis(self._given[key], self._axes[key], 0)
        found = self._roundings[key].multiples(kernel.reshape(len(kernel), -1), step)
        return np.moveaxis(found.reshape(kernel.shape), 0, self._axes[key]), step

    def off(self, read: Mapping[str, Array]) -> int:
        """Levels of 255 by which the worst pixel of the checked images is off with other weights, by key."""
        for key, array in read.items():
            self._variables[key].assign(array)
        made = _bytes(self._model, self._checked)
        return int(np.abs(made.astype(int) - self._right).max())


def _layers(model: keras.Model) -> dict[str, Any]:
    """The layers with a large kernel, by its key."""
    return {
        f"{number}/kernel": layer
        for number, (layer, _) in enumerate(network.computing(model))
        if type(layer).__name__ in INPUTS and int(np.prod(layer.kernel.shape)) >= LEAST
    }


def _roundings(
    model: keras.Model, layers: Mapping[str, Any], inputs: Sequence[Floats]
) -> dict[str, Rounding]:
    """By key of a kernel, from what goes into its layer."""
    import keras

    if not layers:
        return {}
    seen = keras.Model(model.inputs, [layer.input for layer in layers.values()])
    sums: list[Any] = [0.0] * len(layers)
    for start in range(0, len(inputs[0]), CHUNK):
        made = seen([rows[start : start + CHUNK] for rows in inputs], training=False)
        for i, array in enumerate(made):
            x = array.numpy().reshape(-1, array.shape[-1])
            with np.errstate(all="ignore"):  # numbers beyond float32 are left out below
                sums[i] = sums[i] + x.T @ x / len(x)
    found = dict(zip(layers, sums, strict=True))
    return {key: Rounding(total) for key, total in found.items() if np.isfinite(total).all()}


def _bytes(model: keras.Model, inputs: Sequence[Floats]) -> np.ndarray:
    """uint8 [N, H, W, C]."""
    made = [
        model([rows[i : i + CHUNK] for rows in inputs], training=False).numpy()
        for i in range(0, len(inputs[0]), CHUNK)
    ]
    with np.errstate(invalid="ignore"):  # a network that makes no numbers
        return images.to_uint8(np.concatenate(made))


def _squares(model: keras.Model, kernels: list[Any]) -> Callable[..., np.ndarray]:
    """(inputs of one image, signs [1, H, W, C]) -> mean squared gradients of sum(signs * image)."""
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
