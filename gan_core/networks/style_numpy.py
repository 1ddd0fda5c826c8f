"""The two networks of arbitrary style transfer, with the weights that come with the app; NumPy alone.

Ghiasi et al., 2017, https://arxiv.org/abs/1705.06830: a MobileNetV2 predicts 100 numbers from a style
picture, and a small network redraws a content picture with them: they set the gain and the offset of
each of its instance normalisations (Dumoulin et al., 2017, https://arxiv.org/abs/1610.07629).
Origin of the weights: assets/style/README.md.

TensorFlow needs 0.7 of the processor's time for the same answers, and seconds before its first one.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np

from gan_core.networks.convolutions import (
    convolve,
    depthwise,
    doubled,
    mirrored,
    pointwise,
    same,
)
from gan_core.storage.assets import ASSETS

STYLE_SIDE = 256  # pixels a side of the picture that a style is read from
STYLE_LENGTH = 100
EPSILON = 1e-5  # of the normalisations
MULTIPLE = 4  # of the sides that the second network makes
# (channels, stride, repeats, expansion) of MobileNetV2 (Sandler et al., 2018), table 2.
MOBILENET = (
    (16, 1, 1, 1), (24, 2, 2, 6), (32, 2, 3, 6), (64, 2, 4, 6), (96, 1, 3, 6), (160, 2, 3, 6),
    (320, 1, 1, 6),
)  # fmt: skip
RESIDUALS = 5


@functools.cache
def _arrays() -> Mapping[str, np.ndarray]:
    with np.load(ASSETS / "style" / "networks.npz") as found:
        return dict(found)


def arrays(network: str) -> dict[str, np.ndarray]:
    """The weights of "predict" or "transform" as they come with the app, by name."""
    return {name: a for name, a in _arrays().items() if name.startswith(f"{network}.")}


@functools.cache
def weights() -> Mapping[str, tuple[np.ndarray, np.ndarray]]:
    """Kernel and bias of each layer, float32: an int8 kernel times the scale of its channel."""
    stored = _arrays()
    names = [key.removesuffix(".kernel") for key in stored if key.endswith(".kernel")]
    return {name: (_kernel(stored, name), stored[f"{name}.bias"]) for name in names}


def _kernel(stored: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    scale = stored[f"{name}.scale"]
    return stored[f"{name}.kernel"] * (scale[:, None] if name.endswith(".depthwise") else scale)


# ---- a style as numbers ----


def predict(picture: np.ndarray) -> np.ndarray:
    """Style picture, float32 [256, 256, 3] in [0, 1] -> its 100 numbers."""
    layers = weights()
    sides = [same(side, 3, 2) for side in picture.shape[:2]]
    x = _relu6(convolve(np.pad(picture, [*sides, (0, 0)]), *layers["predict.stem"], stride=2))
    for name, channels, stride in blocks():
        y = _block(x, f"predict.{name}", stride)
        x = x + y if x.shape[2] == channels and stride == 1 else y
    x = _relu6(pointwise(x, *layers["predict.head"])).mean((0, 1), keepdims=True)
    return pointwise(x, *layers["predict.bottleneck"]).ravel()


def blocks():
    """(name, channels, stride) of each inverted residual."""
    number = 0
    for channels, stride, repeats, _ in MOBILENET:
        for i in range(repeats):
            yield f"block_{number}" if number else "block", channels, stride if i == 0 else 1
            number += 1


def _block(x: np.ndarray, name: str, stride: int) -> np.ndarray:
    """An inverted residual: wide, a depthwise kernel, narrow again."""
    layers = weights()
    if f"{name}.expand" in layers:
        x = _relu6(pointwise(x, *layers[f"{name}.expand"]))
    x = _relu6(depthwise(x, *layers[f"{name}.depthwise"], stride))
    return pointwise(x, *layers[f"{name}.project"])


# ---- a picture redrawn ----


def transform(picture: np.ndarray, style: np.ndarray) -> np.ndarray:
    """Content, float32 [H, W, 3] in [0, 1], sides multiples of 4, and style [100] -> [H, W, 3] in [0, 1]."""
    x = _relu(_conv(picture, "contract.conv1"))
    x = _relu(_conv(x, "contract.conv2", stride=2))
    x = _relu(_conv(x, "contract.conv3", stride=2))
    for i in range(1, RESIDUALS + 1):
        y = _relu(_styled(x, style, f"residual.residual{i}.conv1"))
        x = x + _styled(y, style, f"residual.residual{i}.conv2")
    x = _relu(_styled(doubled(x), style, "expand.conv1"))
    x = _relu(_styled(doubled(x), style, "expand.conv2"))
    return _sigmoid(_styled(x, style, "expand.conv3"))


def _conv(x: np.ndarray, name: str, stride: int = 1) -> np.ndarray:
    kernel, bias = weights()[f"transform.{name}"]
    return convolve(mirrored(x, len(kernel) // 2), kernel, bias, stride)


def _styled(x: np.ndarray, style: np.ndarray, name: str) -> np.ndarray:
    """A convolution, then instance normalisation with the gain and the offset of the style."""
    x = _conv(x, name)
    gain, offset = (_spoken(style, f"transform.{name}.{kind}") for kind in ("gain", "offset"))
    flat = x.reshape(-1, x.shape[2])
    flat -= _means(flat)
    flat *= gain / np.sqrt(_means(flat, flat) + EPSILON)
    flat += offset
    return x


def _means(flat: np.ndarray, times: np.ndarray | None = None) -> np.ndarray:
    """Of each column, [N, C] -> [C]; or of its products with the same column of another."""
    if times is None:
        return np.ones(len(flat), np.float32) @ flat / np.float32(len(flat))
    return np.diagonal(flat.T @ times) / np.float32(len(flat))


def _spoken(style: np.ndarray, name: str) -> np.ndarray:
    """What a style says of each channel, [C]."""
    kernel, bias = weights()[name]
    return style @ kernel[0, 0] + bias


def _relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0, out=x)


def _relu6(x: np.ndarray) -> np.ndarray:
    return np.clip(x, 0, 6, out=x)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.tanh(0.5 * x)
