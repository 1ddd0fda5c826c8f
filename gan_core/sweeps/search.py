"""Searches: runs whose settings follow from how the earlier ones did (Optuna, an optional package).

TPE proposes settings, each run is measured at the same numbers of images, and a run that is worse
than the median of the others at the same images is ended early. No list is kept on the side: what
was tried and how it did is read from the runs, so a search goes on after a crash, on a cluster or
in the queue of one machine, with the same command.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from gan_core.config import SETTINGS
from gan_core.errors import ConfigError, GanError, RunError
from gan_core.runs import searches
from gan_core.runs.records import State
from gan_core.runs.run import Run
from gan_core.runs.searches import PRUNED, Spec, images_per_step
from gan_core.sweeps import trials as known
from gan_core.sweeps.plan import MOST, parse_grid

if TYPE_CHECKING:
    from optuna import Trial

    from gan_core.lab import Lab

EVERY = 0.3  # seconds between two looks at the runs
RUNGS = 5
LOG_FROM = 10.0  # a range that spans this factor is searched by its logarithm


def parse_ranges(texts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """`["g_lr=1e-4..1e-2", "loss=hinge,least_squares"]` to ranges as searches.Spec has them.

    Raises:
        ConfigError: not of this form, an unknown setting, one that is no number, one that comes twice.
    """
    ranges: dict[str, dict[str, Any]] = {}
    for text in texts:
        name, _, value = (part.strip() for part in text.partition("="))
        low, dots, high = value.partition("..")
        listed = parse_grid([f"{name}={low}" if dots else text])
        if name in ranges:
            raise ConfigError(f"`{name}` in `--range` comes twice. Received: `{text[:80]}`.")
        ranges[name] = _range(name, low, high, text) if dots else {"choices": listed[name]}
    if not ranges:
        raise ConfigError(
            "A search needs a range: g_lr=0.0001..0.01, or values: loss=hinge,minimax."
        )
    return ranges


def _numbers(kind: type, low: str, high: str) -> tuple[float, float] | None:
    """Both ends; None where they are no numbers of this kind."""
    try:
        return None if kind is str else (kind(low), kind(high))
    except ValueError:
        return None


def _range(name: str, low: str, high: str, text: str) -> dict[str, Any]:
    kind = SETTINGS[name].kind
    ends = _numbers(kind, low, high)
    if not ends or not ends[0] < ends[1]:
        kinds = {int: "whole numbers", float: "numbers"}
        what = kinds.get(kind, "no range; list its values: a,b")
        raise ConfigError(f"`{name}` takes {what}, low..high. Received: `{text[:80]}`.")
    return {"low": ends[0], "high": ends[1], "log": ends[0] > 0 and ends[1] / ends[0] >= LOG_FROM}


def plan(
    lab: Lab,
    recipe: str,
    dataset: str,
    ranges: dict[str, dict[str, Any]],
    *,
    num_steps: int,
    trials: int,
    seed: int = 1,
) -> Spec:
    """A search, checked: both ends of every range and every value can be trained.

    Args:
        num_steps: of a run with the recipe's own batch size; the others see as many images.

    Raises:
        ConfigError, DataError: a setting or data set that cannot be used, or too many runs.
    """
    if not 1 <= trials <= MOST:
        raise ConfigError(f"A search has 1 to {MOST} runs. Received: {trials}.")
    if num_steps < RUNGS:
        raise ConfigError(f"Runs of a search have {RUNGS} steps or more. Received: {num_steps}.")
    own = lab.make_config(recipe, dataset)
    for name, each in ranges.items():
        for value in each.get("choices") or (each["low"], each["high"]):
            lab.make_config(recipe, dataset, **{name: value})
    images = num_steps * images_per_step(own.model_dump())
    spec = Spec("", recipe, dataset, ranges, images, RUNGS, trials, seed)
    wanted = spec._replace(trials=0)._asdict()  # more runs of it are the same search
    text = json.dumps(wanted, sort_keys=True)
    return spec._replace(name=searches.PREFIX + hashlib.sha256(text.encode()).hexdigest()[:8])


class Search:
    """Asks Optuna for settings, lets the Lab train them, and tells how they did.

    Args:
        tell: told in words what becomes of each run.
    """

    def __init__(self, lab: Lab, spec: Spec, *, who: str, tell: Callable[[str], None]):
        known.require()
        searches.write(lab.store.root, spec)
        self.lab, self.spec, self.who, self.tell = lab, spec, who, tell
        self.study, self._space = known.make_study(spec), known.space_of(spec)
        self._open: dict[str, Trial] = {}
        self._reported: dict[str, int] = {}  # run id -> rungs that the study knows
        self._told: set[str] = set()  # ids of runs that are ended early
        self.stopped = threading.Event()

    def run(self) -> None:
        """Until all runs have ended, or one was stopped by hand, or `stopped` is set."""
        self._take_up()
        while not self.lab.jobs.closing:
            for run_id in list(self._open):
                self._look(run_id)
            if not self.stopped.is_set():
                self._ask()
            if not self._open and not self._ending():
                return
            self.stopped.wait(EVERY) if not self.stopped.is_set() else _sleep()

    def _ending(self) -> bool:
        """Whether a run that was told to end early is still at it."""
        self._told = {i for i in self._told if self.lab.snapshot(i).active}
        return bool(self._told)

    def stop(self) -> None:
        """Ask for no more; what trains ends with a checkpoint and can be gone on with."""
        self.stopped.set()
        for run_id in list(self._open):
            _end(self.lab, run_id)

    def _take_up(self) -> None:
        """What is there already: results, and runs that go on."""
        for run in known.runs_of(self.lab, self.spec.name):
            if known.is_done(run):
                self.study.add_trial(known.trial_of(self.spec, run))
                continue
            self.study.enqueue_trial(known.params_of(self.spec, run))
            self._open[run.id] = self.study.ask(self._space)
            if self.lab.snapshot(run.id).state in (State.STOPPED, State.INTERRUPTED):
                with contextlib.suppress(RunError):  # another program has just taken it
                    self.lab.resume(run.id, who=self.who)

    def _ask(self) -> None:
        while len(self._open) < max(1, self.lab.jobs.places):
            if len(self.study.trials) >= self.spec.trials:
                return
            trial = self.study.ask(self._space)
            run = self.lab.create(
                known.config_of(self.lab, self.spec, trial.params),
                who=self.who,
                note=self.spec.name,
            )
            run.update_notes(self.who, tags=(self.spec.name,))
            self._open[run.id] = trial
            self.tell(f"{trial.number + 1} of {self.spec.trials}: {run.id}: {_words(trial.params)}")
            self.lab.jobs.submit(run.id)

    def _look(self, run_id: str) -> None:
        import optuna

        run, trial = self.lab.store.get(run_id), self._open[run_id]
        worse = self._report(run, trial)
        state = self.lab.snapshot(run_id).state
        if worse and state != State.FINISHED:
            run.update_notes(self.who, tags=(*run.notes().tags, PRUNED))
            self.tell(f"{run_id}: ended early, worse than the median at the same images")
            self._told.add(run_id)
            _end(self.lab, run_id)
            self.study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        elif state == State.FINISHED and (value := known.value_of(run)) is not None:
            self.study.tell(trial, value)
            self.tell(f"{run_id}: {value:.4g}")
        elif state in (State.FINISHED, State.FAILED):
            self.study.tell(trial, state=optuna.trial.TrialState.FAIL)
            self.tell(f"{run_id}: failed or not measured")
        elif state == State.STOPPED:  # by hand
            self.stopped.set()
            self.tell(f"{run_id}: stopped")
        else:
            return
        del self._open[run_id]

    def _report(self, run: Run, trial: Trial) -> bool:
        """Tell the study what was measured since; whether the run is worse than the others."""
        found = known.rungs_of(self.spec, run)
        seen = self._reported.get(run.id, 0)
        for rung, value in sorted(found.items()):
            if seen < rung:
                self._reported[run.id] = rung
                trial.report(value, rung)
                if rung < self.spec.rungs and trial.should_prune():
                    return True
        return False


def _sleep() -> None:
    threading.Event().wait(EVERY)


def _end(lab: Lab, run_id: str) -> None:
    """Out of the queue, or to its end with a checkpoint."""
    with contextlib.suppress(GanError):
        lab.cancel(run_id)
    with contextlib.suppress(GanError):
        lab.job(run_id).stop()


def _words(params: dict[str, Any]) -> str:
    return ", ".join(
        f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value}"
        for name, value in params.items()
    )
