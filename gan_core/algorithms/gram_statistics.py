"""Style and content of a picture as VGG19 sees them (Gatys et al., 2016).

The losses are those of TensorFlow's tutorial, before their weights: means of squared differences, over
features for the content, over which channels go together for the style, each divided by the number
of its layers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gan_core.config import TrainConfig


class GramStatistics:
    """What a picture [1, H, W, 3] in [0, 1] of one size is compared with.

    Args:
        features: picture -> (features of the style layers, features of the content layers).
        content, style: float32 [1, H, W, 3] in [0, 1].
    """

    def __init__(
        self,
        features: Callable[[tf.Tensor], tuple[list[tf.Tensor], list[tf.Tensor]]],
        content: tf.Tensor,
        style: tf.Tensor,
    ) -> None:
        self._features = features
        call = tf.function(features, autograph=False)
        self._style = [gram(one) for one in call(style)[0]]
        self._content = [tf.identity(one) for one in call(content)[1]]

    def losses(self, picture: tf.Tensor, rng: tf.random.Generator) -> dict[str, tf.Tensor]:
        """content_loss, style_loss and tv_loss of a picture, each a float32 scalar."""
        del rng  # nothing is drawn
        style, content = self._features(picture)
        return {
            "content_loss": _difference(content, self._content),
            "style_loss": _difference([gram(one) for one in style], self._style),
            "tv_loss": tf.image.total_variation(picture)[0],
        }


def gram(features: tf.Tensor) -> tf.Tensor:
    """How strongly channels go together: [1, H, W, C] -> [C, C], means over places."""
    flat = tf.reshape(features, [-1, features.shape[-1]])
    return tf.matmul(flat, flat, transpose_a=True) / tf.cast(tf.shape(flat)[0], tf.float32)


def _difference(found: Sequence[tf.Tensor], wanted: Sequence[tf.Tensor]) -> tf.Tensor:
    pairs = zip(found, wanted, strict=True)
    return tf.add_n([tf.reduce_mean(tf.square(a - b)) for a, b in pairs]) / len(wanted)


def features(config: TrainConfig) -> Callable[[tf.Tensor], tuple[list[tf.Tensor], list[tf.Tensor]]]:
    """VGG19 up to the layers that the settings name; its file is asked for here.

    Raises:
        ConfigError: a layer that VGG19 does not have.
        DataError: the file of its weights is not here; the text names the ways out.
    """
    from gan_core.networks import vgg19, vgg19_file

    style, content = (layers_of(config, name) for name in ("style_layers", "content_layers"))
    network = vgg19.Features([*style, *content], vgg19_file.weights())

    def both(picture: tf.Tensor) -> tuple[list[tf.Tensor], list[tf.Tensor]]:
        found = network(picture)
        return found[: len(style)], found[len(style) :]

    return both


def layers_of(config: TrainConfig, name: str) -> list[str]:
    """Names of layers in a setting; ConfigError for others and for none."""
    from gan_core.networks.vgg19_file import LAYERS

    found = [part.strip() for part in getattr(config, name).split(",") if part.strip()]
    unknown = [part for part in found if part not in LAYERS]
    if unknown or not found:
        raise ConfigError(
            f"`{name}` must name layers of VGG19. Received: `{getattr(config, name)}`. "
            f"Allowed: {', '.join(LAYERS)}."
        )
    return found
