"""Pixels and pictures."""

import io

import numpy as np
from PIL import Image

from gan_core.storage import images


def test_every_level_survives_the_round_trip():
    levels = np.arange(256, dtype=np.uint8)
    assert np.array_equal(images.to_uint8(images.to_float(levels)), levels)


def test_values_outside_are_clipped():
    assert images.to_uint8(np.array([-1.5, -1.0, 1.0, 9.0])).tolist() == [0, 0, 255, 255]


def test_grid_rows_come_first_and_missing_tiles_are_black():
    tiles = np.stack([np.full((2, 3, 1), i, np.uint8) for i in range(1, 6)])
    grid = images.grid(tiles, columns=2)
    assert grid.shape == (6, 6, 1)
    assert grid[::2, ::3, 0].tolist() == [[1, 2], [3, 4], [5, 0]]
    assert np.array_equal(images.split_grid(grid, 2, 3)[:5], tiles)


def test_png_is_lossless_in_grey_and_colour():
    rng = np.random.default_rng(0)
    for channels in (1, 3):
        pixels = rng.integers(0, 256, (4, 5, channels), dtype=np.uint8)
        data = images.png(pixels)
        assert np.array_equal(images.from_png(data), pixels)
        assert Image.open(io.BytesIO(data)).format == "PNG"


def test_points_are_drawn_where_they_are():
    picture = images.plot_points(np.array([[0.0, 0.0], [1.0, 1.0], [9.0, 0.0]]), size=101, extent=2)
    rows, columns, _ = np.nonzero(picture)
    assert set(zip(rows.tolist(), columns.tolist(), strict=True)) == {
        (50, 50),
        (51, 50),
        (50, 51),
        (51, 51),
        (25, 75),
        (26, 75),
        (25, 76),
        (26, 76),
    }
