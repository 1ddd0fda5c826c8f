"""`bench arithmetic`: what is counted, and a row that is measured for real."""

import json

import numpy as np
import pytest

from gan_core.bench import arithmetic
from gan_core.cli import main
from gan_core.networks import style_numpy


def test_instant_style_is_counted_as_its_convolutions_are_computed(monkeypatch):
    counted, plain = [], style_numpy.convolve

    def convolve(maps, kernel, bias, stride=1):
        made = plain(maps, kernel, bias, stride)
        counted.append(2 * made.size * kernel[..., 0].size)
        return made

    monkeypatch.setattr(style_numpy, "convolve", convolve)
    style_numpy.transform(np.zeros([64, 64, 3], np.float32), np.zeros(100, np.float32))
    assert arithmetic.instant_gflop(64) == pytest.approx(sum(counted) / 1e9)


def test_a_matrix_product_has_as_much_arithmetic_as_its_sums():
    """Each of n x n numbers is n products and as many sums."""
    product = arithmetic.matrix_product()
    assert product.gflop == 2 * arithmetic.SIZE**3 / 1e9
    assert product.step().shape == (arithmetic.SIZE, arithmetic.SIZE)


def test_a_row_says_the_same_of_time_and_arithmetic(capsys):
    words = ["--only", arithmetic.INSTANT, "--rounds", "1", "--seconds", "0.01", "--json"]
    assert main(["bench", "arithmetic", *words]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert row["gflops"] * row["ms_per_step"] == pytest.approx(1e3 * row["gflop"])
    assert row["share"] == pytest.approx(row["gflops"] / row["matrix_gflops"])
    assert row["what"] == arithmetic.INSTANT and row["share_by_cpu"] > 0


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--only", "dcgam"), "dcgam"),
        (("--rounds", "0"), "`--rounds` must be at least 1"),
        (("--seconds", "0"), "`--seconds` greater than 0"),
    ],
)
def test_bad_input_in_words(words, text, capsys):
    assert main(["bench", "arithmetic", *words]) == 2
    assert text in capsys.readouterr().err
