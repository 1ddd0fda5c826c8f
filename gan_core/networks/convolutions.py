"""Convolutions of one picture in NumPy alone, for small networks that must answer before TensorFlow is there.

Maps are float32 [H, W, C], channels last. A convolution is a product of matrices for each block of rows:
NumPy lets go of Python's lock meanwhile, so blocks are computed side by side.
"""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.lib.stride_tricks import as_strided

from gan_core.startup import runtime

BLOCK = 2**18  # numbers of a block of rows: it stays in the processor's cache
FEW = 8  # filters
MOST_THREADS = 4


def convolve(maps: np.ndarray, kernel: np.ndarray, bias: np.ndarray, stride: int = 1) -> np.ndarray:
    """Without padding: maps [H, W, C], kernel [n, n, C, F] and bias [F] -> [about H / stride, ..., F]."""
    size, _, channels, filters = kernel.shape
    height, width = ((side - size) // stride + 1 for side in maps.shape[:2])
    down, right, between = maps.strides
    shape = (maps.shape[0], width, size * channels)  # of each place its neighbours to the right
    spread = as_strided(maps, shape, (down, stride * right, between), writeable=False)
    flat = kernel.reshape(size, size * channels, filters)
    out = np.empty((height, width, filters), np.float32)
    rows = max(size, BLOCK // (width * size * channels * stride))

    def fill(first: int) -> None:
        last = min(first + rows, height)
        block = np.ascontiguousarray(spread[first * stride : (last - 1) * stride + size])
        out[first:last] = _summed(block, flat, stride, last - first) + bias

    _each(fill, range(0, height, rows))
    return out


def _summed(block, flat, stride: int, count: int) -> np.ndarray:
    """Rows of a block times the rows of the kernel, added up: [count, W, F]."""
    size, length, filters = flat.shape
    if filters < FEW:  # one wide product, of which rows are added
        made = block.reshape(-1, length) @ flat.transpose(1, 0, 2).reshape(length, -1)
        made = made.reshape(*block.shape[:2], size, filters)
        return sum(made[_rows(row, stride, count), :, row] for row in range(size))
    found = np.zeros((count * block.shape[1], filters), np.float32)
    for row in range(size):
        found += block[_rows(row, stride, count)].reshape(-1, length) @ flat[row]
    return found.reshape(count, -1, filters)


def _rows(first: int, stride: int, count: int) -> slice:
    return slice(first, first + (count - 1) * stride + 1, stride)


def pointwise(maps: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """A kernel of one place: [H, W, C] and [1, 1, C, F] -> [H, W, F]."""
    return maps @ kernel[0, 0] + bias


def depthwise(maps: np.ndarray, kernel: np.ndarray, bias: np.ndarray, stride: int) -> np.ndarray:
    """Each channel with a kernel of its own, padded as TensorFlow's "same": kernel [3, 3, C, 1]."""
    height, width = (-(-side // stride) for side in maps.shape[:2])
    padded = np.pad(maps, [*(same(side, 3, stride) for side in maps.shape[:2]), (0, 0)])
    found = np.broadcast_to(bias, (height, width, len(bias))).copy()
    for i in range(3):
        for j in range(3):
            places = padded[i::stride, j::stride][:height, :width]
            found += places * kernel[i, j, :, 0]
    return found


def same(side: int, size: int, stride: int) -> tuple[int, int]:
    """Zeros before and after a side for TensorFlow's "same" padding."""
    missing = max((-(-side // stride) - 1) * stride + size - side, 0)
    return missing // 2, missing - missing // 2


def mirrored(maps: np.ndarray, width: int) -> np.ndarray:
    """The border mirrored, without repeating it: [H + 2 width, W + 2 width, C]."""
    return np.pad(maps, [(width, width), (width, width), (0, 0)], "reflect")


def doubled(maps: np.ndarray) -> np.ndarray:
    """Each place as two by two: [2 H, 2 W, C]."""
    return maps.repeat(2, axis=0).repeat(2, axis=1)


def _each(work, items: range) -> None:
    """Do the work of each; side by side where there are several."""
    if len(items) == 1:
        return work(items[0])
    for _ in _workers().map(work, items):
        pass
    return None


@functools.cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(min(runtime.cores(), MOST_THREADS), "convolve")
