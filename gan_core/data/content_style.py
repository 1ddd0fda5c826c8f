"""Two pictures instead of a data set: a content and a style.

Those that come with the app go by name, `<content>_in_<style>`, as in `canal_in_mosaic`; pictures of one's
own are OWN. A run keeps both in its folder (runs/inputs.py), at the size that it was made for, so it
needs neither the app's pictures nor anybody's files again.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from gan_core.data.base import Dataset, DatasetSpec, freeze
from gan_core.errors import DataError
from gan_core.storage import decode
from gan_core.storage.assets import ASSETS

KIND = "content_style"
OWN = "own_pictures"
LEAST_SIDE = 16  # pixels of the shorter side
WHOLE = 4096  # pixels a side to which pictures are read at most


@functools.cache
def bundled(kind: str) -> tuple[str, ...]:
    """Names of the app's own "contents" or "styles"."""
    return tuple(sorted(path.stem for path in (ASSETS / "style" / kind).glob("*.jpg")))


def path_of(kind: str, name: str) -> Path:
    """The file of one of them."""
    return ASSETS / "style" / kind / f"{name}.jpg"


def parts(name: str) -> tuple[str, str] | None:
    """Content and style that a name means; None where it means none."""
    content, _, style = name.partition("_in_")
    known = content in bundled("contents") and style in bundled("styles")
    return (content, style) if known else None


def is_name(name: str) -> bool:
    """Whether it is a content in a style, or OWN."""
    return name == OWN or parts(name) is not None


def spec(name: str) -> DatasetSpec:
    """What is known of two pictures; of OWN nothing but that they must be given."""
    found = parts(name)
    content, style = found or ("a picture of yours", "another one")
    return DatasetSpec(
        name=name,
        title=f"{content} in the style of {style}".replace("_", " ").capitalize(),
        kind=KIND,
        image_shape=(*_size(found[0]), 3) if found else (256, 256, 3),
        num_classes=0,
        class_names=(),
        num_train=1,
        num_held_out=0,
        source="bundled" if found else "file",
        licence="MIT, as the app" if found else "not stated",
        origin="painted by code of this project" if found else "chosen by hand",
    )


@functools.cache
def _size(content: str) -> tuple[int, int]:
    """Height and width of one of the app's contents."""
    with Image.open(path_of("contents", content)) as picture:
        return picture.height, picture.width


def load(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Content and style of the app's own, each uint8 [H, W, 3].

    Raises:
        DataError: they are one's own and must be given.
    """
    found = parts(name)
    if found is None:
        raise DataError(
            f"`{OWN}` must be given: a content picture and a style picture. Those of the app are "
            f"`<content>_in_<style>`: {', '.join(bundled('contents'))}; "
            f"{', '.join(bundled('styles'))}."
        )
    content, style = path_of("contents", found[0]), path_of("styles", found[1])
    return decode.read(content, WHOLE), decode.read(style, WHOLE)


def fitted(name: str, content: np.ndarray, style: np.ndarray, side: int) -> Dataset:
    """Both with `side` pixels along the longer side, as a run keeps them.

    Raises:
        DataError: a picture is so narrow that too little is left of its shorter side.
    """
    small = {"content": decode.fitted(content, side), "style": decode.fitted(style, side)}
    for what, picture in small.items():
        if min(picture.shape[:2]) < LEAST_SIDE:
            height, width = picture.shape[:2]
            raise DataError(
                f"The {what} picture would have {width} x {height} pixels; its shorter side must have "
                f"at least {LEAST_SIDE}. Make `picture_size` larger than {side}, or cut it."
            )
    return dataset(spec(name), small["content"], small["style"])


def dataset(known: DatasetSpec, content: np.ndarray, style: np.ndarray) -> Dataset:
    """A content and a style as a data set of one example; splits "train" and "held_out"."""
    pictures = {"content": freeze(content), "style": freeze(style)}
    return Dataset(replace(known, image_shape=content.shape), {"train": pictures, "held_out": {}})
