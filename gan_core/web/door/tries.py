"""How often a wrong password may be tried, by one address and by all together."""

from __future__ import annotations

import contextlib
import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW = 600.0  # seconds
MOST_OF_ONE = 8  # wrong passwords of one address in a window
MOST_OF_ALL = 100  # of everybody; whoever is inside stays there
REMEMBERED = 4096  # addresses


class Tries:
    """Wrong tries of the last WINDOW seconds. A try counts when it begins: many at once are many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._of_one: OrderedDict[str, deque[float]] = OrderedDict()
        self._of_all: deque[float] = deque()

    def begin(self, address: str) -> float:
        """Count a try; 0, or the seconds to wait instead."""
        now, group = self._clock(), group_of(address)
        own = self._of_one.setdefault(group, deque())
        self._of_one.move_to_end(group)
        for times in (own, self._of_all):
            while times and times[0] <= now - WINDOW:
                times.popleft()
        for times, most in ((own, MOST_OF_ONE), (self._of_all, MOST_OF_ALL)):
            if len(times) >= most:
                return times[0] + WINDOW - now
        own.append(now)
        self._of_all.append(now)
        while len(self._of_one) > REMEMBERED:
            self._of_one.popitem(last=False)
        return 0.0

    def right(self, address: str) -> None:
        """The newest try of this address was right and does not count; wrong ones before it do."""
        own = self._of_one.get(group_of(address))
        if own:
            with contextlib.suppress(ValueError):
                self._of_all.remove(own.pop())


def group_of(address: str) -> str:
    """What counts as one address: of IPv6 the 64 bits that one household or machine is given."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)
