"""Values of a foreign description: each is checked for its type and range before it is used."""

from __future__ import annotations

from typing import Any

from gan_core.explore.foreign.plan import ACTIVATIONS, Unfit
from gan_core.explore.foreign.shapes import MERGES
from gan_core.explore.foreign.stock import STOCK

PACKAGES = ("keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras")
MODELS = ("Functional", "Model", "Sequential")
MAX_SIZE = 1 << 20  # of any single number
MAX_CALLS = 400  # of the layers of one model
# Names under which TensorFlow 1.13 to 1.15 saved them.
FORMER = {
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
}
OBJECTS = ("ReLU", "LeakyReLU", "ELU", "Activation")  # layers that may stand for an activation


def shown(value: Any, most: int = 60) -> str:
    """A received value in a message: printable, and never cut without a mark."""
    if isinstance(value, dict):
        kind = value.get("class_name")
        return f"an object `{shown(kind)}`" if isinstance(kind, str) else "an object"
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def unused(name: str, others) -> str:
    """The name, with a mark behind it as long as others have it."""
    while name in others:
        name += "'"
    return name


def object_of(value: Any, what: str) -> dict:
    if not isinstance(value, dict):
        raise Unfit(f"The description is damaged: {what} must be an object.")
    return value


def kind_of(row: dict) -> str:
    """The class of a layer, under its present name; Unfit for a class that is not Keras's own."""
    kind, module = row.get("class_name"), row.get("module") or "keras"
    if not isinstance(kind, str) or not isinstance(module, str):
        raise Unfit("The description is damaged: a layer has no class name.")
    own = not any(module == p or module.startswith(f"{p}.") for p in PACKAGES)
    registered = row.get("registered_name")
    if own or (isinstance(registered, str) and ">" in registered):
        whose = registered if isinstance(registered, str) else module
        raise Unfit(
            f"The file holds `{shown(kind)}`, a class of its own ({shown(whose)}). "
            "Only stock layers are read; foreign code is never run."
        )
    if ".ops." in f"{module}.":
        raise Unfit(
            f"The network computes with `{shown(kind)}` outside of its layers (as in `x * y`). "
            f"Only stock layers are read: use a layer for it, such as `{shown(kind)}()`."
        )
    return FORMER.get(kind, kind)


def refusal(kind: str, name: str) -> Unfit:
    """Why a layer of this class is not read."""
    allowed = ", ".join(sorted({*PARAMS, "Embedding"}))
    if kind in STOCK:
        return Unfit(
            f"Layer `{shown(name)}` is a `{kind}`, a stock layer that is not supported yet. "
            f"Supported: {allowed}."
        )
    return Unfit(
        f"Layer `{shown(name)}` is a `{shown(kind)}`. Only stock layers are read, because others "
        f"could run code: {allowed}."
    )


def name_of(row: dict) -> str:
    config = row.get("config")
    name = row.get("name") or (config.get("name") if isinstance(config, dict) else None)
    if not isinstance(name, str) or not 1 <= len(name) <= 200 or not name.isprintable():
        raise Unfit("The description is damaged: a layer has no name, or one that is no text.")
    return name


def whole(value: Any, what: str, low: int = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= MAX_SIZE:
        raise Unfit(
            f"{what} must be a whole number from {low} to {MAX_SIZE:,}. Received: {shown(value)}."
        )
    return value


def units(config, key, name):
    return whole(config.get(key), f"`{key}` of `{name}`")


def pair(config, key, name):
    value = config.get(key, 1)
    value = value if isinstance(value, list) else [value, value]
    if len(value) != 2:
        raise Unfit(f"`{key}` of `{name}` must be two numbers.")
    return [whole(n, f"`{key}` of `{name}`") for n in value]


def margins(config, key, name):
    """[[top, bottom], [left, right]] of one number, two numbers or two pairs."""
    value = config.get(key, 1)
    value = value if isinstance(value, list) else [value, value]
    rows = [side if isinstance(side, list) else [side, side] for side in value]
    if [len(row) for row in rows] != [2, 2]:
        raise Unfit(f"`{key}` of `{name}` must be two numbers or two pairs.")
    return [[whole(n, f"`{key}` of `{name}`", low=0) for n in row] for row in rows]


def wholes(low: int, most: int = 4, *, optional: bool = False):
    """A list of 1 to `most` whole numbers, or none where that is allowed."""

    def take(config, key, name):
        value = config.get(key)
        if optional and value in (None, []):
            return None
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise Unfit(f"`{key}` of `{name}` must be 1 to {most} whole numbers.")
        return [whole(n, f"`{key}` of `{name}`", low=low) for n in value]

    return take


def flag(config, key, name):
    value = config.get(key, True)
    if not isinstance(value, bool):
        raise Unfit(f"`{key}` of `{name}` must be true or false.")
    return value


def activation(config, key, name):
    """The name of an activation, or {"kind", "params"} of a layer that stands for one."""
    value = config.get(key) or "linear"
    if isinstance(value, dict):  # {"class_name": "function", "config": "relu", ...}
        if value.get("class_name") != "function":
            return _as_layer(value, key, name)
        value = value.get("config")
    if value not in ACTIVATIONS:
        raise Unfit(
            f"The activation of `{name}` must be one of {', '.join(ACTIVATIONS)}. "
            f"Received: {shown(value)}."
        )
    return value


def _as_layer(value: dict, key: str, name: str) -> dict:
    kind = kind_of(value)
    if kind not in OBJECTS:
        raise Unfit(
            f"The activation of `{name}` is an object `{shown(kind)}`, which is not supported yet. "
            f"Supported: {', '.join(OBJECTS)}, or a name."
        )
    settings = object_of(value.get("config"), f"the settings of the activation of `{name}`")
    if isinstance(settings.get("activation"), dict) and kind == "Activation":
        raise Unfit(f"The activation of `{name}` is an object inside an object.")
    return {"kind": kind, "params": params_of(kind, settings, name)}


def choice(*allowed, default=None):
    def take(config, key, name):
        value = config.get(key, default)
        value = default if value is None else value
        if value not in allowed:
            raise Unfit(
                f"`{key}` of `{name}` must be {' or '.join(map(str, allowed))}. "
                f"Received: {shown(value)}."
            )
        return value

    return take


def number(*keys, default, low=0.0, most=1e3):
    """A number from `low` to `most`, under its own or a former key; a default of None is kept."""

    def take(config, key, name):
        found = [config[k] for k in (key, *keys) if config.get(k) is not None]
        value = found[0] if found else default
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value < most:
            raise Unfit(f"`{key}` of `{name}` must be a number from {low:g} to {most:g}.")
        return float(value)

    return take


def axis(config, key, name):
    """The axis of a normalisation or a joint; whether it is the right one depends on the shape."""
    value = config.get(key, -1)
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if isinstance(value, bool) or value not in (-4, -3, -2, -1, 1, 2, 3, 4):
        raise Unfit(f"`{key}` of `{name}` must be a single axis. Received: {shown(value)}.")
    return value


def only(*allowed):
    """A setting that may be left out or have one harmless value."""

    def take(config, key, name):
        value = config.get(key)
        if value not in (None, *allowed):
            raise Unfit(
                f"`{key}` of `{name}` is {shown(value)}, which is not supported yet. "
                f"Supported: {' or '.join(map(str, allowed)) or 'none'}."
            )

    return take


# What is read of each kind of layer, and how.
_LAST = only("channels_last")
_CONV = {
    "filters": units,
    "kernel_size": pair,
    "strides": pair,
    "padding": choice("valid", "same", default="valid"),
    "use_bias": flag,
    "activation": activation,
    "data_format": _LAST,
    "dilation_rate": only(1, [1, 1]),
    "groups": only(1),
}
_NORM = {"epsilon": number(default=1e-3), "center": flag, "scale": flag, "axis": axis}
PARAMS = {
    "Dense": {"units": units, "use_bias": flag, "activation": activation},
    "Reshape": {"target_shape": wholes(-1)},
    "Flatten": {"data_format": _LAST},
    "Permute": {"dims": wholes(1)},
    "BatchNormalization": _NORM,
    "LayerNormalization": _NORM | {"rms_scaling": only(False)},
    "Activation": {"activation": activation},
    "ReLU": {
        "negative_slope": number("alpha", default=0.0),
        "max_value": number(default=None),
        "threshold": number(default=0.0),
    },
    "LeakyReLU": {"negative_slope": number("alpha", default=0.3)},
    "ELU": {"alpha": number(default=1.0)},
    "PReLU": {"shared_axes": wholes(1, optional=True)},
    "Rescaling": {
        "scale": number(default=1.0, low=-1e6, most=1e6),
        "offset": number(default=0.0, low=-1e6, most=1e6),
    },
    "UpSampling2D": {
        "size": pair,
        "interpolation": choice("nearest", "bilinear", default="nearest"),
        "data_format": _LAST,
    },
    "ZeroPadding2D": {"padding": margins, "data_format": _LAST},
    "Cropping2D": {"cropping": margins, "data_format": _LAST},
    "Conv2D": _CONV,
    "Conv2DTranspose": _CONV | {"output_padding": only()},
    **{kind: {} for kind in MERGES},
    "Concatenate": {"axis": axis},
}


def params_of(kind: str, config: dict, name: str) -> dict:
    """The settings of a layer that count, each checked."""
    return {key: take(config, key, shown(name)) for key, take in PARAMS[kind].items()}
