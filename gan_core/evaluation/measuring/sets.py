"""Sets of fakes beside sets of real images, by a judge; and what D thinks of both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gan_core.evaluation import extremes
from gan_core.evaluation import gap as gaps
from gan_core.evaluation.measure import PROBE_COUNT, Measurement, Probe, measure, probe
from gan_core.evaluation.measuring import Rhythm
from gan_core.evaluation.real_images import Reference
from gan_core.evaluation.reference import open_images
from gan_core.tasks import latent
from gan_core.tasks.synthesis import inputs_of, open_generator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset, DatasetSpec
    from gan_core.evaluation.measuring import Beside, Session
    from gan_core.runs.run import Run
    from gan_core.types import Floats

CHUNK = PROBE_COUNT  # fakes a call


def measure_interval(wall_time: float) -> float:
    """Seconds between measurements: 20 at first, then 5 % of the time trained so far."""
    return max(20.0, 0.05 * wall_time)


def probe_interval(wall_time: float) -> float:
    """Seconds between probes: 2 at first, then 1 % of the time trained so far, at most 30."""
    return min(max(2.0, 0.01 * wall_time), 30.0)


class _Beside:
    """Fakes of the averaged generator as it is now, and its discriminator's scores."""

    def __init__(self, session: Session, reference: Reference, seed: int) -> None:
        self.session, self.reference, self.seed = session, reference, seed
        generator = session.algorithm.networks["generator"]
        self.inputs = inputs_of(session.config, session.dataset.spec, generator)

    def measure(self) -> Measurement:
        """Also keeps the picture of best and worst fakes in the run's folder."""
        count, judge = self.reference.count, self.reference.judge
        fakes, labels, rows = self._draw(count)
        measurement = measure(fakes, labels, self.reference)
        some = extremes.chosen(count)
        gap, scores = self._gap(fakes[some], rows[some])
        asked = None if labels is None else labels[some]
        extremes.keep(self.session.run, judge, fakes[some], asked, scores)
        return replace(measurement, values=measurement.values | gaps.values(gap))

    def probe(self) -> Probe:
        fakes, labels, rows = self._draw(PROBE_COUNT)
        return replace(probe(fakes, labels, self.reference), gap=self._gap(fakes, rows)[0])

    def _gap(self, fakes: Floats, rows: np.ndarray) -> tuple[gaps.ScoreGap, np.ndarray]:
        """What D says of these fakes and of real images: the gap, and the fakes' scores."""
        session = self.session
        asked = gaps.GapProbe(session.algorithm.networks["discriminator"], session.dataset)
        scores = asked.scores(fakes, rows)
        return asked.gap(scores), scores

    def _draw(self, count: int) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
        """Fakes in [-1, 1] of the averaged generator, their asked classes [N], these as rows."""
        shares = self.reference.label_shares
        z, labels, rows = self.inputs.draw(count, seed=self.seed, shares=shares)
        whole = -(-count // CHUNK) * CHUNK  # full chunks only: another size is another graph
        padded = [np.resize(a, (whole, a.shape[1])) for a in (z, rows)]
        fakes = [
            self.session.algorithm.sample(*(a[i : i + CHUNK] for a in padded))
            for i in range(0, whole, CHUNK)
        ]
        return np.concatenate(fakes)[:count], labels, rows


class Sets:
    """Images; see evaluation.measuring.Measuring."""

    rhythm = Rhythm(measure_interval, probe_interval)

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
    ) -> Reference:
        return open_images(dataset, cache, count=count, phase=phase)

    def beside(self, session: Session, reference: Reference, *, seed: int) -> Beside:
        return _Beside(session, reference, seed)

    def stored(
        self,
        run: Run,
        data_dir: Path,
        dataset: Dataset,
        reference: Reference,
        *,
        step: int | None,
        seed: int,
        phase: Callable[[str], None],
    ) -> tuple[int, Measurement]:
        generator = open_generator(run, data_dir, step)
        count, known = reference.count, generator.num_classes
        labels = latent.asked_labels(count, reference.label_shares) if known else None
        z = latent.sample(count, generator.latent_dim, seed=seed, prior=generator.prior)
        rows = None if labels is None else latent.one_hot(labels, known)
        fakes = generator.images(z, rows)
        phase("measuring")
        measurement = measure(fakes, labels, reference)
        discriminator = gaps.of_checkpoint(run, generator.step, dataset)
        if discriminator is not None:
            some = extremes.chosen(count)
            scores = discriminator.scores(fakes[some], None if rows is None else rows[some])
            values = gaps.values(discriminator.gap(scores))
            measurement = replace(measurement, values=measurement.values | values)
        return generator.step, measurement


MEASURING = Sets()
