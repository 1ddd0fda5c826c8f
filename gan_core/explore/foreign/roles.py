"""What goes in and what comes out of a network that was read: z, class, image and its range.

The last steps to a plan: inputs get their roles, numbers in a row become an image, pixels of any
known range come to [-1, 1].
"""

from __future__ import annotations

import math

from gan_core.explore.foreign.plan import Unfit, output_shape
from gan_core.explore.foreign.values import shown, unused

CLASS_WORDS = ("class", "label", "cond", "digit")
MIN_SIDE = 8  # pixels of an image that comes out as a row of numbers
KEEPING = ("Reshape", "Flatten", "Permute", "UpSampling2D", "ZeroPadding2D", "Cropping2D")
RANGES = {"tanh": (-1.0, 1.0), "softsign": (-1.0, 1.0), "sigmoid": (0.0, 1.0), "relu6": (0.0, 6.0)}


def finished(layers: list[dict], inputs: dict, embedded: dict[str, int], output: str) -> dict:
    """A plan of the layers that were read.

    Args:
        inputs: name -> shape of every input.
        embedded: those inputs that are class numbers -> how many classes.
        output: the layer whose numbers are the image.
    """
    z, classes = _roles(inputs, embedded)
    if classes is not None:
        _check_class(layers, inputs[classes], classes, embedded)
    before: list[dict] = []
    names = {z: _entry("z", inputs[z], before)}
    if classes is not None:
        row = inputs[classes] if classes not in embedded else (embedded[classes],)
        names[classes] = _entry("classes", row, before)
    for layer in layers:
        layer["inputs"] = [names.get(n, n) for n in layer["inputs"]]
    plan = {
        "z": math.prod(inputs[z]),
        "classes": 0 if classes is None else embedded.get(classes) or math.prod(inputs[classes]),
        "layers": [*before, *layers],
        "output": names.get(output, output),
        "low": -1.0,
    }
    return _ranged(_pictured(plan))


def _roles(inputs: dict, embedded: dict) -> tuple[str, str | None]:
    """Which input is z and which the class: by the Embedding, else by name, else the smaller."""
    names = list(inputs)
    if not 1 <= len(names) <= 2:
        raise Unfit(
            "A generator takes z, or z and a class: 1 or 2 inputs. "
            f"Received: {len(names)} ({shown(', '.join(names), 80)})."
        )
    if len(embedded) == len(names):
        raise Unfit("The generator takes a class but no z, so there is nothing to explore.")
    if len(names) == 1:
        return names[0], None
    named = [n for n in names if any(w in n.lower() for w in CLASS_WORDS)]
    smaller = names[0] if math.prod(inputs[names[0]]) < math.prod(inputs[names[1]]) else names[1]
    second = next(iter(embedded), named[0] if len(named) == 1 else smaller)
    return next(n for n in names if n != second), second


def _check_class(layers: list[dict], shape: tuple, name: str, embedded: dict) -> None:
    """Unfit where a class goes in as a bare number, which no row of weights can stand for."""
    if name not in embedded:
        if math.prod(shape) == 1:
            raise Unfit(
                f"Input `{shown(name)}` is a single number without an Embedding. Supported: a "
                "class number through an Embedding, or a one-hot row."
            )
        return
    for layer in layers:
        if name in layer["inputs"] and layer.get("was") != "Embedding":
            raise Unfit(
                f"The class number `{shown(name)}` must go through an Embedding. "
                f"Layer `{shown(layer['name'])}` takes it as it is."
            )


def _entry(name: str, shape: tuple[int, ...], before: list[dict]) -> str:
    """The name under which layers take an input; brought into its shape where it is no row."""
    if len(shape) == 1:
        return name
    before.append(_layer(before, f"{name} shaped", "Reshape", name, target_shape=list(shape)))
    return before[-1]["name"]


def _layer(others: list[dict], name: str, kind: str, taken: str, **params) -> dict:
    """A layer of our own, under a name that no other layer has."""
    name = unused(name, [layer["name"] for layer in others])
    return {"name": name, "kind": kind, "inputs": [taken], "params": params}


def _with_last(plan: dict, name: str, kind: str, **params) -> dict:
    """The plan with one more layer at its end."""
    layer = _layer(plan["layers"], name, kind, plan["output"], **params)
    return plan | {"layers": [*plan["layers"], layer], "output": layer["name"]}


def _pictured(plan: dict) -> dict:
    """A network of numbers in a row or of [H, W] gets a last layer that makes them an image."""
    shape = output_shape(plan) if plan["layers"] else None
    image = as_image(shape) if shape else None
    if not shape or image is None:
        return plan
    made = _with_last(plan, "as an image", "Reshape", target_shape=list(image))
    return made | {"came_as": list(shape)}


def came_as(plan: dict) -> str:
    """A sentence for a plan whose numbers come out in another shape than they are shown in."""
    came = plan["came_as"]
    what = f"{came[0]:,} numbers" if len(came) == 1 else f"Numbers of shape {came}"
    height, width, channels = as_image(tuple(came)) or (0, 0, 0)  # which made it, see _pictured
    return f"{what} come out: shown as {height} x {width}{' in colour' * (channels == 3)}."


def as_image(shape: tuple[int, ...]) -> tuple[int, int, int] | None:
    """[784] -> (28, 28, 1), [3072] -> (32, 32, 3), [28, 28] -> (28, 28, 1); None where it is one
    already, or unclear."""
    if len(shape) == 3 and shape[2] in (1, 3):
        return None
    sides = [n for n in shape if n != 1]
    if len(sides) == 2 and min(sides) >= MIN_SIDE:
        return sides[0], sides[1], 1
    if len(sides) != 1:
        return None
    for channels in (1, 3):
        side = math.isqrt(sides[0] // channels)
        if side >= MIN_SIDE and side * side * channels == sides[0]:
            return (side, side, channels)
    return None


def _ranged(plan: dict) -> dict:
    """The plan with what its pixels lie between: `low` 0 or -1, other ranges brought to [-1, 1]."""
    low, high = _range(plan) or (-1.0, 1.0)
    if (low, high) in ((-1.0, 1.0), (0.0, 1.0)):
        return plan | {"low": low}
    scale = 2.0 / (high - low)
    return _with_last(plan, "to [-1, 1]", "Rescaling", scale=scale, offset=-1.0 - scale * low)


def _range(plan: dict) -> tuple[float, float] | None:
    """The range of what comes out, read off the last activation; None where there is no bound."""
    layers = {layer["name"]: layer for layer in plan["layers"]}
    scale, offset, at = 1.0, 0.0, plan["output"]
    while at in layers:
        layer = layers[at]
        if layer["kind"] == "Rescaling":
            p = layer["params"]
            scale, offset = scale * p["scale"], offset + scale * p["offset"]
        elif layer["kind"] not in KEEPING:
            found = _bounds(layer["kind"], layer["params"])
            if found is None or not scale:
                return None
            low, high = sorted(round(scale * end + offset, 6) for end in found)
            return (low, high) if high > low else None
        at = layer["inputs"][0]
    return None


def _bounds(kind: str, params: dict) -> tuple[float, float] | None:
    if kind == "ReLU" and params["max_value"] and not params["negative_slope"]:
        return 0.0, params["max_value"]
    return RANGES.get(params.get("activation", ""))
