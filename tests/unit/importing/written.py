"""Pictures, and the files in which other programs keep them."""

import gzip
import importlib
import struct
from pathlib import Path

import numpy as np

from gan_core.importing.base import Decoded

DATA = Path(__file__).parents[2] / "data" / "formats"
COUNT = 24
OPEN = []  # sources to be closed


def pictures(count: int = COUNT, side: int = 32) -> np.ndarray:
    """uint8 [N, side, side, 3]; no axis is like another, so that a wrong order shows."""
    n, row, column, colour = np.ogrid[:count, :side, :side, :3]
    return ((5 * n + 3 * row + 7 * column * (row > 15) + 40 * colour) % 256).astype(np.uint8)


def grey(count: int = COUNT) -> np.ndarray:
    """uint8 [N, 28, 28]; its values go from 0 to 255."""
    return pictures(count)[:, :28, :28, 0]


def form(name: str):
    return importlib.import_module(f"gan_core.importing.forms.{name}")


def asked(name: str, path: Path, **answers: str) -> dict[str, str]:
    """Questions and their likely answers."""
    found = form(name).recognise(path, answers)
    return {question.name: question.likely for question in found.questions}


def opened(name: str, path: Path, **answers: str):
    """The source, with likely answers where none is given; closed when the test ends."""
    source = form(name).open(path, asked(name, path, **answers) | answers)
    OPEN.append(source)
    return source


def images(source) -> np.ndarray:
    """All pictures of a source, uint8 [N, H, W, C]."""
    return np.stack([Decoded.of(source.pixels(i, 64)).pixels for i in range(len(source.items))])


def idx(path: Path, array: np.ndarray, kind: int = 8) -> Path:
    """Write an IDX file as its definition says; packed where its name ends in .gz."""
    head = struct.pack(f">HBB{array.ndim}I", 0, kind, array.ndim, *array.shape)
    data = head + array.tobytes()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
