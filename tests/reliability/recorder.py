"""Trains a case or a preset and records what the doctor would see: metrics, probes, measurements."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from gan_core import data, recipes
from gan_core.doctor.evidence import probe_line
from gan_core.evaluation import points as point_measures
from gan_core.evaluation.gap import GapProbe
from gan_core.evaluation.measure import PROBE_COUNT, measure, probe
from gan_core.evaluation.reference import open_reference
from gan_core.evaluation.run_evals import frechet_of
from gan_core.tasks.synthesis import inputs_of
from gan_core.training.session import build_algorithm
from tests.reliability.ailment_cases import ONSET, Case, cut_dataset, knobs_of

PROBE_EVERY = 50
MEASURE_EVERY = 500
COUNT = 2000


def record(case: Case, seed: int, folder: Path, *, data_dir: Path) -> Path:
    """Train one case with one seed; the file that holds its recording (kept if it is there)."""
    path = folder / f"{case.name}-{seed}.npz"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(case, seed, data_dir)
    rows = _healthy_part(trainer, folder / f"before-{case.recipe}-{seed}.npz")
    rows += [trainer.step(step) for step in range(len(rows) + 1, case.steps + 1)]
    said = {
        "case": case.name,
        "seed": seed,
        "onset": case.onset,
        "names": trainer.names,
        "config": trainer.algorithm.config.model_dump(),
        "knobs": trainer.knobs,
        "probes": trainer.probes,
        "evals": trainer.evals,
        "broke": trainer.broke,
        "classes": list(trainer.dataset.spec.class_names),
    }
    metrics = np.array(rows[: trainer.good], np.float32)
    np.savez_compressed(path, metrics=metrics, said=json.dumps(said))
    return path


def _healthy_part(trainer: Trainer, path: Path) -> list[np.ndarray]:
    """The metrics up to the onset of a fast ailment; trained once for all that share a seed."""
    if trainer.case.onset != ONSET:
        return []
    if not path.exists():
        rows = [trainer.step(step, ill=False) for step in range(1, ONSET + 1)]
        found = json.dumps({"probes": trainer.probes, "evals": trainer.evals})
        np.savez(path, rows=np.array(rows, np.float32), said=found, **trainer.algorithm.state())
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    trainer.__dict__.update(json.loads(str(arrays.pop("said"))), good=ONSET)
    rows = list(arrays.pop("rows"))
    trainer.algorithm.load_state(arrays)
    trainer.fall_ill(ONSET)
    return rows


class Trainer:
    """One training without a run folder."""

    def __init__(self, case: Case, seed: int, data_dir: Path):
        points = case.recipe == "toy_mlp"
        name = case.dataset or ("ring" if points else "mnist_5k")
        self.case, self.points = case, points
        whole = data.load(name, data_dir)
        self.dataset = cut_dataset(whole, case.cut)
        config = recipes.config(case.recipe, name, self.dataset.spec, seed=seed, **case.settings)
        self.algorithm = _algorithm(case, config, self.dataset)
        self.names = list(self.algorithm.metric_names)
        self.probes, self.evals, self.knobs, self.broke, self.good = [], [], [], 0, 0
        cache = data_dir / ".measures"
        self.reference = open_reference(self.dataset, cache, count=COUNT)
        if not points:
            self.gap = GapProbe(self.algorithm.networks["discriminator"], self.dataset)
        if case.onset == 0:
            self.fall_ill(0)

    def fall_ill(self, step: int) -> None:
        """The onset."""
        self.case.begin(self.algorithm)
        changes = knobs_of(self.case, self.algorithm.knobs())
        self.algorithm.set_knobs(changes)
        if changes:
            self.knobs.append([step, changes])

    def step(self, step: int, *, ill: bool = True) -> np.ndarray:
        """One turn; probes and measurements where they are due."""
        if self.broke:
            return np.empty(0)
        values = np.asarray(self.algorithm.train_step())
        if not np.isfinite(values).all():
            self.broke = step
            return values
        self.good = step
        if step % PROBE_EVERY == 0:
            self.look(step)
        if step % MEASURE_EVERY == 0:
            self.measure(step)
        if ill and step == self.case.onset:
            self.fall_ill(step)
        return values

    def draw(self, count: int):
        """Fakes in [-1, 1], labels and class rows."""
        z, labels, rows = self._inputs.draw(count, seed=0, shares=self.reference.label_shares)
        fakes = [
            self.algorithm.sample(z[i : i + PROBE_COUNT], rows[i : i + PROBE_COUNT])
            for i in range(0, count, PROBE_COUNT)
        ]
        return np.concatenate(fakes), labels, rows

    def draw_points(self):
        """COUNT points [N, 2]."""
        z, _, rows = self._inputs.draw(COUNT, seed=0)
        return self.algorithm.sample(z, rows)

    @property
    def _inputs(self):
        generator = self.algorithm.networks["generator"]
        return inputs_of(self.algorithm.config, self.dataset.spec, generator)

    def look(self, step: int) -> None:
        """A probe of the averaged generator, and D's gap."""
        if self.points:
            found = point_measures.probe(self.draw_points(), self.reference)
            self.probes.append(probe_line(step, found))
            return
        fakes, labels, rows = self.draw(PROBE_COUNT)
        found = replace(
            probe(fakes, labels, self.reference), gap=self.gap.gap(self.gap.scores(fakes, rows))
        )
        self.probes.append(probe_line(step, found))

    def measure(self, step: int) -> None:
        """A full measurement."""
        if self.points:
            found = point_measures.measure(self.draw_points(), self.reference)
        else:
            fakes, labels, _ = self.draw(COUNT)
            found = measure(fakes, labels, self.reference)
        self.evals.append(
            {
                "step": step,
                "values": found.values,
                "missing": list(found.missing),
                "count": COUNT,
                "floor": frechet_of(self.reference.floor),
            }
        )


def _algorithm(case: Case, config, dataset):
    """The algorithm of a case, with its own networks if it has some."""
    if case.parts is None:
        return build_algorithm(config, dataset)
    return case.parts(config, dataset.spec).algorithm(config, dataset)
