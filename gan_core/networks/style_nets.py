"""The two networks of arbitrary style transfer, with the weights that come with the app.

Ghiasi et al., 2017, https://arxiv.org/abs/1705.06830: a MobileNetV2 predicts 100 numbers from a style
picture, and a small network redraws a content picture with them: they set the gain and the offset of
each of its instance normalisations (Dumoulin et al., 2017, https://arxiv.org/abs/1610.07629).
Origin of the weights: assets/style/README.md.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from gan_core.storage.assets import ASSETS

STYLE_SIDE = 256  # pixels a side of the picture that a style is read from
STYLE_LENGTH = 100
EPSILON = 1e-5  # of the normalisations
MULTIPLE = 4  # of the sides that the transformer makes
# (channels, stride, repeats, expansion) of MobileNetV2 (Sandler et al., 2018), table 2.
MOBILENET = (
    (16, 1, 1, 1), (24, 2, 2, 6), (32, 2, 3, 6), (64, 2, 4, 6), (96, 1, 3, 6), (160, 2, 3, 6),
    (320, 1, 1, 6),
)  # fmt: skip
RESIDUALS = 5


@keras.saving.register_keras_serializable("gan_core")
class ReflectPad(layers.Layer):
    """Mirrors the border, without repeating it: [B, H, W, C] -> [B, H + 2 p, W + 2 p, C]."""

    def __init__(self, width: int, **kwargs):
        super().__init__(**kwargs)
        self.width = width

    def call(self, x):
        sides = [self.width, self.width]
        return tf.pad(x, [[0, 0], sides, sides, [0, 0]], "REFLECT")

    def get_config(self):
        return super().get_config() | {"width": self.width}


@keras.saving.register_keras_serializable("gan_core")
class StyleNorm(layers.Layer):
    """Instance normalisation with the gain and offset of a style: (x, gain [B, C], offset [B, C])."""

    def call(self, x, gain, offset):
        mean, variance = tf.nn.moments(x, [1, 2], keepdims=True)
        gain = gain[:, None, None] * tf.math.rsqrt(variance + EPSILON)
        return x * gain + (offset[:, None, None] - mean * gain)


@keras.saving.register_keras_serializable("gan_core")
class Twice(layers.Layer):
    """Each pixel as two by two: [B, H, W, C] -> [B, 2 H, 2 W, C]."""

    def call(self, x):
        return tf.repeat(tf.repeat(x, 2, axis=1), 2, axis=2)


def build_predict(side: int = STYLE_SIDE) -> keras.Model:
    """Style picture [B, side, side, 3] in [0, 1] -> its 100 numbers [B, 100]."""
    image = keras.Input((side, side, 3), name="image")
    x = _relu6(layers.Conv2D(32, 3, 2, "same", name="stem")(image))
    number = 0
    for channels, stride, repeats, expansion in MOBILENET:
        for i in range(repeats):
            name = f"block_{number}" if number else "block"
            x = _block(x, channels, stride if i == 0 else 1, expansion, name)
            number += 1
    x = _relu6(layers.Conv2D(1280, 1, name="head")(x))
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    x = layers.Conv2D(STYLE_LENGTH, 1, name="bottleneck")(x)
    return keras.Model(image, layers.Flatten()(x), name="predict")


def _block(x, channels: int, stride: int, expansion: int, name: str):
    """An inverted residual: wide, a depthwise kernel, narrow again."""
    y = x
    if expansion > 1:
        y = _relu6(layers.Conv2D(expansion * x.shape[-1], 1, name=f"{name}.expand")(y))
    y = _relu6(layers.DepthwiseConv2D(3, stride, "same", name=f"{name}.depthwise")(y))
    y = layers.Conv2D(channels, 1, name=f"{name}.project")(y)
    return layers.Add()([x, y]) if x.shape[-1] == channels and stride == 1 else y


def _relu6(x):
    return layers.ReLU(6.0)(x)


def build_transform() -> keras.Model:
    """Content [B, H, W, 3] in [0, 1], sides multiples of 4, and style [B, 100] -> [B, H, W, 3] in [0, 1]."""
    image = keras.Input((None, None, 3), name="image")
    style = keras.Input((STYLE_LENGTH,), name="style")
    vector = layers.Reshape((1, 1, STYLE_LENGTH))(style)
    x = _conv(image, 8, 9, "contract.conv1", activation="relu")
    x = _conv(x, 16, 3, "contract.conv2", stride=2, activation="relu")
    x = _conv(x, 32, 3, "contract.conv3", stride=2, activation="relu")
    for i in range(1, RESIDUALS + 1):
        y = _styled(x, vector, 32, 3, f"residual.residual{i}.conv1", "relu")
        x = layers.Add()([x, _styled(y, vector, 32, 3, f"residual.residual{i}.conv2")])
    x = _styled(Twice()(x), vector, 16, 3, "expand.conv1", "relu")
    x = _styled(Twice()(x), vector, 8, 3, "expand.conv2", "relu")
    return keras.Model([image, style], _styled(x, vector, 3, 9, "expand.conv3", "sigmoid"))


def _conv(x, channels: int, size: int, name: str, *, stride: int = 1, activation=None):
    padded = ReflectPad(size // 2)(x)
    return layers.Conv2D(channels, size, stride, name=name, activation=activation)(padded)


def _styled(x, vector, channels: int, size: int, name: str, activation: str = "linear"):
    gain, offset = (
        layers.Reshape((channels,))(layers.Conv2D(channels, 1, name=f"{name}.{kind}")(vector))
        for kind in ("gain", "offset")
    )
    normed = StyleNorm()(_conv(x, channels, size, name), gain, offset)
    return layers.Activation(activation)(normed)


@functools.cache
def _arrays() -> Mapping[str, np.ndarray]:
    with np.load(ASSETS / "style" / "networks.npz") as found:
        return dict(found)


def arrays(network: str) -> dict[str, np.ndarray]:
    """The weights of "predict" or "transform" as they come with the app, by name."""
    return {name: a for name, a in _arrays().items() if name.startswith(f"{network}.")}


def fill(model: keras.Model, network: str) -> keras.Model:
    """Set the weights that come with the app: an int8 kernel times the scale of its channel."""
    arrays = _arrays()
    for layer in model.layers:
        if layer.weights:
            key = f"{network}.{layer.name}"
            kernel, scale = arrays[f"{key}.kernel"], arrays[f"{key}.scale"]
            depthwise = isinstance(layer, layers.DepthwiseConv2D)
            scale = scale[:, None] if depthwise else scale
            layer.set_weights([kernel * scale, arrays[f"{key}.bias"]])
    return model


def predict_network() -> keras.Model:
    """`build_predict` with its weights."""
    return fill(build_predict(), "predict")


def transform_network() -> keras.Model:
    """`build_transform` with its weights."""
    return fill(build_transform(), "transform")
