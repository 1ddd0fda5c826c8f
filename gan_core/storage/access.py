"""Who acts: a viewer, who changes nothing, or a trainer, who may do everything.

The one place where the two are told apart. What changes anything (a run is made, started, commanded,
edited, deleted, taken in ...) is marked `for_trainers`; what computes for long is done inside
`in_turn`, where viewers have few places. So it makes no difference whether a button, a route or a
made-up message asks.

A program of one's own, the command line and the training threads are trainers. The server says of
every request who sends it (`acting`), and of every run of a page, callbacks included, how to find out
(`ask`).
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from gan_core.errors import BusyError, RoleError

P = ParamSpec("P")
T = TypeVar("T")
VIEWER, TRAINER = "viewer", "trainer"
ROLES = (VIEWER, TRAINER)
MOST_VIEWERS = 4  # computations of viewers at a time, all together

_acting: ContextVar[str] = ContextVar("role", default="")
_asked: list[Callable[[], str]] = []
_places = threading.BoundedSemaphore(MOST_VIEWERS)


def ask(find: Callable[[], str]) -> None:
    """Let `find()` say who acts where no `acting` does; "" where it does not know."""
    _asked[:] = [find]


@contextlib.contextmanager
def acting(role: str) -> Iterator[None]:
    """Whatever is done in this block is done in this role; threads that it starts are trainers."""
    if role not in ROLES:
        raise ValueError(f"A role is one of {', '.join(ROLES)}. Received: {role!r}.")
    token = _acting.set(role)
    try:
        yield
    finally:
        _acting.reset(token)


def now() -> str:
    """The role of whoever acts."""
    return _acting.get() or next((role for find in _asked if (role := find())), TRAINER)


def may_change() -> bool:
    """Whether whoever acts may change anything."""
    return now() == TRAINER


def require_trainer() -> str:
    """The role of whoever acts, which is a trainer's; for what goes on in a thread of its own.

    Raises:
        RoleError: a viewer acts.
    """
    if not may_change():
        raise RoleError("You are logged in as viewer, who changes nothing. Log in as trainer.")
    return TRAINER


def for_trainers(method: Callable[P, T]) -> Callable[P, T]:
    """The method for trainers only.

    Raises:
        RoleError: a viewer calls it.
    """

    @functools.wraps(method)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        require_trainer()
        return method(*args, **kwargs)

    return wrapped


@contextlib.contextmanager
def in_turn() -> Iterator[None]:
    """A long computation: of viewers few at a time, so that they never take the machine.

    Raises:
        BusyError: as many viewers compute already.
    """
    if may_change():
        yield
        return
    if not _places.acquire(blocking=False):
        raise BusyError("Other viewers are being served. Try again in a moment.")
    try:
        yield
    finally:
        _places.release()
