"""The writers that store what is trained: small weights for exploring, checkpoints to go on from."""

from __future__ import annotations

from gan_core.runs.saved import checkpoints, retention
from gan_core.training.schedule import (
    EARLY_WEIGHTS,
    Schedule,
    checkpoint_interval,
    weights_interval,
)

TWINS = 100  # weights nearer to the next ones than step / TWINS show the same


class WeightsWriter:
    """Stores the shown networks alone: small and dense in time, for exploring."""

    def __init__(self, session, metrics):
        self.session, self._metrics = session, metrics
        stride = session.config.steps_per_call
        self.schedule = Schedule(weights_interval, stride=stride, early=EARLY_WEIGHTS)

    def start(self) -> None:
        step = self.session.algorithm.counters()["step"]
        if step not in checkpoints.list_weights(self.session.run.path):
            self.write(step)
        self.schedule.done(self.session.wall_time, 0.0)

    def on_result(self, result) -> None:
        self.schedule.when_due(result.step, self.session.wall_time, self.write)

    def write(self, step: int) -> None:
        """Store the weights of this step, drop near twins and keep to the disk budget.

        Raises:
            NonFiniteError: a weight is NaN or infinite; nothing is written.
        """
        arrays, meta = self.session.algorithm.weights(), self.session.checkpoint_meta()
        self._metrics.check_finite(arrays)
        path = self.session.run.path
        early = 0 < step <= EARLY_WEIGHTS[-1]
        checkpoints.save_weights(path, step, arrays, meta, durable=not early)
        if self.session.run.notes_problem():  # the budget is a note
            return
        budget = retention.weights_budget(self.session.run)
        all_early = len(EARLY_WEIGHTS) * sum(array.nbytes for array in arrays.values())
        keep = {0, step, self._best(), *(EARLY_WEIGHTS if all_early < budget / 4 else ())}
        checkpoints.drop_weights(path, self._twins(step, keep))
        checkpoints.prune_weights(path, budget_bytes=budget, keep=keep)

    def _twins(self, step: int, keep: set[int]) -> list[int]:
        """Steps just before this one whose weights nobody can tell from it."""
        known = checkpoints.list_weights(self.session.run.path)
        return [s for s in known if 0 < step - s < step / TWINS and s not in keep]

    def _best(self) -> int:
        return retention.best_step(self.session.run) or 0

    def close(self) -> None:
        self.write(self.session.algorithm.counters()["step"])


class CheckpointWriter:
    """Stores everything that is needed to go on, bit for bit.

    Args:
        metrics: writers.MetricsLog; flushed first, so that the metrics on disk never end before a checkpoint.
    """

    def __init__(self, session, metrics):
        self.session, self._metrics = session, metrics
        self._keeper = retention.Keeper(session.run)
        config = session.config
        self.schedule = Schedule(
            checkpoint_interval, every=config.checkpoint_every, stride=config.steps_per_call
        )
        self.schedule.done(session.wall_time, 0.0)
        self.last_step: int | None = session.algorithm.counters()["step"]

    def keep_before(self, steps: list[int]) -> None:
        """Do not remove the newest checkpoint up to each of these steps, from now on."""
        known = [c.step for c in checkpoints.list_checkpoints(self.session.run.path)]
        before = [[s for s in known if 0 < s <= step] for step in steps]
        self._keeper.needed = {max(found) for found in before if found}

    def outdated(self) -> None:
        """The state changed without a step: a knob was turned."""
        self.last_step = None

    def on_result(self, result) -> None:
        self.schedule.when_due(result.step, self.session.wall_time, self.write)

    def write(self, step: int) -> None:
        """Store the state of this step unless it is stored already.

        Raises:
            NonFiniteError: a weight is NaN or infinite; nothing is written.
        """
        if step == self.last_step:
            return
        state = self.session.algorithm.state()
        self._metrics.check_finite(state)
        run = self.session.run
        self._metrics.flush()
        checkpoints.save_checkpoint(run.path, step, state, self.session.checkpoint_meta())
        run.log_event("checkpoint", step=step, who="training")
        self.last_step = step
        self._keeper.tidy(step)

    def close(self) -> None:
        """Store the last state, unless nothing has happened since the start."""
        self.write(self.session.algorithm.counters()["step"])
