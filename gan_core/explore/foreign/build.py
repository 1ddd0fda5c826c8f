"""A plan and plain arrays as a TrainedGenerator of stock Keras layers, and back."""

from __future__ import annotations

import json

import numpy as np

from gan_core.explore.foreign import config
from gan_core.explore.foreign.plan import Unfit, chunk, sized
from gan_core.explore.foreign.shapes import MERGES
from gan_core.startup import runtime
from gan_core.tasks.synthesis import CHUNK, TrainedGenerator

_UNUSED = ("data_format", "dilation_rate", "groups", "output_padding", "rms_scaling")


def build(plan: dict, arrays: dict[str, np.ndarray], **about) -> TrainedGenerator:
    """The generator of a checked plan; `about`: run_id, step, prior, class_names.

    Raises:
        Unfit: the arrays are not those of the plan.
    """
    sizes = sized(plan)
    check_arrays(sizes, arrays)
    runtime.start()
    import keras

    z = keras.Input((plan["z"],), name="z")
    made, inputs = {"z": z}, [z]
    if plan["classes"]:
        made["classes"] = keras.Input((plan["classes"],), name="classes")
        inputs.append(made["classes"])
    for i, layer in enumerate(plan["layers"]):
        block = _layer(keras, layer, i)
        taken = [made[name] for name in layer["inputs"]]
        made[layer["name"]] = block(taken if layer["kind"] in MERGES else taken[0])
        owner = layer.get("of", layer["name"])  # its numbers again: every use is a layer of its own
        values = [arrays[f"{owner}/{name}"] for name, _ in sizes.weights[owner]]
        if values:
            block.set_weights(values)
    output = made[plan["output"]]
    if plan["low"] == 0.0:  # [0, 1] to [-1, 1]
        output = keras.layers.Rescaling(2.0, -1.0, name="to_signed")(output)
    return TrainedGenerator(
        model=keras.Model(inputs, output, name="generator"),
        latent_dim=plan["z"],
        num_classes=plan["classes"],
        chunk=chunk(sizes.activations, CHUNK),
        **about,
    )


def _layer(keras, layer: dict, number: int):
    """One stock layer; names of our own, since foreign ones may not be allowed or clash.

    Settings without a value are left to Keras, as in cards that older versions wrote.
    """
    given = layer["params"].items()
    params = {k: v for k, v in given if k not in _UNUSED and v is not None}
    return getattr(keras.layers, layer["kind"])(name=f"layer_{number}", **params)


def check_arrays(sizes, arrays: dict[str, np.ndarray]) -> None:
    """Unfit unless there is one finite float array for every weight, and nothing else."""
    wanted = {f"{n}/{v}": s for n, needs in sizes.weights.items() for v, s in needs}
    if set(wanted) != set(arrays):
        odd = sorted(set(wanted) ^ set(arrays))[:3]
        raise Unfit(f"The weights are not those of the network: {', '.join(odd)}.")
    for name, shape in wanted.items():
        found = arrays[name]
        if found.shape != tuple(shape) or found.dtype.kind != "f":
            raise Unfit(f"`{name}` must have shape {list(shape)}. Received: {list(found.shape)}.")
        if not np.isfinite(found).all():
            raise Unfit(f"`{name}` holds numbers that are not finite.")


def plan_of(generator: TrainedGenerator) -> tuple[dict, dict[str, np.ndarray]]:
    """Plan and arrays of a generator of ours, for `tools/make_generators.py`."""
    from gan_core.networks.fast_layers import as_stock

    model = as_stock(generator.model)
    found = config.read(json.loads(model.to_json()))
    weights = sized(found).weights
    arrays: dict[str, np.ndarray] = {}
    for layer in found["layers"]:
        values = model.get_layer(layer["row"]).get_weights()
        names = [f"{layer['name']}/{name}" for name, _ in weights[layer["name"]]]
        arrays |= dict(zip(names, values, strict=True))
    return found, arrays
