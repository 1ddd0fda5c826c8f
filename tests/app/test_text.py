"""How the pages write numbers, times and other people's text."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from gan_core.training import speeds
from pages.ui.shared import measures, rows, sparks, text
from pages.ui.train.coverage import gap


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain words", "plain words"),
        ("**b**", r"\*\*b\*\*"),
        ("a\nb   c", "a b c"),
        ("<i>x</i>", r"\<i\>x\<\/i\>"),
        ("$x$ `c` [l](u)", r"\$x\$ \`c\` \[l\]\(u\)"),
        (":red[x]", "\\:\u2060red\\[x\\]"),
        ("www.a.example", "www\u2060\\.a\\.example"),
    ],
)
def test_text_of_others_is_no_markup(typed, shown):
    assert text.plain(typed) == shown


def test_errors_keep_their_code_and_nothing_else():
    error = "`batch_size` must be at least 1. Received: `batch_size=**0**`. *no*"
    said = text.said(error)
    assert "`batch_size`" in said and "`batch_size=**0**`" in said
    assert r"\*no\*" in said
    assert text.said("an ` alone *x*") == r"an alone \*x\*"


def test_html_is_escaped():
    assert text.escaped("<b>&") == "&lt;b&gt;&amp;"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "5 s"), (32, "30 s"), (120, "2 min"), (3.8 * 3600, "3.8 h"), (50 * 3600, "2.1 days")],
)
def test_times_to_plan_with(seconds, words):
    assert text.about(seconds) == words


@pytest.mark.parametrize(
    ("age", "words"),
    [(3, "now"), (300, "5 min ago"), (7200, "2 h ago"), (86400, "yesterday"), (3e5, "3 days ago")],
)
def test_ages(age, words):
    assert text.ago(1e9 - age, now=1e9) == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 B"), (38e6, "38 MB"), (1.1e9, "1.1 GB"), (41e9, "41 GB")]
)
def test_sizes(count, words):
    assert text.size(count) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0.00"), (0.867, "0.87"), (-3.456, "\u22123.46"), (0.0123, "0.012"), (999.4, "999.40"),
        (1455.2, "1,455"), (14_700, "14,700"), (123_456, "1.2×10⁵"), (-3_449_918_062_992.0, "\u22123.4×10¹²"),
        (3.2e-9, "3.2×10⁻⁹"), (None, "–"), (float("nan"), "–"), (float("inf"), "–"),
    ],
)  # fmt: skip
def test_measured_numbers_have_few_digits_whatever_their_size(value, words):
    assert text.measured(value) == words


@pytest.mark.parametrize("kind", ["", "short", "count"])
def test_no_number_of_an_exploded_run_is_long(kind):
    for value in (f * 10.0**power for power in range(-30, 31) for f in (1.23456789, -9.87654321)):
        value = abs(value) if kind == "count" else value
        written = [measures.written(value, kind), text.measured(value), rows.frechet(abs(value))]
        assert max(map(len, written)) <= len("\u22129,999,999"), value
        described = gap({"d_gap_auc": 0.5, "d_score_train": value, "d_score_fake": -value})
        assert not re.search(r"\d{7}", described.replace(",", "")), value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (6000, "6,000"), (10.0, "10"), (0.0002, "0.0002"), (float(np.float32(0.001)), "0.001"),
        (None, "none"), ("hinge", "hinge"), (True, "True"), (60_000.0, "60,000"), (1e-8, "1e-08"),
    ],
)  # fmt: skip
def test_settings_as_they_are_read(value, words):
    assert text.setting(value) == words


def test_one_is_singular():
    assert [text.counted(n, "step") for n in (0, 1, 2, 6000)] == [
        *("0 steps", "1 step", "2 steps", "6,000 steps")
    ]


def test_the_tick_is_for_runs_that_are_well():
    assert text.state_text("finished") == "✓ Finished"
    assert text.state_text("finished", sick=True) == "△ Finished"


def test_clock_and_steps():
    assert (text.clock(84), text.clock(3723), text.clock(None)) == ("1:24", "1:02:03", "")
    assert (text.steps(2340, 6000), text.steps(2340, None)) == ("2,340 of 6,000", "2,340")


class Limits:
    """Only the two limits of a config."""

    def __init__(self, num_steps=None, num_minutes=None):
        self.num_steps, self.num_minutes = num_steps, num_minutes


def test_a_plan_follows_the_nearer_limit_and_never_guesses():
    fast = speeds.Speed(10.0, ("00001-a-b",))
    assert speeds.planned_steps(Limits(6000, 5), fast) == 3000
    assert speeds.planned_seconds(Limits(6000, 5), fast) == 300
    assert speeds.planned_seconds(Limits(6000), None) is None
    assert speeds.planned_steps(Limits(None, 5), None) is None
    assert speeds.planned_steps(Limits(), fast) is None


def test_small_curves_are_well_formed_whatever_the_values():
    ramp, hole = np.linspace(0, 1, 50), np.full(50, np.nan)
    found = [("G<", ramp, ramp - 0.1, ramp + 0.1, "g", True), ("D", hole, hole, hole, "d", False)]
    root = ET.fromstring(sparks.draw(found, dark=True, guide=0.5, limits=(0.0, 1.0)))
    words = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == "G< 1.00"
    flat = [("G", np.ones(3), np.ones(3), np.ones(3), "g", True)]
    ET.fromstring(sparks.draw(flat, dark=False))
    huge = [("G", 1.5e6 * ramp, ramp, ramp, "g", True)]
    assert ">G 1.5×10⁶<" in sparks.draw(huge, dark=False)
