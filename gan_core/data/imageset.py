"""The rules for an image data set in one .npz file, and reading it.

Keys: x_train uint8 [N, H, W] or [N, H, W, C]; optional y_train, x_test, y_test, and class_names
(text, one name a class). Without x_test, a tenth of each class is held out.
"""

import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from gan_core.data import npz
from gan_core.data.base import freeze, held_out_counts, held_out_split
from gan_core.data.memory import available_memory
from gan_core.errors import DataError

KEYS = ("x_train", "y_train", "x_test", "y_test", "class_names")
MIN_SIDE, MAX_SIDE = 4, 256
MIN_IMAGES, MAX_CLASSES = 20, 1000
MAX_LABEL_BYTES = 50 << 20
MAX_NAME_CHARS = 64


@dataclass(frozen=True)
class Layout:
    """What a file holds; `memory_bytes` is the most that reading it takes at any moment."""

    image_shape: tuple[int, int, int]
    num_train: int
    num_held_out: int
    num_classes: int
    class_names: tuple[str, ...]
    memory_bytes: int


def inspect(path: Path) -> Layout:
    """What the file at `path` holds, from its headers and labels; DataError if it cannot be used.

    The answer is kept until the file changes.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise DataError(f"It cannot be read ({error.strerror}).") from error
    layout = _inspect(path, stat.st_mtime_ns, stat.st_size)
    if isinstance(layout, str):
        raise DataError(layout)
    _check_memory(layout)
    return layout


def read(path: Path) -> tuple[Layout, list[np.ndarray | None]]:
    """The layout, and [train, train_labels, held_out, held_out_labels] as in Dataset."""
    with npz.open_npz(path) as archive:
        layout, labels = _examine(archive)
        _check_memory(layout)
        train = _images(archive, "x_train", layout)
        if layout.num_train < len(train):
            return layout, _split(train, labels.get("y_train"))
        held_out = _images(archive, "x_test", layout)
    arrays = [train, labels.get("y_train"), held_out, labels.get("y_test")]
    return layout, [None if array is None else freeze(array) for array in arrays]


@lru_cache(maxsize=256)
def _inspect(path: Path, _mtime_ns: int, _size: int) -> Layout | str:
    try:
        with npz.open_npz(path) as archive:
            return _examine(archive)[0]
    except DataError as error:
        return str(error)


def _examine(archive: zipfile.ZipFile) -> tuple[Layout, dict[str, np.ndarray]]:
    headers = npz.read_headers(archive, KEYS)
    if "x_train" not in headers:
        raise DataError(
            f"It has no `x_train`. Received: {npz.member_names(archive)}. Allowed: `x_train` "
            "(uint8, [N, H, W] or [N, H, W, C]), and optionally "
            "`y_train`, `x_test`, `y_test`, `class_names`."
        )
    _check_headers(headers)
    labels = {key: _labels(archive, key) for key in ("y_train", "y_test") if key in headers}
    num_classes = int(labels["y_train"].max()) + 1 if labels else 0
    if "y_test" in labels and labels["y_test"].max() >= num_classes:
        raise DataError(
            f"`y_test` holds the label {labels['y_test'].max()}, "
            f"but `y_train` goes from 0 to {num_classes - 1}."
        )
    names = _class_names(archive, num_classes) if "class_names" in headers else ()
    return _layout(headers, labels.get("y_train"), names or _numbers(num_classes)), labels


def _layout(
    headers: dict[str, npz.Header], labels: np.ndarray | None, names: tuple[str, ...]
) -> Layout:
    train, test = headers["x_train"], headers.get("x_test")
    num_train = train.shape[0]
    num_held_out = test.shape[0] if test else int(held_out_counts(num_train, labels).sum())
    return Layout(
        image_shape=(*train.shape[1:3], _channels(train.shape)),
        num_train=num_train if test else num_train - num_held_out,
        num_held_out=num_held_out,
        num_classes=len(names),
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


def _check_headers(headers: dict[str, npz.Header]) -> None:
    train, test = headers["x_train"], headers.get("x_test")
    _check_images("x_train", train, MIN_IMAGES)
    if test:
        _check_images("x_test", test, 1)
        if train.shape[1:3] != test.shape[1:3] or _channels(train.shape) != _channels(test.shape):
            raise DataError(
                f"`x_test` has images of another shape. Received: {list(test.shape[1:])}. "
                f"Allowed: {list(train.shape[1:])}, as in `x_train`."
            )
    for key, images in (("y_train", train), ("y_test", test)):
        if key in headers:
            _check_label_header(key, headers[key], images)
    if test and ("y_train" in headers) != ("y_test" in headers):
        raise DataError("Only one of `y_train` and `y_test` is there. Allowed: both or none.")
    if "class_names" in headers and "y_train" not in headers:
        raise DataError("It has `class_names` but no `y_train`. Allowed: both, or only labels.")


def _check_images(key: str, header: npz.Header, minimum: int) -> None:
    shape = header.shape
    if header.dtype != np.uint8:
        raise DataError(f"`{key}` must be uint8 (0..255). Received: {header.dtype}.")
    if len(shape) not in (3, 4) or _channels(shape) not in (1, 3):
        raise DataError(
            f"`{key}` has the wrong shape. Received: {list(shape)}. "
            "Allowed: [N, H, W] or [N, H, W, C] with C = 1 (grey) or 3 (colour)."
        )
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in shape[1:3]):
        raise DataError(
            f"`{key}` has images of {shape[1]} x {shape[2]} pixels. "
            f"Allowed: {MIN_SIDE} to {MAX_SIDE} a side."
        )
    if shape[0] < minimum:
        raise DataError(f"`{key}` has {shape[0]} images. Allowed: at least {minimum}.")


def _check_label_header(key: str, header: npz.Header, images: npz.Header | None) -> None:
    if images is None:
        raise DataError(f"It has `{key}` but no `x_test`. Allowed: both or none.")
    if header.dtype.kind not in "iu":
        raise DataError(f"`{key}` must be whole numbers (int). Received: {header.dtype}.")
    count = images.shape[0]
    if header.shape not in ((count,), (count, 1)):
        raise DataError(
            f"`{key}` must have one label an image. "
            f"Received: {list(header.shape)} for {count:,} images. Allowed: [{count}]."
        )
    if header.nbytes > MAX_LABEL_BYTES:
        raise DataError(
            f"`{key}` takes {header.nbytes >> 20} MiB. Allowed: {MAX_LABEL_BYTES >> 20} MiB; "
            "save it as uint8 or uint16."
        )


def _labels(archive: zipfile.ZipFile, key: str) -> np.ndarray:
    """Labels, int32 [N] in 0..999."""
    labels = npz.read_array(archive, key).reshape(-1)
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= MAX_CLASSES:
        raise DataError(
            f"`{key}` has labels from {low} to {high}. "
            f"Allowed: 0 to {MAX_CLASSES - 1} (up to {MAX_CLASSES} classes)."
        )
    return labels.astype(np.int32)


def _class_names(archive: zipfile.ZipFile, num_classes: int) -> tuple[str, ...]:
    header = npz.read_headers(archive, ("class_names",))["class_names"]
    if header.dtype.kind != "U" or header.shape != (num_classes,):
        raise DataError(
            f"`class_names` must be text, one name for each of the {num_classes} classes. "
            f"Received: {header.dtype} {list(header.shape)}."
        )
    if header.dtype.itemsize > 4 * MAX_NAME_CHARS:
        raise DataError(f"`class_names` has long names. Allowed: {MAX_NAME_CHARS} characters.")
    names = tuple(str(name) for name in npz.read_array(archive, "class_names"))
    if not all(name.strip() and name.isprintable() for name in names):
        raise DataError("`class_names` has an empty or unprintable name. Allowed: plain text.")
    return names


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


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(str(label) for label in range(count))
