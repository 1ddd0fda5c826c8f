"""How the pages write numbers, times and other people's text."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from pages.ui.shared import sparks, speeds, text


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
