"""Fetches a known data set once, checks every byte, and leaves a complete .npz or nothing."""

from __future__ import annotations

import gzip
import hashlib
import math
import os
import shutil
import struct
import tempfile
import time
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core.data import setfile, unpacking
from gan_core.data.builtin import Known, RemoteFile
from gan_core.errors import DataError, in_brief
from gan_core.storage.remote import TIMEOUT, pieces

if TYPE_CHECKING:
    from gan_core.types import Pixels

BASE_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_CHUNK = 1 << 16
_DAY = 86_400.0
_MAX_IDX_BYTES = 1 << 28

Progress = Callable[[int, int], None]


def download(
    known: Known,
    path: Path,
    *,
    base_url: str = "",
    progress: Progress | None = None,
    timeout: float = TIMEOUT,
) -> None:
    """Downloads `known` and puts it at `path`, all or nothing.

    Args:
        base_url: where its files lie, ending with a slash; "" is where they are published.
        progress: called with (bytes_done, bytes_total); it may raise to cancel.
        timeout: seconds to wait for the next byte.

    Raises:
        DataError: the network, the received bytes or the disk is at fault; names the ways out.
    """
    base_url = base_url or known.base_url or BASE_URL
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        with tempfile.TemporaryDirectory(prefix=f".{known.name}-", dir=path.parent) as folder:
            _fetch_all(known, Path(folder), base_url, progress, timeout)
            complete = _assemble(known, Path(folder))
            setfile.inspect(complete)
            _sync(complete)
            os.replace(complete, path)
    except OSError as error:
        raise DataError(
            f"`{known.name}` could not be stored in {path.parent} ({error.strerror or error}). "
            f"It takes about {known.download_bytes * 2 >> 20} MiB while it is made; free some "
            "room, or choose another folder with --data-dir or GAN_DATA_DIR."
        ) from error
    except DataError as error:
        raise DataError(f"{error} {_ways_out(known, path, base_url)}") from error


def _ways_out(known: Known, path: Path, base_url: str) -> str:
    by_hand = ""
    if known.packing != "npz":
        archive = known.files[0].name
        by_hand = f"or get {archive} from {base_url} elsewhere and put it into {path.parent}; "
    return (
        f"Connect to the network and try again; {by_hand}"
        f"or put the file at {path}, or name a folder that holds {known.name}.npz "
        "with --data-dir or GAN_DATA_DIR."
    )


def _sweep(path: Path) -> None:
    """Removes what a killed download left behind, once it is a day old."""
    for folder in path.parent.glob(f".{path.stem}-*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > _DAY:
            shutil.rmtree(folder, ignore_errors=True)


def _fetch_all(
    known: Known, folder: Path, base_url: str, progress: Progress | None, timeout: float
) -> None:
    done = 0
    for remote in known.files:
        by_hand = folder.parent / remote.name
        given = known.packing != "npz" and by_hand.is_file()  # archives have names of their own
        chunks = _of_file(by_hand) if given else pieces(base_url + remote.name, timeout)
        with open(folder / remote.name, "wb") as file, closing(chunks):
            for chunk in _checked(remote, chunks):
                file.write(chunk)
                done += len(chunk)
                if progress is not None:
                    progress(done, known.download_bytes)


def _of_file(path: Path) -> Generator[bytes, None, None]:
    """What somebody has put into the data folder; checked like what is downloaded."""
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _checked(remote: RemoteFile, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Passes the chunks on; DataError as soon as they cannot be the published file."""
    digest, received = hashlib.sha256(), 0
    for chunk in chunks:
        received += len(chunk)
        if received > remote.size:
            raise DataError(f"{remote.name} is longer than the published {remote.size:,} bytes.")
        digest.update(chunk)
        yield chunk
    if received < remote.size:
        raise DataError(
            f"{remote.name} ends after {received:,} of the published {remote.size:,} bytes: it broke off, or "
            "it is another file. Nothing was kept."
        )
    if digest.hexdigest() != remote.sha256:
        raise DataError(
            f"{remote.name} is not the published file; nothing was kept. "
            f"Received: SHA-256 {digest.hexdigest()}. Allowed: {remote.sha256}."
        )


def _assemble(known: Known, folder: Path) -> Path:
    """The complete .npz: the download itself, or made of what it holds."""
    first = folder / known.files[0].name
    if known.packing == "npz" and not known.files[0].key:
        return first
    complete = folder / f"{known.name}.npz"
    arrays: dict[str, Any]
    if known.packing == "cifar":
        arrays = unpacking.cifar(first, known)
    elif known.packing in ("sides", "pairs"):
        arrays = unpacking.two_sets(first, known)
    else:
        arrays = {remote.key: _read_idx(folder / remote.name) for remote in known.files}
    np.savez_compressed(complete, **arrays)
    return complete


def _read_idx(path: Path) -> Pixels:
    """The array of a gzipped IDX file: 0, 0, 8 (uint8), rank, sizes (big-endian), bytes."""
    try:
        with gzip.open(path) as file:
            zeros, kind, rank = struct.unpack(">HBB", file.read(4))
            shape = struct.unpack(f">{rank}I", file.read(4 * rank))
            size = math.prod(shape)
            if zeros or kind != 8 or size > _MAX_IDX_BYTES:
                raise ValueError(f"type {kind}, shape {shape}")
            return np.frombuffer(file.read(size), np.uint8).reshape(shape)
    except (OSError, EOFError, ValueError, struct.error, zlib.error) as error:
        raise DataError(f"{path.name} is not an IDX file of bytes ({in_brief(error)}).") from error


def _sync(path: Path) -> None:
    with open(path, "rb") as file:
        os.fsync(file.fileno())
