"""The grid of held-out pictures: which are chosen, how it is cut, how small it stays."""

from dataclasses import replace

import numpy as np
import pytest

from gan_core.data import DatasetSpec
from gan_core.storage import images
from gan_core.tasks import pair_grids

PAIRS = DatasetSpec(
    "p", "P", "pairs", (28, 28, 1), 0, (), 9, 9, "file", "", "", target_shape=(28, 28, 3)
)
SIDES = replace(PAIRS, kind="sides", image_shape=(28, 28, 3))


def held_out(spec, count=9):
    rng = np.random.default_rng(0)
    names = ("input", "target") if spec.kind == "pairs" else ("a", "b")
    shapes = (spec.image_shape, spec.target_shape)
    return {
        n: rng.integers(0, 256, (count, *s), np.uint8) for n, s in zip(names, shapes, strict=True)
    }


def test_every_class_comes_before_a_second_of_any():
    labels = np.repeat([0, 1, 2], [50, 5, 1])
    found = pair_grids.chosen(56, 8, labels)
    assert labels[found].tolist() == [0, 1, 2, 0, 1, 0, 1, 0]
    assert len(set(found)) == 8
    assert pair_grids.chosen(56, 56, labels).tolist() != list(range(56))
    assert sorted(pair_grids.chosen(56, 56, labels)) == list(range(56))


def test_too_few_are_shown_again():
    assert sorted(pair_grids.chosen(3, 7, None).tolist()) == [0, 0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("side", "tile", "columns", "factor"),
    [(28, 28, 9, 1), (64, 64, 9, 1), (128, 128, 3, 1), (256, 128, 3, 2), (300, 100, 3, 3)],
)
def test_large_images_stay_small(side, tile, columns, factor):
    spec = replace(PAIRS, image_shape=(side, side, 3), target_shape=(side, side, 3))
    plan = pair_grids.plan(spec, held_out(spec), {"target": "generator"})
    header = plan.header()
    assert (header["tile"], header["columns"], header["shrunk"]) == ([tile] * 2, columns, factor)
    pixels = pair_grids.drawn(plan, lambda x, way: -x)
    assert pixels.shape == (header["rows"] * tile, columns * tile, 3)
    assert len(images.png(pixels)) < 1.1 * pair_grids.most_bytes(spec, ("target",)) < 1.3e6


def test_blocks_are_averaged_also_at_the_rim():
    pixels = np.arange(25, dtype=np.uint8).reshape(1, 5, 5, 1)
    found = pair_grids.shrunk(pixels, 2)[0, ..., 0]
    assert found.tolist() == [[3, 5, 6], [13, 15, 16], [20, 22, 24]]


def test_the_middle_column_is_what_the_network_makes_of_the_first():
    plan = pair_grids.plan(PAIRS, held_out(PAIRS), {"target": "generator"})
    pixels = pair_grids.drawn(plan, lambda x, way: np.repeat(-x, 3, axis=3))
    tiles = images.split_grid(pixels, 28, 28).reshape(21, 3, 28, 28, 3)
    np.testing.assert_array_equal(tiles[:, 1], 255 - tiles[:, 0])
    assert (tiles[:, 0] == tiles[:, 0, ..., :1]).all()  # grey, beside colour


def test_the_way_back_is_of_what_was_made():
    plan = pair_grids.plan(SIDES, held_out(SIDES), {"b": "g_ab", "a": "g_ba"})
    asked = []

    def answer(x, way):
        asked.append(way)
        return -x if way == "b" else 0.5 * x

    tiles = images.split_grid(pair_grids.drawn(plan, answer), 28, 28).reshape(8, 6, 28, 28, 3)
    assert asked == ["b", "a", "a", "b"]
    near = images.to_uint8(-0.5 * images.to_float(tiles[:, 0]))
    assert np.abs(near.astype(int) - tiles[:, 2]).max() <= 1


@pytest.mark.parametrize(
    ("recipe", "data"),
    [
        ("fast_pix2pix", "edges_to_digits"),
        ("fast_cyclegan", "digits_and_paper"),
        ("fastcut", "digits_and_paper"),
    ],
)
def test_the_page_knows_the_grid_before_there_is_one(recipe, data, tmp_path):
    from gan_core import data as sets
    from gan_core import recipes, tasks
    from gan_core.tasks.translation import ways_of

    config, dataset = recipes.config(recipe, data), sets.load(data, tmp_path)
    plan = pair_grids.plan(dataset.spec, dataset.splits["held_out"], ways_of(config))
    assert tasks.of_config(config).layout(config, dataset.spec) == plan.header()
    assert plan.header()["ends"] == data.replace("_and_", "_to_").split("_to_")


def test_a_row_of_the_grid_is_the_held_out_image_of_its_number():
    """The number that leads from a sample to Translate, which counts in the order of `chosen`."""
    spec = replace(PAIRS, num_held_out=40)
    splits = held_out(spec, 40) | {"label": np.arange(40) % 3}
    plan = pair_grids.plan(spec, splits, {"target": "generator"})
    order = pair_grids.chosen(40, 40, splits["label"])
    row, block = 2, 1
    np.testing.assert_array_equal(
        plan.shown["input"][row * plan.repeat + block], splits["input"][order[row * 3 + block]]
    )
