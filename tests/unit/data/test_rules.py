"""What derived sets are made by, on small arrays worked out by hand."""

import numpy as np
import pytest

from gan_core.data import pair_rules, side_rules


def picture(rows):
    """uint8 [1, H, W, 1] of numbers."""
    return np.array(rows, np.uint8)[None, ..., None]


def numbers(images):
    return images[0, ..., 0].tolist()


def test_an_edge_is_where_the_blurred_slope_is_steep():
    """A step from black to white: blurred in thirds, the slopes beside it are 1/3 and 2/3."""
    step = np.zeros((1, 5, 8, 1), np.uint8)
    step[:, :, 4:] = 255
    assert numbers(pair_rules.edges(step)) == [[0, 0, 255, 255, 255, 255, 0, 0]] * 5
    gentle = np.broadcast_to(np.arange(0, 160, 20, dtype=np.uint8)[:, None], (1, 5, 8, 1))
    assert not pair_rules.edges(gentle).any()


def test_pale_images_from_32_pixels_on_are_drawn_too_by_their_steepest_places():
    """A step of 51, a fifth of the range, blurred over three pixels: slopes of 1/15, 2/15, 2/15, 1/15;
    over five, and taken for as steep: once 1/15, four times 2/15. One of 15 is nothing to draw."""
    for side, step, drawn in ((31, 51, 0), (32, 51, 2), (256, 51, 4), (32, 15, 0)):
        images = np.full((1, side, side, 1), 100, np.uint8)
        images[:, :, side // 2 :] += step
        assert (numbers(pair_rules.edges(images))[0].count(255)) == drawn, (side, step)


def test_the_border_of_an_image_is_no_edge():
    assert not pair_rules.edges(np.full((1, 6, 6, 3), 200, np.uint8)).any()


def test_a_change_of_colour_alone_is_an_edge():
    """Red beside green of the same brightness: 0.299 x 255 = 0.587 x 130."""
    pixels = np.zeros((1, 4, 8, 3), np.uint8)
    pixels[:, :, :4, 0], pixels[:, :, 4:, 1] = 255, 130
    assert np.ptp(pair_rules.grey(pixels)) <= 1
    assert numbers(pair_rules.edges(pixels))[0] == [0, 0, 255, 255, 255, 255, 0, 0]


def test_grey_is_the_brightness_of_television():
    """White, red, green and blue by ITU-R BT.601: 255, 76.2, 149.7 and 29.1."""
    pixels = np.array([[[255] * 3, [255, 0, 0]], [[0, 255, 0], [0, 0, 255]]], np.uint8)[None]
    assert numbers(pair_rules.grey(pixels)) == [[255, 76], [150, 29]]


def test_a_quarter_is_the_mean_of_blocks_also_at_ragged_ends():
    rows = np.zeros((5, 6), np.uint8)
    rows[0, 0], rows[0, 4], rows[4, 0], rows[4, 5] = 160, 16, 8, 255
    found = numbers(pair_rules.quarter(picture(rows)))
    assert found == [[10] * 4 + [2] * 2] * 4 + [[2] * 4 + [128] * 2]


def test_half_keeps_the_upper_half_and_hole_greys_the_middle():
    full = np.full((5, 6), 9)
    assert numbers(pair_rules.half(picture(full))) == [[9] * 6] * 2 + [[0] * 6] * 3
    holed = [[9] * 6] + [[9] + [127] * 3 + [9] * 2] * 2 + [[9] * 6] * 2
    assert numbers(pair_rules.hole(picture(full))) == holed


def test_an_outline_is_the_rim_of_what_is_bright():
    """Four neighbours decide, and the border of the image is no rim."""
    rows = np.zeros((6, 6), int)
    rows[1:5, 1:5], rows[5, 5] = 128, 127
    rim = rows // 128 * 255
    rim[2:4, 2:4] = 0
    assert numbers(pair_rules.outline(picture(rows))) == rim.tolist()
    assert not pair_rules.outline(picture(np.full((4, 4), 255))).any()


def test_paper_is_ruled_every_quarter_and_black_is_bare():
    """28 pixels: lines in the rows 0, 7, 14 and 21, the margin in column 4; white is pure ink."""
    sheet = side_rules.paper(np.zeros((1, 28, 28, 1), np.uint8))[0]
    assert sheet[1, 0].tolist() == [245, 240, 219]  # 255 x (0.96, 0.94, 0.86)
    assert sheet[7, 0].tolist() == [184, 204, 208]  # and x (0.75, 0.85, 0.95)
    assert sheet[1, 4].tolist() == [233, 144, 132]  # and x (0.95, 0.6, 0.6)
    lines = [row for row in range(28) if (sheet[row, 0] == sheet[7, 0]).all()]
    assert lines == [0, 7, 14, 21]
    assert [c for c in range(28) if (sheet[1, c] != sheet[1, 0]).any()] == [4]
    inked = side_rules.paper(np.full((1, 28, 28, 1), 255, np.uint8))[0]
    assert (inked == [26, 38, 140]).all()  # 255 x (0.1, 0.15, 0.55)


def test_inverted_and_rotated():
    assert numbers(side_rules.inverted(picture([[0, 255], [1, 100]]))) == [[255, 0], [254, 155]]
    assert numbers(side_rules.rotated(picture([[1, 2], [3, 4]]))) == [[2, 4], [1, 3]]


RULES = [
    *(getattr(pair_rules, n) for n in ("edges", "grey", "quarter", "half", "hole", "outline")),
    *(getattr(side_rules, n) for n in ("paper", "inverted", "rotated")),
]


@pytest.mark.parametrize("make", RULES, ids=lambda make: make.__name__)
@pytest.mark.parametrize("shape", [(4, 4, 1), (7, 5, 3), (28, 28, 1), (61, 130, 3)])
def test_any_size_and_colour_keeps_its_size_and_the_images_are_left_alone(make, shape):
    images = np.random.default_rng(0).integers(0, 256, (3, *shape), np.uint8)
    before = images.copy()
    images.flags.writeable = False
    made = make(images)
    height, width = shape[:2][:: -1 if make is side_rules.rotated else 1]
    assert made.dtype == np.uint8 and made.shape[:3] == (3, height, width)
    assert (images == before).all()
    one_by_one = np.concatenate([make(images[k : k + 1]) for k in range(3)])
    assert (made == one_by_one).all()  # an image's answer does not depend on its neighbours
