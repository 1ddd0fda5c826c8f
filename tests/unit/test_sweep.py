"""Sweeps: the plan, its refusals, and going on after a restart without a list on the side."""

import shutil
import threading
import time

import pytest

from gan_core.cli import main
from gan_core.errors import ConfigError, RunError
from gan_core.lab import Lab
from gan_core.runs.records import State
from gan_core.sweeps import plan, queue
from gan_core.training.job import TrainingJob


@pytest.fixture
def lab(runs_dir, tmp_path):
    return Lab(runs_dir, tmp_path / "data")


def planned(lab, grid=("g_lr=0.001,0.002",), seeds=(1, 2), num_steps=3):
    return plan.plan(lab, "toy_mlp", "ring", plan.parse_grid(grid), seeds, num_steps)


def test_every_combination_with_its_seeds_together(lab):
    found = planned(lab, ["g_lr=0.001,0.002", "loss=hinge,least_squares"], [1, 2])
    rows = [(c.g_lr, c.loss, c.seed, c.num_steps) for c in found.configs]
    assert rows[:3] == [
        (0.001, "hinge", 1, 3),
        (0.001, "hinge", 2, 3),
        (0.001, "least_squares", 1, 3),
    ]
    assert len(rows) == 8


def test_the_name_follows_from_the_settings(lab):
    assert planned(lab).name == planned(lab).name
    assert planned(lab).name != planned(lab, seeds=(1, 3)).name
    assert planned(lab).name.startswith("sweep ")


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        (["g_lr"], "needs field=value,value"),
        (["g_lr=1,,2"], "needs field=value,value"),
        (["glr=1"], "Did you mean `g_lr`"),
        (["seed=1,2"], "has a flag of its own"),
        (["g_lr=1", "g_lr=2"], "comes twice"),
        (["g_lr=0.1,99"], "must be at most 10"),
        (["g_lr=fast"], "must be a number"),
        (["batch_size=" + ",".join(map(str, range(1, 202)))], "1 to 200 runs"),
    ],
)
def test_refusals_come_before_any_run(lab, grid, words):
    with pytest.raises(ConfigError, match=words):
        planned(lab, grid, [1])
    assert lab.store.ids() == []


def test_the_same_sweep_again_goes_on_where_it_was(lab, runs_dir):
    wanted = planned(lab)
    first = plan.next_run(lab, wanted, 0, who="test")
    assert first.notes().tags == (wanted.name,)
    first.write_status(state=State.FINISHED, step=3)
    second = plan.next_run(lab, wanted, 1, who="test")
    second.write_status(state=State.STOPPED, step=1)

    again = Lab(runs_dir, lab.data_dir)  # after a restart
    assert plan.next_run(again, wanted, 0, who="test") is None
    assert plan.next_run(again, wanted, 1, who="test").id == second.id
    second.write_status(state=State.RUNNING)  # killed: nobody holds its lock
    assert plan.next_run(again, wanted, 1, who="test").id == second.id
    with second.writer_lock():  # trained elsewhere
        assert plan.next_run(again, wanted, 1, who="test") is None
    second.write_status(state=State.FAILED)
    assert plan.next_run(again, wanted, 1, who="test") is None
    found = [run and run.id for run in plan.runs_of(again, wanted)]
    assert found == [first.id, second.id, None, None]


def test_a_run_that_is_not_of_the_sweep_is_not_taken(lab):
    wanted = planned(lab)
    lab.create(wanted.configs[0], who="test", note="mine")
    assert plan.runs_of(lab, wanted) == [None] * 4


def test_on_the_command_line(lab, runs_dir, capsys):
    where = ["--runs-dir", str(runs_dir), "--data-dir", str(lab.data_dir)]
    words = [
        "sweep",
        "--recipe",
        "toy_mlp",
        "--dataset",
        "ring",
        "--steps",
        "2",
        "--seeds",
        "1,2",
        "--grid",
        "width=4",
        "--grid",
        "batch_size=8",
        *where,
    ]
    assert main([*words, "--plan"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "width=4, batch_size=8, seed=1: to do",
        "width=4, batch_size=8, seed=2: to do",
    ]
    assert main(words) == 0
    ids = capsys.readouterr().out.split()
    assert ids == ["00001-toy_mlp-ring", "00002-toy_mlp-ring"]
    assert [lab.store.get(i).status().state for i in ids] == [State.FINISHED] * 2
    assert main(words) == 0  # again: nothing left to do
    assert lab.store.ids() == ids[::-1]
    seeds = words.index("--seeds") + 1
    assert main([*words[:seeds], "a", *words[seeds + 1 :]]) == 2
    assert "needs whole numbers" in capsys.readouterr().err


def test_a_list_of_settings_is_one_run_a_line(lab):
    cases = plan.parse_cases(["g_lr=0.001, d_lr=0.002", "loss=hinge"])
    assert cases == [{"g_lr": 0.001, "d_lr": 0.002}, {"loss": "hinge"}]
    found = plan.plan(lab, "toy_mlp", "ring", {"width": [4, 8]}, [1], 3, cases)
    rows = [(c.g_lr, c.loss, c.width) for c in found.configs]
    own = lab.make_config("toy_mlp", "ring")
    assert rows == [
        (0.001, own.loss, 4),
        (0.001, own.loss, 8),
        (own.g_lr, "hinge", 4),
        (own.g_lr, "hinge", 8),
    ]


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("g_lr", "A case is field=value"),
        ("g_lr=", "A case is field=value"),
        ("glr=1", "Did you mean `g_lr`"),
        ("g_lr=1,g_lr=2", "in a case comes twice"),
        ("seed=3", "has a flag of its own"),
    ],
)
def test_bad_cases_are_refused(case, words):
    with pytest.raises(ConfigError, match=words):
        plan.parse_cases([case])


def small(lab, seeds=(1, 2, 3), num_steps=4):
    grid = plan.parse_grid(["width=4", "batch_size=8"])
    return plan.plan(lab, "toy_mlp", "ring", grid, seeds, num_steps)


def test_a_sweep_goes_through_the_queue_stops_and_goes_on_after_a_restart(lab, runs_dir):
    planned = small(lab, num_steps=1_000_000)
    ids = queue.start(lab, planned, who="page")
    assert lab.active() == ids[0] and lab.queue() == ids[1:]
    (found,) = queue.sweeps(lab, lab.store.summaries())
    assert [run.id for run in found.runs] == ids and found.going and found.done == 0
    assert queue.start(lab, planned, who="page") == ids  # again: the same runs
    assert lab.queue() == ids[1:]
    queue.stop(lab, found)
    lab.shutdown()
    assert lab.queue() == []

    again = Lab(runs_dir, lab.data_dir)
    (found,) = queue.sweeps(again, again.store.summaries())
    assert not found.going
    assert queue.go_on(again, found, who="page") == 3
    assert again.active() == ids[0] and again.queue() == ids[1:]
    again.shutdown()
    (found,) = queue.sweeps(again, again.store.summaries())
    assert found.waiting == set(ids[1:])  # what waited waits for the next server


def test_a_run_that_has_not_yet_taken_its_lock_is_not_queued_again(lab, monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(TrainingJob, "run", lambda job: release.wait(60))
    planned = small(lab)
    ids = queue.start(lab, planned, who="page")
    assert not lab.store.get(ids[0]).is_locked()
    assert queue.start(lab, planned, who="page") == ids
    assert lab.active() == ids[0] and lab.queue() == ids[1:]
    with pytest.raises(RunError, match="is being trained already"):
        lab.resume(ids[0])
    lab.jobs.shutdown(timeout=0)
    release.set()


def test_what_has_ended_is_not_done_again(lab):
    ids = queue.start(lab, small(lab, seeds=(1, 2)), who="page")
    end = time.monotonic() + 120
    while any(lab.store.get(i).status().state != State.FINISHED for i in ids):  # as others read it
        assert time.monotonic() < end
        time.sleep(0.05)
    (found,) = queue.sweeps(lab, lab.store.summaries())
    assert (found.done, found.share, found.going) == (2, 1.0, False)
    assert queue.go_on(lab, found, who="page") == 0
    assert {lab.store.get(i).notes().tags for i in ids} == {(found.name,)}
    lab.shutdown()


def test_a_sweep_that_does_not_fit_on_the_disk_makes_nothing(lab, monkeypatch):
    usage = shutil.disk_usage(lab.store.root)
    one = lab.estimate(small(lab).configs[0]).disk_bytes
    small_disk = type(usage)(usage.total, usage.used, 2 * one)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: small_disk)
    with pytest.raises(ConfigError, match="These 3 runs need about .* MB on the disk"):
        queue.start(lab, small(lab), who="page")
    assert lab.store.ids() == []
