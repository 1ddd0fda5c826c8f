"""L1, PSNR, SSIM, sharpness and correlation of images, against numbers from elsewhere."""

import numpy as np
import pytest

from gan_core.evaluation import likeness

# What scikit-image 0.25 says of `two`: structural_similarity(a, b, data_range=2.0, channel_axis=2),
# peak_signal_noise_ratio(a, b, data_range=2.0), and the mean absolute difference.
RECORDED = {
    (24, 20, 1): (0.8356910455979191, 19.005540210330683, 0.1822110707175269),
    (32, 32, 3): (0.8756547543627508, 18.930051236871424, 0.18491182218222887),
}


def two(shape):
    """A pattern of waves and the same with others on it, in [-1, 1]."""
    y, x, c = np.meshgrid(*[np.arange(n) for n in shape], indexing="ij")
    a = np.sin(0.3 * x + 0.2 * y * (1 + c))
    return a, np.clip(0.8 * a + 0.25 * np.cos(0.9 * x * y / 7 + c), -1, 1)


@pytest.mark.parametrize("shape", RECORDED)
def test_it_says_what_scikit_image_says(shape):
    a, b = (image[None] for image in two(shape))
    found = [f(a, b)[0] for f in (likeness.ssim, likeness.psnr, likeness.l1)]
    np.testing.assert_allclose(found, RECORDED[shape], rtol=1e-9)


def test_ssim_is_the_formula_of_wang_et_al_box_by_box():
    """Equation 13, each 7 x 7 box by itself, covariances over n - 1."""
    (a, b), found = two((11, 9, 1)), []
    for top in range(5):
        for left in range(3):
            x, y = (im[top : top + 7, left : left + 7, 0].ravel() for im in (a, b))
            (vx, cov), (_, vy) = np.cov(x, y)
            c1, c2 = (0.01 * 2) ** 2, (0.03 * 2) ** 2
            part = (2 * x.mean() * y.mean() + c1) * (2 * cov + c2)
            found.append(part / ((x.mean() ** 2 + y.mean() ** 2 + c1) * (vx + vy + c2)))
    assert likeness.ssim(a[None], b[None])[0] == pytest.approx(np.mean(found), rel=1e-9)


def test_equal_images_are_as_alike_as_can_be():
    a = two((16, 16, 3))[0][None].astype(np.float32)
    assert likeness.ssim(a, a)[0] == pytest.approx(1.0)
    assert likeness.psnr(a, a)[0] == likeness.MOST_DB
    assert likeness.l1(a, a)[0] == 0.0
    assert likeness.correlation(a, a)[0] == pytest.approx(1.0)
    assert likeness.correlation(a, -a)[0] == pytest.approx(-1.0)


def test_sizes_below_a_box_and_flat_images_have_numbers():
    small = np.zeros((2, 4, 5, 1), np.float32)
    assert likeness.ssim(small, small).tolist() == [1.0, 1.0]
    assert likeness.correlation(small, small).tolist() == [0.0, 0.0]
    assert likeness.gradients(small).tolist() == [0.0, 0.0]


def test_every_image_stands_for_itself_in_a_batch(monkeypatch):
    pairs = [two((16, 12, 3)), two((16, 12, 3))[::-1]]
    a, b = (np.stack(part) for part in zip(*pairs, strict=True))
    whole = likeness.ssim(a, b)
    monkeypatch.setattr(likeness, "CHUNK_PIXELS", 1)
    np.testing.assert_allclose(likeness.ssim(a, b), whole)
    assert whole[0] == pytest.approx(whole[1])


def test_stripes_are_sharper_than_a_ramp():
    stripes = np.tile([[-1.0], [1.0]], (1, 4, 8, 1)).reshape(1, 8, 8, 1)
    ramp = np.broadcast_to(np.linspace(-1, 1, 8)[:, None, None], (1, 8, 8, 1))
    assert likeness.gradients(stripes)[0] > likeness.gradients(ramp)[0] == pytest.approx(1 / 7)


def waves(size, kx, ky, amplitude=0.1):
    """A cosine of so many half turns a pixel along both axes, [1, H, W, 1]."""
    y, x = np.indices(size)
    return amplitude * np.cos(np.pi * (kx * x + ky * y))[None, ..., None]


@pytest.mark.parametrize("size", [(8, 8), (9, 8), (28, 31)])
@pytest.mark.parametrize("wave", [(1, 0), (0, 1), (1, 1)])
def test_columns_rows_and_checks_of_every_second_pixel_are_a_grid(size, wave):
    assert likeness.grid(waves(size, *wave))[0] == pytest.approx(0.1)


@pytest.mark.parametrize(
    "image",
    [
        np.full((1, 16, 16, 1), 0.7),
        np.broadcast_to(np.linspace(-1, 1, 16)[:, None], (1, 16, 16, 16))[..., :1],  # a ramp
        waves((16, 16), 0.5, 0),  # every fourth pixel
        np.kron(waves((8, 8), 1, 1, 1.0)[0, ..., 0], np.ones((2, 2)))[None, ..., None],  # of pairs
    ],
    ids=["level", "ramp", "every fourth", "of pairs of pixels"],
)
def test_what_repeats_otherwise_is_none(image):
    assert likeness.grid(image)[0] < 0.01


def test_a_grid_is_told_from_the_edges_of_a_picture_and_each_image_by_itself():
    """A bright square on black, in either phase; the second one under checks of 0.05."""
    images = np.zeros((2, 20, 20, 3))
    images[:, 5:13, 4:15] = 0.4
    images[1] += waves((20, 20), 1, 1, 0.05)[0]
    plain, under = likeness.grid(images)
    assert plain < 0.01 and 0.05 - plain < under < 0.05 + plain
    assert likeness.grid(np.ones((3, 2, 9, 1))).tolist() == [0.0, 0.0, 0.0]
