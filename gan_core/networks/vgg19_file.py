"""The file of VGG19's weights, 80 MB: where Keras keeps it, or downloaded there after somebody said so."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from gan_core.errors import DataError

BLOCKS = ((2, 64), (2, 128), (4, 256), (4, 512), (4, 512))
LAYERS = tuple(f"block{b}_conv{i}" for b, (n, _) in enumerate(BLOCKS, 1) for i in range(1, n + 1))
FILE = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
URL = f"https://storage.googleapis.com/tensorflow/keras-applications/vgg19/{FILE}"
HASH = "253f8cb515780f3b799900260a226db6"  # MD5, as keras.applications has it
MEGABYTES = 80


def path() -> Path:
    """Where Keras keeps the file, whether it is there or not."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home) / "models" / FILE


def is_here() -> bool:
    """Whether the file is there."""
    return path().is_file()


def require() -> None:
    """DataError, with the ways out, where the file is not here."""
    if not is_here():
        raise DataError(
            f"The weights of VGG19 are not here: {path()} ({MEGABYTES} MB). Allow their download "
            f"(`style --download`), put the file from {URL} there by hand, or use "
            "`style_patches`, which needs no file."
        )


def download() -> Path:
    """Fetch the file to where Keras keeps it.

    Raises:
        DataError: it cannot be downloaded, or it is damaged; nothing of it stays.
    """
    import keras

    try:
        return Path(
            keras.utils.get_file(
                FILE, URL, cache_dir=path().parents[1], cache_subdir="models", file_hash=HASH
            )
        )
    except Exception as error:  # what urllib, sockets and the check raise
        raise DataError(
            f"The weights of VGG19 could not be downloaded ({error}). Put the file from {URL} into "
            f"{path().parent}, or use `style_patches`, which needs no file."
        ) from error


def weights() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Kernel [3, 3, C, F] and bias [F] of each layer, from the file; DataError where it is not good."""
    import h5py

    require()
    try:
        with h5py.File(path()) as file:
            return {name: _arrays(file[name]) for name in LAYERS}
    except (OSError, KeyError, ValueError) as error:
        raise DataError(
            f"{path()} is damaged. Delete it, and it can be downloaded again."
        ) from error


def _arrays(group) -> tuple[np.ndarray, np.ndarray]:
    found = {}
    group.visititems(
        lambda _, item: found.update({item.ndim: item[()]}) if hasattr(item, "ndim") else None
    )
    return found[4], found[1]
