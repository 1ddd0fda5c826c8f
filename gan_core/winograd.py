"""Convolutions by the minimal filtering of Winograd: fewer multiplications for the same sums.

Lavin & Gray, 2016, "Fast Algorithms for Convolutional Neural Networks"
(https://arxiv.org/abs/1509.09308): to get 4 outputs of a filter with k places takes 4 + k - 1
multiplications instead of 4 k, along each side. A 7 x 7 map under a 5 x 5 kernel needs 256 instead of
the 841 that do not meet padding. Everything but the product of the transformed tiles with the
transformed kernel is small constant matrices, so that TensorFlow differentiates it, as often as asked.
Rounding errors grow about five times, to 6e-6 of the outputs' spread with k = 5.
"""

from __future__ import annotations

import functools

import numpy as np
import tensorflow as tf

TILE = 4  # outputs of one tile along a side
POINTS = {3: (0, 1, -1, 2, -2), 5: (0, 1, -1, 2, -2, 0.5, -0.5)}  # and infinity


def convolve(images, kernel):
    """tf.nn.conv2d with stride 1 and "SAME": [B, H, W, C] -> [B, H, W, F], kernel [k, k, C, F], k 3 or 5."""
    read, write = _matrices(images.shape[1:3], kernel.shape[0])
    return _joined(tf.matmul(_tiles(images, *read), _transformed(kernel)), *write)


def spread(features, kernel):
    """tf.nn.conv2d_transpose with stride 1 and "SAME": [B, H, W, F] -> [B, H, W, C], kernel [k, k, C, F]."""
    read, write = _matrices(features.shape[1:3], kernel.shape[0])
    tiles = _tiles(features, *(matrix.T for matrix in write))
    products = tf.matmul(tiles, _transformed(kernel), transpose_b=True)
    return _joined(products, *(matrix.T for matrix in read))


def _tiles(maps, down, right):
    """Maps [B, H, W, C] under matrices [a t, H] and [a u, W], rows by point and tile -> [a a, t u B, C]."""
    height, width, channels = maps.shape[1:]
    points = _points(down, height)
    count = tf.shape(maps)[0]
    x = tf.reshape(tf.transpose(maps, [1, 2, 0, 3]), [height, width * count * channels])
    x = tf.reshape(_of(down, x) @ x, [len(down), width, count * channels])
    x = tf.reshape(_of(right, x) @ x, [points, len(down) // points, points, -1])
    return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [points**2, -1, channels])


def _joined(products, down, right):
    """[a a, t u B, C] under matrices [H, a t] and [W, a u] -> maps [B, H, W, C]."""
    channels, points = products.shape[-1], _points(down.T, len(down))
    tiles = [m.shape[1] // points for m in (down, right)]
    x = tf.reshape(products, [points, points, tiles[0], -1])
    x = tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [points * tiles[0], points * tiles[1], -1])
    x = tf.reshape(_of(right, x) @ x, [points * tiles[0], -1])
    x = tf.reshape(_of(down, x) @ x, [len(down), len(right), -1, channels])
    return tf.transpose(x, [2, 0, 1, 3])


def _points(matrix, side: int) -> int:
    return len(matrix) // -(-side // TILE)


def _of(matrix, like):
    return tf.constant(matrix, like.dtype)


def _transformed(kernel):
    """[k, k, C, F] -> [a a, C, F]."""
    size, _, channels, filters = kernel.shape
    once = _filter_matrix(size)
    twice = _of(np.kron(once, once), kernel)
    return tf.reshape(twice @ tf.reshape(kernel, [size**2, -1]), [-1, channels, filters])


def _matrices(sides, size: int):
    """((down, right) for reading tiles of maps, the same for writing them)."""
    both = [_side_matrices(side, size) for side in sides]
    return tuple(zip(*both, strict=True))


@functools.cache
def _side_matrices(side: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """What a side of a map becomes at every (point, tile), [a t, side], and what they become, [side, a t].

    Places beyond the side are padding: nothing is read there, nothing written.
    """
    read, write = _tile_matrices(size)
    points, tiles = len(read), -(-side // TILE)
    padded = tiles * TILE + points - TILE
    reading, writing = np.zeros([points, tiles, padded]), np.zeros([tiles * TILE, points, tiles])
    for tile in range(tiles):
        start = tile * TILE
        reading[:, tile, start : start + points] = read
        writing[start : start + TILE, :, tile] = write
    before = (size - 1) // 2
    reading = reading.reshape(points * tiles, padded)[:, before : before + side]
    return reading, writing.reshape(tiles * TILE, points * tiles)[:side]


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
