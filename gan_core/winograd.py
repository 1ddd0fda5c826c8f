"""Convolutions by the minimal filtering of Winograd: fewer multiplications for the same sums.

Lavin & Gray, 2016, "Fast Algorithms for Convolutional Neural Networks"
(https://arxiv.org/abs/1509.09308): to get 4 outputs of a filter with k places takes 4 + k - 1
multiplications instead of 4 k, along each side. A 7 x 7 map under a 5 x 5 kernel needs 256 instead of
the 841 that do not meet padding; 3 x 3 places that spread to 7 x 7 need 64 instead of 225, and 7 x 7
that double 576 instead of 1,225. Everything but the product of the transformed tiles with the
transformed kernel is small constant matrices, so that TensorFlow differentiates it, as often as asked.
Rounding errors grow about five times, to 6e-6 of the outputs' spread with k = 5.
"""

from __future__ import annotations

import functools
import math

import numpy as np
import tensorflow as tf

TILE = 4  # outputs of one tile along a side
POINTS = {3: (0, 1, -1, 2, -2), 5: (0, 1, -1, 2, -2, 0.5, -0.5)}  # and infinity


def convolve(images, kernel):
    """tf.nn.conv2d with stride 1 and "SAME": [B, H, W, C] -> [B, H, W, F], kernel [k, k, C, F], k 3 or 5."""
    filtering = _filtering(kernel.shape[0], images.shape[1:3])
    return _filtered(images, _transformed(kernel), *filtering)


def spread(features, kernel, padding: str = "SAME"):
    """tf.nn.conv2d_transpose with stride 1: [B, H, W, F] -> [B, H, W, C], kernel [k, k, C, F], k 3 or 5.

    With padding "VALID" each side grows by k - 1.
    """
    size = kernel.shape[0]
    before, more = ((size - 1) // 2, 0) if padding == "SAME" else (0, size - 1)
    sides = [side + more for side in features.shape[1:3]]
    filtering = _filtering(size, sides, before, less=more)
    return _filtered(features, _transformed(kernel), *_transposed(filtering), transpose_b=True)


def double(features, kernel):
    """tf.nn.conv2d_transpose with stride 2 and "SAME": [B, H, W, F] -> [B, 2H, 2W, C], kernel [k, k, C, F].

    The four pixels of a block are four channels of a convolution with 3 x 3 neighbours (`phases`).
    """
    filtering = _filtering(3, features.shape[1:3])
    blocks = _filtered(features, _transformed_phases(kernel), *filtering, transpose_b=True)
    return tf.nn.depth_to_space(blocks, 2)


@functools.cache
def phases(size: int) -> np.ndarray:
    """[2, 3, k] of 0 and 1: which place of a kernel with stride 2 ties a pixel to a neighbour.

    Pixel 2m + a gets from feature m - 1 + t what stands at a + p + 2 - 2t of the kernel, where
    p = (k - 2) // 2 is the padding before; outside the kernel that is nothing.
    """
    pixel, neighbour, place = np.ogrid[:2, :3, :size]
    return (place == pixel + (size - 2) // 2 + 2 - 2 * neighbour).astype(float)


def _filtered(maps, kernel, read, write, transpose_b: bool = False):
    """Tiles of maps [B, H, W, C] under `read` times kernels [a a, C, F], and back under `write`."""
    points = math.isqrt(kernel.shape[0])
    products = tf.matmul(_tiles(maps, points, *read), kernel, transpose_b=transpose_b)
    return _joined(products, points, *write)


def _tiles(maps, points: int, down, right):
    """Maps [B, H, W, C] under matrices [a t, H] and [a u, W], rows by point and tile -> [a a, t u B, C]."""
    height, width, channels = maps.shape[1:]
    count = tf.shape(maps)[0]
    x = tf.reshape(tf.transpose(maps, [1, 2, 0, 3]), [height, width * count * channels])
    x = tf.reshape(_of(down, x) @ x, [len(down), width, count * channels])
    x = tf.reshape(_of(right, x) @ x, [points, len(down) // points, points, -1])
    return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [points**2, -1, channels])


def _joined(products, points: int, down, right):
    """[a a, t u B, C] under matrices [H, a t] and [W, a u] -> maps [B, H, W, C]."""
    channels = products.shape[-1]
    tiles = [matrix.shape[1] // points for matrix in (down, right)]
    x = tf.reshape(products, [points, points, tiles[0], -1])
    x = tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [points * tiles[0], points * tiles[1], -1])
    x = tf.reshape(_of(right, x) @ x, [points * tiles[0], -1])
    x = tf.reshape(_of(down, x) @ x, [len(down), len(right), -1, channels])
    return tf.transpose(x, [2, 0, 1, 3])


def _of(matrix, like):
    return tf.constant(matrix, like.dtype)


def _transformed(kernel):
    """[k, k, C, F] -> [a a, C, F]."""
    size, _, channels, filters = kernel.shape
    once = _filter_matrix(size)
    twice = _of(np.kron(once, once), kernel)
    return tf.reshape(twice @ tf.reshape(kernel, [size**2, -1]), [-1, channels, filters])


def _transformed_phases(kernel):
    """[k, k, C, F] -> [a a, 4 C, F], of the kernel's four `phases`."""
    size, _, channels, filters = kernel.shape
    once = np.einsum("pt,atk->pak", _filter_matrix(3), phases(size))
    twice = np.einsum("pak,qbl->pqabkl", once, once).reshape(-1, size**2)
    x = _of(twice, kernel) @ tf.reshape(kernel, [size**2, -1])
    return tf.reshape(x, [len(once) ** 2, 4 * channels, filters])


def _filtering(size: int, sides, before: int | None = None, less: int = 0):
    """((down, right) for reading tiles of maps, the same for writing them)."""
    before = (size - 1) // 2 if before is None else before
    both = [_side_matrices(side, size, before, less) for side in sides]
    return tuple(zip(*both, strict=True))


def _transposed(filtering):
    read, write = ([matrix.T for matrix in pair] for pair in filtering)
    return write, read


@functools.cache
def _side_matrices(side: int, size: int, before: int, less: int) -> tuple[np.ndarray, np.ndarray]:
    """What a side of a map becomes at every (point, tile), [a t, side], and they become, [side - less, a t].

    Places `before` the side and behind it are padding: nothing is read there, nothing written.
    """
    read, write = _tile_matrices(size)
    points, tiles = len(read), -(-(side - less) // TILE)
    padded = tiles * TILE + points - TILE
    reading, writing = np.zeros([points, tiles, padded]), np.zeros([tiles * TILE, points, tiles])
    for tile in range(tiles):
        start = tile * TILE
        reading[:, tile, start : start + points] = read
        writing[start : start + TILE, :, tile] = write
    reading = reading.reshape(points * tiles, padded)[:, before : before + side]
    return reading, writing.reshape(tiles * TILE, points * tiles)[: side - less]


@functools.cache
def _tile_matrices(size: int) -> tuple[np.ndarray, np.ndarray]:
    """B^T [a, a] of the inputs of a tile and A^T [4, a] of its outputs (Lavin & Gray, eq. 7).

    A filter and a polynomial of 4 coefficients are multiplied by their values at the points; the
    filtering is that product's transpose.
    """
    read = np.linalg.inv(_values(size, len(POINTS[size]) + 1)).T
    return read / _scale(size)[:, None], _values(size, TILE).T


@functools.cache
def _filter_matrix(size: int) -> np.ndarray:
    """G [a, k] of the filter (Lavin & Gray, eq. 7)."""
    return _values(size, size) * _scale(size)[:, None]


def _scale(size: int) -> np.ndarray:
    """The largest entry of each row of B^T goes to the filter, so that tiles keep their magnitude."""
    return np.abs(np.linalg.inv(_values(size, len(POINTS[size]) + 1)).T).max(axis=1)


def _values(size: int, count: int) -> np.ndarray:
    """Of a polynomial with `count` coefficients at every point; at infinity its last coefficient."""
    finite = np.vander(POINTS[size], count, increasing=True)
    return np.vstack([finite, np.eye(count)[-1]])
