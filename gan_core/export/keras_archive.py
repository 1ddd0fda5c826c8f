"""A `.keras` file that every Keras from 3.3 on opens, not only the one that wrote it.

Keras writes each argument of each layer, those too that an older Keras does not know and that say
nothing: it then refuses the file. Here an argument that has its default value is left out, which
means the same to every version. Format: a zip of metadata.json, config.json, model.weights.h5.
"""

from __future__ import annotations

import inspect
import io
import json
import re
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

OLDEST = "3.3"  # tests/unit/test_export.py loads the files there
_WORDS = re.compile("(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])")


def write(model, path: Path) -> None:
    """Store a Keras model of stock layers as one `.keras` file."""
    import keras

    config = without_defaults(keras.saving.serialize_keras_object(model))
    for name in ("input_layers", "output_layers"):
        config["config"][name] = _as_list(config["config"][name])
    saved = time.strftime("%Y-%m-%d@%H:%M:%S")
    metadata = {"keras_version": keras.__version__, "date_saved": saved}
    with zipfile.ZipFile(path, "w") as archive:
        _add(archive, "metadata.json", json.dumps(metadata).encode())
        _add(archive, "config.json", json.dumps(config).encode())
        _add(archive, "model.weights.h5", _weights(model))


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name), data)  # of 1980: any clock will do


def _weights(model) -> bytes:
    """The variables as Keras lays them out: layers/CLASS_NUMBER/vars/INDEX in an HDF5 file.

    Made in memory: on a full disk the HDF5 library does not fail, it ends the process.
    """
    import h5py

    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        _add_layers(file, model)
    return out.getvalue()


def _add_layers(group, model) -> None:
    """Groups of the model's layers, those of models in it inside."""
    import keras

    group.create_group("vars").attrs["name"] = model.name
    counts: Counter[str] = Counter()
    for layer in model.layers:
        kind = _WORDS.sub("_", type(layer).__name__).lower()  # Conv2DTranspose: conv2d_transpose
        name = f"layers/{kind}_{counts[kind]}" if counts[kind] else f"layers/{kind}"
        counts[kind] += 1
        if isinstance(layer, keras.Model):
            _add_layers(group.create_group(name), layer)
            continue
        own: dict[str, Any] = {}
        layer.save_own_variables(own)
        if own:
            inside = group.create_group(f"{name}/vars")
            inside.attrs["name"] = layer.name
            for index, value in own.items():
                inside[index] = np.asarray(value)


def _as_list(tensors: list) -> list:
    """One tensor, ["name", 0, 0], as a list of one: Keras 3.3 knows no other form."""
    return [tensors] if isinstance(tensors[0], str) else tensors


def without_defaults(value: Any) -> Any:
    """A serialized Keras object without the arguments that have their default values."""
    if isinstance(value, list | tuple):
        return [without_defaults(item) for item in value]
    if not isinstance(value, dict):
        return value
    value = {name: without_defaults(item) for name, item in value.items()}
    if {"module", "class_name", "config"} <= value.keys() and isinstance(value["config"], dict):
        defaults = _defaults(value["module"], value["class_name"])
        known = value["config"].items()
        value["config"] = {n: v for n, v in known if n not in defaults or _says(v, defaults[n])}
    return value


def _says(value: Any, default: Any) -> bool:
    """Whether an argument tells more than its default; layers store None of a switch as False."""
    return value != default and not (default is None and value is False)


def _defaults(module: str, class_name: str) -> dict[str, Any]:
    """Arguments with a default of a class of Keras's public modules; {} of any other."""
    import keras

    space: Any = keras
    for name in module.split(".")[1:]:
        space = getattr(space, name, None)
    found = getattr(space, class_name, None)
    if not isinstance(found, type):
        return {}
    # JSON has lists for tuples, so the defaults are compared as JSON
    made: Any = found
    arguments = inspect.signature(made.__init__).parameters.items()
    return {n: _as_json(p.default) for n, p in arguments if p.default is not p.empty}


def _as_json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
