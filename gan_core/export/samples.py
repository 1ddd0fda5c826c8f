"""Images of a trained generator as one file: arrays (.npz), or pictures with a list (.zip)."""

from __future__ import annotations

import csv
import io
import zipfile

import numpy as np

from gan_core.errors import ConfigError
from gan_core.export import usage
from gan_core.storage import images

MOST = 10_000  # pictures in one zip


def packed(
    fakes: np.ndarray, labels: np.ndarray, z: np.ndarray, suffix: str, *, words: str = ""
) -> bytes:
    """A file of samples.

    Args:
        fakes: float32 [N, H, W, C] in [-1, 1], or points [N, 2].
        labels: int [N], -1 without classes.
        z: float32 [N, Z], what they were made from.
        suffix: ".npz" (images uint8 [N, H, W, C], labels, z) or ".zip" (00000.png and so on,
            labels.csv, z.npy).
        words: what it holds, for a README.txt in the zip; empty: none.

    Raises:
        ConfigError: another suffix, or a zip of points or of too many pictures.
    """
    if suffix == ".npz":
        return _npz(fakes, labels, z)
    if suffix != ".zip":
        raise ConfigError(f"Samples are an .npz or a .zip file. Received: `{suffix}`.")
    if fakes.ndim != 4 or len(fakes) > MOST:
        raise ConfigError(
            f"A zip holds 1 to {MOST} images. Received: an array of shape {fakes.shape}. "
            "Use an .npz file."
        )
    return _zip(images.to_uint8(fakes), labels, z, words)


def _npz(fakes: np.ndarray, labels: np.ndarray, z: np.ndarray) -> bytes:
    pixels = images.to_uint8(fakes) if fakes.ndim == 4 else fakes
    out = io.BytesIO()
    np.savez_compressed(out, images=pixels, labels=labels, z=z)
    return out.getvalue()


def _zip(pixels: np.ndarray, labels: np.ndarray, z: np.ndarray, words: str) -> bytes:
    out, table, vectors = io.BytesIO(), io.StringIO(newline=""), io.BytesIO()
    rows = csv.writer(table)
    rows.writerow(["file", "label"])
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for i, (image, label) in enumerate(zip(pixels, labels, strict=True)):
            name = f"{i:05d}.png"
            _add(archive, name, images.png(image))
            rows.writerow([name, int(label) if label >= 0 else ""])
        _add(archive, "labels.csv", table.getvalue().encode())
        np.save(vectors, z)
        _add(archive, "z.npy", vectors.getvalue())
        if words:
            _add(archive, usage.NAME, words.encode())
    return out.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name), data)  # of 1980: a zip cannot tell an earlier clock
