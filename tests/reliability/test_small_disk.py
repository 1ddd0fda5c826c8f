"""Disks that are really full or read-only: nothing is lost, and what is wrong is said in words."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("small_disk.py")
ALONE = ["unshare", "--user", "--map-root-user", "--mount"]  # mounts that only the child sees


@pytest.fixture(scope="module")
def seen():
    """What the script saw, in a process that may mount a disk of its own."""
    mount = [*ALONE, "mount", "-t", "tmpfs", "none", "/mnt"]
    if not shutil.which("unshare") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this system does not let tests mount a small disk")
    command = [*ALONE, sys.executable, str(SCRIPT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_full_disk_pauses_and_training_goes_on_when_there_is_room(seen):
    full = seen["full"]
    assert full["paused_with"].startswith("The disk is full")
    assert 0 < full["checkpoint_when_full"] <= full["held_at"]
    assert full["waits_for_a_command"]  # it does not try again and again
    assert (full["ended"], full["rows_whole"], full["temps"]) == ("stopped", True, [])
    assert full["last"] == full["newest"] > full["held_at"]


def test_a_read_only_disk_is_read_and_refuses_in_words(seen):
    found = seen["read_only"]
    assert found["listed"] == ["00001-toy_mlp-ring"]
    assert found["step"] == seen["full"]["last"]
    for action in ("rename", "delete", "create", "train"):
        assert "is read-only for this user" in found[action], action
