"""A trained translator: pictures of any size in, pictures of the other kind out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core.errors import CheckpointError, ConfigError
from gan_core.storage import images as pixels
from gan_core.tasks import given

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras
    import tensorflow as tf

    from gan_core.types import Floats

TARGET, A, B = "target", "a", "b"
HOMES = {TARGET: "input", A: B, B: A}  # what a way begins with
WAYS = {TARGET: "input to target", B: "a to b", A: "b to a"}
CHUNK_PIXELS = 250 * 32 * 32  # of one call; more at once are no faster on a processor
MOST_PIXELS = 16_000_000  # of one picture


def network_of(ways: Mapping[str, Any], towards: str | None, owner: str) -> str:
    """The way that is asked for; None: the main one. Of pairs "b" is the target, as in their files.

    Raises:
        ConfigError: there is no such way.
    """
    if towards is None:
        return next(iter(ways))
    wanted = TARGET if towards == B and TARGET in ways else towards
    if wanted not in ways:
        there = ", ".join(f"`{way}` ({WAYS[way]})" for way in ways)
        raise ConfigError(f"{owner} does not translate towards `{towards[:40]}`. Allowed: {there}.")
    return wanted


def checked(pictures: np.ndarray, channels: int) -> np.ndarray:
    """float32 [N, H, W, C] in [-1, 1] of uint8 or such floats.

    Raises:
        ConfigError: they have another shape or kind, are too large or not finite.
    """
    found = np.asarray(pictures)
    wanted = f"uint8 or floats in [-1, 1] of shape [N, H, W, {channels}]"
    if found.ndim != 4 or found.shape[3] != channels or found.dtype.kind not in "uf":
        raise ConfigError(
            f"Pictures must be {wanted}. Received: {found.dtype} {list(found.shape)}."
        )
    if not 0 < found.shape[1] * found.shape[2] <= MOST_PIXELS:
        raise ConfigError(
            f"A picture may have at most {MOST_PIXELS:,} pixels. "
            f"Received: {found.shape[2]} x {found.shape[1]}."
        )
    if found.dtype == np.uint8:
        return pixels.to_float(found)
    found = found.astype(np.float32)
    if not (np.abs(found) <= 1.0).all():
        raise ConfigError(f"Pictures must be {wanted}. Received: numbers outside of it.")
    return found


@dataclass(frozen=True)
class Translator:
    """Networks of their own, never the ones that train: one for each way.

    Attributes:
        models: way -> keras.Model of images [N, H, W, C] in [-1, 1] -> the same of the other kind.
        towards: the way that is taken unless another is asked for.
        shape, target_shape: of images of "input" or a, and of "target" or b, as in training.
    """

    models: Mapping[str, Any]
    run_id: str
    step: int
    towards: str
    shape: tuple[int, ...]
    target_shape: tuple[int, ...]
    _calls: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def what(self) -> str:
        """What people call it: "translator (a to b)" where there are two ways."""
        return "translator" if len(self.models) == 1 else f"translator ({self.words})"

    @property
    def model(self) -> keras.Model:
        """The network of the main way for images of the trained size; what an export writes."""
        height, width = self.input_shape()[:2]
        return at_size(self.models[self.towards], (height, width))

    @property
    def ways(self) -> tuple[str, ...]:
        """All ways there are, the main one first."""
        return tuple(self.models)

    @property
    def words(self) -> str:
        """The way that is taken, "a to b"."""
        return WAYS[self.towards]

    @property
    def takes(self) -> tuple[given.Given, ...]:
        """One image of the kind that the main way begins with."""
        return (given.image(self.input_shape(), _input_name(self.model)),)

    def facing(self, towards: str | None) -> Translator:
        """The same with another main way; ConfigError where there is no such way."""
        way = network_of(self.models, towards, self.run_id)
        return self if way == self.towards else replace(self, towards=way)

    def alone(self, towards: str) -> Translator:
        """The same with this way and no other; ConfigError where there is no such way."""
        way = network_of(self.models, towards, self.run_id)
        return replace(self, models={way: self.models[way]}, towards=way)

    def input_shape(self, towards: str | None = None) -> tuple[int, ...]:
        """(H, W, C) of what goes in, as in training."""
        return self.target_shape if self._way(towards) == A else self.shape

    def _way(self, towards: str | None) -> str:
        return network_of(self.models, towards or self.towards, self.run_id)

    def multiple(self, towards: str | None = None) -> int:
        """Sides that are a multiple of this go through without being padded."""
        return multiple_of(self.models[self._way(towards)])

    def images(self, pictures: np.ndarray, towards: str | None = None) -> np.ndarray:
        """float32 [N, H, W, C] in [-1, 1] of uint8 or floats in [-1, 1], of any one size.

        Another size than the trained one goes through padded by its mirror image, to the next size
        that fits the network, and is cropped again.

        Raises:
            ConfigError: pictures of another kind, or a way that there is not.
        """
        way = self._way(towards)
        inputs = checked(pictures, self.input_shape(way)[2])
        size = inputs.shape[1:3]
        padded, (top, left) = padded_to(inputs, self._fitting(size, way))
        call = self._call(way)
        count = max(1, CHUNK_PIXELS // (padded.shape[1] * padded.shape[2]))
        made = [call(padded[i : i + count]).numpy() for i in range(0, len(padded), count)]
        channels = self.models[way].output_shape[-1]
        whole = np.concatenate(made) if made else np.zeros((0, *padded.shape[1:3], channels), "f4")
        return whole[:, top : top + size[0], left : left + size[1]]

    def _fitting(self, size: tuple[int, int], way: str) -> tuple[int, int]:
        """The size that the network is given: at least the trained one, and a multiple."""
        trained, multiple = self.input_shape(way)[:2], self.multiple(way)
        if tuple(size) == tuple(trained):
            return size
        least = (max(own, had) for own, had in zip(size, trained, strict=True))
        height, width = (-(-side // multiple) * multiple for side in least)
        return height, width

    def _call(self, way: str) -> Callable[[Floats], tf.Tensor]:
        """The network of a way as one graph."""
        if way not in self._calls:
            self._calls[way] = compiled(self.models[way])
        found: Callable[[Floats], tf.Tensor] = self._calls[way]
        return found


def multiple_of(model: keras.Model) -> int:
    """By how much a network makes its input smaller inside: sides must be multiples of it."""
    import keras

    downs = [x for x in model.layers if isinstance(x, keras.layers.Conv2D)]
    return math.prod(max(layer.strides) for layer in downs)


def at_size(model: keras.Model, size: tuple[int, int]) -> keras.Model:
    """The same network, sharing its layers, for images of one size alone: a keras.Model.

    Raises:
        CheckpointError: a layer of it holds for another size only.
    """
    if tuple(model.input_shape[1:3]) == tuple(size):
        return model
    import keras

    asked = keras.Input((*size, model.input_shape[3]), name=_input_name(model))
    try:
        return keras.models.clone_model(model, input_tensors=asked, clone_function=lambda x: x)
    except (ValueError, TypeError) as error:
        raise CheckpointError(
            f"{model.name} does not take images of {size[1]} x {size[0]} pixels."
        ) from error


def compiled(model: keras.Model) -> Callable[[Floats], tf.Tensor]:
    """A network as one graph, for any number of images; traced at the first call."""
    import tensorflow as tf

    found: Callable[[Floats], tf.Tensor] = tf.function(
        lambda inputs: model(inputs, training=False), autograph=False, reduce_retracing=True
    )
    return found


def padded_to(images: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, tuple[int, int]]:
    """Images [N, h, w, C] with their mirror image around them, to [N, H, W, C]; and where they begin."""
    more = [want - have for want, have in zip(size, images.shape[1:3], strict=True)]
    if not any(more):
        return images, (0, 0)
    before = [n // 2 for n in more]
    around = [(b, n - b) for b, n in zip(before, more, strict=True)]
    return np.pad(images, ((0, 0), *around, (0, 0)), mode="reflect"), (before[0], before[1])


def _input_name(model: keras.Model) -> str:
    found: str = model.inputs[0].name.partition(":")[0]
    return found
