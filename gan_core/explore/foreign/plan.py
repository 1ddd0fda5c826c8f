"""A network as plain data: layers, shapes and sizes, worked out before anything is allocated.

A plan is {"z": Z, "classes": K or 0, "layers": [{"name", "kind", "inputs", "params"}], "output",
"low": -1.0 or 0.0}. Layers are in order; inputs are names of earlier layers, "z" or "classes". A
layer that uses the weights of an earlier one again has its name as "of".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gan_core.explore.foreign import shapes
from gan_core.explore.foreign.shapes import Unfit as Unfit  # where the others take it from

MAX_LAYERS = 200
MAX_NUMBERS = 32_000_000  # weights of a network: 128 MB
MAX_ACTIVATIONS = 8_000_000  # numbers between the layers for one image: 32 MB
MAX_WORK = 2_000_000_000  # multiplications for one image
MAX_SIDE = 1024  # pixels
MAX_KERNEL = 64  # pixels a side; TensorFlow ends the whole process at some larger ones (255 on 20)
MAX_LATENT, MAX_CLASSES = 4096, 1000
ACTIVATIONS = (
    "linear",
    "relu",
    "relu6",
    "tanh",
    "sigmoid",
    "leaky_relu",
    "elu",
    "selu",
    "silu",
    "swish",
    "gelu",
    "softplus",
    "softsign",
)


@dataclass(frozen=True)
class Sized:
    """What a plan comes to.

    Attributes:
        weights: layer name -> [(variable, shape)], in Keras's order.
        numbers: weights altogether; `activations`: numbers between the layers for one image.
        work: multiplications for one image.
        image_shape: (H, W, C).
    """

    weights: dict[str, list[tuple[str, tuple[int, ...]]]]
    numbers: int
    activations: int
    work: int
    image_shape: tuple[int, ...]


def sized(plan: dict) -> Sized:
    """Shapes and sizes of a plan.

    Raises:
        Unfit: layers do not fit each other, or something is larger than allowed.
    """
    made, weights, numbers, activations, work = _measured(plan)
    return Sized(weights, numbers, activations, work, _image(made.get(plan["output"])))


def output_shape(plan: dict) -> tuple[int, ...] | None:
    """What comes out for one z, whether it is an image or not; Unfit as for `sized`."""
    return _measured(plan)[0].get(plan["output"])


def _measured(plan: dict):
    """(shape by name, weights by layer, numbers, activations, work)."""
    layers = plan["layers"]
    if not 1 <= len(layers) <= MAX_LAYERS:
        raise Unfit(f"A network of 1 to {MAX_LAYERS} layers is read. Received: {len(layers)}.")
    found = _inputs(plan)
    weights, needed, numbers, activations, work = {}, {}, 0, 0, 0
    built = 0  # weights of the network as we build it, where each use has its own
    for layer in layers:
        inputs = [_shape_of(found, name, layer) for name in layer["inputs"]]
        _kernel(layer)
        shape, needs = shapes.of_layer(layer, inputs)
        found[layer["name"]], needed[layer["name"]] = shape, needs
        weights[layer["name"]] = needs if "of" not in layer else _again(layer, needs, needed)
        numbers += _count(weights[layer["name"]])
        built += _count(needs)
        activations += math.prod(shape)
        work += shapes.work(layer, inputs, shape, needs)
        _within(layer, built, activations, work)
    return found, weights, numbers, activations, work


def _count(needs: list) -> int:
    return sum(math.prod(shape) for _, shape in needs)


def _inputs(plan: dict) -> dict[str, tuple[int, ...]]:
    _range("z", plan["z"], MAX_LATENT)
    if not plan["classes"]:
        return {"z": (plan["z"],)}
    _range("classes", plan["classes"], MAX_CLASSES)
    return {"z": (plan["z"],), "classes": (plan["classes"],)}


def _again(layer: dict, needs: list, needed: dict) -> list:
    """No weights of its own; Unfit unless those of the first use have the same shapes."""
    if needed.get(layer["of"]) != needs:
        raise Unfit(f"Layer `{layer['of']}` is used again for inputs of another shape.")
    return []


def chunk(activations: int, most: int) -> int:
    """Images of one call, so that a large network needs no more memory than a small one."""
    return max(1, min(most, 4 * MAX_ACTIVATIONS // max(1, activations)))


def _within(layer, numbers: int, activations: int, work: int) -> None:
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
    if work > MAX_WORK:
        raise Unfit(
            f"One image would need {work:,} multiplications (at layer `{layer['name']}`; "
            f"convolutions count as of at least {shapes.NARROW} channels). Allowed: {MAX_WORK:,}."
        )


def _kernel(layer: dict) -> None:
    sides = [*layer["params"].get("kernel_size", []), *layer["params"].get("strides", [])]
    if sides and max(sides) > MAX_KERNEL:
        raise Unfit(
            f"Kernels and strides have at most {MAX_KERNEL} pixels a side. Layer "
            f"`{layer['name']}`: {max(sides):,}."
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
