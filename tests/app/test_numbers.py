"""Fields of numbers outside the form of settings: what was typed is used as it is, or refused in words."""

import ast

import pytest
from streamlit.proto.NumberInput_pb2 import NumberInput

from pages.ui.shared import numbers
from tests.app.conftest import SHELL, texts
from tests.app.test_runs_detail import again, save

FIELD = {"numbers.py"}  # the fields of this test
CHECKED = {"forms.py", "knobs.py", "branch.py", "run_line.py"}  # check what they hold themselves


def keeps_nothing_back(field) -> bool:
    """Whether a browser sends whatever is typed."""
    return field.proto.data_type == NumberInput.FLOAT and not (
        field.proto.has_min or field.proto.has_max
    )


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("film_first", 1.5, "A whole number from 0 to"),
        ("film_frames", 1.5, "A whole number from 2 to 1,000"),
        ("film_frames", 1001, "A whole number from 2 to 1,000"),
        ("film_seconds", 0.5, "A number from 1 to 600"),
        ("film_scale", 2.5, "A whole number from 1 to 8"),
        ("film_limit", 1000, "A number from 0.1 to 100"),
    ],
)
def test_no_film_is_made_of_a_number_that_was_not_typed(open_page, filmed, key, typed, words):
    at = open_page("train.py", run=filmed.id)
    at.number_input(key=key).set_value(typed).run()
    said = texts(at)
    assert words in said and f"Received: {typed:,.12g}." in said
    assert at.button(key="film_make").disabled and keeps_nothing_back(at.number_input(key=key))
    at.number_input(key=key).set_value(4).run()
    assert "Received" not in texts(at)
    assert not at.button(key="film_make").disabled


def test_rules_that_cannot_be_used_are_not_saved(open_page, make_run):
    run = make_run("finished")
    save(run, 50)
    at = open_page("runs.py")
    before = run.notes()
    at.number_input(key=f"keep_last_{run.id}").set_value(1.5)
    at.number_input(key=f"budget_{run.id}").set_value(40)
    at.button(key=f"sm_keep_{run.id}").click().run()
    assert "A whole number from 1 to 1,000. Received: 1.5." in texts(at)
    assert run.notes() == before
    at.number_input(key=f"keep_last_{run.id}").set_value(2)
    at.button(key=f"sm_keep_{run.id}").click().run()
    assert run.notes().keep_last == 2 and run.notes().budget_bytes == 40_000_000


def test_a_sweep_of_half_a_step_is_refused(open_page, make_run):
    make_run()
    at = again(open_page("runs.py"))
    at.text_area(key="sweep_lines_grid").set_value("g_lr = 0.001, 0.002")
    at.number_input(key="sweep_steps").set_value(1.5)
    assert keeps_nothing_back(at.number_input(key="sweep_steps"))
    again(at)
    assert "A whole number from 1 to 100,000,000. Received: 1.5." in texts(at)
    assert at.button(key="sweep_go").disabled
    at.number_input(key="sweep_steps").set_value(20)
    again(at)
    assert "of 20 steps" in texts(at) and not at.button(key="sweep_go").disabled


@pytest.mark.parametrize(
    ("typed", "most", "options", "problem"),
    [
        (64.0, 100, {}, ""),
        (None, 100, {"optional": True}, ""),
        (None, 100, {}, "A whole number from 2 to 100."),
        (1e300, 100, {}, "A whole number from 2 to 100. Received: 1e+300."),
        (2.5, 100, {"whole": False}, ""),
        (1.0, float("inf"), {"whole": False}, "A number, 2 or more. Received: 1."),
    ],
)
def test_what_is_wrong_names_what_came_and_what_is_allowed(typed, most, options, problem):
    assert numbers.problem_of(typed, 2, most, **options) == problem


def test_no_other_part_of_a_page_has_such_a_field_of_its_own():
    """Streamlit's bounds, and fields of integers, would keep what was typed to themselves."""
    users = {
        path.name
        for path in SHELL.parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "number_input"
    }
    assert users == FIELD | CHECKED
