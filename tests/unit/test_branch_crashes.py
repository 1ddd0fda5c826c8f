"""Kill -9, and a full disk, at every point of making a branch: the child is whole or not there.

Run as a script, this file makes the same branch once for each crash point, each in a forked child
that dies there.
"""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gan_core.errors import CheckpointError, DiskFullError
from gan_core.lab import Lab
from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore, State
from gan_core.storage import files
from gan_core.training import branching

ROOT = Path(__file__).parents[2]
CONFIG = {"recipe": "toy_mlp", "dataset": "ring", "num_steps": 80}
STEP = 40
ARRAYS = {"generator/0": np.arange(64, dtype=np.float32), "rng": np.array([7, STEP])}
META = {"images_seen": 640, "wall_time": 4.5, "knobs": {"g_lr": 0.5}}
# Every point that a branch passes; the first ones are of the store's own locks and files.
POINTS = [
    *("branch:start", "config:start", "config:written", "config:renamed"),
    *("checkpoint:start", "checkpoint:arrays", "file:start", "file:written", "file:renamed"),
    *("checkpoint:written", "checkpoint:renamed", "checkpoint:cleared"),
    *("status:start", "status:written", "status:renamed", "append:start", "append:written"),
    *("branch:written", "branch:renamed"),
]


def parent_in(root):
    store = RunStore(root)
    parent = store.create(CONFIG)
    checkpoints.save_checkpoint(parent.path, STEP, ARRAYS, META)
    parent.write_status(state=State.STOPPED, step=STEP)
    return store, parent


def branch(store, parent):
    return branching.branch(store, parent.id, STEP, who="test", changes={"g_lr": 0.25})


def branch_and_die(root, name):
    """One branch in a forked child that is killed at `name`; returns its exit code."""
    store, parent = parent_in(root)
    pid = os.fork()
    if pid == 0:
        os.environ["GAN_CRASH_AT"] = name
        branch(store, parent)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main(base):
    codes = {name: branch_and_die(base / name.replace(":", "-"), name) for name in POINTS}
    (base / "codes.json").write_text(json.dumps(codes))


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    base = tmp_path_factory.mktemp("branches")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, __file__, base], check=True, env=environment, timeout=300)
    return base


def check_child(store, child_id):
    child = store.get(child_id)
    arrays, meta = checkpoints.load_checkpoint(child.path, STEP)
    assert set(arrays) == set(ARRAYS)
    assert all(np.array_equal(arrays[name], ARRAYS[name]) for name in ARRAYS)
    assert meta["knobs"] == META["knobs"]
    status = child.status()
    assert (status.state, status.step, status.num_steps) == (State.STOPPED, STEP, 80)
    assert (status.images_seen, status.wall_time) == (640, 4.5)
    assert child.config["g_lr"] == 0.25 and child.parent["step"] == STEP
    assert child.events()[0]["kind"] == "branched"


@pytest.mark.sampled(9)
@pytest.mark.parametrize("name", POINTS)
def test_a_kill_there_leaves_a_whole_child_or_none(killed, name):
    assert json.loads((killed / "codes.json").read_text())[name] == -signal.SIGKILL
    store = RunStore(killed / name.replace(":", "-"))
    summaries = store.summaries()
    assert not [s.error for s in summaries if s.error]
    assert [s.id for s in summaries] == store.ids()
    born = [run_id for run_id in store.ids() if store.get(run_id).parent]
    late = name == "branch:renamed"  # after the one rename
    assert len(born) == late and len(store.ids()) == 1 + late
    for run_id in born:
        check_child(store, run_id)
    again = branch(store, store.get(store.ids()[-1]))  # and what was left behind goes
    check_child(store, again.id)
    assert again.id.startswith(f"{2 + late:05d}-")
    assert {p.name for p in store.root.iterdir()} == {".lock", *store.ids()}


def test_the_points_are_all_that_a_branch_passes(tmp_path, monkeypatch):
    passed = []
    store, parent = parent_in(tmp_path)
    for module in (files, checkpoints):
        monkeypatch.setattr(module, "crash_point", passed.append)
    branch(store, parent)
    assert set(passed) == set(POINTS)


@pytest.mark.parametrize("at", range(1, 8))
def test_a_disk_that_is_full_at_any_sync_leaves_nothing(tmp_path, monkeypatch, at):
    store, parent = parent_in(tmp_path)
    real, calls = os.fsync, []

    def fsync(descriptor):
        calls.append(descriptor)
        if len(calls) == at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(DiskFullError, match="The disk is full"):
        branch(store, parent)
    monkeypatch.undo()
    assert store.ids() == [parent.id] and not list(store.root.glob(".branch-*"))
    check_child(store, branch(store, parent).id)


def test_others_add_and_remove_runs_while_a_branch_is_made(tmp_path, monkeypatch):
    store, parent = parent_in(tmp_path)
    other = RunStore(tmp_path)
    save = checkpoints.save_checkpoint

    def saving(*args):
        other.delete(other.create(CONFIG).id, "test")
        return save(*args)

    monkeypatch.setattr(branching.checkpoints, "save_checkpoint", saving)
    child = branch(store, parent)
    check_child(store, child.id)
    assert child.id == "00003-toy_mlp-ring"


def test_a_child_of_an_older_program_without_its_checkpoint_is_refused_in_words(tmp_path):
    lab = Lab(tmp_path / "runs", tmp_path / "data")
    link = {"run": "00007-toy_mlp-ring", "step": 220, "changes": {}}
    config = lab.make_config("toy_mlp", "ring", num_steps=300)
    child = lab.store.create(config.model_dump(), parent=link)
    words = "branched from 00007-toy_mlp-ring at step 220, and that checkpoint is missing"
    with pytest.raises(CheckpointError, match=words):
        lab.prepare_resume(child.id, who="test")
    assert lab.make_job(child.id).run() == State.FAILED
    assert words in child.status().error


if __name__ == "__main__":
    main(Path(sys.argv[1]))
