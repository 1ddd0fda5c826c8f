"""The rules for the arrays of any file: their types, shapes and sizes, told by their headers."""

from __future__ import annotations

import zipfile

import numpy as np

from gan_core.data import classes, content, hints, npz
from gan_core.errors import DataError

MIN_SIDE, MAX_SIDE = 4, 256
MIN_IMAGES = 20
MAX_LABEL_BYTES = 50 << 20


def channels(shape: tuple[int, ...]) -> int:
    """Of images [N, H, W] or [N, H, W, C]."""
    return shape[3] if len(shape) == 4 else 1


def images(archive: zipfile.ZipFile, key: str, header: npz.Header, minimum: int) -> None:
    """DataError unless these are images that can be read, as many as needed at least."""
    shape = header.shape
    if header.dtype != np.uint8:
        span = None
        if header.dtype.kind in "iuf" and header.nbytes:
            span = content.value_span(archive, key, header.dtype)
        hint = hints.image_type(header.dtype, span)
        raise DataError(f"`{key}` must be uint8 (0..255). Received: {header.dtype}.{hint}")
    if len(shape) not in (3, 4) or channels(shape) not in (1, 3):
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


def label_header(key: str, header: npz.Header, images: npz.Header | None) -> None:
    """DataError unless there is one whole number for each image."""
    if images is None:
        raise DataError(f"It has `{key}` but no `{classes.IMAGES[key]}`. Allowed: both or none.")
    if header.dtype.kind not in "iu":
        hint = hints.label_type(header.dtype)
        raise DataError(f"`{key}` must be whole numbers (int). Received: {header.dtype}.{hint}")
    count = images.shape[0]
    if header.shape not in ((count,), (count, 1)):
        raise DataError(
            f"`{key}` must have one label an image. "
            f"Received: {list(header.shape)} for {count:,} images. Allowed: [{count}]."
            + hints.label_shape(header.shape, count)
        )
    if header.nbytes > MAX_LABEL_BYTES:
        raise DataError(
            f"`{key}` takes {header.nbytes >> 20} MiB. Allowed: {MAX_LABEL_BYTES >> 20} MiB; "
            "save it as uint8 or uint16."
        )
