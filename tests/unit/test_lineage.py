"""A branch's curves: its ancestors' rows up to each fork, then its own, at constant cost."""

import numpy as np
import pytest

from gan_core.runs.lineage import ancestors, line_of
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.runs.store import RunStore

CONFIG = {"recipe": "toy_mlp", "dataset": "ring"}


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir)


def train(run, first, last, value, names=("g_loss",)):
    with MetricsWriter(run.path, names, first_step=first) as metrics:
        for step in range(first, last + 1):
            metrics.append(step, 10 * step, step / 4, (), [value] * len(names))


@pytest.fixture
def family(store):
    """A run to 100, its child from 60 to 90, and the child's child from 80 to 120."""
    one = store.create(CONFIG)
    train(one, 1, 100, 1)
    two = store.create(CONFIG, parent={"run": one.id, "step": 60})
    train(two, 61, 90, 2, ("g_loss", "penalty/r1"))
    three = store.create(CONFIG, parent={"run": two.id, "step": 80})
    train(three, 81, 120, 3)
    return one, two, three


def test_rows_follow_the_line_back(family):
    line = line_of(family[2])
    rows = line.rows(1)
    assert list(rows["step"]) == list(range(1, 121))
    assert list(rows["g_loss"]) == [1] * 60 + [2] * 20 + [3] * 40
    assert np.isnan(rows["penalty/r1"]).sum() == 100
    assert (line.first_step, line.last_step) == (1, 120)
    assert line.names == ("g_loss", "penalty/r1")
    assert list(line.rows(59, 62)["g_loss"]) == [1, 1, 2, 2]
    assert list(line.rows(59, None, limit=3)["step"]) == [59, 60, 61]


def test_window_joins_the_parts_within_the_points(family):
    line = line_of(family[2])
    exact = line.window(1, None, 500)
    assert list(exact.step) == list(range(1, 121))
    assert exact.images_seen[-1] == 1200 and exact.wall_time[-1] == 30
    few = line.window(1, None, 30)
    assert len(few) <= 30 + 2 * 3
    assert (np.diff(few.step) > 0).all()
    assert set(few["g_loss"][2]) == {1, 2, 3}  # no point mixes two runs
    assert len(line.window(500, None, 10)) == 0


def test_a_fresh_branch_shows_its_parent_up_to_the_fork(store, family):
    child = store.create(CONFIG, parent={"run": family[0].id, "step": 30})
    line = line_of(child)
    assert line.last_step == 30
    assert len(line.rows(30)) == 1 and len(line.rows(31)) == 0


def test_a_deleted_parent_leaves_the_run_its_own_rows(store, family):
    store.delete(family[0].id, "test")
    rows = line_of(family[2]).rows(1)
    assert rows["step"][0] == 61
    store.delete(family[1].id, "test")
    assert line_of(family[2]).rows(1)["step"][0] == 81


def test_a_run_without_parent_is_read_directly(store, family):
    assert line_of(family[0]).last_step == 100
    assert line_of(store.create(CONFIG)) is None


def test_links_that_make_no_sense_end_the_line(store, family):
    for link in (
        {"run": "../etc", "step": 1},
        {"run": 7, "step": 1},
        {"step": 1},
        {"run": family[0].id, "step": "x"},
    ):
        assert ancestors(store.create(CONFIG, parent=link)) == []
