"""The instant style network as a web page: content and style files in, a painted picture out.

Both networks are those of networks/style_numpy.py, their int8 kernels as they come with the app. The
styles of the app are in the page as what the first network reads from them, with a small picture each.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from gan_core.algorithms.instant_style import stylist
from gan_core.export.web import page
from gan_core.export.web.pack import ALIGN
from gan_core.networks import style_numpy
from gan_core.storage.assets import ASSETS

FOLDER = ASSETS / "style"
NAME = "style-instant"  # its id
THUMB, CONTENT = 40, 144  # pixels of the pictures in the page, the longer side
QUALITY = 72  # of their JPEG
DIGITS = 4  # of a style's numbers
ORIGIN = "Magenta, Google: arbitrary style transfer, Ghiasi et al., 2017, arXiv 1705.06830"


@dataclass(frozen=True)
class InstantStyle:
    """The networks that come with the app, as something that is exported: they leave as a page alone."""

    run_id: str = NAME
    step: int = 0
    model: Any = None
    what: str = "style network"

    def page(self) -> bytes:
        """Its web page."""
        return style_page()


def style_page() -> bytes:
    """The page; the weights are in it as they are in the app but for float16 scales and biases."""
    plans = [_predict(), _transform()]
    entries, weights = _packed()
    count = sum(entry["size"] for entry in entries)
    styles = [_style(path) for path in sorted((FOLDER / "styles").glob("*.jpg"))]
    card = {
        "kind": "style", "name": "style", "title": "Instant style",
        "about": "", "recipe": "", "data": "", "step": "",
        "quality": "", "origin": ORIGIN, "licence": "", "weights_licence": "Apache-2.0",
        "weights": {"count": count, "kind": "int8"}, "made": "GANscope",
        "multiple": style_numpy.MULTIPLE, "side": style_numpy.STYLE_SIDE, "styles": styles,
        "content": _jpeg(FOLDER / "contents" / "lake.jpg", CONTENT),
    }  # fmt: skip
    return page.built(card, plans, entries, weights)


def _style(path) -> dict[str, Any]:
    with Image.open(path) as found:
        vector = stylist().vector(np.asarray(found.convert("RGB")))
    numbers = [round(float(v), DIGITS) for v in vector]
    return {"name": path.stem, "vector": numbers, "picture": _jpeg(path, THUMB)}


def _jpeg(path, side: int) -> str:
    """A small picture as base64."""
    with Image.open(path) as found:
        small = found.convert("RGB")
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
    packed = io.BytesIO()
    small.save(packed, "JPEG", quality=QUALITY, optimize=True)
    return base64.b64encode(packed.getvalue()).decode()


# ---- weights ----


def _packed() -> tuple[list[dict[str, Any]], bytes]:
    """Entries as unpack.js wants them, and the bytes."""
    entries, parts, at = [], [], 0
    for network in ("predict", "transform"):
        stored = style_numpy.arrays(network)
        for name in (key.removesuffix(".kernel") for key in stored if key.endswith(".kernel")):
            kernel, scale = stored[f"{name}.kernel"], stored[f"{name}.scale"]
            body, own = _aligned(kernel.tobytes()), _aligned(scale.astype("<f2").tobytes())
            entries.append(
                {
                    "key": f"{name}.kernel", "type": "int8", "size": kernel.size, "at": at,
                    "scales": at + len(body), "count": scale.size, "repeat": 1, "half": True,
                }
            )  # fmt: skip
            bias = stored[f"{name}.bias"]
            at += len(body) + len(own)
            entries.append({"key": f"{name}.bias", "type": "float16", "size": bias.size, "at": at})
            parts += [body, own, _aligned(bias.astype("<f2").tobytes())]
            at += len(parts[-1])
    return entries, b"".join(parts)


def _aligned(data: bytes) -> bytes:
    return data + bytes(-len(data) % ALIGN)


# ---- the networks as plans ----


class _Plan:
    """Layers in order; each `add` gives back the name of what it makes."""

    def __init__(self, inputs: list[str], network: str):
        self.plan: dict[str, Any] = {"inputs": inputs, "layers": [], "output": ""}
        self._network = network

    def add(self, kind: str, inputs: list[str], weights: str = "", **params) -> str:
        """A layer of what these make; `weights` names its kernel and bias."""
        name, key = f"l{len(self.plan['layers'])}", f"{self._network}.{weights}"
        own = {part: f"{key}.{part}" for part in ("kernel", "bias")} if weights else {}
        entry = {"name": name, "kind": kind, "inputs": inputs, "params": params, "weights": own}
        self.plan["layers"].append(entry)
        self.plan["output"] = name
        return name

    def convolve(self, x: str, weights: str, stride: int = 1, padding: str = "same") -> str:
        kernel = style_numpy.arrays(self._network)[f"{self._network}.{weights}.kernel"]
        size, strides = list(kernel.shape[:2]), [stride, stride]
        if weights.endswith(".depthwise"):
            return self.add(
                "DepthwiseConv2D", [x], weights, kernel_size=size, strides=strides, padding=padding,
            )  # fmt: skip
        return self.add(
            "Conv2D", [x], weights, kernel_size=size, strides=strides, padding=padding,
            filters=int(kernel.shape[3]),
        )  # fmt: skip

    def relu(self, x: str, most: float | None = None) -> str:
        return self.add("ReLU", [x], max_value=most)


def _predict() -> dict[str, Any]:
    """Style picture [256, 256, 3] in [0, 1] -> its numbers [100]."""
    net = _Plan(["image"], "predict")
    x = net.relu(net.convolve("image", "stem", 2), 6.0)
    channels = 32
    for name, wide, stride in style_numpy.blocks():
        y = x
        if f"predict.{name}.expand.kernel" in style_numpy.arrays("predict"):
            y = net.relu(net.convolve(y, f"{name}.expand"), 6.0)
        y = net.relu(net.convolve(y, f"{name}.depthwise", stride), 6.0)
        y = net.convolve(y, f"{name}.project")
        x = net.add("Add", [x, y]) if channels == wide and stride == 1 else y
        channels = wide
    x = net.relu(net.convolve(x, "head"), 6.0)
    x = net.add("GlobalAveragePooling2D", [x], keepdims=True)
    net.add("Flatten", [net.convolve(x, "bottleneck")])
    return net.plan


def _transform() -> dict[str, Any]:
    """Content [H, W, 3] in [0, 1], sides multiples of 4, and style [100] -> [H, W, 3] in [0, 1]."""
    net = _Plan(["image", "style"], "transform")
    x = "image"
    for name, stride in (("conv1", 1), ("conv2", 2), ("conv3", 2)):
        x = net.relu(_mirrored(net, x, f"contract.{name}", stride))
    for i in range(1, style_numpy.RESIDUALS + 1):
        y = net.relu(_styled(net, x, f"residual.residual{i}.conv1"))
        x = net.add("Add", [x, _styled(net, y, f"residual.residual{i}.conv2")])
    for name in ("conv1", "conv2"):
        x = net.relu(_styled(net, net.add("UpSampling2D", [x], size=[2, 2]), f"expand.{name}"))
    net.add("Activation", [_styled(net, x, "expand.conv3")], activation="sigmoid")
    return net.plan


def _mirrored(net: _Plan, x: str, name: str, stride: int = 1) -> str:
    size = len(style_numpy.arrays("transform")[f"transform.{name}.kernel"])
    padded = net.add("ReflectPad", [x], width=size // 2)
    return net.convolve(padded, name, stride, "valid")


def _styled(net: _Plan, x: str, name: str) -> str:
    """A convolution, then normalised with the gain and the offset that the style says."""
    x = _mirrored(net, x, name)
    bias = style_numpy.arrays("transform")[f"transform.{name}.gain.bias"]
    said = [
        net.add("Dense", ["style"], f"{name}.{part}", units=len(bias))
        for part in ("gain", "offset")
    ]
    return net.add("StyleNorm", [x, *said], epsilon=style_numpy.EPSILON)
