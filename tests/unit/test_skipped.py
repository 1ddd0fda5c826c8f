"""What did not run because Node or a browser is missing is said in words; other skipped tests are not."""

import pytest
from _pytest.reports import TestReport

from tests.skipped import not_run


def skipped(nodeid, reason):
    """A report as pytest makes it of a test that was skipped."""
    place = ("tests/x.py", 1, f"Skipped: {reason}")
    return TestReport(nodeid, ("x", 0, "x"), {}, "skipped", place, "setup")


def test_tests_without_their_program_are_counted_by_file_and_reason():
    reports = [
        skipped("tests/unit/test_js.py::test_a", "node is not installed: JavaScript is NOT tested"),
        skipped(
            "tests/browser/test_b.py::test_b[1]", "BROWSER TESTS SKIPPED: no Chromium here (x)"
        ),
        skipped(
            "tests/browser/test_b.py::test_b[2]", "BROWSER TESTS SKIPPED: no Chromium here (x)"
        ),
        skipped("tests/unit/test_c.py::test_c", "named pipes"),
        skipped("tests/unit/test_c.py::test_d", "Babel is not installed"),
    ]
    assert not_run(reports) == [
        "tests/browser/test_b.py: 2 tests did NOT run, BROWSER TESTS SKIPPED: no Chromium here (x)",
        "tests/unit/test_js.py: 1 test did NOT run, "
        "node is not installed: JavaScript is NOT tested",
    ]


@pytest.mark.parametrize("longrepr", [None, "text", ("tests/x.py", 1, "Skipped: no bash")])
def test_nothing_is_said_where_nothing_of_that_kind_was_skipped(longrepr):
    assert not_run([TestReport("x", ("x", 0, "x"), {}, "skipped", longrepr, "setup")]) == []
