"""What the first images of a file look like: their values, whether they differ, a small picture.

Looking stops as soon as the images are seen to be ordinary, after 512 of them as a rule; only what
looks wrong is read on, up to 64 MiB, so that the words are true of all that was read.
"""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from gan_core.data import hints, npz, pictures

PIECE, BUDGET = 1 << 20, 64 << 20  # bytes that are read at once, and in all
MANY = 512  # images of the first look
DARK, PALE, FLAT = 128, 127, 64  # brightest below, darkest above, or all values this near
COPIES = 20  # so many images for each different one are too many
MOST_DIFFERENT = 20_000  # that are told apart
ENDS = 8  # values this near to 0 and 255 alone: negative numbers were cast to uint8


@dataclass
class Seen:
    """Values and images seen so far.

    Attributes:
        counts: how often each value 0..255 occurred.
        different: hashes of the different images.
        whole: whether that is all there is.
    """

    counts: np.ndarray = field(default_factory=lambda: np.zeros(256, np.int64))
    different: set[int] = field(default_factory=set)
    num_images: int = 0
    whole: bool = False

    def add(self, rows: np.ndarray) -> None:
        """Take in images uint8 [N, P]."""
        self.counts += np.bincount(rows.reshape(-1), minlength=256)
        if len(self.different) < MOST_DIFFERENT:
            self.different |= {hash(row.tobytes()) for row in rows}
        self.num_images += len(rows)

    @property
    def span(self) -> tuple[int, int]:
        """Darkest and brightest value."""
        used = np.flatnonzero(self.counts)
        return int(used[0]), int(used[-1])


def look(archive: zipfile.ZipFile, keys: tuple[str, ...], kind: str) -> tuple[str, bytes]:
    """(what is wrong with the images, "" if nothing is; PNG of a few, b"" without) of a good file.

    Args:
        keys: of its images, those to learn from first.
        kind: of the data set, which says how the picture is made.
    """
    said, shown = "", []
    headers = npz.read_headers(archive, keys)
    for key in (key for key in keys if key in headers):
        rows = _rows(archive, key, headers[key])
        first = next(rows, None)
        if first is not None and key.endswith("_train"):
            shown.append(first.reshape(-1, *headers[key].shape[1:]))
        if first is not None and not said:
            said = _said(key, headers[key].shape[0], itertools.chain([first], rows))
    whole = shown and (kind == "images" or len(shown) == 2)
    return said, pictures.of(shown, kind) if whole else b""


def _said(key: str, count: int, pieces: Iterable[np.ndarray]) -> str:
    """What is wrong with images that are read until they are seen to be ordinary."""
    seen, said = Seen(), ""
    for rows in pieces:
        seen.add(rows)
        seen.whole = seen.num_images == count
        said = _warning(key, seen)
        if not said:
            break
    return said


def _rows(archive: zipfile.ZipFile, key: str, header: npz.Header) -> Iterator[np.ndarray]:
    """Images uint8 [N, P] from the first on; none where columns come first in a large file."""
    count, size = header.shape[0], header.nbytes // header.shape[0]
    if header.fortran_order:
        if header.nbytes <= BUDGET // 4:
            yield np.ascontiguousarray(npz.read_array(archive, key)).reshape(count, -1)
        return
    step, done = size * max(1, min(MANY, PIECE // size)), 0
    for piece in npz.pieces(archive, key, step):
        yield np.frombuffer(piece, np.uint8).reshape(-1, size)
        done += len(piece)
        if done >= BUDGET:
            return


def _warning(key: str, seen: Seen) -> str:
    low, high = seen.span
    where = "" if seen.whole else f" of the first {seen.num_images:,} images"
    if low == high:
        name = {0: "black", 255: "white"}.get(low, "one grey")
        return (
            f"All pixels{where} are {low}, so all images are {name} and there is nothing to learn: "
            "check how the file was made."
        )
    return f"{_range(key, seen, where)} {_copies(key, seen)}".strip()


def _range(key: str, seen: Seen, where: str) -> str:
    low, high = seen.span
    if seen.counts[ENDS:-ENDS].sum() == 0 and seen.counts[1:ENDS].sum() and high == 255:
        return (
            f"Values{where} lie near 0 and near 255 only, as when numbers below 0 are cast to "
            "uint8: make the file again from the numbers as they were, brought to 0..255 first."
        )
    if high < DARK:
        how = "nearly black" if high < DARK // 2 else "dark"
    elif low > PALE:
        how = "nearly white" if low > 255 - DARK // 2 else "pale"
    elif high - low < FLAT:
        how = "nearly one grey"
    else:
        return ""
    told = f"Values{where} go from {low} to {high}, so all images are {how}: "
    stretch = f"multiply by {255 / high:.4g}" if low == 0 else "stretch them to 0..255"
    code = f"{key} * 255" if (low, high) == (0, 1) else hints.stretched(key, low, high)
    return told + stretch + "." + hints.line(f"{key} = {code}")


def _copies(key: str, seen: Seen) -> str:
    count, different = seen.num_images, len(seen.different)
    if count < COPIES * different:
        return ""
    all_of = f"All {count:,}" if seen.whole else f"The first {count:,}"
    if different == 1:
        return (
            f"{all_of} images are equal, so only that one can be learned: check how the file "
            "was made."
        )
    return (
        f"{all_of} images are copies of {different} different ones, and no more can be learned: "
        "check how the file was made."
    )


def value_span(archive: zipfile.ZipFile, key: str, dtype: np.dtype) -> tuple[float, float] | None:
    """Smallest and largest finite number of an array's first 16 MiB; None without one."""
    low, high, done = np.inf, -np.inf, 0
    for piece in npz.pieces(archive, key, PIECE - PIECE % dtype.itemsize):
        values = np.frombuffer(piece, dtype).astype(np.float64)
        values = values[np.isfinite(values)]
        if len(values):
            low, high = min(low, values.min()), max(high, values.max())
        done += len(piece)
        if done >= BUDGET // 4:
            break
    return (float(low), float(high)) if low <= high else None
