"""Weights: the EMA generator at one step in one small file that carries its own checksum.

`weights/000500.npz` holds the named arrays and the array `__manifest__`, JSON as uint8:
{"format": 1, "step", "created_at", ..., "sha256"}. The sha256 covers the JSON of the manifest
without it (keys sorted), then by ascending name "name dtype shape" and the bytes of each array.
"""

import hashlib
import json
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gan_core.errors import CheckpointError, RunError
from gan_core.storage.files import (
    atomic_file,
    check_format,
    crash_point,
    in_words,
    step_name,
    steps_in,
)
from gan_core.storage.json_text import dump_json
from gan_core.storage.npz import read_entry, read_npz, write_npz

FORMAT = 1
MANIFEST = "__manifest__"


def save_weights(
    run_dir: Path,
    step: int,
    arrays: Mapping[str, np.ndarray],
    meta: Mapping[str, Any],
    *,
    durable: bool = True,
) -> Path:
    """Write the weights of `step` as one file that carries its own checksum; returns its path.

    Args:
        durable: as in files.atomic_file.
    """
    path = Path(run_dir) / "weights" / f"{step_name(step)}.npz"
    with in_words(path):
        path.parent.mkdir(exist_ok=True)
    manifest = {**meta, "format": FORMAT, "step": step, "created_at": time.time()}
    manifest["sha256"] = _digest(manifest, arrays)
    packed = np.frombuffer(dump_json(manifest).encode(), np.uint8)
    with atomic_file(path, kind="weights", durable=durable) as file:
        write_npz(file, {MANIFEST: packed, **arrays})
    return path


def load_weights(run_dir: Path, step: int) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Arrays and manifest of the weights of `step`; CheckpointError if they are damaged."""
    path = Path(run_dir) / "weights" / f"{step_name(step)}.npz"
    arrays = read_npz(path)
    manifest = _unpack(path, arrays.pop(MANIFEST, np.zeros(0, np.uint8)))
    expected = manifest.pop("sha256", None)
    if expected != _digest(manifest, arrays):
        raise CheckpointError(f"{path.name} is damaged: it does not match its checksum.")
    return arrays, manifest


def _unpack(path: Path, packed: np.ndarray) -> dict[str, Any]:
    try:
        manifest = json.loads(packed.tobytes())
    except ValueError as error:
        raise CheckpointError(f"{path.name} is damaged: it has no manifest.") from error
    if not isinstance(manifest, dict):
        raise CheckpointError(f"{path.name} is damaged: it has no manifest.")
    try:
        check_format(manifest.get("format"), FORMAT, f"The file {path.name}")
    except RunError as error:
        raise CheckpointError(str(error)) from error
    return manifest


def read_weights_meta(run_dir: Path, step: int) -> dict[str, Any]:
    """Only the manifest of the weights of `step` (unchecked, cheap)."""
    path = Path(run_dir) / "weights" / f"{step_name(step)}.npz"
    return _unpack(path, read_entry(path, MANIFEST))


def _digest(manifest: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> str:
    digest = hashlib.sha256(dump_json(dict(sorted(manifest.items()))).encode())
    for name in sorted(arrays):
        array = np.asarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def list_weights(run_dir: Path) -> list[int]:
    """Steps that have weights, ascending."""
    return steps_in(Path(run_dir) / "weights", ".npz")


def prune_weights(run_dir: Path, *, budget_bytes: int, keep: Collection[int] = ()) -> list[int]:
    """Thin the weights evenly until they fit into `budget_bytes`; returns the steps removed.

    The first, the newest and the steps in `keep` stay, so that the whole course stays visible.
    """
    folder = Path(run_dir) / "weights"
    sizes = {step: _size(folder / f"{step_name(step)}.npz") for step in list_weights(run_dir)}
    removed: list[int] = []
    while sum(sizes.values()) > budget_bytes:
        free = [step for step in list(sizes)[1:-1] if step not in keep]
        if not free:
            break
        for step in free[::2]:
            _unlink(folder / f"{step_name(step)}.npz")
            del sizes[step]
            removed.append(step)
    return sorted(removed)


def drop_weights(run_dir: Path, steps: Collection[int]) -> None:
    """Remove the weights of these steps."""
    for step in steps:
        _unlink(Path(run_dir) / "weights" / f"{step_name(step)}.npz")


def _size(path: Path) -> int:
    with in_words(path):
        return path.stat().st_size


def _unlink(path: Path) -> None:
    crash_point("prune:unlink")
    with in_words(path):
        path.unlink(missing_ok=True)
    crash_point("prune:unlinked")
