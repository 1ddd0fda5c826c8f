"""A network as plain data: layers, shapes and sizes, worked out before anything is allocated.

A plan is {"z": Z, "classes": K or 0, "layers": [{"name", "kind", "inputs", "params"}], "output",
"low": -1.0 or 0.0}. Layers are in order; inputs are names of earlier layers, "z" or "classes".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gan_core.errors import ConfigError

MAX_LAYERS = 200
MAX_NUMBERS = 32_000_000  # weights of a network: 128 MB
MAX_ACTIVATIONS = 8_000_000  # numbers between the layers for one image: 32 MB
MAX_SIDE = 1024  # pixels
MAX_LATENT, MAX_CLASSES = 4096, 1000
ACTIVATIONS = (
    "linear", "relu", "tanh", "sigmoid", "leaky_relu", "elu", "selu", "silu", "swish", "gelu",
    "softplus",
)  # fmt: skip
NORM = ("gamma", "beta", "moving_mean", "moving_variance")
MERGES = ("Add", "Multiply", "Concatenate")


@dataclass(frozen=True)
class Sized:
    """What a plan comes to.

    Attributes:
        weights: layer name -> [(variable, shape)], in Keras's order.
        numbers: weights altogether; `activations`: numbers between the layers for one image.
        image_shape: (H, W, C).
    """

    weights: dict[str, list[tuple[str, tuple[int, ...]]]]
    numbers: int
    activations: int
    image_shape: tuple[int, ...]


class Unfit(ConfigError):
    """The network cannot be used here; the text says why."""


def sized(plan: dict) -> Sized:
    """Shapes and sizes of a plan.

    Raises:
        Unfit: layers do not fit each other, or something is larger than allowed.
    """
    layers = plan["layers"]
    if not 1 <= len(layers) <= MAX_LAYERS:
        raise Unfit(f"A network of 1 to {MAX_LAYERS} layers is read. Received: {len(layers)}.")
    _range("z", plan["z"], MAX_LATENT)
    shapes = {"z": (plan["z"],)}
    if plan["classes"]:
        _range("classes", plan["classes"], MAX_CLASSES)
        shapes["classes"] = (plan["classes"],)
    weights, numbers, activations = {}, 0, 0
    for layer in layers:
        inputs = [_shape_of(shapes, name, layer) for name in layer["inputs"]]
        shape, needs = _LAYERS[layer["kind"]](layer, inputs)
        weights[layer["name"]] = needs
        shapes[layer["name"]] = shape
        numbers += sum(math.prod(s) for _, s in needs)
        activations += math.prod(shape)
        _within(layer, numbers, activations)
    return Sized(weights, numbers, activations, _image(shapes.get(plan["output"])))


def chunk(activations: int, most: int) -> int:
    """Images of one call, so that a large network needs no more memory than a small one."""
    return max(1, min(most, 4 * MAX_ACTIVATIONS // max(1, activations)))


def _within(layer, numbers: int, activations: int) -> None:
    if numbers > MAX_NUMBERS:
        raise Unfit(
            f"The network declares more than {MAX_NUMBERS:,} weights (at layer "
            f"`{layer['name']}`: {numbers:,}). Larger ones are not read."
        )
    if activations > MAX_ACTIVATIONS:
        raise Unfit(
            f"One image would need {activations:,} numbers between the layers (at layer "
            f"`{layer['name']}`). Allowed: {MAX_ACTIVATIONS:,}."
        )


def _range(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise Unfit(f"`{name}` must have 1 to {most:,} numbers. Received: {value:,}.")


def _shape_of(shapes: dict, name: str, layer: dict) -> tuple[int, ...]:
    if name not in shapes:
        raise Unfit(f"Layer `{layer['name']}` takes `{name}`, which does not come before it.")
    return shapes[name]


def _image(shape) -> tuple[int, ...]:
    if shape is None or len(shape) != 3 or shape[2] not in (1, 3) or max(shape[:2]) > MAX_SIDE:
        raise Unfit(
            f"The network must make images [H, W, C], at most {MAX_SIDE} pixels a side, with "
            f"1 or 3 channels. Received: {list(shape or ())}."
        )
    return shape


# ---- one function a kind: (layer, input shapes) -> (output shape, weights) ----


def _one(layer: dict, inputs: list, rank: int | None = None) -> tuple[int, ...]:
    good = len(inputs) == 1 and (rank is None or len(inputs[0]) == rank)
    if not good:
        wanted = f"one input{f' of rank {rank}' if rank else ''}"
        raise Unfit(f"Layer `{layer['name']}` needs {wanted}. Received: {inputs}.")
    return inputs[0]


def _dense(layer, inputs):
    shape, p = _one(layer, inputs), layer["params"]
    bias = [("bias", (p["units"],))] if p["use_bias"] else []
    return (*shape[:-1], p["units"]), [("kernel", (shape[-1], p["units"])), *bias]


def _reshape(layer, inputs):
    shape, target = _one(layer, inputs), list(layer["params"]["target_shape"])
    total, known = math.prod(shape), math.prod(n for n in target if n != -1)
    if target.count(-1) == 1 and known and total % known == 0:
        target[target.index(-1)] = total // known
    if -1 in target or math.prod(target) != total:
        raise Unfit(f"Layer `{layer['name']}` cannot reshape {list(shape)} to {target}.")
    return tuple(target), []


def _flatten(layer, inputs):
    return (math.prod(_one(layer, inputs)),), []


def _same(layer, inputs):
    return _one(layer, inputs), []


def _norm(layer, inputs):
    shape, p = _one(layer, inputs), layer["params"]
    _last(layer, shape)
    used = [n for n in NORM if p.get({"gamma": "scale", "beta": "center"}.get(n, ""), True)]
    return shape, [(name, (shape[-1],)) for name in used]


def _last(layer: dict, shape: tuple[int, ...]) -> None:
    if layer["params"]["axis"] not in (-1, len(shape)):
        raise Unfit(f"Layer `{layer['name']}` must work along the last axis.")


def _upsample(layer, inputs):
    h, w, c = _one(layer, inputs, 3)
    a, b = layer["params"]["size"]
    return (h * a, w * b, c), []


def _conv(layer, inputs):
    h, w, c = _one(layer, inputs, 3)
    p = layer["params"]
    sides = [
        -(-n // s) if p["padding"] == "same" else (n - k) // s + 1
        for n, k, s in zip((h, w), p["kernel_size"], p["strides"], strict=True)
    ]
    return _convolved(layer, sides, (*p["kernel_size"], c, p["filters"]))


def _transposed(layer, inputs):
    h, w, c = _one(layer, inputs, 3)
    p = layer["params"]
    sides = [
        n * s if p["padding"] == "same" else n * s + max(k - s, 0)
        for n, k, s in zip((h, w), p["kernel_size"], p["strides"], strict=True)
    ]
    return _convolved(layer, sides, (*p["kernel_size"], p["filters"], c))


def _convolved(layer, sides, kernel):
    p = layer["params"]
    if min(sides) < 1:
        raise Unfit(f"Layer `{layer['name']}` would make an image of {sides} pixels.")
    bias = [("bias", (p["filters"],))] if p["use_bias"] else []
    return (*sides, p["filters"]), [("kernel", kernel), *bias]


def _merge(layer, inputs):
    if len(inputs) < 2:
        raise Unfit(f"Layer `{layer['name']}` needs at least two inputs.")
    if layer["kind"] == "Concatenate":
        if len({s[:-1] for s in inputs}) != 1:
            raise Unfit(f"Layer `{layer['name']}` cannot join {inputs}.")
        _last(layer, inputs[0])
        return (*inputs[0][:-1], sum(s[-1] for s in inputs)), []
    if len({len(s) for s in inputs}) == 1:
        shape = tuple(map(max, zip(*inputs, strict=True)))
        if all(n in (1, most) for s in inputs for n, most in zip(s, shape, strict=True)):
            return shape, []
    raise Unfit(
        f"Layer `{layer['name']}` needs inputs of one shape, or with 1 where they differ. "
        f"Received: {inputs}."
    )


_LAYERS = {
    "Dense": _dense, "Reshape": _reshape, "Flatten": _flatten, "BatchNormalization": _norm,
    "Activation": _same, "ReLU": _same, "LeakyReLU": _same, "UpSampling2D": _upsample,
    "Conv2D": _conv, "Conv2DTranspose": _transposed, **dict.fromkeys(MERGES, _merge),
}  # fmt: skip
