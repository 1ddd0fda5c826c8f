"""Fixtures for every test; the environment is set before anything imports TensorFlow."""

import os

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pytest


@pytest.fixture
def runs_dir(tmp_path):
    """An empty folder for runs."""
    return tmp_path / "runs"
