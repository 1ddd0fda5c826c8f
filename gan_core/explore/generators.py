"""Generators of any stored step, kept in memory within a budget: the least recently used go."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from gan_core.errors import BusyError
from gan_core.explore.sources import Network, Source, open_source
from gan_core.runs.store import RunStore

BUDGET = 256 * 2**20  # bytes
NETWORK_COST = 8 * 2**20  # bytes of a network's graphs and layers beside its weights, measured
PATIENCE = 30.0  # seconds to wait for others; the first of all waits for TensorFlow


class Busy(BusyError):
    """Others use the generators for longer than anybody wants to wait."""


class Generators:
    """Stored generators by (source, step), for one user at a time.

    A source has one network, built once; each step's weights are copied into it when asked for, so
    that a walk over fifty steps builds and compiles nothing. Weights that were replaced on disk
    (a run that went back) are read again.

    Args:
        store: whose runs.
        data_dir: where the shapes of data sets are found.
        budget: bytes of weights and networks together.
        patience: seconds to wait while somebody else generates.
        opened: what opens the source of an id; that of translators is another.
    """

    def __init__(
        self,
        store: RunStore,
        data_dir: Path,
        budget: int = BUDGET,
        patience: float = PATIENCE,
        opened: Callable[[RunStore, Path, str], Source] = open_source,
    ):
        self._store, self._data_dir, self._opened = store, data_dir, opened
        self._budget, self._patience = budget, patience
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple, tuple[Any, int]] = OrderedDict()  # key -> (value, bytes)
        self._holds: dict[str, tuple] = {}  # source -> (step, stamp, raw) in its network

    @property
    def bytes(self) -> int:
        """What is kept now."""
        return sum(size for _, size in list(self._kept.values()))

    @contextlib.contextmanager
    def use(
        self, source_id: str, step: int | None = None, *, raw: bool = False
    ) -> Iterator[Network]:
        """The generator of a run or library at a step (None: the newest), alone for the block.

        Raises:
            RunError: no such source, or no weights at that step; CheckpointError: they are damaged.
            Busy: others generate for longer than `patience`.
        """
        with self.alone():
            yield self._open(self.source(source_id), step, raw)

    def source(self, source_id: str) -> Source:
        """The run or library entry of an id."""
        return self._opened(self._store, self._data_dir, source_id)

    @contextlib.contextmanager
    def alone(self):
        """Nobody else uses networks for the block; Busy as for `use`."""
        if not self._lock.acquire(timeout=self._patience):
            raise Busy("The generator is busy. Try again in a moment.")
        try:
            yield
        finally:
            self._lock.release()

    def _open(self, source: Source, step: int | None, raw: bool) -> Network:
        step, stamp = source.find(step, raw)
        which = (step, stamp, raw)
        arrays = self._keep(
            ("weights", source.id, *which), lambda: source.arrays(step, raw), nbytes
        )
        network = self._keep(
            ("network", source.id),
            lambda: self._build(source, which, arrays),
            lambda network: NETWORK_COST + nbytes(arrays),
        )
        if self._holds.get(source.id) != which:
            self._holds.pop(source.id, None)  # a failure in the middle leaves a mixture
            source.load(network, arrays)
            self._holds[source.id] = which
        return dataclasses.replace(network, step=step)

    def _build(self, source: Source, which: tuple, arrays) -> Network:
        network = source.build(which[0], arrays)
        self._holds[source.id] = which
        source.warm(network)
        return network

    def _keep(self, key: tuple, make, size_of) -> Any:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key][0]
        value = make()
        self._kept[key] = (value, size_of(value))
        self._make_room(keep=key)
        return value

    def _make_room(self, keep: tuple) -> None:
        while self.bytes > self._budget and len(self._kept) > 1:
            oldest = next(k for k in self._kept if k != keep)
            del self._kept[oldest]
            if oldest[0] == "network":
                self._holds.pop(oldest[1], None)


def nbytes(arrays: dict[str, np.ndarray]) -> int:
    """Bytes of named arrays."""
    return sum(a.nbytes for a in arrays.values())
