"""What a run was given instead of a data set: two pictures, inputs/content.png and inputs/style.png, or
points, inputs/points.npz."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from gan_core.errors import CheckpointError, RunError
from gan_core.runs import pictures
from gan_core.storage import files, images
from gan_core.storage.npz import read_npz, write_npz

FOLDER = "inputs"
NAMES = ("content", "style")
POINTS = "points.npz"
PARTS = ("train", "held_out")  # of the points


def write(run: Path, given: Mapping[str, np.ndarray]) -> None:
    """Store uint8 [H, W, 3] of each of NAMES."""
    _make_folder(run)
    for name in NAMES:
        files.write_atomic(run / FOLDER / f"{name}.png", images.png(given[name]), kind="input")


def read(run: Path) -> dict[str, np.ndarray]:
    """uint8 [H, W, 3] of each of NAMES.

    Raises:
        RunError: one is missing, damaged or too large.
    """
    return {name: _read(run / FOLDER / f"{name}.png") for name in NAMES}


def write_points(run: Path, parts: Mapping[str, np.ndarray]) -> None:
    """Store float32 [N, 2] of each of PARTS."""
    _make_folder(run)
    packed = io.BytesIO()
    write_npz(packed, {name: parts[name] for name in PARTS})
    files.write_atomic(run / FOLDER / POINTS, packed.getvalue(), kind="input")


def has_points(run: Path) -> bool:
    """Whether the run was given points."""
    return (run / FOLDER / POINTS).is_file()


def read_points(run: Path) -> dict[str, np.ndarray]:
    """float32 [N, 2] of each of PARTS, finite.

    Raises:
        RunError: they are missing, damaged, or no points.
    """
    path = run / FOLDER / POINTS
    try:
        if not path.resolve().is_relative_to(run.resolve()):
            raise CheckpointError("It leads out of the run.")
        found = read_npz(path)
    except CheckpointError as error:
        raise RunError(f"`{FOLDER}/{POINTS}` of {run.name} cannot be read. {error}") from error
    if not all(_are_points(found.get(name)) for name in PARTS):
        raise RunError(f"`{FOLDER}/{POINTS}` of {run.name} holds no points in the plane.")
    return {name: found[name] for name in PARTS}


def _are_points(array: np.ndarray | None) -> bool:
    if array is None or array.dtype != np.float32 or array.ndim != 2:
        return False
    return array.shape[1] == 2 and len(array) > 0 and bool(np.isfinite(array).all())


def copy(run: Path, to: Path) -> None:
    """What a run was given, for a branch of it; nothing where it was given nothing."""
    if has_points(run):
        write_points(to, read_points(run))
    elif has(run):
        write(to, read(run))


def has(run: Path) -> bool:
    """Whether the run was given pictures or points."""
    return (run / FOLDER).is_dir()


def _make_folder(run: Path) -> None:
    with files.in_words(run):
        (run / FOLDER).mkdir(exist_ok=True)


def _read(path: Path) -> np.ndarray:
    run = path.parents[1]
    try:
        inside = path.resolve().is_relative_to(run.resolve())
        data = path.read_bytes() if inside else b""
    except OSError as error:
        raise RunError(f"`{FOLDER}/{path.name}` of {run.name} cannot be read.") from error
    if not pictures.is_whole(data):
        raise RunError(f"`{FOLDER}/{path.name}` of {run.name} is no picture that can be read.")
    pixels = images.from_png(data)
    if pixels.dtype != np.uint8 or pixels.shape[2:] != (3,):
        raise RunError(f"`{FOLDER}/{path.name}` of {run.name} is not in RGB.")
    return pixels
