"""What lies in the data folder and is no data set, each with the line that would make it one.

Only names, first bytes and first lines are read, once for each change of a file.
"""

from __future__ import annotations

import contextlib
import gzip
import math
import os
import struct
from functools import lru_cache
from pathlib import Path

from gan_core.data.card import ENDING

MOST = 50  # entries that are named
HEAD = 64 << 10  # bytes that are looked at
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif", ".tif", ".tiff")
KINDS = {
    ".tar": "It is an archive. Unpack it, and save its images in one .npz file.",
    ".tgz": "It is an archive. Unpack it, and save its images in one .npz file.",
    ".tfrecord": "It is a TFRecord file, which is not read.",
    ".parquet": "It is a Parquet file, which is not read.",
}


def passed_over(folder: Path) -> list[tuple[str, str]]:
    """(name, why it is no data set and what makes it one), by name; [] where there is no folder."""
    found = []
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir()):
            is_set = path.suffix == ".npz" and path.is_file()
            if not (is_set or path.name.startswith(".") or path.name.endswith(ENDING)):
                found.append(path)
    told = [(path.name, _why(path)) for path in found[:MOST]]
    rest = len(found) - MOST
    return told + ([(f"{rest} more", "Only .npz files are read.")] if rest > 0 else [])


def _why(path: Path) -> str:
    try:
        state = path.stat()
        return _why_cached(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        return f"It cannot be read ({error.strerror})."


@lru_cache(maxsize=256)
def _why_cached(path: Path, _mtime_ns: int, _size: int) -> str:
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        return "It is no file."
    suffix, name, head = path.suffix.lower(), path.name, _head(path)
    for is_this, tell in _FORMATS:
        if is_this(suffix, head):
            return tell(name, head)
    return KINDS.get(suffix, "It is no .npz file.")


def _head(path: Path) -> bytes:
    """The first bytes, unpacked where it is a gzip; b"" where it cannot be read."""
    with contextlib.suppress(OSError, EOFError), open(path, "rb") as file:
        head = file.read(HEAD)
        if head[:2] != b"\x1f\x8b":
            return head
        file.seek(0)
        with gzip.open(file) as unpacked:
            return unpacked.read(HEAD)
    return b""


def _says(what: str, code: str, name: str, more: str = "") -> str:
    """The sentence: what it is, and the line with the file's name and that of the .npz put in."""
    stem = name.split(".")[0].replace(" ", "_") or "my_data"
    line = code.replace("{0}", repr(name)).replace("{1}", repr(f"{stem}.npz"))
    return f"{what}. In NumPy: `{line}`" + (f" ({more})." if more else ".")


def _folder(path: Path) -> str:
    inside = _first_pictures(path)
    if not inside:
        return "It is a folder. Only .npz files are read."
    classes = any(picture.parent != path for picture in inside)
    ending = inside[0].suffix
    pattern = f"*/*{ending}" if classes else f"*{ending}"
    code = f"p = sorted(pathlib.Path({{0}}).glob({pattern!r})); "
    images = 'x_train=np.stack([PIL.Image.open(q).convert("RGB").resize((64, 64)) for q in p])'
    if classes:
        code += "n, y = np.unique([q.parent.name for q in p], return_inverse=True); "
        return _says(
            "It is a folder of pictures, a folder a class",
            f"{code}np.savez({{1}}, {images}, y_train=y, class_names=n)",
            path.name,
        )
    return _says("It is a folder of pictures", f"{code}np.savez({{1}}, {images})", path.name)


def _first_pictures(folder: Path) -> list[Path]:
    """A picture of the folder, or of one of its first folders; [] if there are none."""
    for place in [folder, *_entries(folder, 20)]:
        for path in _entries(place, 20):
            if path.suffix.lower() in PICTURES:
                return [path]
    return []


def _entries(folder: Path, most: int) -> list[Path]:
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        return [Path(entry.path) for entry, _ in zip(found, range(most), strict=False)]
    return []


def _renamed(name: str, head: bytes) -> str:
    stem = Path(name).stem
    return f"Its name must end in .npz, in small letters: rename it to {stem}.npz."


def _zip(name: str, head: bytes) -> str:
    return (
        f"It is a zip. Unpack it here: `zipfile.ZipFile({name!r}).extractall()`. What is said of "
        "its folders then makes them a set."
    )


def _npy(name: str, head: bytes) -> str:
    return _says("It is a single array", "np.savez({1}, x_train=np.load({0}))", name)


def _mat(name: str, head: bytes) -> str:
    """With the names and the order of axes that SVHN has."""
    code = (
        "m = scipy.io.loadmat({0}); "
        'np.savez({1}, x_train=m["X"].transpose(3, 0, 1, 2), y_train=m["y"])'
    )
    return _says("It is a MATLAB file", code, name, "`m.keys()` lists its arrays")


def _hdf5(name: str, head: bytes) -> str:
    code = 'h = h5py.File({0}); np.savez({1}, x_train=h["images"][:], y_train=h["labels"][:])'
    return _says("It is an HDF5 file", code, name, "`list(h)` lists its arrays")


def _picture(name: str, head: bytes) -> str:
    return "It is one picture. Save all images in one .npz file."


def _table(name: str, head: bytes) -> str:
    """A line of pixels a row, often with the label first, as in Kaggle's digits."""
    first = (head.splitlines() or [b""])[0]
    separator = "\\t" if b"\t" in first else ","
    cells = first.split(b"\t" if b"\t" in first else b",")
    skip = 0 if all(cell.strip().isdigit() for cell in cells) else 1
    side, labelled = math.isqrt(len(cells)), False
    if side * side != len(cells):
        side, labelled = math.isqrt(max(len(cells) - 1, 0)), True
    if side < 2 or side * side + labelled != len(cells):
        return "It is a table. Only .npz files are read."
    pixels = f"t[:, 1:].reshape(-1, {side}, {side}), y_train=t[:, 0]"
    pixels = pixels if labelled else f"t.reshape(-1, {side}, {side})"
    code = f't = np.loadtxt({{0}}, "uint8", delimiter="{separator}", skiprows={skip}); '
    order = ", the label first" if labelled else ""
    return _says(
        f"It is a table of {len(cells)} columns{order}",
        f"{code}np.savez({{1}}, x_train={pixels})",
        name,
    )


def _idx(name: str, head: bytes) -> str:
    """An IDX file of bytes, as those of MNIST; images have three axes, labels one."""
    axes = head[3] if len(head) > 3 else 0
    start = f'np.fromfile({{0}}, "uint8", offset={4 + 4 * axes})'
    if name.lower().endswith(".gz"):
        start = f'np.frombuffer(gzip.open({{0}}).read(), "uint8", offset={4 + 4 * axes})'
    if axes == 1:
        return _says(
            "It is an IDX file of labels, for the images beside it",
            f"f = dict(np.load('images.npz')); np.savez('labelled.npz', **f, y_train={start})",
            name,
        )
    if len(head) < 4 + 4 * axes or axes not in (3, 4):
        return "It is an IDX file. Only .npz files are read."
    shape = struct.unpack_from(f">{axes}I", head, 4)
    tail = ", ".join(map(str, shape[1:]))
    return _says(
        f"It is an IDX file of {shape[0]:,} images",
        f"np.savez({{1}}, x_train={start}.reshape(-1, {tail}))",
        name,
    )


def _pickle(name: str, head: bytes) -> str:
    code = (
        "d = np.load({0}, allow_pickle=True, encoding='bytes'); np.savez({1}, "
        "x_train=d[b'data'].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), y_train=d[b'labels'])"
    )
    what = "It is a pickle, which can run code when read"
    return _says(what, code, name, "if you trust it, and it is a batch of CIFAR-10")


_FORMATS = (  # (whether a suffix and first bytes are of this kind, what is told of it)
    (lambda suffix, head: suffix == ".npz", _renamed),
    (lambda suffix, head: suffix == ".npy", _npy),
    (lambda suffix, head: suffix == ".zip", _zip),
    (lambda suffix, head: suffix in (".csv", ".tsv"), _table),
    (lambda suffix, head: suffix == ".mat", _mat),
    (lambda suffix, head: suffix in (".h5", ".hdf5") or head[:8] == b"\x89HDF\r\n\x1a\n", _hdf5),
    (lambda suffix, head: head[:3] == b"\x00\x00\x08", _idx),
    (lambda suffix, head: suffix in PICTURES, _picture),
    (
        lambda suffix, head: head[:1] == b"\x80" and head[1:2] in (b"\2", b"\3", b"\4", b"\5"),
        _pickle,
    ),
)
