"""Fixtures for every test; the environment is set before anything imports TensorFlow."""

import gc
import os

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pytest


def pytest_collection_finish():
    """What was imported stays: the collector need not walk over it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture
def runs_dir(tmp_path):
    """An empty folder for runs."""
    return tmp_path / "runs"
