"""Convolutions by the minimal filtering of Winograd: fewer multiplications for the same sums.

Lavin & Gray, 2016, "Fast Algorithms for Convolutional Neural Networks"
(https://arxiv.org/abs/1509.09308): to get m outputs of a filter with k places takes m + k - 1
multiplications instead of m k, along each side. A 7 x 7 map under a 5 x 5 kernel needs 256 instead of
the 841 that do not meet padding; 3 x 3 places that spread to 7 x 7 need 49 instead of 225, and 7 x 7
that double 324 instead of 1,225. Everything but the product of the transformed tiles with the
transformed kernel is small constant matrices, so that TensorFlow differentiates it, as often as asked.
Rounding errors grow about ten to thirty times, to between 4e-6 and 1.5e-5 of the outputs' spread.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

MAX_POINTS = 9  # of one tile along a side, infinity among them
POINTS = (0, 1, -1, 2, -2, 0.5, -0.5)  # as many as a tile needs, and infinity
# Eight points and infinity: of 2,113 sets the most exact.
EIGHT = (1, -1, 1 / 4, -1 / 4, 2 / 3, -2 / 3, 5 / 2, -5 / 2)


@dataclass(frozen=True, eq=False)
class Filtering:
    """The matrices of one side of a map, in t tiles of a points: write @ (filter @ g * (read @ d)).

    Attributes:
        points: a.
        read: [a t, inputs], of a side of the maps.
        filter: [a, k], of a side of the kernel.
        write: [outputs, a t], of the products.
    """

    points: int
    read: np.ndarray
    filter: np.ndarray
    write: np.ndarray

    @property
    def transposed(self) -> Filtering:
        """What gradients of the outputs are to the inputs: a transposed convolution."""
        return Filtering(self.points, self.write.T, self.filter, self.read.T)


def convolve(images, kernel, padding: str = "SAME"):
    """tf.nn.conv2d with stride 1: [B, H, W, C] -> [B, H, W, F], kernel [k, k, C, F], k to 5.

    With padding "VALID" each side shrinks by k - 1.
    """
    size, valid = kernel.shape[0], padding == "VALID"
    lost = size - 1 if valid else 0
    down, right = sides = [filtering(side - lost, size, valid) for side in images.shape[1:3]]
    return _joined(tf.matmul(_tiles(images, *sides), _transformed(kernel, down, right)), *sides)


def spread(features, kernel, padding: str = "SAME"):
    """tf.nn.conv2d_transpose with stride 1: [B, H, W, F] -> [B, H, W, C], kernel [k, k, C, F], k to 5.

    With padding "VALID" each side grows by k - 1.
    """
    size, valid = kernel.shape[0], padding == "VALID"
    down, right = sides = [filtering(n, size, valid).transposed for n in features.shape[1:3]]
    kernels = _transformed(kernel, down, right)
    products = tf.matmul(_tiles(features, *sides), kernels, transpose_b=True)
    return _joined(products, *sides)


def double(features, kernel):
    """tf.nn.conv2d_transpose with stride 2 and "SAME": [B, H, W, F] -> [B, 2H, 2W, C], kernel [k, k, C, F].

    The four pixels of a block are four channels of a convolution with 3 x 3 neighbours (`phases`).
    """
    down, right = sides = [filtering(side, 3) for side in features.shape[1:3]]
    kernels = _transformed(kernel, down, right, phases(kernel.shape[0]))
    products = tf.matmul(_tiles(features, *sides), kernels, transpose_b=True)
    return tf.nn.depth_to_space(_joined(products, *sides), 2)


@functools.cache
def phases(size: int) -> np.ndarray:
    """[2, 3, k] of 0 and 1: which place of a kernel with stride 2 ties a pixel to a neighbour.

    Pixel 2m + a gets from feature m - 1 + t what stands at a + p + 2 - 2t of the kernel, where
    p = (k - 2) // 2 is the padding before; outside the kernel that is nothing.
    """
    pixel, neighbour, place = np.ogrid[:2, :3, :size]
    return (place == pixel + (size - 2) // 2 + 2 - 2 * neighbour).astype(float)


@functools.cache
def filtering(outputs: int, size: int, valid: bool = False) -> Filtering:
    """Of a convolution to so many outputs a side; as many inputs, or k - 1 more where `valid`.

    Inputs beyond the side are padding: nothing is read there. Tiles are as even as can be.
    """
    tiles = -(-outputs // (MAX_POINTS + 1 - size))
    tile = -(-outputs // tiles)
    read, kernel, write = _tile_matrices(tile, size)
    points = len(read)
    reading = np.zeros([points, tiles, tiles * tile + size - 1])
    writing = np.zeros([tiles * tile, points, tiles])
    for number in range(tiles):
        start = number * tile
        reading[:, number, start : start + points] = read
        writing[start : start + tile, :, number] = write
    before, inputs = (0, outputs + size - 1) if valid else ((size - 1) // 2, outputs)
    reading = reading.reshape(points * tiles, -1)[:, before : before + inputs]
    return Filtering(points, reading, kernel, writing.reshape(-1, points * tiles)[:outputs])


def _tile_matrices(tile: int, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """B^T [a, a] of inputs, G [a, k] of a filter and A^T [m, a] of outputs (Lavin & Gray, eq. 7).

    A filter and a polynomial of m coefficients are multiplied by their values at a points; the
    filtering is that product's transpose. The largest entry of each row of B^T goes to the filter,
    so that tiles keep their magnitude.
    """
    points = tile + size - 1
    read = np.linalg.inv(_values(points, points)).T
    scale = np.abs(read).max(axis=1, keepdims=True)
    return read / scale, _values(points, size) * scale, _values(points, tile).T


def _values(points: int, coefficients: int) -> np.ndarray:
    """Of a polynomial at every point; at infinity, the last, its last coefficient."""
    chosen = POINTS[: points - 1] if points <= len(POINTS) + 1 else EIGHT
    finite = np.vander(chosen, coefficients, increasing=True)
    return np.vstack([finite, np.eye(coefficients)[-1]])


def _tiles(maps, down, right):
    """Maps [B, H, W, C], rows by point and tile -> [a b, t u B, C]."""
    height, width, channels = maps.shape[1:]
    count, rows = tf.shape(maps)[0], len(down.read)
    x = tf.reshape(tf.transpose(maps, [1, 2, 0, 3]), [height, width * count * channels])
    x = tf.reshape(_of(down.read, x) @ x, [rows, width, count * channels])
    x = _of(right.read, x) @ x
    x = tf.reshape(x, [down.points, rows // down.points, right.points, -1])
    return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [down.points * right.points, -1, channels])


def _joined(products, down, right):
    """[a b, t u B, C] -> maps [B, H, W, C]."""
    (height, rows), (width, columns) = down.write.shape, right.write.shape
    x = tf.reshape(products, [down.points, right.points, rows // down.points, -1])
    x = tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [rows, columns, -1])
    x = tf.reshape(_of(right.write, x) @ x, [rows, -1])
    x = tf.reshape(_of(down.write, x) @ x, [height, width, -1, products.shape[-1]])
    return tf.transpose(x, [2, 0, 1, 3])


def _transformed(kernel, down: Filtering, right: Filtering, parts: np.ndarray | None = None):
    """[k, k, C, F] -> [a b, C, F], or [a b, n n C, F] of the parts [n, m, k] of a side of the kernel."""
    size, _, channels, filters = kernel.shape
    parts = np.eye(size)[None] if parts is None else parts
    once = [np.einsum("pm,nmk->pnk", side.filter, parts) for side in (down, right)]
    twice = _of(np.einsum("pnk,qol->pqnokl", *once).reshape(-1, size**2), kernel)
    x = twice @ tf.reshape(kernel, [size**2, -1])
    return tf.reshape(x, [-1, len(parts) ** 2 * channels, filters])


def _of(matrix, like):
    return tf.constant(matrix, like.dtype)
