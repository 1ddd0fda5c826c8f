"""The file of VGG19's weights, 80 MB: where Keras keeps it, or downloaded there after somebody said so."""

from __future__ import annotations

import functools
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import numpy as np

from gan_core.errors import DataError
from gan_core.storage import remote

BLOCKS = ((2, 64), (2, 128), (4, 256), (4, 512), (4, 512))
LAYERS = tuple(f"block{b}_conv{i}" for b, (n, _) in enumerate(BLOCKS, 1) for i in range(1, n + 1))
FILE = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
BASE_URL = "https://storage.googleapis.com/tensorflow/keras-applications/vgg19/"
URL = BASE_URL + FILE
HASH = "253f8cb515780f3b799900260a226db6"  # MD5, as keras.applications has it
MEGABYTES = 80
LEAST_BYTES = 80_097_536  # of its 20,024,384 numbers; what is shorter broke off
MOST_BYTES = 100_000_000
_DAY = 86_400.0

Progress = Callable[[int], None]


def path() -> Path:
    """Where Keras keeps the file, whether it is there or not."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home) / "models" / FILE


def is_here() -> bool:
    """Whether a file is there that is long enough to be whole; its bytes are checked when they are read."""
    return _size() >= LEAST_BYTES


def _size() -> int:
    with suppress(OSError):
        return path().stat().st_size if path().is_file() else 0
    return 0


def ways_out() -> str:
    """What to do where the file is not here, in a sentence for the page."""
    return (
        f"{_lacking()} Two ways: let this machine download them, or put the file from {URL} into "
        f"{path().parent} by hand. Patches needs no file."
    )


def _lacking() -> str:
    """What is missing; a file that broke off is spoken of."""
    size = _size()
    if 0 < size < LEAST_BYTES:
        return (
            f"Of its weights {size / 1e6:.1f} of {MEGABYTES} MB are here: a download broke off, and "
            "another one replaces them."
        )
    return f"Its weights ({MEGABYTES} MB) are not here."


def require() -> None:
    """DataError, with the ways out, where the file is not here."""
    if not is_here():
        raise DataError(
            f"VGG19: {path()} is needed. {_lacking()} Allow the download (`style --download`), put the "
            f"file from {URL} there by hand, or use `style_patches`, which needs no file."
        )


# ---- download ----


def download(
    *, base_url: str = BASE_URL, progress: Progress | None = None, timeout: float = remote.TIMEOUT
) -> Path:
    """Fetch the file to where Keras keeps it, all or nothing; what was there stays until then.

    Args:
        base_url: where it lies; ends with a slash.
        progress: called with the bytes that are here; it may raise to cancel.
        timeout: seconds to wait for the next byte.

    Raises:
        DataError: the network, the received bytes or the disk is at fault; names the ways out.
    """
    place = path()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place.parent)
        part = place.with_name(f".{FILE}-{os.getpid()}-{time.monotonic_ns()}")
        try:
            with open(part, "xb") as file:
                for piece in _checked(base_url + FILE, progress, timeout):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, place)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(
            f"The weights of VGG19 could not be stored in {place.parent} ({error.strerror or error}). "
            f"Free {MEGABYTES} MB there or set KERAS_HOME to another folder and try again, or use "
            "`style_patches`, which needs no file."
        ) from error
    except DataError as error:
        raise DataError(
            f"The weights of VGG19 could not be downloaded: {error} Nothing of them was kept. Try again "
            f"with a network, or put the file from {URL} into {place.parent} by hand. `style_patches` "
            "needs no file."
        ) from error
    return place


def _checked(url: str, progress: Progress | None, timeout: float) -> Iterator[bytes]:
    """The pieces of the published file; DataError as soon as it cannot be that."""
    digest, received = hashlib.md5(usedforsecurity=False), 0
    with closing(remote.pieces(url, timeout)) as pieces:
        for piece in pieces:
            received += len(piece)
            if received > MOST_BYTES:
                raise DataError(f"more than {MOST_BYTES / 1e6:.0f} MB came.")
            digest.update(piece)
            if progress is not None:
                progress(received)
            yield piece
    if received < LEAST_BYTES:
        raise DataError(f"it broke off after {received / 1e6:.1f} of {MEGABYTES} MB.")
    if digest.hexdigest() != HASH:
        raise DataError(
            f"what came is not the published file (MD5 {digest.hexdigest()} instead of {HASH})."
        )


def _sweep(folder: Path) -> None:
    """Remove what a killed download left behind, once it is a day old."""
    for left in folder.glob(f".{FILE}-*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _DAY:
                left.unlink()


# ---- reading ----


def weights() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Kernel [3, 3, C, F] and bias [F] of each layer, from the file.

    Raises:
        DataError: it is not here, or not the published one.
    """
    import h5py

    require()
    state = path().stat()
    if _digest(path(), state.st_mtime_ns, state.st_size) != HASH:
        raise DataError(
            f"{path()} is damaged: it is not the file that Keras published. Delete it or move it away; "
            "then it can be downloaded again. `style_patches` needs no file."
        )
    with h5py.File(path()) as file:
        return {name: _arrays(file[name]) for name in LAYERS}


@functools.lru_cache(2)
def _digest(file: Path, *state: int) -> str:
    """MD5 of a file in that state (time, size)."""
    digest = hashlib.md5(usedforsecurity=False)
    with open(file, "rb") as found:
        while piece := found.read(2**20):
            digest.update(piece)
    return digest.hexdigest()


def _arrays(group) -> tuple[np.ndarray, np.ndarray]:
    found = {}
    group.visititems(
        lambda _, item: found.update({item.ndim: item[()]}) if hasattr(item, "ndim") else None
    )
    return found[4], found[1]
