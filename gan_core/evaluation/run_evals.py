"""Measuring a run: fakes of its averaged generator, and the results kept in its evals.jsonl.

One line a measurement: {"step", "time", "count", "extractor", "values": {...}, "seconds",
"class_counts", "missing", "thin", "seed", "floor", "ceiling", "real", "noise", "judge_accuracy",
"left_out": {measure: why it has no meaning for these data}}:
`real` and `noise` are the values of real images and of noise at the same count, floor and ceiling their
Fréchet distances, `judge_accuracy` the judge's own on held-out images (None without labels). Of
translators "beside" holds the values of what learns nothing, by its name.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_core.config import TrainConfig
from gan_core.evaluation import measuring
from gan_core.evaluation.features import cache_folder
from gan_core.evaluation.measure import Measurement
from gan_core.runs import values as run_values
from gan_core.runs.quality import FILE, frechet_of
from gan_core.runs.run import Run
from gan_core.storage import files
from gan_core.tasks import run_data, stored

if TYPE_CHECKING:
    from gan_core.data.base import Dataset
    from gan_core.evaluation.measuring import Measuring, RealSide


def evaluate_run(
    run: Run,
    data_dir: Path | str,
    *,
    step: int | None = None,
    count: int | None = None,
    seed: int = 0,
    phase: Callable[[str], None] = lambda text: None,
) -> Measurement:
    """Measure the averaged networks of a run at a step (None: the newest) and keep the result.

    Args:
        count: outputs that are measured; None: as many as its task usually takes.

    Raises:
        RunError: the run has no weights at that step, or its task no measure.
        DataError: its data are gone, or the count is out of range.
    """
    dataset = run_data.load(run, data_dir)
    way, step = measuring.of_run(run, dataset.spec), stored.wanted_step(run, step)
    reference = _reference(run, dataset, way, data_dir, count, phase)
    phase("drawing fakes")
    at, measurement = way.stored(
        run, Path(data_dir), dataset, reference, step=step, seed=seed, phase=phase
    )
    keep_eval(run, at, measurement, reference, seed=seed)
    return measurement


def run_reference(
    run: Run,
    data_dir: Path | str,
    *,
    count: int | None,
    phase: Callable[[str], None] = lambda text: None,
) -> RealSide:
    """The real side that a run is measured against; evaluation.measuring.Measuring says what it has."""
    dataset = run_data.load(run, data_dir)
    way = measuring.of_run(run, dataset.spec)
    return _reference(run, dataset, way, data_dir, count, phase)


def _reference(
    run: Run,
    dataset: Dataset,
    way: Measuring,
    data_dir: Path | str,
    count: int | None,
    phase: Callable[[str], None],
) -> RealSide:
    config, cache = TrainConfig.from_dict(run.config), cache_folder(data_dir)
    count = way.usual_count(dataset.spec) if count is None else count
    return way.open_reference(config, dataset, cache, count=count, phase=phase)


def keep_eval(
    run: Run, step: int, measurement: Measurement, reference: RealSide, *, seed: int
) -> dict[str, Any]:
    """Append one line to the run's evals.jsonl; returns it."""
    line = {
        "step": step, "time": time.time(), "count": measurement.count,
        "extractor": measurement.extractor, "values": measurement.values,
        "seconds": measurement.seconds, "class_counts": list(measurement.class_counts),
        "missing": list(measurement.missing), "thin": list(measurement.thin), "seed": seed,
        "floor": frechet_of(reference.floor), "ceiling": frechet_of(reference.ceiling),
        "real": _overall(reference.floor), "noise": _overall(reference.ceiling),
        "judge_accuracy": reference.judge.accuracy, "left_out": measurement.left_out,
    }  # fmt: skip
    if measurement.beside:
        line["beside"] = measurement.beside
    files.append_jsonl(run.path / FILE, line)
    return line


def _overall(values: dict[str, float]) -> dict[str, float]:
    """Without the values of single classes."""
    return {name: value for name, value in values.items() if "/" not in name}


def evals(run: Run) -> list[dict[str, Any]]:
    """The kept measurements of a run in the order in which they were made."""
    path = run.path / FILE
    lines = files.read_jsonl(path) if path.exists() else []
    return run_values.read_all(lines, run_values.EVAL)
