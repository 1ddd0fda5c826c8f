"""What a right password buys: a signed ticket in a cookie, good for some hours or until log-out.

Nothing is stored for those who are inside; of those who have left, the number of their ticket until it
would have ended anyway.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from itsdangerous import BadSignature, TimestampSigner

from gan_core.storage.access import ROLES

HOURS = 12
TRIED = 8  # cookies of one name that are looked at; other paths of a host may set more


class Ticket(NamedTuple):
    """Who holds it, its number, and when it ends, in Unix time."""

    role: str
    number: str
    ends: float


class _Signer(TimestampSigner):
    """Signs by a clock of its own."""

    def __init__(self, key: bytes, clock: Callable[[], float]):
        super().__init__(key, salt="ganscope.door", digest_method=hashlib.sha256)
        self._clock = clock

    def get_timestamp(self) -> int:
        return int(self._clock())


class Tickets:
    """Makes and reads tickets.

    Args:
        key: what they are signed with; whoever has it makes his own.
        clock: Unix time.
    """

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time):
        own = hmac.new(key, b"ganscope ticket", hashlib.sha256).digest()
        self._signer = _Signer(own, clock)
        self._clock = clock
        self._left: dict[str, float] = {}  # number -> when it ends
        # Cookies know no ports: two servers of one machine must not take each other's away.
        self.name = f"ganscope_{hashlib.sha256(own).hexdigest()[:8]}"

    def make(self, role: str) -> str:
        """The text of a new ticket."""
        return self._signer.sign(f"{role}.{secrets.token_urlsafe(12)}").decode()

    def read(self, texts: Iterable[str]) -> Ticket | None:
        """The first good ticket among the texts."""
        return next((found for text in [*texts][:TRIED] if (found := self._read(text))), None)

    def _read(self, text: str) -> Ticket | None:
        try:
            value, made = self._signer.unsign(text, max_age=HOURS * 3600, return_timestamp=True)
        except (BadSignature, ValueError):
            return None
        role, _, number = value.decode().partition(".")
        ends = made.timestamp() + HOURS * 3600
        if role not in ROLES or number in self._left or self._clock() >= ends:
            return None
        return Ticket(role, number, ends)

    def leave(self, ticket: Ticket) -> None:
        """It is good for nothing from now on."""
        now = self._clock()
        self._left = {number: ends for number, ends in self._left.items() if ends > now}
        self._left[ticket.number] = ticket.ends
