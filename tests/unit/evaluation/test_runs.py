"""Measuring a real run: while it trains, afterwards, and from the command line."""

import json

import numpy as np
import pytest

from gan_core import cli
from gan_core.errors import RunError
from gan_core.evaluation import measuring
from gan_core.evaluation.run_evals import evals, evaluate_run
from gan_core.lab import Lab
from gan_core.runs.quality import best_quality, comparable
from gan_core.runs.records import State
from gan_core.storage import files
from gan_core.tasks.latent import asked_labels
from gan_core.training.evaluator import Evaluator
from tests.unit.evaluation.test_judge import quadrants

COUNT = 30


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """(lab, run, evaluator) of 12 steps of fast_gan on 20 x 20 images, measured every 4 steps."""
    folder = tmp_path_factory.mktemp("evaluated")
    (folder / "data").mkdir()
    images, labels = quadrants(200, 0, size=20)
    np.savez(folder / "data" / "quadrants.npz", x_train=images, y_train=labels)
    lab = Lab(folder / "runs", folder / "data")
    lab._evaluator = lambda session: None  # on a slow machine the run's own would measure as well
    config = lab.make_config("fast_gan", "quadrants", num_steps=12, batch_size=8, width=4)
    run = lab.create(config, who="test")
    made, probes, best = [], [], []

    def writers(session):
        made.append(
            Evaluator(
                session,
                lab.data_dir,
                measuring.of_session(session),
                count=COUNT,
                every=4,
                on_best=best.append,
                on_probe=lambda step, found: probes.append((step, found)),
            )
        )
        assert made[0].wait(120)
        return made

    assert lab.make_job(run.id, who="test", extra_writers=writers).run() == State.FINISHED
    return lab, run, made[0], probes, best


def test_a_run_is_measured_and_probed_while_it_trains(trained):
    _, run, evaluator, probes, best = trained
    found = evals(run)
    assert [line["step"] for line in found] == [4, 8, 12]
    for line in found:
        assert line["count"] == COUNT and line["extractor"].startswith("judge:")
        assert {"fd_judge_30", "kd_judge_30", "class_accuracy"} <= set(line["values"])
        assert sum(line["class_counts"]) == COUNT
    assert probes and {step for step, _ in probes} <= set(range(1, 13))
    assert probes[0][1].count == 256
    lowest = min(found, key=lambda line: line["values"]["fd_judge_30"])
    assert evaluator.best_step == best[-1] == lowest["step"] == best_quality(run.path).step


def test_a_measurement_names_its_landmarks_and_its_judge(trained):
    line = evals(trained[1])[0]
    assert line["real"]["fd_judge_30"] == line["floor"]
    assert line["noise"]["coverage"] < line["real"]["coverage"]
    assert not any("/" in name for side in ("real", "noise") for name in line[side])
    assert 0.5 < line["judge_accuracy"] <= 1.0


def test_only_like_measurements_are_drawn_in_order_of_steps():
    def line(step, value, count=30):
        values = {f"fd_judge_{count}": value}
        return {"step": step, "count": count, "extractor": "judge:a", "values": values}

    lines = [line(4, 9.0), line(8, 8.0), line(8, 7.0, 50), line(12, None), line(4, 8.5)]
    assert comparable(lines) == [line(4, 8.5), line(8, 8.0)]
    assert comparable(lines[1:3]) == [line(8, 7.0, 50)] and comparable([]) == []


def test_one_measurement_with_another_count_does_not_change_what_is_best(tmp_path):
    for step, count, value in ((4, 30, 5.0), (8, 30, 7.0), (8, 50, 9.0)):
        line = {"step": step, "count": count, "extractor": "judge:a", "values": {"fd_x": value}}
        files.append_jsonl(tmp_path / "evals.jsonl", line)
    assert best_quality(tmp_path).step == 4


def test_of_pairs_the_least_held_out_l1_is_best_whatever_the_distance(tmp_path):
    """Step 8 has the least L1, step 4 the least distance; without L1 the distance decides, as of sides."""

    def best(name, extractor, l1s):
        (tmp_path / name).mkdir()
        for step, distance, l1 in zip((4, 8, 12), (5.0, 7.0, 6.0), l1s, strict=True):
            values = l1 | {"fd_judge_30": distance}
            line = {"step": step, "count": 30, "extractor": extractor, "values": values}
            files.append_jsonl(tmp_path / name / "evals.jsonl", line)
        found = best_quality(tmp_path / name)
        return found.step, found.decider, found.rank, found.value

    l1s = [{"l1": value} for value in (0.06, 0.05, 0.07)]
    assert best("pairs", "judge:a:pairs", l1s) == (8, "l1", 0.05, 7.0)
    assert best("sides", "judge:a:sides", l1s) == (4, "fd_judge_30", 5.0, 5.0)
    assert best("old", "judge:a:pairs", [{}] * 3) == (4, "fd_judge_30", 5.0, 5.0)


def test_measuring_time_is_told_once(trained):
    _, run, evaluator, _, _ = trained
    assert evaluator.take_uncounted() >= sum(line["seconds"] for line in evals(run))
    assert evaluator.take_uncounted() == 0.0


def test_afterwards_the_same_step_measures_the_same(trained):
    lab, run, _, _, _ = trained
    before = evals(run)
    found = evaluate_run(run, lab.data_dir, step=12, count=COUNT)
    after = evals(run)
    assert len(after) == len(before) + 1
    known = {name: value for name, value in found.values.items() if np.isfinite(value)}
    stored = after[-1]["values"]
    assert {n: v for n, v in stored.items() if v is not None} == pytest.approx(known)
    assert set(stored) == set(found.values)  # what cannot be had is null
    for name in ("fd_judge_30", "kd_judge_30", "class_kl", "diversity"):
        assert found.values[name] == pytest.approx(before[2]["values"][name], rel=1e-3), name


def test_command_line(trained, capsys):
    lab, run, _, _, _ = trained
    where = ["--runs-dir", str(lab.store.root), "--data-dir", str(lab.data_dir)]
    assert cli.main(["evaluate", run.id, "--count", str(COUNT), "--json", *where]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["step"] == 12 and told["count"] == COUNT and told["run"] == run.id
    assert told["values"]["fd_judge_30"] > told["floor"]["fd_judge_30"]
    assert set(told["ceiling"]) >= {"fd_judge_30", "coverage"}
    assert told["judge"]["accuracy"] > 0.5
    assert cli.main(["evaluate", run.id, "--count", str(COUNT), "--step", "0", *where]) == 0
    table = capsys.readouterr().out
    assert "fd_judge_30" in table and "real images" in table and "Measured on 30 fakes" in table


def test_command_line_refuses_in_words(trained, capsys):
    lab, run, _, _, _ = trained
    where = ["--runs-dir", str(lab.store.root), "--data-dir", str(lab.data_dir)]
    assert cli.main(["evaluate", run.id, "--count", "3", *where]) == 2
    assert "`count` must be 10 to 50000. Received: 3." in capsys.readouterr().err
    assert cli.main(["evaluate", run.id, "--count", str(COUNT), "--step", "7", *where]) == 2
    assert "no weights at step 7" in capsys.readouterr().err


def test_a_run_without_weights_is_refused(tmp_path, trained):
    lab, _, _, _, _ = trained
    fresh = lab.create(lab.make_config("fast_gan", "quadrants", num_steps=1, width=4), who="test")
    with pytest.raises(RunError, match="has no weights yet"):
        evaluate_run(fresh, lab.data_dir, count=COUNT)
    assert evals(fresh) == [] and best_quality(fresh.path) is None


def test_best_compares_only_equal_counts_and_judges(tmp_path, trained):
    lab, _, _, _, _ = trained
    run = lab.create(lab.make_config("toy_mlp", "ring", num_steps=1), who="test")
    lines = [
        (1, 50, "judge:a", {"fd_judge_50": 1.0, "fd_judge_50_error": 0.1}),
        (2, 30, "judge:b", {"fd_judge_30": 2.0}),
        (3, 30, "judge:a", {"fd_judge_30": 7.0}),
        (4, 30, "judge:a", {"fd_judge_30": 5.0, "fd_judge_30_error": 0.1}),
        (5, 30, "judge:a", {"fd_judge_30": None}),
        (6, 30, "judge:a", {"fd_judge_30": 6.0}),
    ]
    for step, count, extractor, values in lines:
        line = {"step": step, "count": count, "extractor": extractor, "values": values}
        files.append_jsonl(run.path / "evals.jsonl", line)
    assert best_quality(run.path).step == 4
    assert best_quality(run.path, ("judge:b", 30)).step == 2
    assert best_quality(run.path, ("judge:a", 50)).step == 1


def test_asked_labels_follow_the_data():
    labels = asked_labels(1000, np.array([0.5, 0.3, 0.2, 0.0]))
    assert np.bincount(labels, minlength=4).tolist() == [500, 300, 200, 0]
    assert asked_labels(7, np.array([0.5, 0.5])).tolist() == [0, 0, 0, 0, 1, 1, 1]
