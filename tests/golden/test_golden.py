"""The numbers of every recipe, and runs of the version before, are what they were, bit for bit."""

import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden import numbers

ROOT = Path(__file__).resolve().parents[2]


def unlike_the_record():
    """Why this machine cannot repeat the recorded bits, in words; empty where it can."""
    recorded = numbers.read()["tensorflow"]
    installed = importlib.metadata.version("tensorflow")
    if not installed.startswith(recorded + "."):
        return f"recorded with TensorFlow {recorded}, installed is {installed}"
    cpu = Path("/proc/cpuinfo")
    if platform.machine() != "x86_64" or not cpu.exists() or " avx2 " not in cpu.read_text():
        return "recorded on Linux with AVX2"
    return "" if len(os.sched_getaffinity(0)) > 1 else "recorded with two threads"


pytestmark = pytest.mark.skipif(bool(unlike_the_record()), reason=unlike_the_record() or "-")


def run(*words):
    """`python -m tests.golden.numbers` in a process of its own: it chooses the processor's kernels."""
    command = [sys.executable, "-m", "tests.golden.numbers", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


def test_first_steps_and_runs_of_the_version_before_are_as_recorded():
    """Three families begin as they did; runs of the version before go on and draw as they did."""
    assert run("both", "--steps", "4", "fast_gan", "dcgan", "toy_mlp") == "equal bit for bit"


@pytest.mark.slow
def test_fifty_steps_of_every_recipe_are_as_recorded():
    assert run("check") == "equal bit for bit"
