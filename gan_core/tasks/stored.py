"""Networks of a recipe with stored variables in them: of a run's step, or of arrays at hand."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core import recipes
from gan_core.config import TrainConfig
from gan_core.errors import CheckpointError, RunError
from gan_core.runs.run import Run
from gan_core.runs.saved import checkpoints
from gan_core.runs.saved.weights import read_weights_meta
from gan_core.startup import runtime

if TYPE_CHECKING:
    import keras

    from gan_core.data.base import DatasetSpec


def available_steps(run: Run) -> list[int]:
    """Steps whose shown networks can be opened: small weights and full checkpoints, ascending."""
    full = [c.step for c in checkpoints.list_checkpoints(run.path)]
    return sorted({*checkpoints.list_weights(run.path), *full})


def wanted_step(run: Run, step: int | None) -> int:
    """A step that can be opened (None: the newest).

    Raises:
        RunError: the run has no weights yet, or none at that step; the text lists some.
    """
    steps = available_steps(run)
    if not steps:
        raise RunError(f"{run.id} has no weights yet. They come with its first step.")
    if step is not None and step not in steps:
        near = sorted(steps, key=lambda s: abs(s - step))[:5]
        raise RunError(f"{run.id} has no weights at step {step}. Near: {sorted(near)}.")
    return steps[-1] if step is None else step


def open_network(
    run: Run, step: int, name: str, spec: DatasetSpec, *, raw: bool = False
) -> keras.Model:
    """A network of its own, never the one that trains, as it was at a step: a keras.Model.

    Args:
        name: of one of the algorithm's networks, for example "discriminator".
        spec: of the run's data.
        raw: as it learned; else its average, where there is one.

    Raises:
        CheckpointError: what is stored is damaged or of another network.
    """
    config = TrainConfig.from_dict(run.config)
    return build_network(config, spec, name, network_arrays(run, step, name, raw=raw))


def network_arrays(run: Run, step: int, name: str, *, raw: bool = False) -> dict[str, np.ndarray]:
    """A network's variables at a step under `name/...`, as `open_network` takes them.

    From small weights, which hold the averages alone, or from a full checkpoint.
    """
    if not raw and step in checkpoints.list_weights(run.path):
        return _of(name, checkpoints.load_weights(run.path, step)[0])
    arrays, _ = checkpoints.load_checkpoint(run.path, step)
    averaged = {} if raw else _of(f"ema_{name}", arrays)
    return {n.removeprefix("ema_"): a for n, a in averaged.items()} or _of(name, arrays)


def manifest_of(run: Run, step: int) -> dict[str, Any]:
    """What was told of a step when it was stored, counters for example; {} where that is gone.

    Of small weights, or where there are none (a run that is paused has just a checkpoint) of that.
    """
    with contextlib.suppress(CheckpointError, OSError):
        return read_weights_meta(run.path, step)
    full = checkpoints.list_checkpoints(run.path)
    return next((each.meta for each in full if each.step == step), {})


def build_network(
    config: TrainConfig, spec: DatasetSpec, name: str, arrays: Mapping[str, np.ndarray]
) -> keras.Model:
    """The recipe's network of that name with its `name/...` variables in it: a keras.Model.

    Raises:
        CheckpointError: the variables are of another network.
    """
    runtime.start()
    model = recipes.get(config.recipe).build(config, spec).networks[name]()
    fill(model, name, arrays)
    return model


def fill(model: keras.Model, name: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Copy `name/...` variables into a network; CheckpointError where they are of another one."""
    from gan_core.algorithms.variables import copy_in, named

    copy_in(named(name, model.variables), _of(name, arrays))


def _of(name: str, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {n: a for n, a in arrays.items() if n.startswith(f"{name}/")}
