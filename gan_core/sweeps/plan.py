"""Sweeps: every combination of some settings and seeds as runs, one after the other.

A sweep keeps no list of its own: each of its runs carries the sweep's name in the note it was made
with, and the name follows from the settings. So the same command, given again after a crash or a
restart, finds what it made, goes on with what is unfinished, and makes what is missing.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gan_core.config import SETTINGS, TrainConfig
from gan_core.errors import ConfigError, RunError, unknown
from gan_core.runs.records import LIVE, State
from gan_core.runs.run import Run

if TYPE_CHECKING:
    from gan_core.lab import Lab

MOST = 200  # runs of one sweep


class Sweep(NamedTuple):
    """A name that follows from the settings, and the settings of each run in their order."""

    name: str
    configs: tuple[TrainConfig, ...]


def parse_grid(texts: Sequence[str]) -> dict[str, list[Any]]:
    """`["g_lr=1e-3,2e-3", "loss=hinge"]` to {"g_lr": [0.001, 0.002], "loss": ["hinge"]}.

    Raises:
        ConfigError: not of this form, an unknown setting, one that comes twice.
    """
    grid: dict[str, list[Any]] = {}
    for text in texts:
        name, found, values = text.partition("=")
        name = name.strip()
        if not found or not all(v.strip() for v in values.split(",")):
            raise ConfigError(f"`--grid` needs field=value,value. Received: `{text[:80]}`.")
        _check_name(name, grid, text, "`--grid`")
        grid[name] = [_typed(value.strip()) for value in values.split(",")]
    return grid


def _typed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def parse_seeds(text: str) -> list[int]:
    """`"1,2,3"` to [1, 2, 3]; ConfigError if it is anything else."""
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise ConfigError(
            f"`--seeds` needs whole numbers: 1,2,3. Received: `{text[:80]}`."
        ) from None


def parse_cases(texts: Sequence[str]) -> list[dict[str, Any]]:
    """`["g_lr=1e-3, d_lr=2e-3", "loss=hinge"]`: one run a line, to a list of settings.

    Raises:
        ConfigError: not of this form, an unknown setting, one that comes twice in a line.
    """
    cases = []
    for text in texts:
        case: dict[str, Any] = {}
        for pair in text.split(","):
            name, found, value = (part.strip() for part in pair.partition("="))
            if not found or not value:
                raise ConfigError(f"A case is field=value, field=value. Received: `{text[:80]}`.")
            _check_name(name, case, text, "a case")
            case[name] = _typed(value)
        cases.append(case)
    return cases


def _check_name(name: str, known: dict[str, Any], text: str, where: str) -> None:
    if name not in TrainConfig.model_fields:
        raise ConfigError(unknown("config key", name, TrainConfig.model_fields))
    if SETTINGS[name].apart or name in known:
        why = "comes twice" if name in known else "has a flag of its own"
        raise ConfigError(f"`{name}` in {where} {why}. Received: `{text[:80]}`.")


def plan(
    lab: Lab,
    recipe: str,
    dataset: str,
    grid: dict[str, list[Any]],
    seeds: Sequence[int],
    num_steps: int,
    cases: Sequence[dict[str, Any]] = (),
) -> Sweep:
    """All combinations, the seeds of one setting next to each other, each checked now.

    Args:
        cases: settings of single runs; each is combined with the whole grid.

    Raises:
        ConfigError, DataError: a setting or data set that cannot be used, or too many runs.
    """
    combinations = [
        case | dict(zip(grid, values, strict=True))
        for case in cases or ({},)
        for values in itertools.product(*grid.values())
    ]
    count = len(combinations) * len(seeds)
    if not 1 <= count <= MOST:
        raise ConfigError(f"A sweep has 1 to {MOST} runs. Received: {count} combinations.")
    configs = []
    for case in combinations:
        for seed in seeds:
            config = lab.make_config(
                recipe, dataset, **case, seed=seed, num_steps=num_steps, num_minutes=None
            )
            if config not in configs:
                configs.append(config)
    return Sweep(_name(configs), tuple(configs))


def _name(configs: list[TrainConfig]) -> str:
    text = json.dumps([config.model_dump() for config in configs], sort_keys=True)
    return "sweep " + hashlib.sha256(text.encode()).hexdigest()[:8]


def runs_of(lab: Lab, sweep: Sweep) -> list[Run | None]:
    """The run of each setting, None where it was not made yet."""
    wanted = [config.model_dump() for config in sweep.configs]
    found: list[Run | None] = [None] * len(wanted)
    for run_id in reversed(lab.store.ids()):  # the oldest first: the one that came furthest
        try:
            run = lab.store.get(run_id)
        except RunError:
            continue
        if run.header.get("note") == sweep.name and run.config in wanted:
            at = wanted.index(run.config)
            found[at] = found[at] or run
    return found


def next_run(lab: Lab, sweep: Sweep, at: int, *, who: str) -> Run | None:
    """The run of the setting `at`, made if missing; None if there is nothing left to do for it."""
    run = runs_of(lab, sweep)[at]
    if run is None:
        run = lab.create(sweep.configs[at], who=who, note=sweep.name)
        run.update_notes(who, tags=(sweep.name,))
        return run
    state = run.status().state
    done = state in (State.FINISHED, State.FAILED) or state in LIVE
    return None if done else run
