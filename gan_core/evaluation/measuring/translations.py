"""What becomes of held-out pictures: of pairs beside their targets, of two sides beside the other side."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gan_core.evaluation import translated
from gan_core.evaluation.measure import Measurement, Probe
from gan_core.evaluation.measuring import Rhythm
from gan_core.evaluation.translated import TranslationReference
from gan_core.tasks import translation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset, DatasetSpec
    from gan_core.evaluation.measuring import Beside, Session
    from gan_core.runs.run import Run

PROBED = 64  # held-out images of a probe, fewer of large ones
PROBED_PIXELS = PROBED * 32 * 32
LEAST_PROBED = 8


def measure_interval(wall_time: float) -> float:
    """Seconds between measurements: 20 at first, then 5 % of the time trained so far."""
    return max(20.0, 0.05 * wall_time)


def probe_interval(wall_time: float) -> float:
    """Seconds between probes: 2 at first, then 1 % of the time trained so far, at most 30."""
    return min(max(2.0, 0.01 * wall_time), 30.0)


class _Beside:
    """The averaged networks as they are now."""

    def __init__(self, session: Session, reference: TranslationReference) -> None:
        self.reference = reference
        ways = translation.ways_of(session.config)
        self.answer = translation.live_answer(session.algorithm, ways)
        height, width, _ = session.dataset.spec.image_shape
        count = max(LEAST_PROBED, min(PROBED, PROBED_PIXELS // (height * width)))
        self.probed = min(count, reference.count)

    def measure(self) -> Measurement:
        return translated.measure(self.answer, self.reference)

    def probe(self) -> Probe:
        """What few held-out images tell, for the doctor."""
        started = time.perf_counter()
        values = translated.probe_values(self.answer, self.reference, self.probed)
        return Probe(
            class_counts=(),
            class_kl=float("nan"),
            diversity=values.get("diversity", float("nan")),
            seconds=time.perf_counter() - started,
            count=self.probed,
            values=values,
        )


class Translations:
    """Pairs and two sides; see evaluation.measuring.Measuring."""

    rhythm = Rhythm(measure_interval, probe_interval)

    def usual_count(self, spec: DatasetSpec) -> int:
        return translated.beside_count(spec.image_shape)

    def open_reference(
        self,
        config: TrainConfig,
        dataset: Dataset,
        cache: Path,
        *,
        count: int,
        phase: Callable[[str], None],
    ) -> TranslationReference:
        ways = tuple(translation.ways_of(config))
        return translated.open_reference(dataset, cache, ways, count=count, phase=phase)

    def beside(self, session: Session, reference: TranslationReference, *, seed: int) -> Beside:
        return _Beside(session, reference)

    def stored(
        self,
        run: Run,
        data_dir: Path,
        dataset: Dataset,
        reference: TranslationReference,
        *,
        step: int | None,
        seed: int,
        phase: Callable[[str], None],
    ) -> tuple[int, Measurement]:
        translator = translation.open_translator(run, data_dir, step)
        phase("measuring")
        return translator.step, translated.measure(translator.images, reference)


MEASURING = Translations()
