"""Sources that a test opened are closed when it ends."""

import pytest

from tests.unit.importing import written


@pytest.fixture(autouse=True)
def closed():
    yield
    while written.OPEN:
        written.OPEN.pop().close()
