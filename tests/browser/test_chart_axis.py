"""The arithmetic of the charts' axes, in the browser that runs it; percentiles as NumPy has them."""

from urllib.parse import urlsplit

import numpy as np
import pytest

from gan_core.web.assets import component_files


@pytest.fixture(scope="module")
def axis(profiles):
    """axis("f(a, b)", a): an expression over the exports of chart_axis.js, `a` is the argument."""
    page = profiles[0].new_page()
    page.route("**", answer)
    page.goto("http://localhost/")
    yield lambda words, a=None: page.evaluate(
        f"(a) => import('/shared/chart_axis.js').then((m) => {{ with (m) {{ return {words}; }} }})",
        a,
    )
    page.close()


def answer(route):
    """The components' files as they are; what else is asked for is empty."""
    body = component_files().get(urlsplit(route.request.url).path.lstrip("/"))
    route.fulfill(body=body or b"", content_type="text/javascript" if body else "text/html")


def test_one_spike_does_not_rule_the_axis(axis):
    values = np.random.default_rng(0).normal(1.0, 0.2, 5000)
    values[15:20] = 4.7e6
    found = axis("spanOf([a])", values.tolist())
    low, high = np.percentile(values, [1, 99], method="nearest")
    assert (found["low"], found["high"]) == pytest.approx((low, high), rel=1e-3)
    assert not found["wide"]
    assert axis("spanOf([a], true)", values.tolist())["high"] == 4.7e6  # the option: all of it


def test_values_of_many_powers_of_ten_are_wide_and_none_is_nothing(axis):
    assert axis("spanOf([a])", [10.0**k for k in range(20)])["wide"]
    assert axis("spanOf([a])", [None, None]) is None


@pytest.mark.parametrize(
    ("old", "wanted", "shown"),
    [
        (None, [0, 2], [0, 2]),
        ([0, 4], [0, 3.5], [0, 4]),  # it does not move with every update
        ([0, 4], [0, 1], [0, 1]),  # most of it was empty
        ([0, 2], [0, 3], [0, 3.24]),  # it grew, with room for the next
    ],
)
def test_an_axis_grows_with_its_data_and_shrinks_only_where_it_is_empty(old, wanted, shown, axis):
    assert axis("follow(a[0], a[1])", [old, wanted]) == pytest.approx(shown)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.25, "0.25"),
        (-3, "\u22123"),
        (1455, "1,455"),
        (0.018, "0.018"),
        (1.5e17, "1.5×10¹⁷"),
        (1e12, "10¹²"),
        (-14_700_000, "\u22121.47×10⁷"),
        (1.25e6, "1.25×10⁶"),
        (2e-5, "2×10⁻⁵"),
    ],
)
def test_ticks_have_no_e(value, text, axis):
    assert axis("tickText(a)", value) == text


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.04), (-0.3, 2.2), (1e3, 9e9), (-5e6, -1e6)])
def test_ticks_lie_inside_and_are_round(low, high, axis):
    for log in (False, True) if low > 0 else (False,):
        found = axis("ticks(a[0], a[1], a[2])", [low, high, log])
        values = np.array(found["tickvals"], float)
        assert 2 <= len(values) <= 9 and len(set(found["ticktext"])) == len(values)
        slack = 1e-9 * max(abs(low), abs(high))
        assert values.min() >= low - slack and values.max() <= high + slack


def test_labels_do_not_touch(axis):
    places = axis("spreadOut(a, 13, 10, 100)", [50, 50, 51, 99])
    assert places[0] >= 10 and places[-1] <= 100
    assert min(b - a for a, b in zip(places, places[1:], strict=False)) >= 13
