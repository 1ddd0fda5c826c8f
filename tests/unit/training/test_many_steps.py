"""Several steps in one call of the graph: the same run, told step by step."""

import numpy as np
import pytest

from gan_core.runs.records import State
from gan_core.runs.saved import checkpoints
from gan_core.training.loop import train_loop
from gan_core.training.schedule import Schedule
from tests.unit.training.conftest import new_run, rows, train, wait
from tests.unit.training.test_loop import Counting


class Together(Counting):
    def train_steps(self, count):
        return np.stack([self._next(f"of {count}") for _ in range(count)])


def test_results_come_one_by_one_and_never_beyond_the_limit():
    algorithm = Together([(i, -i) for i in range(1, 11)])
    loop = train_loop(algorithm, steps_per_call=4, num_steps=10)
    found = [next(loop) for _ in range(10)]
    assert [r.step for r in found] == list(range(1, 11))
    assert [r.images_seen for r in found] == [8 * s for s in range(1, 11)]
    assert [r.values[0] for r in found] == list(range(1, 11))
    assert [r.settled for r in found] == [False] * 3 + [True] + [False] * 3 + [True] * 3
    assert algorithm.calls == ["of 4"] * 8 + ["both"] * 2


@pytest.mark.parametrize(("stride", "due"), [(1, [10, 20]), (4, [12, 20]), (16, [16])])
def test_a_multiple_inside_a_call_is_due_at_its_end(stride, due):
    schedule, done = Schedule(lambda t: 1.0, every=10, stride=stride), []
    for step in range(stride, 25, stride):
        schedule.when_due(step, 0.0, done.append)
    assert done == due


@pytest.mark.fresh
def test_a_run_is_the_same_bit_for_bit(lab, ended):
    run = new_run(lab, checkpoint_every=10, sample_every=7, steps_per_call=6)
    assert train(lab, run) == State.FINISHED
    assert np.array_equal(rows(run), rows(ended))  # 36 steps in calls of six, then four alone
    states = [checkpoints.load_checkpoint(r.path, 40)[0] for r in (ended, run)]
    assert all(np.array_equal(a, states[1][n]) for n, a in states[0].items())
    assert [c.step for c in checkpoints.list_checkpoints(run.path)] == [12, 24, 30, 40]
    assert {0, 12, 18, 24, 30, 36, 40} == set(run.sample_steps())


def test_commands_wait_for_the_end_of_a_call(lab):
    run = new_run(lab, num_steps=100_000, steps_per_call=5)
    job = lab.make_job(run.id)
    job.start()
    wait(lambda: job.snapshot().step > 0)
    job.pause()
    wait(lambda: job.snapshot().state == State.PAUSED)
    held = job.snapshot().step
    assert held % 5 == 0
    job.step_once("discriminator")
    wait(lambda: job.snapshot().step == held + 1)
    job.resume()
    wait(lambda: job.snapshot().step > held + 11)
    job.stop()
    assert job.join(60)
    end = run.status().step
    assert (end - held - 1) % 5 == 0
    assert checkpoints.list_checkpoints(run.path)[-1].step == end == run.metrics().last_step
