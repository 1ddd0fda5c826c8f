"""How the quality of a task's networks is measured, one module a way: `Task.measuring` names it.

Adding `measuring/foo.py` with a `MEASURING` adds *foo*; it brings the real side (statistics, floor,
ceiling), measures and probes beside a training, and measures what a run has stored.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from gan_core import tasks
from gan_core.errors import RunError

if TYPE_CHECKING:
    from gan_core.algorithms.base import Algorithm
    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset, DatasetSpec
    from gan_core.evaluation.measure import Measurement, Probe
    from gan_core.runs.run import Run


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

    def measure(self) -> Measurement:
        """A full measurement (evaluation.measure.Measurement)."""

    def probe(self) -> Probe:
        """A quick look (evaluation.measure.Probe)."""


class Session(Protocol):
    """What is asked of a training that is open (training.session.Session)."""

    @property
    def run(self) -> Run: ...

    @property
    def config(self) -> TrainConfig: ...

    @property
    def dataset(self) -> Dataset: ...

    @property
    def algorithm(self) -> Algorithm: ...


class Sure(Protocol):
    """What is told of a judge: the share of held-out images that it names rightly; None: it cannot."""

    @property
    def accuracy(self) -> float | None: ...


class RealSide(Protocol):
    """What is known of the real images; evaluation.real_images.Reference says what the words mean."""

    @property
    def count(self) -> int: ...

    @property
    def extractor(self) -> str: ...

    @property
    def seconds(self) -> float: ...

    @property
    def floor(self) -> dict[str, float]: ...

    @property
    def ceiling(self) -> dict[str, float]: ...

    @property
    def class_names(self) -> tuple[str, ...]: ...

    @property
    def judge(self) -> Sure: ...


class Measuring(Protocol):
    """One way of measuring; stateless. A reference is what its own `open_reference` gave."""

    rhythm: Rhythm

    def usual_count(self, spec: DatasetSpec) -> int:
        """Outputs that a measurement on these data takes unless another number is asked for."""

    def open_reference(
        self,
        config: TrainConfig,
        dataset: Dataset,
        cache: Path,
        *,
        count: int,
        phase: Callable[[str], None],
    ) -> RealSide:
        """The real side of a data set, from the cache where it is there.

        Args:
            config: settings of the run that is measured (config.TrainConfig).
            count: outputs a measurement takes.
            phase: told what is being done; what it raises ends the preparation.

        Raises:
            DataError: the count is out of range.
        """

    def beside(self, session: Session, reference: Any, *, seed: int) -> Beside:
        """What measures the open training.session.Session."""

    def stored(
        self,
        run: Run,
        data_dir: Path,
        dataset: Dataset,
        reference: Any,
        *,
        step: int | None,
        seed: int,
        phase: Callable[[str], None],
    ) -> tuple[int, Measurement]:
        """(step, Measurement) of the averaged networks that a run has stored at a step.

        Args:
            step: None is the newest.

        Raises:
            RunError: the run has no weights yet, or none at that step.
        """


def get(name: str) -> Measuring:
    """The way of measuring of that name."""
    found: Measuring = importlib.import_module(f"{__name__}.{name}").MEASURING
    return found


def of_session(session: Session) -> Measuring | None:
    """How a training is measured; None where its task has no measure on its data."""
    name = tasks.of_config(session.config).measuring(session.dataset.spec)
    return get(name) if name else None


def of_run(run: Run, spec: DatasetSpec) -> Measuring:
    """How a run on these data is measured.

    Raises:
        RunError: its task has no measure on them.
    """
    task = tasks.of_run(run)
    name = task.measuring(spec)
    if not name:
        raise RunError(f"The quality of {run.id} is not measured: it is a {task.what}.")
    return get(name)
