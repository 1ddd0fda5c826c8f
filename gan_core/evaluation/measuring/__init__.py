"""How the quality of a task's networks is measured, one module a way: `Task.measuring` names it.

Adding `measuring/foo.py` with a `MEASURING` adds *foo*; it brings the real side (statistics, floor,
ceiling), measures and probes beside a training, and measures what a run has stored.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from gan_core import tasks
from gan_core.errors import RunError


@dataclass(frozen=True)
class Rhythm:
    """How often there is a measurement beside a training, and a quick probe.

    Attributes:
        measure, probe: seconds until the next one, from the seconds trained so far.
        measure_share, probe_share: of the training time that each may cost.
        at_once: the real side is there in no time: it needs no thread and no warm-up, and the first
            measurement measures it, too.
        first_step: before it there are only probes.
    """

    measure: Callable[[float], float]
    probe: Callable[[float], float]
    measure_share: float = 0.03
    probe_share: float = 0.02
    at_once: bool = False
    first_step: int = 0


class Beside(Protocol):
    """Measures the networks that are being trained, as they are now."""

    def measure(self):
        """A full measurement (evaluation.measure.Measurement)."""

    def probe(self):
        """A quick look (evaluation.measure.Probe)."""


class Measuring(Protocol):
    """One way of measuring; stateless.

    The real side that `open_reference` returns has `count`, `extractor`, `seconds`, `floor`,
    `ceiling`, `class_names` and `judge.accuracy`, as evaluation.reference.Reference has them.
    """

    rhythm: Rhythm

    def usual_count(self, spec) -> int:
        """Outputs that a measurement on these data takes unless another number is asked for."""

    def open_reference(
        self, config, dataset, cache: Path, *, count: int, phase: Callable[[str], None]
    ) -> Any:
        """The real side of a data set, from the cache where it is there.

        Args:
            config: settings of the run that is measured (config.TrainConfig).
            count: outputs a measurement takes.
            phase: told what is being done; what it raises ends the preparation.

        Raises:
            DataError: the count is out of range.
        """

    def beside(self, session, reference, *, seed: int) -> Beside:
        """What measures the open training.session.Session."""

    def stored(
        self,
        run,
        data_dir: Path,
        dataset,
        reference,
        *,
        step: int | None,
        seed: int,
        phase: Callable[[str], None],
    ) -> tuple[int, Any]:
        """(step, Measurement) of the averaged networks that a run has stored at a step.

        Args:
            step: None is the newest.

        Raises:
            RunError: the run has no weights yet, or none at that step.
        """


def get(name: str) -> Measuring:
    """The way of measuring of that name."""
    return importlib.import_module(f"{__name__}.{name}").MEASURING


def of_session(session) -> Measuring | None:
    """How a training is measured; None where its task has no measure on its data."""
    name = tasks.of_config(session.config).measuring(session.dataset.spec)
    return get(name) if name else None


def of_run(run, spec) -> Measuring:
    """How a run on these data is measured.

    Raises:
        RunError: its task has no measure on them.
    """
    task = tasks.of_run(run)
    name = task.measuring(spec)
    if not name:
        raise RunError(f"The quality of {run.id} is not measured: it is a {task.what}.")
    return get(name)
