"""Named arrays in one `.npz` file, read without trusting it: nothing is unpickled or unpacked."""

import math
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gan_core.errors import CheckpointError, in_brief

_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
_OLDEST = (1980, 1, 1, 0, 0, 0)  # a fixed date: the same arrays make the same bytes


def write_npz(file: BinaryIO, arrays: Mapping[str, np.ndarray]) -> None:
    """Write `arrays` uncompressed; numpy.load reads the result. Objects are refused."""
    for name, array in arrays.items():
        _check_plain(name, np.asarray(array).dtype)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", _OLDEST)
            with archive.open(entry, "w", force_zip64=True) as out:
                np.lib.format.write_array(out, np.asanyarray(array), allow_pickle=False)


def read_npz(path: Path) -> dict[str, np.ndarray]:
    """All arrays of `path`; CheckpointError if it is damaged, compressed or holds objects."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            return {entry.filename.removesuffix(".npy"): _read(archive, entry) for entry in entries}
    except FileNotFoundError as error:
        raise CheckpointError(f"{path.name} is missing in {path.parent}.") from error
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError) as error:
        raise CheckpointError(f"{path.name} is damaged: {in_brief(error)}") from error


def read_entry(path: Path, name: str) -> np.ndarray:
    """One array of `path`, without reading the others."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, archive.getinfo(f"{name}.npy"))
    except KeyError as error:
        raise CheckpointError(f"{path.name} has no array `{name}`.") from error
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError) as error:
        raise CheckpointError(f"{path.name} is damaged: {in_brief(error)}") from error


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> np.ndarray:
    """One array; the size it declares is checked before memory is asked for."""
    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
        raise ValueError(f"`{entry.filename}` is compressed; only stored arrays are read")
    with archive.open(entry) as file:
        version = np.lib.format.read_magic(file)
        if version not in _HEADERS:
            raise ValueError(f"`{entry.filename}` has the array format {version}")
        shape, fortran, dtype = _HEADERS[version](file)
        _check_plain(entry.filename, dtype)
        declared, held = math.prod(shape) * dtype.itemsize, entry.file_size - file.tell()
        if declared != held:
            raise ValueError(f"`{entry.filename}` declares {declared} bytes but holds {held}")
        data = bytearray(file.read())
    if len(data) != declared:
        raise ValueError(f"`{entry.filename}` ends early")
    return np.ndarray(shape, dtype, data, order="F" if fortran else "C")


def _check_plain(name: str, dtype: np.dtype) -> None:
    if dtype.hasobject:
        raise CheckpointError(f"`{name}` holds Python objects; only plain numbers are stored.")
