"""A little of tests/reliability/import_fuzz.py, with the code of the child in this process."""

import pytest

from tests.reliability import import_fuzz


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", [11, 12])
def test_damaged_files_are_read_or_refused_in_words(seed):
    seen = import_fuzz.fuzz(90, seed)
    assert seen.files == 90 and seen.skipped and seen.refused
    assert not seen.unforeseen, seen.unforeseen


@pytest.mark.slow
@pytest.mark.usefixtures("real_child")
def test_three_thousand_damaged_files():
    seen = import_fuzz.fuzz(3000, 1)
    assert seen.files == 3000 and seen.kept > 30 and not seen.unforeseen
