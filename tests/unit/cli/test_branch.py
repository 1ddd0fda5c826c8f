"""`branch` as a command; what it makes is tested with the jobs."""

import numpy as np
import pytest

from gan_core import recipes
from gan_core.cli import main
from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore


@pytest.fixture
def parent(runs_dir):
    run = RunStore(runs_dir).create(recipes.config("toy_mlp", "ring", num_steps=50).model_dump())
    checkpoints.save_checkpoint(run.path, 20, {"a": np.zeros(3)}, {})
    return run


def branch(parent, *words):
    return main(["branch", parent.id, *words, "--runs-dir", str(parent.path.parent)])


def test_a_child_with_changed_settings(parent, capsys):
    assert branch(parent, "--step", "20", "--set", "g_lr=0.0007") == 0
    child = RunStore(parent.path.parent).get(capsys.readouterr().out.strip())
    assert child.config["g_lr"] == 0.0007
    assert (child.parent["run"], child.parent["step"]) == (parent.id, 20)
    assert child.events()[-1]["who"] == "command line"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--step", "30"], "no checkpoint at step 30"),
        (["--step", "20", "--set", "seed=4"], "`seed` cannot change in a branch"),
        (["--step", "20", "--set", "g_lr=99"], "at most 10"),
        (["--step", "20", "--steps", "20"], "must be more than 20"),
    ],
)
def test_refusals_in_one_line(parent, capsys, words, text):
    assert branch(parent, *words) == 2
    assert text in capsys.readouterr().err
    assert len(RunStore(parent.path.parent).ids()) == 1
