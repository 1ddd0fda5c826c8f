"""Values of a foreign description: each is checked for its type and range before it is used."""

from __future__ import annotations

from typing import Any

from gan_core.explore.foreign.plan import ACTIVATIONS, Unfit

PACKAGES = ("keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras")
MAX_SIZE = 1 << 20  # of any single number


def object_of(value: Any, what: str) -> dict:
    if not isinstance(value, dict):
        raise Unfit(f"The description is damaged: {what} must be an object.")
    return value


def kind_of(row: dict) -> str:
    kind, module = row.get("class_name"), row.get("module") or "keras"
    if not isinstance(kind, str) or not isinstance(module, str):
        raise Unfit("The description is damaged: a layer has no class name.")
    own = not any(module == p or module.startswith(f"{p}.") for p in PACKAGES)
    registered = row.get("registered_name")
    if own or (isinstance(registered, str) and ">" in registered):
        raise Unfit(
            f"The file holds `{kind[:60]}`, a class of its own ({(registered or module)[:60]}). "
            "Only stock layers are read; foreign code is never run."
        )
    return kind


def name_of(row: dict) -> str:
    config = row.get("config")
    name = row.get("name") or (config.get("name") if isinstance(config, dict) else None)
    if not isinstance(name, str) or not 1 <= len(name) <= 200:
        raise Unfit("The description is damaged: a layer has no name.")
    return name


def whole(value: Any, what: str, low: int = 1) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= MAX_SIZE:
        raise Unfit(
            f"{what} must be a whole number from {low} to {MAX_SIZE:,}. Received: {value!r:.40}."
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


def shape(config, key, name):
    value = config.get(key)
    if not isinstance(value, list) or not 1 <= len(value) <= 4:
        raise Unfit(f"`{key}` of `{name}` must be 1 to 4 whole numbers.")
    return [whole(n, f"`{key}` of `{name}`", low=-1) for n in value]


def flag(config, key, name):
    value = config.get(key, True)
    if not isinstance(value, bool):
        raise Unfit(f"`{key}` of `{name}` must be true or false.")
    return value


def activation(config, key, name):
    value = config.get(key) or "linear"
    if isinstance(value, dict):  # {"class_name": "function", "config": "relu", ...}
        value = value.get("config")
    if value not in ACTIVATIONS:
        raise Unfit(
            f"The activation of `{name}` must be one of {', '.join(ACTIVATIONS)}. "
            f"Received: {str(value)[:40]}."
        )
    return value


def choice(*allowed, default=None):
    def take(config, key, name):
        value = config.get(key, default)
        value = default if value is None else value
        if value not in allowed:
            raise Unfit(
                f"`{key}` of `{name}` must be {' or '.join(map(str, allowed))}. "
                f"Received: {str(value)[:40]}."
            )
        return value

    return take


def number(*keys, default):
    def take(config, key, name):
        found = [config[k] for k in (key, *keys) if config.get(k) is not None]
        value = found[0] if found else default
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e3:
            raise Unfit(f"`{key}` of `{name}` must be a number from 0 to 1000.")
        return float(value)

    return take


def last_axis(config, key, name):
    value = config.get(key, -1)
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if value not in (-1, 1, 3):
        raise Unfit(f"`axis` of `{name}` must be the last one. Received: {str(value)[:40]}.")
    return value


def only(*allowed):
    """A setting that may be left out or have one harmless value."""

    def take(config, key, name):
        value = config.get(key)
        if value not in (None, *allowed):
            raise Unfit(f"`{key}` of `{name}` is not understood: {str(value)[:40]}.")

    return take


# What is read of each kind of layer, and how.
_CONV = {
    "filters": units, "kernel_size": pair, "strides": pair,
    "padding": choice("valid", "same", default="valid"), "use_bias": flag,
    "activation": activation, "data_format": only("channels_last"),
    "dilation_rate": only(1, [1, 1]), "groups": only(1),
}  # fmt: skip
PARAMS = {
    "Dense": {"units": units, "use_bias": flag, "activation": activation},
    "Reshape": {"target_shape": shape},
    "Flatten": {},
    "BatchNormalization": {
        "epsilon": number(default=1e-3), "center": flag, "scale": flag, "axis": last_axis,
    },
    "Activation": {"activation": activation},
    "ReLU": {
        "negative_slope": number("alpha", default=0.0), "max_value": only(),
        "threshold": only(0, 0.0),
    },
    "LeakyReLU": {"negative_slope": number("alpha", default=0.3)},
    "UpSampling2D": {
        "size": pair, "interpolation": choice("nearest", "bilinear", default="nearest"),
        "data_format": only("channels_last"),
    },
    "Conv2D": _CONV,
    "Conv2DTranspose": _CONV | {"output_padding": only()},
    "Add": {}, "Multiply": {}, "Concatenate": {"axis": last_axis},
}  # fmt: skip
