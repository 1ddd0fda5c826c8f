"""`bench translation`: what a goal asks, and one that is measured for real."""

import json

import pytest

from gan_core.bench import translation
from gan_core.bench.translation import Goal
from gan_core.cli import main


@pytest.mark.parametrize(
    ("measure", "bound", "values", "reached"),
    [
        ("class_kept", 0.95, [0.95], True),
        ("class_kept", 0.94, [0.99, 0.93], False),
        ("l1", 0.055, [0.05], True),
        ("l1", 0.055, [0.04, 0.056], False),
    ],
)
def test_a_goal_is_reached_in_every_direction(measure, bound, values, reached):
    ways = {str(n): {measure: value} for n, value in enumerate(values)}
    assert Goal("r", "d", 1, measure, bound).reached(ways) is reached


def test_what_was_not_measured_is_not_said_to_be_reached():
    assert Goal("r", "d", 1, "class_kept", 0.5).reached({"b": {"l1": 0.0}}) is None


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--datasets", "mnist_5k"), "Received: `mnist_5k`. Allowed: edges_to_digits, digits_and"),
        (("--seeds", "x"), "`--seeds` needs numbers above 0"),
    ],
)
def test_bad_input_in_words(words, text, capsys):
    assert main(["bench", "translation", *words]) == 2
    assert text in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("recipe", ["fast_pix2pix", "fastcut"])
def test_a_training_is_measured_at_its_goal(recipe, monkeypatch, capsys, tmp_path):
    dataset = {"fast_pix2pix": "edges_to_digits", "fastcut": "digits_and_paper"}[recipe]
    goals = (Goal(recipe, dataset, 0.1, "l1", 9.0), Goal(recipe, dataset, 0.2, "l1", 1e-9))
    monkeypatch.setattr(translation, "GOALS", goals)
    assert main(["bench", "translation", "--count", "40", "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)["rows"]
    assert (first["reached"], second["reached"]) == (True, False)
    assert 0.1 <= first["seconds"] <= second["seconds"] and first["cpu_seconds"] > 0
    (way,) = first["ways"].values()
    assert 0 < way["class_kept"] <= 1 or recipe == "fastcut"
