"""A Keras network as plain data: layers in order, their settings and weights; what network.js computes.

{"inputs": ["z", "classes"], "output": NAME,
 "layers": [{"name", "kind", "inputs": [NAME], "params": {...}, "weights": {PART: KEY}}]}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gan_core.errors import ConfigError

# Settings that network.js asks for, by the kind of layer.
CONVOLUTION = ("kernel_size", "strides", "padding", "filters", "activation")
SETTINGS: dict[str, tuple[str, ...]] = {
    "Activation": ("activation",),
    "Add": (),
    "AveragePooling2D": ("pool_size", "strides", "padding"),
    "BatchNormalization": ("epsilon",),
    "Concatenate": (),
    "Conv2D": CONVOLUTION,
    "Conv2DTranspose": CONVOLUTION,
    "Cropping2D": ("cropping",),
    "Dense": ("units", "activation"),
    "DepthwiseConv2D": ("kernel_size", "strides", "padding", "activation"),
    "Dropout": (),
    "Flatten": (),
    "GlobalAveragePooling2D": ("keepdims",),
    "GroupNormalization": ("groups", "epsilon"),
    "LeakyReLU": ("negative_slope",),
    "Multiply": (),
    "Pad": ("pad_width", "mode"),
    "ReLU": ("max_value", "negative_slope", "threshold"),
    "ReflectPad": ("width",),
    "Rescaling": ("scale", "offset"),
    "Reshape": ("target_shape",),
    "StyleNorm": (),
    "Subtract": (),
    "Twice": (),
    "UpSampling2D": ("size", "interpolation"),
    "ZeroPadding2D": ("padding",),
}
ACTIVATIONS = (
    "linear", "relu", "relu6", "tanh", "sigmoid", "leaky_relu", "elu", "selu", "silu", "swish", "gelu",
    "softplus", "softsign",
)  # fmt: skip
FIXED = {  # the only values that network.js knows; of `axis` the last
    "activation": ACTIVATIONS,
    "dilation_rate": ((1, 1), 1),
    "groups": (1,),
    "depth_multiplier": (1,),
    "output_padding": (None,),
    "data_format": ("channels_last",),
    "interpolation": ("nearest",),
}


def plan_of(model, inputs: Sequence[str]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Plan and float32 arrays by key of a keras.Model, its inputs under these names, in their order.

    Raises:
        ConfigError: it holds a layer or a setting that is not computed in a browser; the text names it.
    """
    config = model.get_config()
    names = dict(zip(_ends(config["input_layers"]), inputs, strict=True))
    layers: list[dict[str, Any]] = []
    for number, (layer, entry) in enumerate(computing(model)):
        keys = {part: f"{number}/{part}" for part in _weights(layer)}
        inputs_of = [names.get(name, name) for name in _inputs(entry)]
        layers.append(_entry(layer, entry["config"], inputs_of, keys))
    (output,) = _ends(config["output_layers"])
    arrays = {key: np.asarray(v.numpy(), np.float32) for key, v in variables(model).items()}
    return {"inputs": list(inputs), "layers": layers, "output": output}, arrays


def variables(model) -> dict[str, Any]:
    """The variables of a model by the keys that a plan gives them."""
    return {
        f"{number}/{part}": variable
        for number, (layer, _) in enumerate(computing(model))
        for part, variable in _weights(layer).items()
    }


def computing(model) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Layers that compute something, in the order of a plan, and what the configuration says of each."""
    operations = {operation.name: operation for operation in model.operations}
    for entry in model.get_config()["layers"]:
        if entry["class_name"] != "InputLayer":
            yield operations[entry["name"]], entry


def _weights(layer) -> dict[str, Any]:
    """The variables of a layer that images depend on, by their part in it."""
    found = {_part(variable): variable for variable in getattr(layer, "variables", ())}
    return {part: found[part] for part in found if part not in ("seed", "state")}


def _entry(layer, found: dict, inputs: list[str], keys: dict[str, str]) -> dict[str, Any]:
    kind = _kind(layer)
    if kind not in SETTINGS:
        raise ConfigError(
            f"A layer {kind} (`{layer.name}`) is not computed in a browser. "
            f"Allowed: {', '.join(SETTINGS)}."
        )
    _check_settings(layer, found)
    params = {name: _plain(found[name]) for name in SETTINGS[kind] if name in found}
    if kind == "StyleNorm":
        params["epsilon"] = layer.epsilon
    return {
        "name": layer.name, "kind": kind, "inputs": inputs, "params": params, "weights": keys,
    }  # fmt: skip


def _kind(layer) -> str:
    """Keras's own name of it; a faster form of a layer (fast_layers.py) has another class."""
    return getattr(type(layer), "stock", type(layer)).__name__


def _check_settings(layer, found: dict) -> None:
    """ConfigError where a setting has a value that network.js does not know."""
    known: dict[str, tuple[Any, ...]] = dict(FIXED)
    if "axis" in found:
        last = len(layer.output.shape) - 1
        known["axis"] = (-1, last, [last])
    if _kind(layer) == "GroupNormalization":
        del known["groups"]
    for setting, allowed in known.items():
        if setting not in found or _plain(found[setting]) in map(_plain, allowed):
            continue
        raise ConfigError(
            f"`{layer.name}` has {setting}={_plain(found[setting])}, which is not computed in a browser. "
            f"Allowed: {', '.join(map(str, allowed))}."
        )


def _part(variable) -> str:
    return variable.path.rsplit("/", 1)[-1]


def _plain(value: Any) -> Any:
    """Settings as JSON has them; an activation by its name."""
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dict):  # a layer or a function in Keras's way of saying it
        return value.get("config", {}).get("name", value) if "class_name" in value else value
    return value


def _ends(told) -> list[str]:
    """Names of `input_layers` or `output_layers`: one (name, node, tensor), or several."""
    return [told[0]] if told and isinstance(told[0], str) else [end[0] for end in told]


def _inputs(entry: dict[str, Any]) -> list[str]:
    """Names of the layers that a layer reads, in order; ConfigError where it is used twice."""
    nodes = entry["inbound_nodes"]
    if len(nodes) != 1:
        raise ConfigError(f"Layer `{entry['name']}` is used {len(nodes)} times.")
    return list(_tensors(nodes[0]))


def _tensors(found: Any) -> Iterator[str]:
    if isinstance(found, dict) and found.get("class_name") == "__keras_tensor__":
        yield found["config"]["keras_history"][0]
    elif isinstance(found, dict):
        for value in found.values():
            yield from _tensors(value)
    elif isinstance(found, list | tuple):
        for value in found:
            yield from _tensors(value)
