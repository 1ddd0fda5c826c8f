"""A generator for TensorFlow.js, in its layers format: `model.json`, weights, and the tutorial's facts.

The format is Keras 2's way of saying a network (https://github.com/tensorflow/tfjs, tfjs-layers). Classes
go in as the tutorial's page gives them: whole numbers [N, 1], which an embedding of the unit matrix turns
into the one-hot rows that our networks take.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from gan_core.errors import ConfigError
from gan_core.export import usage
from gan_core.export.web import network
from gan_core.storage.json_text import dump_json
from gan_core.tasks.given import in_order

MODEL, METADATA = "model.json", "acgan-metadata.json"
SHARD = 4 << 20  # bytes of a file of weights, as its own converter makes them
CLASSES, ONE_HOT, ROW = "class_number", "one_hot", "one_hot_row"
# Kinds of layers that TensorFlow.js has, with their settings there.
KINDS: dict[str, dict[str, str]] = {
    "Activation": {"activation": "activation"},
    "Add": {},
    "AveragePooling2D": {"pool_size": "pool_size", "strides": "strides", "padding": "padding"},
    "BatchNormalization": {"epsilon": "epsilon"},
    "Concatenate": {},
    "Conv2D": {name: name for name in network.CONVOLUTION},
    "Conv2DTranspose": {name: name for name in network.CONVOLUTION},
    "Cropping2D": {"cropping": "cropping"},
    "Dense": {"units": "units", "activation": "activation"},
    "Dropout": {},
    "Flatten": {},
    "LeakyReLU": {"negative_slope": "alpha"},
    "Multiply": {},
    "ReLU": {"max_value": "max_value"},
    "Reshape": {"target_shape": "target_shape"},
    "UpSampling2D": {"size": "size", "interpolation": "interpolation"},
    "ZeroPadding2D": {"padding": "padding"},
}
EXTRA: dict[str, dict[str, Any]] = {
    "Dropout": {"rate": 0.0},
    "Concatenate": {"axis": -1},
    "BatchNormalization": {"axis": -1},
}


def write(trained, folder: Path) -> None:
    """Write the files into a folder that is there.

    Raises:
        ConfigError: TensorFlow.js does not know a layer, or it is no generator.
    """
    topology, weights = described(trained)
    manifest = [{"name": name, "shape": list(a.shape), "dtype": "float32"} for name, a in weights]
    data = b"".join(np.ascontiguousarray(a, "<f4").tobytes() for _, a in weights)
    count = max(1, math.ceil(len(data) / SHARD))
    paths = [f"group1-shard{i + 1}of{count}.bin" for i in range(count)]
    for i, path in enumerate(paths):
        (folder / path).write_bytes(data[i * SHARD : (i + 1) * SHARD])
    told = {
        "format": "layers-model",
        "generatedBy": "GANscope",
        "convertedBy": None,
        "modelTopology": {
            "keras_version": "2.15.0",
            "backend": "tensorflow",
            "model_config": {"class_name": "Functional", "config": topology},
        },
        "weightsManifest": [{"paths": paths, "weights": manifest}],
    }
    for name, value in ((MODEL, told), (METADATA, _metadata(trained))):
        (folder / name).write_text(dump_json(value), encoding="utf-8")


def described(trained) -> tuple[dict[str, Any], list[tuple[str, np.ndarray]]]:
    """(model_config of Keras 2, weights by name in the order of its layers)."""
    if not hasattr(trained, "latent_dim"):
        raise ConfigError(
            f"Only generators are written for TensorFlow.js. Received: the {trained.what} of "
            f"{trained.run_id}. Allowed for it: keras, saved_model, litert, web."
        )
    from gan_core.networks.fast_layers import as_stock

    count = trained.num_classes
    names = ("z", "classes") if count else ("z",)
    plan, arrays = network.plan_of(as_stock(trained.model), names)
    layers, weights = [_input("z", trained.latent_dim)], []
    inputs = [["z", 0, 0]]
    if count:
        layers += [_input(CLASSES, 1), *_one_hot(count)]
        inputs.append([CLASSES, 0, 0])
        weights.append((f"{ONE_HOT}/embeddings", np.eye(count, dtype=np.float32)))
    places = {"classes": ROW}
    for layer in plan["layers"]:
        layers.append(_layer(layer, places))
        weights += [
            (f"{layer['name']}/{part}", arrays[key]) for part, key in layer["weights"].items()
        ]
    ends = {"input_layers": inputs, "output_layers": [[plan["output"], 0, 0]]}
    return {"name": "generator", "layers": layers, **ends}, weights


def _input(name: str, size: int) -> dict[str, Any]:
    config = {"batch_input_shape": [None, size], "dtype": "float32", "sparse": False, "name": name}
    return {"class_name": "InputLayer", "config": config, "name": name, "inbound_nodes": []}


def _one_hot(count: int) -> list[dict[str, Any]]:
    """Whole numbers [N, 1] -> rows [N, K]."""
    embedding = {"name": ONE_HOT, "input_dim": count, "output_dim": count, "input_length": 1}
    return [
        _entry("Embedding", ONE_HOT, embedding, [CLASSES]),
        _entry("Flatten", ROW, {"name": ROW}, [ONE_HOT]),
    ]


def _layer(layer: dict[str, Any], places: dict[str, str]) -> dict[str, Any]:
    kind, params = layer["kind"], layer["params"]
    if kind not in KINDS:
        raise ConfigError(
            f"TensorFlow.js has no layer {kind} as `{layer['name']}` is one. Allowed: "
            f"{', '.join(KINDS)}. Export it as web, keras, saved_model or litert instead."
        )
    config = {"name": layer["name"], **EXTRA.get(kind, {})}
    config |= {theirs: params[ours] for ours, theirs in KINDS[kind].items() if ours in params}
    if kind in ("Dense", "Conv2D", "Conv2DTranspose"):
        config["use_bias"] = "bias" in layer["weights"]
    if kind == "BatchNormalization":
        config |= {"center": "beta" in layer["weights"], "scale": "gamma" in layer["weights"]}
    if kind == "ReLU":
        kind, config = _relu(layer["name"], config, params)
    return _entry(kind, layer["name"], config, [places.get(n, n) for n in layer["inputs"]])


def _relu(name: str, config: dict, params: dict) -> tuple[str, dict[str, Any]]:
    """Its kind and settings there, where a ReLU has a top, or a slope below 0, and no threshold."""
    top, slope = params.get("max_value"), params.get("negative_slope")
    if params.get("threshold") or (slope and top is not None):
        raise ConfigError(
            f"TensorFlow.js has no ReLU as `{name}` is one: max_value={top}, negative_slope={slope}, "
            f"threshold={params.get('threshold')}. Allowed: a max_value or a negative_slope, no threshold."
        )
    return ("LeakyReLU", {"name": name, "alpha": slope}) if slope else ("ReLU", config)


def _entry(kind: str, name: str, config: dict[str, Any], inputs: list[str]) -> dict[str, Any]:
    nodes = [[[source, 0, 0, {}] for source in inputs]]
    config = {"trainable": True, "dtype": "float32", **config}
    return {"class_name": kind, "config": config, "name": name, "inbound_nodes": nodes}


def _metadata(trained) -> dict[str, Any]:
    """What the tutorial's page reads beside its generator: how far the training is."""
    return {
        "completed": True,
        "currentEpoch": trained.step,
        "totalEpochs": trained.step,
        "lastUpdated": datetime.now(UTC).isoformat(),
        "madeBy": "GANscope",
        "run": trained.run_id,
        "classNames": list(trained.class_names),
    }


def words(trained) -> str:
    """A few lines for who finds the folder: what goes in and comes out, and code that draws one."""
    about = usage.of_trained(trained)
    told = dict(usage.rows(about, "tfjs"))
    inputs = f"tf.randomNormal([1, {trained.latent_dim}])"
    if trained.prior == "uniform":
        inputs = f"tf.randomUniform([1, {trained.latent_dim}], -1, 1)"
    if trained.num_classes:
        told[about.takes[1].name] = (
            f"whole numbers [N, 1], in this order: {in_order(trained.class_names)}"
        )
        inputs = f"[{inputs}, tf.tensor2d([[0]])]"
    shown = [f"const image = model.predict({inputs}).add(1).div(2).squeeze([0]);"]
    shown += ["await tf.browser.toPixels(image, canvas);"]
    if len(about.shape) < 3:
        shown = [f"model.predict({inputs}).print();"]
    return "\n".join(
        [
            f"{usage.FIRST_WORDS}: {about.about}. Opens in TensorFlow.js 2 and newer.",
            "",
            *(f"{name}: {what}" for name, what in told.items()),
            "",
            f'const model = await tf.loadLayersModel("{MODEL}");',
            *shown,
            "",
        ]
    )
