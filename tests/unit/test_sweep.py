"""Sweeps: the plan, its refusals, and going on after a restart without a list on the side."""

import pytest

from gan_core import sweep
from gan_core.cli import main
from gan_core.errors import ConfigError
from gan_core.lab import Lab
from gan_core.records import State


@pytest.fixture
def lab(runs_dir, tmp_path):
    return Lab(runs_dir, tmp_path / "data")


def planned(lab, grid=("g_lr=0.001,0.002",), seeds=(1, 2), num_steps=3):
    return sweep.plan(lab, "toy_mlp", "ring", sweep.parse_grid(grid), seeds, num_steps)


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
    first = sweep.next_run(lab, wanted, 0, who="test")
    assert first.notes().tags == (wanted.name,)
    first.write_status(state=State.FINISHED, step=3)
    second = sweep.next_run(lab, wanted, 1, who="test")
    second.write_status(state=State.STOPPED, step=1)

    again = Lab(runs_dir, lab.data_dir)  # after a restart
    assert sweep.next_run(again, wanted, 0, who="test") is None
    assert sweep.next_run(again, wanted, 1, who="test").id == second.id
    second.write_status(state=State.RUNNING)  # killed: nobody holds its lock
    assert sweep.next_run(again, wanted, 1, who="test").id == second.id
    with second.writer_lock():  # trained elsewhere
        assert sweep.next_run(again, wanted, 1, who="test") is None
    second.write_status(state=State.FAILED)
    assert sweep.next_run(again, wanted, 1, who="test") is None
    found = [run and run.id for run in sweep.runs_of(again, wanted)]
    assert found == [first.id, second.id, None, None]


def test_a_run_that_is_not_of_the_sweep_is_not_taken(lab):
    wanted = planned(lab)
    lab.create(wanted.configs[0], who="test", note="mine")
    assert sweep.runs_of(lab, wanted) == [None] * 4


def test_on_the_command_line(lab, runs_dir, capsys):
    where = ["--runs-dir", str(runs_dir), "--data-dir", str(lab.data_dir)]
    words = ["sweep", "--recipe", "toy_mlp", "--dataset", "ring", "--steps", "2", "--seeds", "1,2",
             "--grid", "width=4", "--grid", "batch_size=8", *where]  # fmt: skip
    assert main([*words, "--plan"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "width=4, batch_size=8, seed=1: to do", "width=4, batch_size=8, seed=2: to do",
    ]  # fmt: skip
    assert main(words) == 0
    ids = capsys.readouterr().out.split()
    assert ids == ["00001-toy_mlp-ring", "00002-toy_mlp-ring"]
    assert [lab.store.get(i).status().state for i in ids] == [State.FINISHED] * 2
    assert main(words) == 0  # again: nothing left to do
    assert lab.store.ids() == ids[::-1]
    assert main([*words, "--seeds", "a"]) == 2
    assert "needs whole numbers" in capsys.readouterr().err
