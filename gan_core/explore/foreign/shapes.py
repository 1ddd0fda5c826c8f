"""The stock layers that are read: what shape each makes, which weights it needs, what it costs.

One function a kind: (layer, input shapes) -> (output shape, [(variable, shape), ...]), the variables
in Keras's order. Shapes are those of one image, without the batch.
"""

from __future__ import annotations

import math

from gan_core.errors import ConfigError

NORM = ("gamma", "beta", "moving_mean", "moving_variance")
MERGES = ("Add", "Multiply", "Subtract", "Average", "Maximum", "Minimum", "Concatenate")
KERNELS = ("Dense", "Conv2D", "Conv2DTranspose")
NARROW = 8  # channels: convolutions of fewer take as long as with these


class Unfit(ConfigError):
    """The network cannot be used here; the text says why."""


def of_layer(layer: dict, inputs: list) -> tuple[tuple[int, ...], list[tuple[str, tuple]]]:
    """(output shape, weights) of one layer of a plan; Unfit where its inputs do not suit it."""
    return LAYERS[layer["kind"]](layer, inputs)


def work(layer: dict, inputs: list, shape: tuple[int, ...], needs: list) -> int:
    """Multiplications for one image: places x kernel x channels, or one a number that comes out.

    Convolutions of few channels are slow for what they do, so theirs count as at least 8.
    """
    if layer["kind"] not in KERNELS:
        return math.prod(shape) * max(1, len(inputs))
    kernel = needs[0][1]
    if layer["kind"] == "Dense":
        return math.prod(shape[:-1]) * math.prod(kernel)
    places = inputs[0] if layer["kind"] == "Conv2DTranspose" else shape
    channels = math.prod(max(NARROW, n) for n in kernel[2:])
    return math.prod(places[:-1]) * math.prod(kernel[:2]) * channels


def _one(layer: dict, inputs: list, rank: int | None = None) -> tuple[int, ...]:
    good = len(inputs) == 1 and (rank is None or len(inputs[0]) == rank)
    if not good:
        wanted = f"one input{f' of rank {rank}' if rank else ''}"
        received = ", ".join(str(list(shape)) for shape in inputs[:4])
        raise Unfit(f"Layer `{layer['name']}` needs {wanted}. Received: {received}.")
    return inputs[0]


def _dense(layer, inputs):
    shape, p = _one(layer, inputs), layer["params"]
    if not shape:
        raise Unfit(f"Layer `{layer['name']}` needs a row of numbers. Received: a single number.")
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


def _permute(layer, inputs):
    shape, dims = _one(layer, inputs), layer["params"]["dims"]
    if sorted(dims) != list(range(1, len(shape) + 1)):
        raise Unfit(f"Layer `{layer['name']}` cannot order {list(shape)} by {dims}.")
    return tuple(shape[d - 1] for d in dims), []


def _same(layer, inputs):
    return _one(layer, inputs), []


def _norm(layer, inputs, names=NORM):
    shape, p = _one(layer, inputs), layer["params"]
    _last(layer, shape)
    used = [n for n in names if p.get({"gamma": "scale", "beta": "center"}.get(n, ""), True)]
    return shape, [(name, (shape[-1],)) for name in used]


def _layer_norm(layer, inputs):
    return _norm(layer, inputs, names=NORM[:2])


def _last(layer: dict, shape: tuple[int, ...]) -> None:
    if not shape or layer["params"]["axis"] not in (-1, len(shape)):
        raise Unfit(f"Layer `{layer['name']}` must work along the last axis.")


def _prelu(layer, inputs):
    shape = _one(layer, inputs)
    shared = layer["params"]["shared_axes"] or []
    if any(axis > len(shape) for axis in shared):
        raise Unfit(f"Layer `{layer['name']}` cannot share axes {shared} of {list(shape)}.")
    return shape, [("alpha", tuple(1 if i in shared else n for i, n in enumerate(shape, 1)))]


def _upsample(layer, inputs):
    h, w, c = _one(layer, inputs, 3)
    a, b = layer["params"]["size"]
    return (h * a, w * b, c), []


def _padded(layer, inputs):
    h, w, c = _one(layer, inputs, 3)
    (top, bottom), (left, right) = layer["params"]["padding"]
    return (h + top + bottom, w + left + right, c), []


def _cropped(layer, inputs):
    h, w, c = _one(layer, inputs, 3)
    (top, bottom), (left, right) = layer["params"]["cropping"]
    return (*_sides(layer, [h - top - bottom, w - left - right]), c), []


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
    bias = [("bias", (p["filters"],))] if p["use_bias"] else []
    return (*_sides(layer, sides), p["filters"]), [("kernel", kernel), *bias]


def _sides(layer, sides):
    if min(sides) < 1:
        raise Unfit(f"Layer `{layer['name']}` would make an image of {sides} pixels.")
    return sides


def _merge(layer, inputs):
    if len(inputs) < 2:
        raise Unfit(f"Layer `{layer['name']}` needs at least two inputs.")
    if layer["kind"] == "Concatenate":
        return _joined(layer, inputs), []
    if layer["kind"] == "Subtract" and len(inputs) != 2:
        raise Unfit(f"Layer `{layer['name']}` needs two inputs. Received: {len(inputs)}.")
    rank = max(map(len, inputs))  # Keras puts axes of length 1 before those of lower rank
    inputs = [(1,) * (rank - len(s)) + tuple(s) for s in inputs]
    shape = tuple(map(max, zip(*inputs, strict=True)))
    if all(n in (1, most) for s in inputs for n, most in zip(s, shape, strict=True)):
        return shape, []
    raise Unfit(
        f"Layer `{layer['name']}` needs inputs of one shape, or with 1 where they differ. "
        f"Received: {', '.join(str(list(s)) for s in inputs[:4])}."
    )


def _joined(layer, inputs) -> tuple[int, ...]:
    rank, axis = len(inputs[0]), layer["params"]["axis"]
    at = axis - 1 if axis > 0 else rank + axis
    rests = {(*s[:at], *s[at + 1 :]) for s in inputs}
    if not 0 <= at < rank or {len(s) for s in inputs} != {rank} or len(rests) != 1:
        received = ", ".join(str(list(s)) for s in inputs[:4])
        raise Unfit(f"Layer `{layer['name']}` cannot join {received} along axis {axis}.")
    first = inputs[0]
    return (*first[:at], sum(s[at] for s in inputs), *first[at + 1 :])


LAYERS = {
    "Dense": _dense,
    "Reshape": _reshape,
    "Flatten": _flatten,
    "Permute": _permute,
    "BatchNormalization": _norm,
    "LayerNormalization": _layer_norm,
    "Activation": _same,
    "ReLU": _same,
    "LeakyReLU": _same,
    "ELU": _same,
    "PReLU": _prelu,
    "Rescaling": _same,
    "UpSampling2D": _upsample,
    "ZeroPadding2D": _padded,
    "Cropping2D": _cropped,
    "Conv2D": _conv,
    "Conv2DTranspose": _transposed,
    **dict.fromkeys(MERGES, _merge),
}
