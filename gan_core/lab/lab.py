"""Lab: the public API. The command line, the pages and the web routes do everything through it."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gan_core import data, recipes
from gan_core.config import TrainConfig
from gan_core.data import catalogue, content_style
from gan_core.data.record import record
from gan_core.errors import ConfigError, DataError, RunError
from gan_core.evaluation.behind import Behind
from gan_core.lab import unused
from gan_core.lab.importing import Importing
from gan_core.lab.keeping import Keeping
from gan_core.lab.outcomes import Outcomes
from gan_core.lab.styling import Styling
from gan_core.runs import inputs
from gan_core.runs.records import LIVE, State
from gan_core.runs.run import Run
from gan_core.runs.store import RunStore, default_runs_dir
from gan_core.startup import runtime
from gan_core.storage import access
from gan_core.tasks import run_data
from gan_core.training import branching, fitting, resuming
from gan_core.training import snapshot as snapshots
from gan_core.training.estimate import Estimate, estimate
from gan_core.training.job import TrainingJob
from gan_core.training.manager import JobManager
from gan_core.training.observers import Observers
from gan_core.training.remote import RemoteJob
from gan_core.training.snapshot import RunSnapshot

Pictures = tuple[np.ndarray, np.ndarray] | None  # content and style, uint8 [H, W, 3]


class Lab(Outcomes, Styling, Importing, Keeping):
    """Data sets, recipes, runs and jobs of one runs folder and one data folder.

    Args:
        runs_dir: where runs are kept; None: `GAN_RUNS_DIR`, else the user's data folder.
        data_dir: where data sets are kept; None: `GAN_DATA_DIR`, else the user's cache folder.
    """

    def __init__(self, runs_dir: Path | str | None = None, data_dir: Path | str | None = None):
        self.store = RunStore(Path(runs_dir) if runs_dir else default_runs_dir())
        self.data_dir = Path(data_dir) if data_dir else data.default_data_dir()
        self.behind = Behind(self.data_dir)
        self.jobs = JobManager(self.store, self.make_job)

    # ---- what there is to choose from ----

    def recipes(self) -> dict[str, recipes.Recipe]:
        """All recipes by name; loads without TensorFlow."""
        return {name: recipes.get(name) for name in recipes.names()}

    def datasets(self, also: str = "") -> list[data.DatasetSpec]:
        """All data sets, also those that must be downloaded first or have a problem.

        Args:
            also: name of a set that is listed too if there is one: pairs and sides made from others
                are reachable by name and listed only in part.
        """
        listed = data.specs(self.data_dir)
        if also and also not in {spec.name for spec in listed}:
            with contextlib.suppress(DataError):
                listed.append(data.spec(also, self.data_dir))
        return listed

    def unread(self) -> list[data.DatasetSpec]:
        """What lies in the data folder and is no data set, each with its problem."""
        return catalogue.unread(self.data_dir)

    def picture(self, dataset: str) -> bytes:
        """PNG of a few images of a set of one's own; b"" for others."""
        return data.picture(dataset, self.data_dir)

    def make_config(self, recipe: str, dataset: str, **overrides: Any) -> TrainConfig:
        """Checked settings: the recipe's defaults with some overridden.

        Raises:
            ConfigError: an unknown recipe or field, or a value out of range.
            DataError: an unknown or unusable data set, or one that the recipe cannot train on.
        """
        config = self.own_config(recipe, dataset, **overrides)
        self.check(config)
        return config

    def own_config(self, recipe: str, dataset: str, **overrides: Any) -> TrainConfig:
        """The same, without asking whether the recipe can train on the data, or whether they are here."""
        images = None
        with contextlib.suppress(DataError):
            images = data.spec(dataset, self.data_dir)
        return recipes.config(recipe, dataset, images, **overrides)

    def check(self, config: TrainConfig) -> data.DatasetSpec:
        """The data set of these settings; raises as `make_config` does."""
        return fitting.check(config, self.data_dir)

    def estimate(self, config: TrainConfig) -> Estimate:
        """Memory and disk that a run with these settings will need."""
        return estimate(config, data.spec(config.dataset, self.data_dir), self.store.root)

    # ---- starting and going on ----

    @access.for_trainers
    def create(
        self, config: TrainConfig, *, who: str, note: str = "", pictures: Pictures = None
    ) -> Run:
        """A new run folder, ready to be trained; refuses in words what will not fit.

        Args:
            pictures: content and style, uint8 [H, W, 3], of a recipe that needs them; None: those
                that its data set names.
        """
        spec, fill = self.check(config), lambda folder: None
        needed = self.estimate(config)
        if not needed.fits:
            raise ConfigError(needed.problem)
        if spec.kind == content_style.KIND:
            given = pictures or content_style.load(spec.name)
            found = content_style.fitted(spec.name, *given, config.picture_size)
            spec, fill = found.spec, functools.partial(inputs.write, given=found.splits["train"])
        run = self.store.create(
            config.model_dump(),
            versions=runtime.versions(),
            note=note,
            data=record(spec),
            fill=fill,
        )
        run.write_status(
            state=State.STOPPED,
            num_steps=config.num_steps,
            num_minutes=config.num_minutes,
            owner=who,
        )
        if spec.warning:
            run.log_event("warning", step=0, who=who, text=f"`{spec.name}`: {spec.warning}")
        for name in unused.penalties(config):
            run.log_event("warning", step=0, who=who, text=unused.why(name, config))
        return run

    @access.for_trainers
    def start(
        self, config: TrainConfig, *, who: str = "page", note: str = "", pictures: Pictures = None
    ) -> str:
        """Train in the background, or wait in the queue; returns the run id. See `create`."""
        self.jobs.require_turn()
        run = self.create(config, who=who, note=note, pictures=pictures)
        self.jobs.submit(run.id)
        return run.id

    def resume(
        self,
        run_id: str,
        *,
        who: str = "page",
        num_steps: int | None = None,
        num_minutes: float | None = None,
        other_data: bool = False,
    ) -> None:
        """Train on in the background from the newest whole checkpoint; see `prepare_resume`."""
        self.prepare_resume(
            run_id, who=who, num_steps=num_steps, num_minutes=num_minutes, other_data=other_data
        )
        self.jobs.submit(run_id)

    @access.for_trainers
    def prepare_resume(
        self,
        run_id: str,
        *,
        who: str,
        num_steps: int | None = None,
        num_minutes: float | None = None,
        settings: dict[str, Any] | None = None,
        other_data: bool = False,
    ) -> Run:
        """Check that a run can go on and set its new limit.

        Args:
            other_data: go on also where other data lie under the name of its own.

        Raises:
            DataError: its data are not here, or are others.
            RunError: it is being trained, or it has reached its limit and none larger was given.
            ConfigError: `settings` differ from the run's own; the text lists the differences.
        """
        run = self.store.get(run_id)
        if self.active() == run_id:  # it may not have taken its lock yet
            raise RunError(f"{run_id} is being trained already.")
        other = run_data.check_resume(run, self.data_dir, other_data=other_data)
        resuming.prepare(
            run, who=who, num_steps=num_steps, num_minutes=num_minutes, settings=settings or {}
        )
        if other:
            run_data.mark(run, other, step=run.status().step, who=who)
        return run

    @access.for_trainers
    def branch(self, run_id: str, step: int, *, who: str = "page", **changes: Any) -> Run:
        """A child run that starts bit-equal to a checkpoint, with some settings changed."""
        return branching.branch(self.store, run_id, step, who=who, changes=changes)

    def make_job(
        self,
        run_id: str,
        *,
        who: str = "page",
        extra_writers: Callable[[Any], list] = lambda session: [],
        on_result: Callable[[Any], None] = lambda result: None,
        on_verdict: Callable[[Any, Any], None] = lambda verdict, doctor: None,
        on_phase: Callable[[str], None] = lambda phase: None,
        team: Any = None,
        **place: Any,
    ) -> TrainingJob:
        """A job for a run, not started: call `run()` here, or `start()` for a thread.

        Args:
            team: training.team.Team of a run that several processes train; this one leads.
            place: of a worker of a cluster: `where`, and `may_start` and `make_evaluator` as
                training.observers.Observers has them.
        """
        from gan_core.training.session import open_session

        run = self.store.get(run_id)
        status = run.status()
        return TrainingJob(
            run,
            lambda run, phase: open_session(run, self.data_dir, phase, team),
            num_steps=status.num_steps,
            num_minutes=status.num_minutes,
            who=who,
            where=place.pop("where", ""),
            observers=Observers(
                extra_writers=extra_writers,
                make_doctor=lambda session: self._doctor(session, on_verdict),
                on_result=on_result,
                on_phase=on_phase,
                **{"make_evaluator": self._evaluator} | place,
            ),
        )

    def _evaluator(self, session):
        """Measures quality beside the training, where the task has a measure."""
        from gan_core.training.evaluator import evaluator_of

        return evaluator_of(session, self.data_dir)

    def _doctor(self, session, on_verdict):
        """Watches the training, where the task has rules for it."""
        from gan_core.doctor.watch import doctor_of

        return doctor_of(session, on_verdict)

    @access.for_trainers
    def measure(self, run_id: str) -> None:
        """Measure the quality of a run now, trained here or ended; the result joins its evals.

        Raises:
            RunError: another program trains it.
        """
        if self.snapshot(run_id).active:
            self.job(run_id).measure_now()
        else:
            self.behind.start(self.store.get(run_id))

    def unmeasured(self, run_id: str) -> str:
        """Why a measurement that was asked for cannot come; empty if nothing stands in its way."""
        job = self.jobs.job(run_id)
        here = job is not None and job.snapshot().active
        return job.unmeasured if job is not None and here else self.behind.problem(run_id)

    # ---- watching and commanding ----

    def job(self, run_id: str) -> TrainingJob | RemoteJob:
        """The job of a run that this process or a worker of a cluster trains.

        Raises:
            RunError: another program trains it, or nobody.
        """
        job = self.jobs.job(run_id)
        if job is not None and job.snapshot().active:
            return job
        run = self.store.get(run_id)
        status = run.status()
        if status.state in LIVE and status.where:
            return RemoteJob(run)
        raise RunError(f"{run_id} is not trained by this program; it is {status.state}.")

    def active(self) -> str | None:
        """The run that this process is training, or None."""
        return self.jobs.active()

    def snapshot(self, run_id: str) -> RunSnapshot:
        """The state of any run: of this process, of another one, or ended."""
        job = self.jobs.job(run_id)
        if job is not None and job.snapshot().active:
            return job.snapshot()
        run = self.store.get(run_id)
        waiting = self.jobs.queue()
        position = waiting.index(run_id) + 1 if run_id in waiting else None
        spec = run_data.known_spec(run, self.data_dir)
        num_train = spec.num_train if spec else 0
        return snapshots.from_disk(run, num_train=num_train, queue_position=position)

    def queue(self) -> list[str]:
        """Ids of waiting runs, the next one first."""
        return self.jobs.queue()

    def move_up(self, run_id: str) -> None:
        """One place nearer to the start of the queue."""
        self.jobs.move_up(run_id)

    def cancel(self, run_id: str) -> None:
        """Take a waiting run out of the queue."""
        self.jobs.cancel(run_id)

    def shutdown(self, timeout: float = 20.0) -> None:
        """Every job of this process writes a checkpoint and stops; harmless when repeated."""
        self.close_desk()
        self.jobs.shutdown(timeout)
