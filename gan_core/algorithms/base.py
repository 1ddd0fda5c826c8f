"""What the training loop knows of an algorithm."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

import numpy as np


class Algorithm(abc.ABC):
    """Networks, optimisers and randomness that advance together, one step at a time."""

    metric_names: tuple[str, ...]

    @abc.abstractmethod
    def train_step(self) -> Any:
        """One turn of the loop; returns a float32 tensor [M] in the order of `metric_names`."""

    @abc.abstractmethod
    def train_steps(self, count: int) -> Any:
        """As many turns in one call of a compiled graph; a float32 tensor [count, M]."""

    @abc.abstractmethod
    def partial_step(self, network: str) -> Any:
        """Update only "generator" or "discriminator"; returns as `train_step`, NaN where unknown."""

    @abc.abstractmethod
    def sample(self, z: np.ndarray, classes: np.ndarray | None) -> np.ndarray:
        """Images [B, H, W, C] in [-1, 1] of the averaged generator for z [B, Z], classes [B, K]."""

    @abc.abstractmethod
    def counters(self) -> dict[str, int]:
        """step, g_updates, d_updates and images_seen."""

    @abc.abstractmethod
    def knobs(self) -> dict[str, float]:
        """Live settings, read back from the variables that the step uses."""

    @abc.abstractmethod
    def set_knobs(self, values: Mapping[str, float]) -> None:
        """Change live settings; they apply from the next step on."""

    @abc.abstractmethod
    def state(self) -> dict[str, np.ndarray]:
        """A copy of every variable, by name; `load_state` of it repeats the future bit for bit."""

    @abc.abstractmethod
    def load_state(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take over what `state` returned.

        Raises:
            CheckpointError: an array is missing, extra, or of another shape.
        """

    @abc.abstractmethod
    def weights(self) -> dict[str, np.ndarray]:
        """A copy of the averaged generator's variables, by name."""
