"""Pictures are decoded by the code of the child, in this process: a process each would cost half a second.

What the child is there for is tested in test_reader.py, with real ones.
"""

import json

import pytest

from gan_core.importing import reader
from gan_core.importing.base import Cancelled
from gan_core.importing.child import Server, guarded
from tests.unit.importing import written


class Here:
    """Answers as the child does, through the same JSON."""

    def __init__(self, cancelled):
        self.server, self.cancelled, self.ended = Server(), cancelled, False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ask(self, request, seconds):
        if self.cancelled.is_set():
            raise Cancelled
        del seconds
        asked = json.loads(json.dumps({k: v for k, v in request.items() if k != "memory"}))
        facts, data = guarded(self.server.answer, asked)
        return reader.checked(json.loads(json.dumps(facts))), data

    def close(self):
        self.ended = True
        if self.server.source is not None:
            self.server.source.close()


CHILD = reader.Child


@pytest.fixture(scope="session", autouse=True)
def here():
    """Without a process of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "Child", Here)
        yield


@pytest.fixture
def real_child(monkeypatch):
    """In a process of its own after all."""
    monkeypatch.setattr(reader, "Child", CHILD)


@pytest.fixture(autouse=True)
def closed():
    """Sources that a test opened are closed when it ends."""
    yield
    while written.OPEN:
        written.OPEN.pop().close()
