"""The pictures that a run was given instead of a data set: inputs/content.png, inputs/style.png."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from gan_core.errors import RunError
from gan_core.runs import pictures
from gan_core.storage import files, images

FOLDER = "inputs"
NAMES = ("content", "style")


def write(run: Path, given: Mapping[str, np.ndarray]) -> None:
    """Store uint8 [H, W, 3] of each of NAMES."""
    with files.in_words(run):
        (run / FOLDER).mkdir(exist_ok=True)
    for name in NAMES:
        files.write_atomic(run / FOLDER / f"{name}.png", images.png(given[name]), kind="input")


def read(run: Path) -> dict[str, np.ndarray]:
    """uint8 [H, W, 3] of each of NAMES.

    Raises:
        RunError: one is missing, damaged or too large.
    """
    return {name: _read(run / FOLDER / f"{name}.png") for name in NAMES}


def has(run: Path) -> bool:
    """Whether the run was given pictures."""
    return (run / FOLDER).is_dir()


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
