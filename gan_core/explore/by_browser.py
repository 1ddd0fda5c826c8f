"""Networks as a browser takes them to draw by itself: a plan, and weights under an address for good.

The plan is computed by assets/components/shared/network. Weights are float16: images stay within one
level of 255 of those that the server makes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from gan_core.errors import ConfigError
from gan_core.explore.generators import Generators
from gan_core.export.web import network, pack

KEPT = 8  # networks whose bytes are in memory: all who look at a step share them
MOST = 24_000_000  # bytes; whoever has more is drawn by the server


@dataclass(frozen=True)
class Carried:
    """A network on its way to browsers.

    Attributes:
        step: of its weights.
        stamp: when they were written, Unix time in ns.
        plan: of network.plan_of.
        entries, data: of pack.packed.
        refused: why no browser computes it; "" where it does.
    """

    step: int
    stamp: int
    plan: dict[str, Any]
    entries: list[dict[str, Any]]
    data: bytes
    refused: str = ""


class ByBrowser:
    """The networks of a Generators, packed once for all who ask.

    Args:
        networks: whose generators or translators.
    """

    def __init__(self, networks: Generators):
        self._networks = networks
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple, Carried] = OrderedDict()

    def carried(self, name: str, step: int | None, *, raw: bool = False, way: str = "") -> Carried:
        """The generator of a step (None: the newest), or the network of one way of a translator.

        Raises:
            RunError, CheckpointError, Busy: as Generators.use.
        """
        key = (name, *self._networks.source(name).find(step, raw), raw, way)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = self._made(*key)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def _made(self, name: str, step: int, stamp: int, raw: bool, way: str) -> Carried:
        with self._networks.use(name, step, raw=raw) as found:
            model = found.models[way] if way else found.model
            names = ("image",) if way else ("z", "classes")[: len(model.inputs)]
            try:
                plan, arrays = network.plan_of(model, names)
            except ConfigError as error:
                return Carried(step, stamp, {}, [], b"", str(error))
        entries, data = pack.packed(arrays)
        if len(data) > MOST:
            words = f"Its weights are {len(data):,} bytes. Browsers take up to {MOST:,}."
            return Carried(step, stamp, {}, [], b"", words)
        return Carried(step, stamp, plan, entries, data)
