"""Recordings of trainings: read, followed by a doctor again, and turned into run folders."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gan_core import recipes
from gan_core.data import default_data_dir, spec
from gan_core.doctor.doctor import Doctor, Verdict
from gan_core.doctor.record import keep_probe, log_verdict, probes
from gan_core.evaluation.run_evals import evals
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.storage import files

DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class Recording:
    """What the doctor sees of one training.

    Attributes:
        metrics: float32 [T, M], step 1 first.
        knobs: [step, {name: value}] of what was turned.
        broke: the step at which a metric was not finite; 0: never.
        classes: names of the data's classes.
    """

    case: str
    seed: int
    onset: int
    names: list[str]
    config: dict[str, Any]
    metrics: np.ndarray
    probes: list[dict]
    evals: list[dict]
    knobs: list
    broke: int = 0
    classes: Sequence[str] = DIGITS

    @property
    def class_names(self) -> tuple[str, ...]:
        return tuple(self.classes) if self.probes else ()


def load(path: Path) -> Recording:
    """A recording from its file."""
    with np.load(path) as stored:
        said = json.loads(str(stored["said"]))
        return Recording(**said, metrics=stored["metrics"].astype(np.float32))


def take(run, case: str, *, onset: int, folder: Path) -> Path:
    """Keep what a run's folder tells of its training on images of a built-in set; the file."""
    reader = run.metrics()
    table = reader.rows(1)
    measured = [line for line in evals(run) if line["count"] == 2000]
    told = ("step", "values", "missing", "count", "floor")
    said = {
        "case": case,
        "seed": run.config["seed"],
        "onset": onset,
        "names": list(reader.names),
        "config": run.config,
        "knobs": [],
        "probes": probes(run),
        "broke": 0,
        "evals": [{name: line[name] for name in told} for line in measured],
        "classes": spec(run.config["dataset"], default_data_dir()).class_names,
    }
    path = folder / f"{case}-{run.config['seed']}.npz"
    metrics = np.stack([table[name] for name in reader.names], axis=1)
    np.savez_compressed(path, metrics=metrics.astype(np.float32), said=json.dumps(said))
    return path


def doctor_for(recording: Recording) -> Doctor:
    """A doctor that has seen nothing of it yet."""
    return Doctor(recording.config["loss"], recording.names, class_names=recording.class_names)


def follow(recording: Recording, doctor: Doctor | None = None, on_verdict=None) -> list[Verdict]:
    """The verdicts that a doctor gives, step by step."""
    doctor = doctor or doctor_for(recording)
    probes, evals, found = list(recording.probes), list(recording.evals), []
    for step, row in enumerate(recording.metrics, start=1):
        while probes and probes[0]["step"] <= step:
            doctor.see_probe(probes.pop(0))
        while evals and evals[0]["step"] <= step:
            doctor.see_eval(evals.pop(0))
        verdict = doctor.see(step, row)
        if verdict is not None:
            found.append(verdict)
            if on_verdict is not None:
                on_verdict(verdict, doctor)
    return found


def named(recording: Recording, expected: tuple[str, ...]) -> Verdict | None:
    """The first verdict after the onset that is one of the expected ones."""
    later = [v for v in follow(recording) if v.step > recording.onset]
    return next((v for v in later if v.name in expected), None)


def alarms(recording: Recording) -> list[Verdict]:
    """The verdicts that are alarms."""
    return [v for v in follow(recording) if v.alarm]


def as_run(store, recording: Recording, *, state: str = "finished"):
    """A run folder as if the app had trained it, without weights and samples."""
    run = store.create(recording.config)
    writer = MetricsWriter(run.path, recording.names)
    size = recording.config["batch_size"]
    for step, row in enumerate(recording.metrics, start=1):
        writer.append(step, step * size, step / 20, (), row)
    writer.close()
    for line in recording.probes:
        keep_probe(run, line)
    for line in recording.evals:
        extra = {"seconds": 1.5, "class_counts": [], "thin": [], "extractor": "judge:test"}
        files.append_jsonl(run.path / "evals.jsonl", {"ceiling": 979.0} | extra | line)
    last = len(recording.metrics)
    run.write_status(
        state=state, step=last, num_steps=last, images_seen=last * size, wall_time=last / 20
    )
    for step, changes in recording.knobs:
        before = {name: [recording.config[name], value] for name, value in changes.items()}
        run.log_event("knob", step=step, who="test", changes=before)
    follow(recording, on_verdict=lambda v, doctor: log_verdict(run, v, doctor.evidence()))
    return run


# ---- a small file for the unit tests ----

KEPT = (
    "g_loss",
    "d_loss",
    "real_accuracy",
    "fake_accuracy",
    "real_score",
    "fake_score",
    "g_grad_norm",
    "d_grad_norm",
)
AFTER = 100  # steps kept beyond the one at which it was named


def pack(paths: list[Path], target: Path) -> None:
    """The recordings of several trainings in one zip, metrics rounded to three digits.

    Runs that begin alike share their bytes: LZMA finds them, which deflate's small window does not.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as packed:
        said, rows = [], []
        for recording in map(load, paths):
            stop = _needed(recording)
            said.append(_described(recording, stop))
            rows.append(_rounded(_kept(recording)[:stop]))
        packed.writestr("said.json", json.dumps(said, separators=(",", ":")))
        packed.writestr("metrics.f4", np.concatenate(rows).astype("<f4").tobytes())


def _kept(recording: Recording) -> np.ndarray:
    """The KEPT columns [T, 8]; NaN where a loss has none, as of accuracy."""
    columns = np.full((len(recording.metrics), len(KEPT)), np.nan, np.float32)
    for i, name in enumerate(KEPT):
        if name in recording.names:
            columns[:, i] = recording.metrics[:, recording.names.index(name)]
    return columns


def _settings(config: dict) -> dict:
    """What differs from the recipe's own settings."""
    own = recipes.config(config["recipe"], config["dataset"], seed=config["seed"]).model_dump()
    return {name: value for name, value in config.items() if name in own and own[name] != value}


def _needed(recording: Recording) -> int:
    """Steps until its last verdict but for a margin; healthy ones and late verdicts whole."""
    found = alarms(recording)
    last = found[0].step + AFTER if found else len(recording.metrics)
    return min(last, len(recording.metrics))


def _described(recording: Recording, stop: int) -> dict:
    probes = [_short(p) for p in recording.probes if p["step"] <= stop]
    evals = [_short(e) for e in recording.evals if e["step"] <= stop]
    kept = {"case": recording.case, "seed": recording.seed, "onset": recording.onset}
    return kept | {
        "steps": stop,
        "loss": recording.config["loss"],
        "recipe": recording.config["recipe"],
        "probes": probes,
        "evals": evals,
        "knobs": recording.knobs,
        "broke": recording.broke,
        "settings": _settings(recording.config),
        "dataset": recording.config["dataset"],
        "classes": list(recording.classes),
        "names": [n for n in KEPT if n in recording.names],
    }


def _short(value):
    """Floats of JSON data with four digits."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        gone = ("seconds",)
        return {k: _short(v) for k, v in value.items() if k not in gone and "/" not in k}
    return [_short(v) for v in value] if isinstance(value, list) else value


def _rounded(values: np.ndarray) -> np.ndarray:
    """float32 with 8 of its 23 bits of fraction: three digits, and bytes that compress."""
    bits = values.astype("<f4").view("<u4")
    return ((bits + 0x4000) & np.uint32(0xFFFF8000)).view("<f4")


def unpack(path: Path) -> dict[str, Recording]:
    """The recordings of a packed file by case; of seeds other than 1 by case and seed."""
    with zipfile.ZipFile(path) as packed:
        said = json.loads(packed.read("said.json"))
        rows = np.frombuffer(packed.read("metrics.f4"), "<f4").reshape(-1, len(KEPT))
    found, start = {}, 0
    for each in said:
        steps, recipe, name = each.pop("steps"), each.pop("recipe"), each["case"]
        settings = {"loss": each.pop("loss")} | each.pop("settings", {})
        data = each.pop("dataset", "mnist_5k")
        config = recipes.config(recipe, data, seed=each["seed"], **settings).model_dump()
        names = each.pop("names", list(KEPT))
        part = rows[start : start + steps][:, [KEPT.index(n) for n in names]]
        key = name if each["seed"] == 1 else f"{name}-{each['seed']}"
        found[key] = Recording(**each, names=names, config=config, metrics=part)
        start += steps
    return found
