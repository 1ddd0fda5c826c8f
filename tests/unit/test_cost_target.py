"""The distance whose cost is asked for at first, and costs that are only bounded from above."""

import pytest

from gan_core.runs import RunStore
from gan_core.runs.cost import common_target, cost_to
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.storage import files

CONFIG = {"recipe": "fast_gan", "dataset": "mnist_5k"}


@pytest.mark.parametrize(
    ("best", "target"),
    [
        ([], None),
        ([7.5], 7.5),
        ([4.13, 7.52], 7.6),  # rounded up to two digits
        ([12.0, 1455.0], 12.0),  # one that diverged is no measure of the others
        ([2.0, 8.0, 8.1], 8.0),  # 4 times the lowest is still near
        ([0.0, 3.0], 1.0),
    ],
)
def test_the_target_is_what_the_better_runs_reached(best, target):
    assert common_target(best) == target


def put(run, *measured):
    for step, value, count in measured:
        line = {
            "step": step,
            "count": count,
            "extractor": "judge",
            "values": {f"fd_judge_{count}": value},
        }
        files.append_jsonl(run.path / "evals.jsonl", line)


def trained(tmp_path, steps=100):
    run = RunStore(tmp_path).create(CONFIG)
    with MetricsWriter(run.path, ("g_loss",)) as metrics:
        for step in range(1, steps + 1):
            metrics.append(step, 64 * step, float(step), (), [1.0])
    return run


def test_a_cost_is_a_bound_until_something_worse_was_measured_before(tmp_path):
    run = trained(tmp_path)
    put(run, (50, 9.0, 2000), (80, 5.0, 2000))
    assert cost_to(run, 10.0)[0::3] == (50, True)
    assert cost_to(run, 6.0)[0::3] == (80, False)


def test_a_worse_measurement_of_another_kind_bounds_nothing(tmp_path):
    run = trained(tmp_path)
    put(run, (20, 90.0, 500), (80, 5.0, 2000))
    assert cost_to(run, 6.0, ("judge", 2000)).at_most
    assert not cost_to(run, 6.0).at_most
