"""Sets of generated points beside real ones: by their coordinates, no judge is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan_core.evaluation import points
from gan_core.evaluation.measure import Measurement, Probe
from gan_core.evaluation.measuring import Rhythm
from gan_core.tasks import latent
from gan_core.tasks.synthesis import inputs_of, open_generator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset, DatasetSpec
    from gan_core.evaluation.measuring import Beside, Session
    from gan_core.runs.run import Run

FIRST_STEP = 400  # before it points are only probed, for a short run is over in no time


def measure_interval(wall_time: float) -> float:
    """Seconds between measurements: 2 at first, then 5 % of the time trained so far."""
    return max(2.0, 0.05 * wall_time)


def probe_interval(wall_time: float) -> float:
    """Seconds between probes: 0.2 at first, then 1 % of the time trained so far, at most 30."""
    return min(max(0.2, 0.01 * wall_time), 30.0)


class _Beside:
    """Points of the averaged generator as it is now."""

    def __init__(self, session: Session, reference: points.PointReference, seed: int) -> None:
        self.session, self.reference, self.seed = session, reference, seed
        generator = session.algorithm.networks["generator"]
        self.inputs = inputs_of(session.config, session.dataset.spec, generator)

    def measure(self) -> Measurement:
        return points.measure(self._draw(), self.reference)

    def probe(self) -> Probe:
        return points.probe(self._draw(), self.reference)

    def _draw(self) -> np.ndarray:
        """`count` points [N, 2], all in one call, as the grid does."""
        z, _, rows = self.inputs.draw(self.reference.count, seed=self.seed)
        return self.session.algorithm.sample(z, rows)


class Points:
    """Points in the plane; see evaluation.measuring.Measuring."""

    rhythm = Rhythm(
        measure_interval,
        probe_interval,
        measure_share=0.08,  # more than of images: the training time is short
        probe_share=0.05,
        at_once=True,
        first_step=FIRST_STEP,
    )

    def usual_count(self, spec: DatasetSpec) -> int:
        return 2000

    def open_reference(
        self,
        config: TrainConfig,
        dataset: Dataset,
        cache: Path,
        *,
        count: int,
        phase: Callable[[str], None],
    ) -> points.PointReference:
        return points.open_points(dataset, count)

    def beside(self, session: Session, reference: points.PointReference, *, seed: int) -> Beside:
        return _Beside(session, reference, seed)

    def stored(
        self,
        run: Run,
        data_dir: Path,
        dataset: Dataset,
        reference: points.PointReference,
        *,
        step: int | None,
        seed: int,
        phase: Callable[[str], None],
    ) -> tuple[int, Measurement]:
        generator = open_generator(run, data_dir, step)
        size = reference.count, generator.latent_dim
        made = generator.images(latent.sample(*size, seed=seed, prior=generator.prior))
        phase("measuring")
        return generator.step, points.measure(made, reference)


MEASURING = Points()
