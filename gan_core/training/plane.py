"""A GAN on points that somebody trained on the Learn page, as a run that goes on from there.

The page's step is that of `toy_mlp` (tests/unit/test_plane.py), so weights, optimisers and counters are
taken over as they are; random numbers begin anew.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gan_core import data, recipes
from gan_core.config import TrainConfig
from gan_core.data import Dataset, plane, record
from gan_core.errors import ConfigError
from gan_core.runs import inputs
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.runs.records import State
from gan_core.runs.run import Run
from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore
from gan_core.startup import runtime

RECIPE = "toy_mlp"
MORE = 2000  # steps that it may go on
TITLES = {
    "ring": "Eight groups in a ring",
    "grid": "Nine groups in a grid",
    "moons": "Two moons",
    "spiral": "A spiral",
    "lines": "Two lines",
    "blob": "One group",
    "own": "Drawn by hand",
}
TAKEN = ("loss", "g_lr", "d_lr", "beta_1", "n_critic", "latent_dim", "batch_size", "seed")
WEIGHTS = {  # penalty of the page -> where it looks, and the setting of its weight
    "r1": ("real", "r1_gamma"),
    "r2": ("fake", "r2_gamma"),
    "gradient_penalty": ("between", "gp_weight"),
}
NETWORKS = {"g": "generator", "d": "discriminator"}
MOST_STEP, MOST_WIDTH = 10_000_000, 32


def keep(
    store: RunStore, told: Mapping[str, Any], *, who: str, name: str = "", data_dir: Path | str
) -> Run:
    """A stopped run whose first checkpoint is what the page had; its counter of steps goes on.

    Args:
        told: {"settings", "step", "updates": {"g", "d"}, "points", "g", "d"}, each network {"weights",
            "first", "second", "powers"}; arrays are base64 of float32, kernels and biases in turn.

    Raises:
        ConfigError, DataError: what was told is no training of the page; nothing is made.
    """
    settings, step, updates = _of(told, "settings", dict), _step(told), _updates(told)
    config = config_of(settings, step)
    points = plane.split(_numbers(told.get("points"), "points").reshape(-1, 2))
    dataset = _dataset(str(settings.get("data")), points, data_dir)
    algorithm = _algorithm(config, dataset, told, step, updates)
    seen = algorithm.counters()["images_seen"]

    def fill(folder: Path) -> None:
        if dataset.spec.name == plane.NAME:
            inputs.write_points(folder, points)
        begin(folder, algorithm)
        Run(folder).write_status(state=State.STOPPED, step=step, images_seen=seen, owner=who)

    run = store.create(
        config.model_dump(),
        versions=runtime.versions(),
        data=record.record(dataset.spec),
        fill=fill,
    )
    if name:
        run.update_notes(who, name=name[:80])
    run.log_event("kept", step=step, who=who, text=f"Trained on the Learn page for {step:,} steps.")
    return run


def begin(folder: Path, algorithm) -> None:
    """The first checkpoint of a run's folder, and metrics whose first row is the step after it."""
    counters = algorithm.counters()
    meta = {**counters, "wall_time": 0.0, "knobs": algorithm.knobs()}
    checkpoints.save_checkpoint(folder, counters["step"], algorithm.state(), meta)
    updates = [name for name in counters if name not in ("step", "images_seen")]
    MetricsWriter(
        folder, algorithm.metric_names, counters=updates, first_step=counters["step"] + 1
    ).close()


def config_of(settings: Mapping[str, Any], step: int) -> TrainConfig:
    """The page's settings as those of a run; ConfigError where it has one that no run has."""
    width, odd = divmod(_whole(settings, "hidden"), 2)
    if odd or not 1 <= width <= MOST_WIDTH:
        raise ConfigError(
            f"`hidden` must be even, 2 to {2 * MOST_WIDTH}. Received: {settings['hidden']}."
        )
    own = {name: settings[name] for name in TAKEN if name in settings}
    dataset = "ring" if settings.get("data") == "ring" else plane.NAME
    return recipes.config(
        RECIPE, dataset, width=width, num_steps=step + MORE, **own, **_penalty(settings)
    )


def _penalty(settings: Mapping[str, Any]) -> dict[str, Any]:
    name = settings.get("penalty")
    if not name:
        return {"r1_gamma": 0.0}
    if not isinstance(name, str) or name not in WEIGHTS:
        raise ConfigError(f"`penalty` is one of {', '.join(WEIGHTS)} or none. Received: {name!r}.")
    where, weight = WEIGHTS[name]
    return {"penalty_at": where, weight: settings.get("penalty_weight")}


def _dataset(name: str, points: Mapping[str, np.ndarray], data_dir: Path | str) -> Dataset:
    """The engine's own ring for the page's, which is drawn alike; else the points that were told."""
    if name not in TITLES:
        raise ConfigError(f"`data` is one of {', '.join(TITLES)}. Received: {name!r}.")
    if name == "ring":
        return data.load("ring", data_dir)
    counts = (len(points["train"]), len(points["held_out"]))
    return plane.dataset(plane.spec(TITLES[name], *counts), **points)


def _algorithm(config: TrainConfig, dataset: Dataset, told: Mapping, step: int, updates: dict):
    """A training with what was told in it: networks, averages, optimisers, counters."""
    from gan_core.training.session import build_algorithm

    runtime.start()
    algorithm = build_algorithm(config, dataset)
    state = dict(algorithm.state())
    for short, network in NETWORKS.items():
        own = _of(told, short, dict)
        _fill(state, f"{network}/", own, ("weights",))
        if short == "g":
            _fill(state, f"ema_{network}/", own, ("weights",))
        _fill(state, f"{short}_optimizer/", own, ("first", "second", "powers"))
    seen = updates["d"] * config.batch_size
    counts = {
        "step": step, "g_updates": updates["g"], "d_updates": updates["d"], "images_seen": seen,
        "images_drawn": seen,
    }  # fmt: skip
    state |= {f"count/{name}": np.array(value, np.int64) for name, value in counts.items()}
    algorithm.load_state(state)
    return algorithm


def _fill(state: dict[str, np.ndarray], prefix: str, told: Mapping, parts: tuple[str, ...]) -> None:
    """Replace all arrays below a name, in their order, by the numbers that were told for them."""
    numbers = np.concatenate([_numbers(told.get(part), part) for part in parts])
    names = [name for name in state if name.startswith(prefix)]
    sizes = [math.prod(state[name].shape) for name in names]
    if len(numbers) != sum(sizes):
        what = f"`{prefix}{' '.join(parts)}`"
        raise ConfigError(f"{what} must be {sum(sizes):,} numbers. Received: {len(numbers):,}.")
    cuts = np.split(numbers, np.cumsum(sizes)[:-1])
    for name, own in zip(names, cuts, strict=True):
        state[name] = own.reshape(state[name].shape)


def _numbers(text: Any, name: str) -> np.ndarray:
    """float32 [N] out of base64; ConfigError unless all are finite."""
    try:
        packed = base64.b64decode(text if isinstance(text, str) else "!", validate=True)
        found = np.frombuffer(packed, "<f4").astype(np.float32)
    except (binascii.Error, ValueError) as error:
        raise ConfigError(f"`{name}` must be float32 numbers in base64.") from error
    if not len(found) or not np.isfinite(found).all():
        raise ConfigError(f"`{name}` must be finite numbers: this training flew off. Restart it.")
    return found


def _step(told: Mapping[str, Any]) -> int:
    return _whole(told, "step", MOST_STEP)


def _updates(told: Mapping[str, Any]) -> dict[str, int]:
    found = _of(told, "updates", dict)
    return {name: _whole(found, name, 50 * MOST_STEP) for name in NETWORKS}


def _whole(found: Mapping[str, Any], name: str, most: int = MOST_STEP) -> int:
    value = found.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise ConfigError(f"`{name}` must be a whole number, 0 to {most:,}. Received: {value!r}.")
    return value


def _of(told: Mapping[str, Any], name: str, kind: type) -> Any:
    if not isinstance(told, Mapping) or not isinstance(told.get(name), kind):
        raise ConfigError(f"`{name}` is missing in what was to be kept.")
    return told[name]
