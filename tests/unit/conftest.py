"""TensorFlow as the app starts it: several files import it, and this way takes half the time."""

import functools

import pytest

from gan_core import cli
from gan_core.startup import runtime
from tests.lent import uncompiled


def pytest_configure(config):
    """Not in the process that only hands out tests to others (pytest-xdist): it needs no TensorFlow."""
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None):
        runtime.start()


@pytest.fixture(scope="session", autouse=True)
def flags_are_declared_once():
    """A process declares its flags once, in 14 ms; here 700 commands run in one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "build_parser", functools.cache(cli.build_parser))
        yield


@pytest.fixture
def eagerly():
    """Steps run as plain Python, uncompiled: a compilation costs more than these tests' few steps."""
    with uncompiled():
        yield
