"""The network that reads a style, in Keras: for the inner layers, and for whole batches.

What paints is computed without TensorFlow, see style_numpy.py, which also has the weights.
"""

from __future__ import annotations

import keras
from keras import layers

from gan_core.networks.style_numpy import MOBILENET, STYLE_LENGTH, STYLE_SIDE, arrays


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


def fill(model: keras.Model, network: str) -> keras.Model:
    """Set the weights that come with the app: an int8 kernel times the scale of its channel."""
    found = arrays(network)
    for layer in model.layers:
        if layer.weights:
            key = f"{network}.{layer.name}"
            kernel, scale = found[f"{key}.kernel"], found[f"{key}.scale"]
            depthwise = isinstance(layer, layers.DepthwiseConv2D)
            scale = scale[:, None] if depthwise else scale
            layer.set_weights([kernel * scale, found[f"{key}.bias"]])
    return model
