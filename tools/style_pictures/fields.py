"""Smooth random fields, Voronoi cells and colours: what the pictures are painted with."""

import numpy as np
from PIL import Image


def grid(height, width):
    """y, x of the pixels' centres, in units of the shorter side, each [H, W]."""
    side = min(height, width)
    return np.mgrid[0:height, 0:width].astype(np.float32) / side


def noise(shape, cells, seed, octaves=1):
    """Smooth values around 0, about -1 to 1: random numbers on a lattice, cubic between them."""
    rng, total, weight = np.random.default_rng(seed), 0.0, 1.0
    for octave in range(octaves):
        n = max(2, round(cells * 2**octave))
        across = max(2, round(n * shape[1] / shape[0]))
        coarse = Image.fromarray(rng.standard_normal((n + 2, across + 2)).astype(np.float32))
        size = (round(shape[1] * (across + 2) / across), round(shape[0] * (n + 2) / n))
        fine = np.asarray(coarse.resize(size, Image.Resampling.BICUBIC))
        total = total + weight * fine[: shape[0], : shape[1]]
        weight *= 0.5
    return total / 1.2


def palette(values, colours):
    """Colours [K, 3] of 0..255 blended along values in [0, 1]: [..., 3]."""
    colours = np.asarray(colours, np.float32)
    at = np.clip(values, 0, 1) * (len(colours) - 1)
    low = np.clip(at.astype(int), 0, len(colours) - 2)
    share = (at - low)[..., None]
    share = share * share * (3 - 2 * share)
    return colours[low] * (1 - share) + colours[low + 1] * share


def nearest(y, x, points):
    """(index of the nearest point, distances to the nearest and to the second), each [H, W]."""
    first = np.full(y.shape, np.inf, np.float32)
    second, index = first.copy(), np.zeros(y.shape, int)
    for k, (py, px) in enumerate(points):
        distance = np.hypot(y - py, x - px)
        closer = distance < first
        second = np.where(closer, first, np.minimum(second, distance))
        index, first = np.where(closer, k, index), np.where(closer, distance, first)
    return index, first, second


def lit(height, strength=1.0):
    """Light from the upper left on a relief [H, W]: about 1, brighter on slopes that face it."""
    dy, dx = np.gradient(height)
    return 1 + strength * (dx + dy) / np.sqrt(1 + dx * dx + dy * dy)


def step(edge, values, width):
    """0 below the edge, 1 above, smooth in between."""
    t = np.clip((values - edge) / width + 0.5, 0, 1)
    return t * t * (3 - 2 * t)


def picture(pixels, size):
    """float [H, W, 3] in 0..255 as a Pillow picture of (width, height)."""
    whole = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return whole.resize(size, Image.Resampling.LANCZOS)
