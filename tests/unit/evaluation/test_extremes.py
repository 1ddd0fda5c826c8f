"""Best and worst fakes: those that the judge and D put at the ends, in their order."""

import io

import numpy as np
from PIL import Image

from gan_core.evaluation import extremes
from gan_core.evaluation.features import open_judge
from gan_core.storage.images import to_float


def test_ends_are_in_order():
    best, worst = extremes.ends(np.arange(30.0)[::-1])
    assert list(best) == list(range(10)) and list(worst) == list(range(29, 19, -1))


def test_chosen_fakes_are_spread_over_all_classes():
    index = extremes.chosen(2000)
    assert len(index) == 500 and index[0] == 0 and index[-1] == 1999
    assert list(extremes.chosen(3)) == [0, 1, 2]


def test_noise_is_less_sure_than_digits(digits, tmp_path):
    judge = open_judge(digits.dataset, tmp_path)
    noise = np.random.default_rng(0).integers(0, 256, (40, 28, 28, 1), np.uint8)
    asked = digits.unseen_labels[:40]
    sure = extremes.sureness(judge, digits.unseen[:40], asked)
    assert sure.shape == (40,) and ((sure >= 0) & (sure <= 1)).all()
    assert np.median(sure) > 0.9
    assert np.median(extremes.sureness(judge, noise, asked)) < 0.5
    wrong = (asked + 1) % 10
    assert extremes.sureness(judge, digits.unseen[:40], wrong).max() < 0.5


def test_the_picture_has_four_rows_best_first(digits, tmp_path):
    class Folder:
        path = tmp_path

    judge = open_judge(digits.dataset, tmp_path)
    fakes = to_float(digits.unseen[:40])
    scores = np.arange(40.0)
    extremes.keep(Folder, judge, fakes, None, scores)
    pixels = np.asarray(Image.open(io.BytesIO((tmp_path / extremes.FILE).read_bytes())))
    assert pixels.shape == (4 * 28, 10 * 28)
    assert (pixels[56:84, :28] == digits.unseen[39, ..., 0]).all()  # D's favourite
    assert (pixels[84:112, :28] == digits.unseen[0, ..., 0]).all()
