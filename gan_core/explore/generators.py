"""Generators of any stored step, kept in memory within a budget: the least recently used go."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from gan_core import data, generate
from gan_core.config import TrainConfig
from gan_core.errors import GanError, RunError
from gan_core.files import step_name
from gan_core.generate import TrainedGenerator
from gan_core.run import Run
from gan_core.runs import RunStore

BUDGET = 256 * 2**20  # bytes
NETWORK_COST = 8 * 2**20  # bytes of a network's graphs and layers beside its weights, measured
PATIENCE = 30.0  # seconds to wait for others; the first of all waits for TensorFlow


class Busy(GanError):
    """Others use the generators for longer than anybody wants to wait."""


class Generators:
    """Stored generators by (run, step), for one user at a time.

    A run has one network, built once; each step's weights are copied into it when asked for, so
    that a walk over fifty steps builds and compiles nothing. Weights that were replaced on disk
    (a run that went back) are read again.

    Args:
        store: whose runs.
        data_dir: where the shapes of data sets are found.
        budget: bytes of weights and networks together.
        patience: seconds to wait while somebody else generates.
    """

    def __init__(
        self, store: RunStore, data_dir: Path, budget: int = BUDGET, patience: float = PATIENCE
    ):
        self._store, self._data_dir = store, data_dir
        self._budget, self._patience = budget, patience
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple, tuple[Any, int]] = OrderedDict()  # key -> (value, bytes)
        self._holds: dict[str, tuple] = {}  # run -> (step, stamp) that its network holds

    @property
    def bytes(self) -> int:
        """What is kept now."""
        return sum(size for _, size in list(self._kept.values()))

    @contextlib.contextmanager
    def use(self, run_id: str, step: int | None = None) -> Iterator[TrainedGenerator]:
        """The generator of a run at a step (None: the newest), alone until the block ends.

        Raises:
            RunError: no such run, or no weights at that step; CheckpointError: they are damaged.
            Busy: others generate for longer than `patience`.
        """
        with self._alone():
            yield self._open(self._store.get(run_id), step)

    @contextlib.contextmanager
    def _alone(self):
        if not self._lock.acquire(timeout=self._patience):
            raise Busy("The generator is busy. Try again in a moment.")
        try:
            yield
        finally:
            self._lock.release()

    def _open(self, run: Run, step: int | None) -> TrainedGenerator:
        step, stamp = find(run, step)
        arrays = self._keep(
            ("weights", run.id, step, stamp), lambda: generate.generator_arrays(run, step), nbytes
        )
        network = self._keep(
            ("network", run.id),
            lambda: self._build(run, step, stamp, arrays),
            lambda network: NETWORK_COST + nbytes(arrays),
        )
        if self._holds.get(run.id) != (step, stamp):
            self._holds.pop(run.id, None)  # a failure in the middle leaves a mixture
            load_into(network, arrays)
            self._holds[run.id] = (step, stamp)
        return dataclasses.replace(network, step=step)

    def _build(self, run: Run, step: int, stamp: int, arrays) -> TrainedGenerator:
        network = build(run, self._data_dir, step, arrays)
        self._holds[run.id] = (step, stamp)
        network.sample(1, seed=0)  # compiled here, so that the first measured answer is a usual one
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


def build(run: Run, data_dir: Path, step: int, arrays) -> TrainedGenerator:
    """A network of the run's recipe with these weights; imports TensorFlow at the first call."""
    config = TrainConfig.from_dict(run.config)
    spec = data.spec(config.dataset, data_dir)
    return generate.build(config, spec, arrays, run_id=run.id, step=step)


def load_into(network: TrainedGenerator, arrays: dict[str, np.ndarray]) -> None:
    """Copy weights into a network; CheckpointError where they are of another one."""
    from gan_core.algorithms.variables import copy_in, named

    copy_in(named("generator", network.model.variables), arrays)


def find(run: Run, step: int | None) -> tuple[int, int]:
    """The step (None: the newest) and the time of its file in ns; RunError where there is none."""
    if step is not None:
        with contextlib.suppress(OSError):
            return step, weights_time(run, step)
    steps = generate.available_steps(run)
    if not steps:
        raise RunError(f"{run.id} has no weights yet. They come with its first step.")
    if step is not None:
        near = sorted(steps, key=lambda s: abs(s - step))[:5]
        raise RunError(f"{run.id} has no weights at step {step}. Near: {sorted(near)}.")
    try:
        return steps[-1], weights_time(run, steps[-1])
    except OSError as error:
        raise RunError(f"The weights of step {steps[-1]} are gone. Try again.") from error


def weights_time(run: Run, step: int) -> int:
    """When the weights of a step were written, Unix time in ns; OSError where there are none."""
    small = run.path / "weights" / f"{step_name(step)}.npz"
    if small.exists():
        return small.stat().st_mtime_ns
    return (run.path / "checkpoints" / step_name(step) / "manifest.json").stat().st_mtime_ns


def nbytes(arrays: dict[str, np.ndarray]) -> int:
    """Bytes of named arrays."""
    return sum(a.nbytes for a in arrays.values())
