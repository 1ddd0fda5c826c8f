"""Quality after given seconds or steps of training, of several loops, with the app's own judge.

The clock of a contender starts when its networks are built and holds compilation; drawing the fakes
and measuring them is not on it. TensorFlow's import is on nobody's clock.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from gan_core import data
from gan_core.bench.contenders import Contender
from gan_core.bench.worker import Worker
from gan_core.evaluation.features import cache_folder
from gan_core.evaluation.measure import measure
from gan_core.evaluation.real_images import Reference
from gan_core.evaluation.reference import open_images
from gan_core.runs.quality import frechet_of
from gan_core.tasks.latent import asked_labels

CONTENDERS = (Contender("fast_gan"), Contender("baseline:untuned"), Contender("baseline:tf_dcgan"))
KEPT = ("precision", "recall", "coverage", "class_accuracy")


def time_to_quality(
    contenders: Sequence[Contender],
    dataset: str,
    data_dir: Path,
    *,
    marks: Sequence[float],
    seeds: Sequence[int],
    count: int = 2000,
    unit: str = "seconds",
    phase: Callable[[str], None] = lambda text: None,
) -> tuple[list[dict], Reference]:
    """One row a contender, seed and mark: seconds, steps, Fréchet distance and more.

    Args:
        marks: seconds or steps of training, ascending.
        seeds: of the runs; each is trained anew.
        count: fakes that are measured.
        unit: of the marks, "seconds" or "steps".
        phase: is told who trains, and each distance as soon as it is known.

    Raises:
        DataError: the data set holds no images, or too few for the count.
    """
    reference = open_images(
        data.load(dataset, data_dir), cache_folder(data_dir), count=count, phase=phase
    )
    labels = asked_labels(count, reference.label_shares)
    rows = []
    for seed in seeds:
        for contender in contenders:
            phase(f"{contender.title}, seed {seed}")
            for row in _follow(contender, dataset, data_dir, seed, marks, unit, labels, reference):
                phase(f"  {row['mark']:g} {unit}: {row['fd']:.2f}")
                rows.append(row)
    return rows, reference


def _follow(contender, dataset, data_dir, seed, marks, unit, labels, reference) -> Iterator[dict]:
    worker = Worker(contender, dataset, seed, data_dir)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fakes.npy"
        try:
            for mark in marks:
                clock = worker.ask(do="until", **{unit: mark})
                worker.ask(do="fakes", path=str(path), labels=labels.tolist())
                values = _measured(np.load(path), labels, reference, worker.about["has_classes"])
                at = {"contender": contender.title, "seed": seed, "mark": mark}
                yield at | clock | values
        finally:
            worker.close()


def _measured(fakes, labels, reference: Reference, has_classes: bool) -> dict[str, float | None]:
    values = measure(fakes, labels if has_classes else None, reference).values
    kept = {name: values[name] for name in KEPT if name in values}
    return {"fd": frechet_of(values)} | kept


def medians(rows: Sequence[dict]) -> list[dict]:
    """One row a contender and mark: median and range of the distance over seeds."""
    found: dict[tuple, list[dict]] = {}
    for row in rows:
        found.setdefault((row["contender"], row["mark"]), []).append(row)
    return [
        {
            "contender": contender, "mark": mark, "seeds": len(group),
            "fd": statistics.median(r["fd"] for r in group),
            "fd_low": min(r["fd"] for r in group), "fd_high": max(r["fd"] for r in group),
            "steps": statistics.median(r["steps"] for r in group),
            **{n: statistics.median(r[n] for r in group) for n in KEPT if n in group[0]},
        }
        for (contender, mark), group in found.items()
    ]  # fmt: skip
