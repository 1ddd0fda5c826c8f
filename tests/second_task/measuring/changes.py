"""How much a translator changes its inputs, beside what changing nothing and other images give."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gan_core.evaluation.measure import Measurement, Probe
from gan_core.evaluation.measuring import Rhythm
from gan_core.storage import images


class Pixels(NamedTuple):
    kind: str = "pixels"
    accuracy: float | None = None


@dataclass(frozen=True)
class Reference:
    inputs: np.ndarray  # float32 [N, H, W, C] in [-1, 1], held out
    floor: dict[str, float]
    ceiling: dict[str, float]
    count: int
    extractor: str = "pixels:1"
    seconds: float = 0.0
    class_names: tuple[str, ...] = ()
    judge: Pixels = Pixels()


def changed(inputs, outputs) -> float:
    return float(np.abs(outputs - inputs).mean())


def measure(outputs, reference, started) -> Measurement:
    values = {"changed": changed(reference.inputs, outputs)}
    seconds = time.perf_counter() - started
    return Measurement(values, (), (), (), seconds, reference.extractor, reference.count)


class Beside:
    def __init__(self, session, reference):
        self.session, self.reference = session, reference

    def measure(self):
        started = time.perf_counter()
        outputs = self.session.algorithm.sample(self.reference.inputs)
        return measure(outputs, self.reference, started)

    def probe(self):
        few = self.reference.inputs[:8]
        values = {"changed": changed(few, self.session.algorithm.sample(few))}
        return Probe((), float("nan"), float("nan"), 0.0, len(few), values=values)


class Changes:
    rhythm = Rhythm(lambda seconds: 0.1, lambda seconds: 0.0, 1.0, 1.0, at_once=True)

    def usual_count(self, spec):
        return 40

    def open_reference(self, config, dataset, cache, *, count, phase):
        inputs = images.to_float(dataset.held_out[: min(count, 40)])
        others = {"changed": changed(inputs, inputs[::-1])}
        return Reference(inputs, {"changed": 0.0}, others, len(inputs))

    def beside(self, session, reference, *, seed):
        return Beside(session, reference)

    def stored(self, run, data_dir, dataset, reference, *, step, seed, phase):
        from gan_core import tasks

        translator, started = tasks.of_run(run).open(run, data_dir, step), time.perf_counter()
        outputs = translator.images(reference.inputs)
        return translator.step, measure(outputs, reference, started)


MEASURING = Changes()
