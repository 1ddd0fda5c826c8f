"""What a search knows of its runs: trials of Optuna's, read from the runs, and what they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gan_core.config import TrainConfig
from gan_core.errors import ConfigError
from gan_core.runs.quality import best_of, qualities
from gan_core.runs.records import State
from gan_core.runs.run import Run
from gan_core.runs.searches import PRUNED, Spec, images_per_step

if TYPE_CHECKING:
    from optuna import Study

    from gan_core.lab import Lab

STARTUP = 4  # runs that come to their end before any is ended early


def require() -> None:
    """ConfigError in words where Optuna is not installed."""
    try:
        import optuna
    except ImportError as error:
        raise ConfigError("A search needs a package: `pip install optuna`.") from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)


def make_study(spec: Spec) -> Study:
    """An empty study with the search's sampler and pruner, which leaves the first rung alone."""
    import optuna

    return optuna.create_study(
        sampler=optuna.samplers.TPESampler(seed=spec.seed, constant_liar=True),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=STARTUP, n_warmup_steps=2),
    )


def space_of(spec: Spec) -> dict[str, Any]:
    """Optuna's distributions of the ranges."""
    from optuna import distributions

    def one(each: dict[str, Any]):
        if "choices" in each:
            return distributions.CategoricalDistribution(each["choices"])
        ends = each["low"], each["high"]
        whole = all(type(end) is int for end in ends)
        kind = distributions.IntDistribution if whole else distributions.FloatDistribution
        return kind(*ends, log=each["log"])

    return {name: one(each) for name, each in spec.ranges.items()}


def config_of(lab: Lab, spec: Spec, params: dict[str, Any]) -> TrainConfig:
    """Settings of a run, with as many steps as make the search's images."""
    config = lab.make_config(spec.recipe, spec.dataset, **params, seed=spec.seed)
    steps = spec.steps_of(images_per_step(config.model_dump()))
    return config.replace(num_steps=steps, num_minutes=None)


def params_of(spec: Spec, run: Run) -> dict[str, Any]:
    """What a run tried."""
    return {name: run.config.get(name) for name in spec.ranges}


def runs_of(lab: Lab, name: str) -> list[Run]:
    """The runs of a search, the oldest first."""
    ids = [each.id for each in lab.store.summaries() if each.sweep == name]
    return [lab.store.get(run_id) for run_id in reversed(ids)]


def is_done(run: Run) -> bool:
    """Whether nothing is left to do for a run of a search."""
    ended = (State.FINISHED, State.FAILED)
    return run.status().state in ended or PRUNED in run.notes().tags


def rungs_of(spec: Spec, run: Run) -> dict[int, float]:
    """Rung (from 1) -> the measured distance at its images; the last measurement of each."""
    every = spec.every(images_per_step(run.config))
    measured = qualities(run.path)
    best = best_of(measured)
    kind = best.kind if best else None
    found = {}
    for each in measured:
        rung = round(each.step / every)
        if each.kind == kind and rung and abs(each.step - rung * every) < every / 2:
            found[rung] = each.rank
    return found


def value_of(run: Run) -> float | None:
    """The distance at the end of a run; None where it was not measured there."""
    step = run.status().step
    values = [each.rank for each in qualities(run.path) if each.step == step]
    return values[-1] if values else None


def trial_of(spec: Spec, run: Run):
    """An ended run as a trial of Optuna's."""
    import optuna

    value = value_of(run) if run.status().state == State.FINISHED else None
    states = optuna.trial.TrialState
    pruned = PRUNED in run.notes().tags
    return optuna.trial.create_trial(
        state=states.COMPLETE if value is not None else states.PRUNED if pruned else states.FAIL,
        value=value,
        params=params_of(spec, run),
        distributions=space_of(spec),
        intermediate_values=rungs_of(spec, run),
    )


def study_of(lab: Lab, spec: Spec) -> tuple[Study, list[str]]:
    """What is known so far, for people who look: the study, and the runs in their order."""
    require()
    study, ids = make_study(spec), []
    for run in runs_of(lab, spec.name):
        if is_done(run):
            study.add_trial(trial_of(spec, run))
            ids.append(run.id)
    return study, ids


def importance(study: Study) -> dict[str, float]:
    """Share of each setting in how good the runs are, the largest first; empty while that is unknown."""
    import optuna

    evaluator = optuna.importance.PedAnovaImportanceEvaluator()
    done = [t for t in study.trials if t.state == optuna.trial.TrialState.COMPLETE]
    if len(done) < STARTUP or len({t.value for t in done}) < 2:
        return {}
    return optuna.importance.get_param_importances(study, evaluator=evaluator)
