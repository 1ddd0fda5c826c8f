"""Reading the TensorFlow.js layers format: `model.json` and its weight shards.

float32 weights by name, in files that lie beside `model.json`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable

import numpy as np

from gan_core.explore.foreign import config
from gan_core.explore.foreign.damage import DAMAGE
from gan_core.explore.foreign.plan import MAX_NUMBERS, Sized, Unfit, sized
from gan_core.explore.foreign.values import object_of, shown

MAX_JSON = 4_000_000  # bytes of model.json
MAX_SHARDS = 64
_FILE = re.compile(r"(?:\./)?[A-Za-z0-9_][A-Za-z0-9._ ()-]{0,120}")


def read(text: bytes, shard: Callable[[str, int], bytes]) -> tuple[dict, dict[str, np.ndarray]]:
    """Plan and arrays.

    Args:
        text: of model.json.
        shard: gives the bytes of a file beside it, at most so many.

    Raises:
        Unfit: it is damaged, too large, or holds more than stock layers.
    """
    if len(text) > MAX_JSON:
        raise Unfit(f"`model.json` may have {MAX_JSON:,} bytes. Received: {len(text):,}.")
    try:
        found = json.loads(text)
    except DAMAGE as error:
        raise Unfit(
            f"`model.json` is damaged: it holds no valid JSON ({shown(error, 200)})."
        ) from error
    found = object_of(found, "model.json")
    if found.get("format") == "graph-model":
        raise Unfit("This is a graph model. Only the layers format (`layers-model`) is read.")
    topology = object_of(found.get("modelTopology"), "`modelTopology`")
    plan = config.read(topology.get("model_config", topology))
    _check_same(plan)
    sizes = sized(plan)
    return plan, _arrays(plan, sizes, _entries(found), shard)


def _check_same(plan: dict) -> None:
    """Unfit where TensorFlow.js computes something else than Keras under the same name."""
    for layer in plan["layers"]:
        if layer["params"].get("interpolation") == "bilinear":
            raise Unfit(
                f"Layer `{layer['name']}` is a bilinear UpSampling2D of TensorFlow.js, which is "
                "not supported yet: it places pixels otherwise than Keras."
            )


def _entries(found: dict) -> list[tuple[list[str], list[dict]]]:
    """[(files, weights that lie in them one after the other)], checked."""
    groups = found.get("weightsManifest")
    if not isinstance(groups, list):
        raise Unfit("`model.json` has no `weightsManifest`.")
    checked, count = [], 0
    for group in groups:
        group = object_of(group, "a group of weights")
        paths, weights = group.get("paths"), group.get("weights")
        if not isinstance(paths, list) or not isinstance(weights, list):
            raise Unfit("`weightsManifest` is damaged: it must list `paths` and `weights`.")
        for path in paths:
            if not isinstance(path, str) or not _FILE.fullmatch(path):
                raise Unfit(
                    f"A weights file must lie beside `model.json`. Received: `{shown(path)}`."
                )
        count += len(paths)
        if count > MAX_SHARDS or len(weights) > 10_000:
            raise Unfit(f"At most {MAX_SHARDS} weights files are read. Received: more.")
        checked.append((paths, [object_of(w, "a weight") for w in weights]))
    return checked


def _arrays(plan: dict, sizes: Sized, groups, shard) -> dict[str, np.ndarray]:
    wanted = _wanted(plan, sizes)
    found: dict[str, np.ndarray] = {}
    for paths, weights in groups:
        shapes = [_shape(w) for w in weights]
        total = 4 * sum(math.prod(s) for s in shapes)
        data = _joined(paths, total, shard)
        at = 0
        for weight, shape in zip(weights, shapes, strict=True):
            size = math.prod(shape)
            values = np.frombuffer(data, "<f4", size, at).reshape(shape).astype(np.float32)
            at += 4 * size
            name = wanted.get(_key(str(weight.get("name", ""))))
            if name in found:
                raise Unfit(f"`model.json` names the weights `{shown(weight['name'])}` twice.")
            if name is not None:
                found[name] = values
    missing = sorted(set(wanted.values()) - set(found))
    if missing:
        raise Unfit(f"`model.json` names no weights for {shown(', '.join(missing[:3]), 120)}.")
    return found


def _wanted(plan: dict, sizes: Sized) -> dict[tuple[str, str], str]:
    """(layer, variable) as the file names them -> name of our array."""
    found: dict[tuple[str, str], str] = {}
    for layer in plan["layers"]:
        for name, _ in sizes.weights[layer["name"]]:
            if (layer["row"], name) in found:
                raise Unfit(f"Two layers with weights are named `{shown(layer['row'])}`.")
            found[layer["row"], name] = f"{layer['name']}/{name}"
    return found


def _key(name: str) -> tuple[str, str]:
    """(layer, variable) of `dense_Dense1/kernel` or `model/dense/kernel`."""
    parts = name.split("/")
    variable = "kernel" if parts[-1] == "embeddings" else parts[-1]
    return (parts[-2] if len(parts) > 1 else ""), variable


def _shape(weight: dict) -> tuple[int, ...]:
    shape, name = weight.get("shape"), shown(weight.get("name", ""))
    good = isinstance(shape, list) and all(
        isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= MAX_NUMBERS for n in shape
    )
    if weight.get("dtype") != "float32" or "quantization" in weight:
        raise Unfit(f"The weights `{name}` must be plain float32 numbers, not packed ones.")
    if not good or shape is None or len(shape) > 6 or math.prod(shape) > MAX_NUMBERS:
        raise Unfit(f"The weights `{name}` have no usable shape: {shown(shape)}.")
    return tuple(shape)


def _joined(paths: list[str], total: int, shard) -> bytes:
    if total > 4 * MAX_NUMBERS:
        raise Unfit(f"The weights would have {total:,} bytes. Allowed: {4 * MAX_NUMBERS:,}.")
    parts: list[bytes] = []
    for path in paths:
        parts.append(shard(path.removeprefix("./"), total - sum(map(len, parts)) + 1))
    data = b"".join(parts)
    if len(data) != total:
        raise Unfit(f"The weights files have {len(data):,} bytes, `model.json` says {total:,}.")
    return data
