"""The measures against well-kept programs; tools/make_reference_metrics.py made the numbers."""

import json
from pathlib import Path

import numpy as np
import pytest

from gan_core.evaluation.frechet import frechet_distance, moments
from gan_core.evaluation.kernel import kernel_distance
from gan_core.evaluation.prdc import prdc

FILE = Path(__file__).parents[2] / "data" / "reference_metrics.json"
STORED = json.loads(FILE.read_text())
CASES = STORED["cases"]


@pytest.fixture(params=CASES)
def case(request):
    """(real, fake, what the others measured)"""
    with np.load(FILE.with_suffix(".npz")) as arrays:
        pair = arrays[f"{request.param}/real"], arrays[f"{request.param}/fake"]
    return *pair, CASES[request.param]


def test_frechet(case):
    real, fake, others = case
    found = frechet_distance(moments(real), moments(fake))
    assert found == pytest.approx(others["frechet"], rel=1e-6)


def test_prdc(case):
    real, fake, others = case
    for name, value in prdc(real, fake).items():
        assert value == pytest.approx(others[name], rel=1e-6), name


def test_kernel_distance_is_the_mean_of_random_subsets(case):
    real, fake, others = case
    found = kernel_distance(real, fake)
    error = others["kernel_std_of_subsets"] / np.sqrt(STORED["kernel_subsets"]["number"])
    assert abs(found.value - others["kernel_mean"]) < 4 * error
    if others["kernel_all"] is not None:
        assert found.value == pytest.approx(others["kernel_all"], rel=1e-6, abs=1e-12)
