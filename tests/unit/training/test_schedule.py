"""When things are written, and how fast steps come."""

import pytest

from gan_core.training.schedule import (
    EARLY_ALLOWANCE,
    EARLY_GRIDS,
    Schedule,
    sample_interval,
    weights_interval,
)
from gan_core.training.speed import Speed


def times_done(schedule, seconds, cost=0.0):
    done = []
    for tick in range(int(seconds * 10) + 1):
        now = tick / 10
        if schedule.due(tick, now):
            schedule.done(now, cost)
            done.append(now)
    return done


def test_weights_come_every_10_s_in_the_first_minute_then_every_60_s():
    done = times_done(Schedule(weights_interval), 200)
    assert done == [0, 10, 20, 30, 40, 50, 60, 120, 180]


def test_grids_are_dense_first_and_sparse_later():
    done = times_done(Schedule(sample_interval), 600)
    assert done[:4] == [0, 1, 2, 3]
    gaps = [b - a for a, b in zip(done, done[1:], strict=False)]
    assert gaps[-1] == pytest.approx(12, rel=0.1)
    assert len(done) < 60 + 130


def drawn(cost, *, seconds_a_step=0.025, stride=1, steps=400):
    """Steps with an early grid that takes `cost` seconds."""
    schedule, done, wall_time = Schedule(sample_interval, early=EARLY_GRIDS, stride=stride), [], 0.0
    for step in range(stride, steps + 1, stride):
        wall_time += seconds_a_step * stride
        if schedule.due(step, wall_time):
            schedule.done(wall_time, cost)
            done.append(step)
    return done


def test_the_first_steps_are_shown_densely_by_steps():
    done = drawn(0.002)
    assert [s for s in done if s <= 32] == [1, 2, 4, 8, 16, 24, 32]
    assert max(b - a for a, b in zip(done, done[1:], strict=False) if b <= 200) <= 16
    assert 200 in done


def test_calls_of_many_steps_are_shown_once_a_call():
    assert [s for s in drawn(0.002, stride=20) if s <= 100] == [20, 40, 60, 80, 100]


@pytest.mark.parametrize("cost", [0.006, 0.05, 1.0])
def test_early_grids_cost_little_more_than_their_share(cost):
    """Of 200 steps, 5 s: 2 %, the allowance of a busy machine, one beyond, one by time."""
    done = [s for s in drawn(cost) if s <= 200]
    assert cost * len(done) <= 0.02 * 5.0 + EARLY_ALLOWANCE + 2 * cost


def test_dear_work_waits_so_that_it_stays_within_its_share():
    done = times_done(Schedule(lambda t: 1.0, share=0.02), 100, cost=0.5)
    assert done == [0, 25, 50, 75, 100]


def test_work_during_which_the_program_stood_still_does_not_make_the_next_one_wait_long():
    schedule, now = Schedule(lambda t: 1.0, share=0.02), 0.0
    for cost in (0.1, 0.1, 600.0):
        assert schedule.due(1, now)
        schedule.done(now, cost)
        now += 5.0
    assert schedule.due(1, now)


def test_by_steps_where_asked():
    schedule = Schedule(lambda t: 1.0, every=7)
    assert [s for s in range(1, 22) if schedule.due(s, 0.0)] == [7, 14, 21]


def test_speed_forgets_the_compiling_step_and_old_ones():
    speed = Speed(window=1.0)
    assert speed.steps_per_second == 0
    speed.add(9.0)
    for _ in range(100):
        speed.add(0.1)
    assert speed.steps_per_second == pytest.approx(10)
    for _ in range(100):
        speed.add(0.05)
    assert speed.steps_per_second == pytest.approx(20, rel=0.01)
