"""The rules for an image data set in one .npz file, and reading it.

Keys: x_train uint8 [N, H, W] or [N, H, W, C]; optional y_train, x_test, y_test, and class_names
(text). Without x_test, a tenth of each class is held out.

Classes are the labels that occur in y_train, in ascending order: labels 3 and 8 are the classes 0
and 1 and are called "3" and "8". class_names has one name for each of them, or one for each number
from 0 to the largest label.
"""

import contextlib
import zipfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from gan_core.data import classes, content, hints, npz
from gan_core.data.base import freeze, held_out_counts, held_out_split
from gan_core.data.checksum import digest
from gan_core.data.memory import available_memory
from gan_core.errors import DataError

KEYS = ("x_train", "y_train", "x_test", "y_test", "class_names")
MIN_SIDE, MAX_SIDE = 4, 256
MIN_IMAGES = 20
MAX_LABEL_BYTES = 50 << 20


@dataclass(frozen=True)
class Layout:
    """What a file holds.

    Attributes:
        labels: each class's own number, ascending; `class_names` are in the same order.
        memory_bytes: the most that reading it takes at any moment.
        digest: of images and labels, see checksum.py.
        warning: what is wrong with the images that can be read all the same; "" if nothing is.
        picture: PNG of a few of its first images; b"" where that would cost too much.
    """

    image_shape: tuple[int, int, int]
    num_train: int
    num_held_out: int
    labels: tuple[int, ...]
    class_names: tuple[str, ...]
    memory_bytes: int
    digest: str = ""
    warning: str = ""
    picture: bytes = b""

    @property
    def num_classes(self) -> int:
        return len(self.labels)


def inspect(path: Path, *, look: bool = True) -> Layout:
    """What the file at `path` holds, from its headers and labels; DataError if it cannot be used.

    The answer is kept until the file changes.

    Args:
        look: whether also to look at its first images, for `warning` and `picture`.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise DataError(f"It cannot be read ({error.strerror}).") from error
    layout = _inspect(path, stat.st_mtime_ns, stat.st_size, look)
    if isinstance(layout, str):
        raise DataError(layout)
    _check_memory(layout)
    return layout


def read(path: Path) -> tuple[Layout, list[np.ndarray | None]]:
    """The layout, and [train, train_labels, held_out, held_out_labels] as in Dataset."""
    with npz.open_npz(path) as archive:
        layout, labels = _examine(archive)
        layout = replace(layout, digest=_digest(archive, layout, labels))
        labels = classes.dense(labels, layout.labels)
        _check_memory(layout)
        train = _images(archive, "x_train", layout)
        if layout.num_train < len(train):
            return layout, _split(train, labels.get("y_train"))
        held_out = _images(archive, "x_test", layout)
    arrays = [train, labels.get("y_train"), held_out, labels.get("y_test")]
    return layout, [None if array is None else freeze(array) for array in arrays]


@lru_cache(maxsize=256)
def _inspect(path: Path, _mtime_ns: int, _size: int, look: bool) -> Layout | str:
    try:
        with npz.open_npz(path) as archive:
            layout, labels = _examine(archive)
            warning, picture = "", b""
            with contextlib.suppress(DataError):  # loading will say that it is damaged
                if look:
                    warning, picture = content.look(archive, npz.read_headers(archive, KEYS))
            found = _digest(archive, layout, labels)
            return replace(layout, digest=found, warning=warning, picture=picture)
    except DataError as error:
        return str(error)


def _examine(archive: zipfile.ZipFile) -> tuple[Layout, dict[str, np.ndarray]]:
    """What it holds, and its labels as they are in the file, int64 [N]."""
    headers = npz.read_headers(archive, KEYS)
    if "x_train" not in headers:
        names = [info.filename.removesuffix(".npy") for info in archive.infolist()]
        raise DataError(
            f"It has no `x_train`. Received: {npz.member_names(archive)}. Allowed: `x_train` "
            "(uint8, [N, H, W] or [N, H, W, C]), and optionally "
            f"`y_train`, `x_test`, `y_test`, `class_names`.{hints.keys(names, npz.shapes(archive))}"
        )
    _check_headers(archive, headers)
    labels = {key: classes.read(archive, key) for key in ("y_train", "y_test") if key in headers}
    own = tuple(int(k) for k in np.unique(labels["y_train"])) if labels else ()
    classes.check(own, labels.get("y_test"))
    names = classes.names(archive, own) if "class_names" in headers else tuple(map(str, own))
    return _layout(headers, classes.dense(labels, own).get("y_train"), own, names), labels


def _digest(archive: zipfile.ZipFile, layout: Layout, labels: dict[str, np.ndarray]) -> str:
    headers = npz.read_headers(archive, ("x_train", "x_test"))
    images = {
        key: ((header.shape[0], *layout.image_shape), npz.checksum(archive, key, header))
        for key, header in headers.items()
    }
    return digest(images, labels)


def _layout(
    headers: dict[str, npz.Header],
    labels: np.ndarray | None,
    own: tuple[int, ...],
    names: tuple[str, ...],
) -> Layout:
    train, test = headers["x_train"], headers.get("x_test")
    num_train = train.shape[0]
    num_held_out = test.shape[0] if test else int(held_out_counts(num_train, labels).sum())
    return Layout(
        image_shape=(*train.shape[1:3], _channels(train.shape)),
        num_train=num_train if test else num_train - num_held_out,
        num_held_out=num_held_out,
        labels=own,
        class_names=names,
        memory_bytes=_peak_bytes(train, test),
    )


def _peak_bytes(train: npz.Header, test: npz.Header | None) -> int:
    """Splitting copies the images once, and so does turning columns into rows."""
    copies = 2 if train.fortran_order or test is None else 1
    extra = test.nbytes * (2 if test.fortran_order else 1) if test else 0
    return copies * train.nbytes + extra


def _check_memory(layout: Layout) -> None:
    available = available_memory()
    if layout.memory_bytes > available:
        raise DataError(
            f"Reading it takes {layout.memory_bytes / 2**30:.1f} GiB of memory. "
            f"Available: {available / 2**30:.1f} GiB."
        )


def _check_headers(archive: zipfile.ZipFile, headers: dict[str, npz.Header]) -> None:
    train, test = headers["x_train"], headers.get("x_test")
    _check_images(archive, "x_train", train, MIN_IMAGES)
    if test:
        _check_images(archive, "x_test", test, 1)
        if train.shape[1:3] != test.shape[1:3] or _channels(train.shape) != _channels(test.shape):
            raise DataError(
                f"`x_test` has images of another shape. Received: {list(test.shape[1:])}. "
                f"Allowed: {list(train.shape[1:])}, as in `x_train`."
            )
    for key, images in (("y_train", train), ("y_test", test)):
        if key in headers:
            _check_label_header(key, headers[key], images)
    if test and ("y_train" in headers) != ("y_test" in headers):
        kept = {key: key for key in ("x_train", "y_train", "class_names") if key in headers}
        raise DataError(
            "Only one of `y_train` and `y_test` is there. Allowed: both or none. The test split "
            f"may be left out.{hints.saved(kept)}"
        )
    if "class_names" in headers and "y_train" not in headers:
        raise DataError("It has `class_names` but no `y_train`. Allowed: both, or only labels.")


def _check_images(archive: zipfile.ZipFile, key: str, header: npz.Header, minimum: int) -> None:
    shape = header.shape
    if header.dtype != np.uint8:
        span = None
        if header.dtype.kind in "iuf" and header.nbytes:
            span = content.value_span(archive, key, header.dtype)
        hint = hints.image_type(key, header.dtype, span)
        raise DataError(f"`{key}` must be uint8 (0..255). Received: {header.dtype}.{hint}")
    if len(shape) not in (3, 4) or _channels(shape) not in (1, 3):
        raise DataError(
            f"`{key}` has the wrong shape. Received: {list(shape)}. "
            "Allowed: [N, H, W] or [N, H, W, C] with C = 1 (grey) or 3 (colour)."
            + hints.image_shape(key, shape)
        )
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in shape[1:3]):
        raise DataError(
            f"`{key}` has images of {shape[1]} x {shape[2]} pixels. "
            f"Allowed: {MIN_SIDE} to {MAX_SIDE} a side."
            + (
                hints.image_shape(key, shape)
                or hints.image_size(key, shape[1:3], MIN_SIDE, MAX_SIDE)
            )
        )
    if shape[0] < minimum:
        raise DataError(f"`{key}` has {shape[0]} images. Allowed: at least {minimum}.")


def _check_label_header(key: str, header: npz.Header, images: npz.Header | None) -> None:
    if images is None:
        raise DataError(f"It has `{key}` but no `x_test`. Allowed: both or none.")
    if header.dtype.kind not in "iu":
        hint = hints.label_type(key, header.dtype, header.shape)
        raise DataError(f"`{key}` must be whole numbers (int). Received: {header.dtype}.{hint}")
    count = images.shape[0]
    if header.shape not in ((count,), (count, 1)):
        raise DataError(
            f"`{key}` must have one label an image. "
            f"Received: {list(header.shape)} for {count:,} images. Allowed: [{count}]."
            + hints.label_shape(key, header.shape, count)
        )
    if header.nbytes > MAX_LABEL_BYTES:
        raise DataError(
            f"`{key}` takes {header.nbytes >> 20} MiB. Allowed: {MAX_LABEL_BYTES >> 20} MiB; "
            "save it as uint8 or uint16."
        )


def _images(archive: zipfile.ZipFile, key: str, layout: Layout) -> np.ndarray:
    """Images, uint8 [N, H, W, C]."""
    return np.ascontiguousarray(npz.read_array(archive, key).reshape(-1, *layout.image_shape))


def _split(images: np.ndarray, labels: np.ndarray | None) -> list[np.ndarray | None]:
    parts: list[np.ndarray | None] = []
    for index in held_out_split(len(images), labels):
        parts += [freeze(images[index]), None if labels is None else freeze(labels[index])]
    return parts


def _channels(shape: tuple[int, ...]) -> int:
    return shape[3] if len(shape) == 4 else 1
