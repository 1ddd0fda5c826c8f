"""Ways in which a set of images can be worse than real ones, each in five strengths, weakest first."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image, ImageFilter

BLUR = (0.5, 0.75, 1.0, 1.5, 2.5)  # standard deviation in pixels of a 32nd of the side
NOISE = (6, 12, 24, 48, 96)  # standard deviation in grey levels
JPEG = (80, 60, 40, 20, 5)  # quality
OFF_GRID = 4  # pixels: old blocks of 8 x 8, which a file kept before, must not meet the new ones
MIXED = (0.05, 0.1, 0.2, 0.4, 0.8)  # share of images of another set
MODES = (8, 6, 4, 2, 1)  # of ten equal parts that are left
COPIES = (4, 10, 25, 60, 150)  # of each image that is left, every n-th
PARTS = 10


def damaged(
    images: np.ndarray, others: np.ndarray, seed: int = 0
) -> Iterator[tuple[str, list[np.ndarray]]]:
    """(name, [images at each strength]) of uint8 [N, H, W, C]; `others` [N, H, W, C] are mixed in."""
    rng = np.random.default_rng(seed)
    scale = max(images.shape[1:3]) / 32
    yield "blur", [_each(images, _blur(r * scale)) for r in BLUR]
    yield "noise", [_noisy(images, level, rng) for level in NOISE]
    yield "JPEG", [_each(images, _jpeg(quality)) for quality in JPEG]
    yield "mixed in", [_mixed(images, others, share) for share in MIXED]
    place = _places(images)
    in_order, parts = np.argsort(place), place * PARTS // len(images)
    yield "dropped modes", [_again(images[parts < kept], len(images)) for kept in MODES]
    yield "duplicates", [_again(images[in_order[n // 2 :: n]], len(images)) for n in COPIES]


def _each(images: np.ndarray, change: Callable[[Image.Image], Image.Image]) -> np.ndarray:
    made = (np.asarray(change(Image.fromarray(image.squeeze()))) for image in images)
    return np.stack([array.reshape(images.shape[1:]) for array in made])


def _blur(radius: float):
    return lambda picture: picture.filter(ImageFilter.GaussianBlur(radius))


def _jpeg(quality: int):
    def change(picture: Image.Image) -> Image.Image:
        file, width, height = io.BytesIO(), *picture.size
        around = [(OFF_GRID, OFF_GRID)] * 2 + [(0, 0)] * (np.asarray(picture).ndim - 2)
        wider = Image.fromarray(np.pad(np.asarray(picture), around, "symmetric"))
        wider.save(file, "JPEG", quality=quality, subsampling=0)
        made = Image.open(file).convert(picture.mode)
        return made.crop((OFF_GRID, OFF_GRID, OFF_GRID + width, OFF_GRID + height))

    return change


def _noisy(images: np.ndarray, level: float, rng) -> np.ndarray:
    return np.clip(np.rint(images + rng.normal(0, level, images.shape)), 0, 255).astype(np.uint8)


def _mixed(images: np.ndarray, others: np.ndarray, share: float) -> np.ndarray:
    count = int(share * len(images))
    return np.concatenate([others[:count], images[count:]])


def _places(images: np.ndarray) -> np.ndarray:
    """Their ranks along what makes the images differ most at 4 x 4 pixels: int [N]."""
    small = np.stack([_small(image) for image in images])
    small = small - small.mean(0)
    along = small @ np.linalg.svd(small, full_matrices=False)[2][0]
    return np.argsort(np.argsort(along))


def _small(image: np.ndarray) -> np.ndarray:
    picture = Image.fromarray(image.squeeze()).convert("RGB")
    return np.asarray(picture.resize((4, 4), Image.Resampling.BOX), np.float64).ravel()


def _again(images: np.ndarray, count: int) -> np.ndarray:
    return images[np.resize(np.arange(len(images)), count)]
