"""From a run on disk to an algorithm in memory: settings, data, networks, saved state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gan_core import data, recipes
from gan_core.config import LIVE_KNOBS, TrainConfig
from gan_core.errors import CheckpointError, ConfigError, DataError
from gan_core.runs.run import Run
from gan_core.runs.saved import checkpoints
from gan_core.startup import devices, runtime
from gan_core.tasks import run_data
from gan_core.training import auto_precision, resuming
from gan_core.training import team as team_work
from gan_core.training.team import Team


@dataclass
class Session:
    """Everything one run needs in memory while it trains.

    Attributes:
        wall_time: seconds of training so far, without pauses, evaluation and stand-stills.
        skipped: (step, reason) of damaged checkpoints that were passed over.
    """

    run: Run
    config: TrainConfig
    dataset: data.Dataset
    algorithm: Any
    device: str
    wall_time: float = 0.0
    skipped: list[tuple[int, str]] = field(default_factory=list)

    def checkpoint_meta(self) -> dict[str, Any]:
        """What a checkpoint's manifest tells besides its arrays."""
        counters = self.algorithm.counters()
        return {**counters, "wall_time": self.wall_time, "knobs": self.algorithm.knobs()}


def open_session(
    run: Run, data_dir: Path, phase: Callable[[str], None], team: Team | None = None
) -> Session:
    """Build a run's networks and restore its newest whole checkpoint, if it has one.

    Args:
        phase: told what is being done, for the person who waits.
        team: this process leads other ones, which train with it.

    Raises:
        ConfigError, DataError: the settings do not fit this machine or the data.
        CheckpointError: there are checkpoints, and none of them is whole.
    """
    config = resuming.config_of(run)
    if conflict := recipes.get(config.recipe).conflict(config):
        raise ConfigError(f"{conflict}.")
    if not runtime.is_ready():
        phase("importing TensorFlow")
    runtime.start()
    phase("loading data")
    dataset = run_data.given(run)
    if dataset is None:
        with run_data.in_words(run, data_dir):
            dataset = load_dataset(config, data_dir, phase)
        dataset = run_data.own(run, dataset, data_dir)
    device = devices_of(config)
    config = auto_precision.settled(
        run, config, dataset.spec, lambda settings: build_algorithm(settings, dataset, device),
        device=devices.in_words(device), data_dir=data_dir, phase=phase,
    )  # fmt: skip
    phase("building networks")
    if team is None:
        algorithm = build_algorithm(config, dataset, device)
    else:
        algorithm = team_work.lead(team, run.id, config, dataset, build_algorithm)
    session = Session(run, config, dataset, algorithm, devices.in_words(device))
    _restore(session)
    return session


def load_dataset(config: TrainConfig, data_dir: Path, phase: Callable[[str], None]):
    """The run's data set, checked against its recipe; downloads report through `phase`."""

    def progress(done: int, total: int) -> None:
        phase(f"downloading {config.dataset}: {done / 1e6:.0f} of {total / 1e6:.0f} MB")

    dataset = data.load(config.dataset, data_dir, progress=progress)
    misfit = recipes.get(config.recipe).misfit(dataset.spec)
    if misfit:
        raise DataError(f"`{config.recipe}` {misfit}.")
    return dataset


def devices_of(config: TrainConfig) -> str | tuple[str, ...]:
    """Where `build_algorithm` is to put a run; ConfigError where this machine has too few devices."""
    names = devices.chosen(config.device, config.replicas)
    return names[0] if config.replicas == 1 else names


def build_algorithm(
    config: TrainConfig, dataset: data.Dataset, device: str | tuple[str, ...] = "/CPU:0"
):
    """Fresh networks and optimisers of a run, on one device, or on several that share each batch."""
    with devices.scope(device):
        return recipes.get(config.recipe).algorithm(config, dataset)


def _restore(session: Session) -> None:
    resuming.refuse_without_start(session.run)
    if not checkpoints.list_checkpoints(session.run.path):
        if (session.run.path / "checkpoints").exists() and any(
            (session.run.path / "checkpoints").iterdir()
        ):
            raise CheckpointError(f"None of the checkpoints of {session.run.id} can be read.")
        return
    newest = checkpoints.newest_good_checkpoint(session.run.path)
    session.algorithm.load_state(newest.arrays)
    session.wall_time = float(newest.meta.get("wall_time", 0.0))
    session.skipped = newest.skipped
    parent = session.run.parent
    if parent and newest.step == parent["step"]:
        _turn_branched_knobs(session, newest.meta.get("knobs", {}))


def _turn_branched_knobs(session: Session, saved: dict[str, float]) -> None:
    """A branch starts bit-equal to its parent, except for the knobs that it was given."""
    changes = (session.run.parent or {}).get("changes", {})
    has = session.algorithm.knobs()
    knobs = {n: getattr(session.config, n) for n in LIVE_KNOBS if n in changes and n in has}
    session.algorithm.set_knobs({n: v for n, v in knobs.items() if saved.get(n) != v})
