"""Warnings on the command line: what was skipped is said, and a full disk is waited for."""

import threading

import pytest

from gan_core.cli import main, notices
from gan_core.errors import DiskFullError
from gan_core.lab import Lab
from gan_core.runs.records import State
from gan_core.runs.saved import checkpoints

TOY = ["--recipe", "toy_mlp", "--dataset", "ring", "--set", "width=4", "--batch-size", "16"]


@pytest.fixture
def folders(tmp_path):
    return ["--runs-dir", str(tmp_path / "runs"), "--data-dir", str(tmp_path / "data")]


def test_a_damaged_checkpoint_is_skipped_and_said(folders, capsys):
    assert main(["train", *TOY, "--steps", "8", "--set", "checkpoint_every=4", *folders]) == 0
    run = Lab(folders[1]).store.get(Lab(folders[1]).store.ids()[0])
    newest = checkpoints.list_checkpoints(run.path)[-1]
    state = run.path / "checkpoints" / f"{newest.step:06d}" / "state.npz"
    state.write_bytes(state.read_bytes()[:-9])
    capsys.readouterr()
    assert main(["resume", run.id, "--steps", "12", *folders]) == 0
    said = capsys.readouterr().err
    assert f"warning: Checkpoint {newest.step} was skipped: " in said and "damaged" in said
    assert run.status().step == 12


def test_a_full_disk_is_said_waited_for_and_taken_up(folders, capsys, monkeypatch):
    lab = Lab(folders[1], folders[3])
    config = lab.make_config("toy_mlp", "ring", width=4, batch_size=16, num_steps=60)
    run = lab.create(config.replace(checkpoint_every=20), who="test")
    save, full, tries = checkpoints.save_checkpoint, threading.Event(), []
    full.set()

    def saving(*args):
        tries.append(args)
        if len(tries) > 3:
            full.clear()
        if full.is_set():
            raise DiskFullError("The disk is full: no room.")
        return save(*args)

    monkeypatch.setattr(checkpoints, "save_checkpoint", saving)
    job = lab.make_job(run.id)
    with notices.notices(job, every=0.05, retry=0.1):
        assert job.run() == State.FINISHED
    said = capsys.readouterr().err
    assert said.count("paused: The disk is full: no room. It tries again every 0.1 s") == 1
    assert "warning: Paused" not in said
    assert run.status().step == 60 and len(tries) > 3
