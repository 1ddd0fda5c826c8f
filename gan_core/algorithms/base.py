"""What everybody else knows of an algorithm: its networks by name, its steps, its state."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    import keras

    from gan_core.algorithms.optimizers import Adam
    from gan_core.algorithms.state import TrainingState
    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset, DatasetSpec
    from gan_core.types import Floats


class Algorithm(abc.ABC):
    """Networks, optimisers and randomness that advance together, one step at a time.

    Args:
        state: all its variables; what a checkpoint holds.

    Attributes:
        metric_names: of what a step measures, in this order.
        shown: names of the networks that make every picture, as their averages where there are
            some; small weights hold these alone.
        updates: networks that can be updated alone, as "step one network" offers them.
        turn: the compiled graph of one step, without further critic updates; for its profile.
    """

    metric_names: tuple[str, ...]
    shown: tuple[str, ...]
    updates: tuple[str, ...]
    turn: Any

    def __init__(self, state: TrainingState) -> None:
        self._state = state

    # ---- by name ----

    @property
    def networks(self) -> dict[str, keras.Model]:
        """The networks that learn."""
        return self._state.networks

    @property
    def averages(self) -> dict[str, keras.Model]:
        """Averaged copies, under the names of the networks they follow."""
        return self._state.averages

    @property
    def optimizers(self) -> dict[str, Adam]:
        """Optimisers under their names in a checkpoint."""
        return self._state.optimizers

    def shown_network(self, name: str) -> keras.Model:
        """The network that pictures are made with: the average, where there is one."""
        return self.averages.get(name, self.networks[name])

    # ---- steps ----

    @abc.abstractmethod
    def train_step(self) -> Any:
        """One turn of the loop; returns a float32 tensor [M] in the order of `metric_names`."""

    @abc.abstractmethod
    def train_steps(self, count: int) -> Any:
        """As many turns in one call of a compiled graph; a float32 tensor [count, M]."""

    @abc.abstractmethod
    def partial_step(self, network: str) -> Any:
        """Update only one of `updates`; returns as `train_step`, NaN where unknown."""

    @abc.abstractmethod
    def sample(self, *inputs: Any) -> Floats:
        """What the shown networks make of what the run's task gives: float32 [B, ...] in [-1, 1].

        Of synthesis the inputs are z [B, Z] and classes [B, K], or None without classes.
        """

    # ---- state ----

    def counters(self) -> dict[str, int]:
        """step, images_seen and the updates that each network had."""
        return self._state.counters()

    def knobs(self) -> dict[str, float]:
        """Live settings, read back from the variables that the step uses."""
        return self._state.knobs()

    def set_knobs(self, values: Mapping[str, float]) -> None:
        """Change live settings; they apply from the next step on."""
        self._state.set_knobs(values)

    def state(self) -> dict[str, np.ndarray]:
        """A copy of every variable, by name; `load_state` of it repeats the future bit for bit."""
        return self._state.save()

    def load_state(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take over what `state` returned.

        Raises:
            CheckpointError: an array is missing, extra, or of another shape.
        """
        self._state.load(arrays)

    def weights(self) -> dict[str, np.ndarray]:
        """A copy of the shown networks' variables, by name."""
        from gan_core.algorithms.variables import copy_out, named

        found: dict[str, Any] = {}
        for name in self.shown:
            found |= named(name, self.shown_network(name).variables)
        return copy_out(found)


class Previews(Protocol):
    """What training shows of a run, in the form that films and pages cut."""

    def header(self) -> dict[str, Any]:
        """The content of samples/grid.json."""

    def like(self, header: dict[str, Any]) -> Previews:
        """The same in the size of grids that are there already, by their header."""

    def reals(self) -> bytes:
        """PNG of what is real beside it."""

    def draw(self, algorithm: Algorithm) -> bytes:
        """PNG of what the shown networks make now; drawn before the first step, too."""


class Trained(Protocol):
    """Networks of a step that somebody uses: explores, exports, measures.

    Attributes:
        model: keras.Model that an export writes; its inputs are named as in `takes`.
        takes: its inputs, in order (tasks.given.Given).
        what: what people call it, as in "the generator of 00001-fast_gan-mnist".
    """

    run_id: str
    step: int
    model: Any
    takes: tuple[Any, ...]
    what: str


class Task(Protocol):
    """What networks are trained to do; a module of gan_core.tasks has one as `TASK`.

    Attributes:
        what: what people call its networks.
        takes_z: whether images come out of a latent vector.
        limits: what its networks cannot do, a sentence each, for model cards.
        used: how its networks are used, as a sentence about `{run}`; "" where there is none.
        needs: kinds of data it can train on, of recipes.NEEDS.
        parts_of_page: panels that the pages show of its runs.
        rules: what the doctor goes by, a module of doctor.rules; "": nobody watches.
    """

    name: str
    what: str
    takes_z: bool
    limits: tuple[str, ...]
    used: str
    needs: tuple[str, ...]
    parts_of_page: tuple[str, ...]
    rules: str

    def measuring(self, spec: DatasetSpec) -> str:
        """How quality is measured on a data set: a module of evaluation.measuring; "": it is not."""

    def previews(self, algorithm: Algorithm, config: TrainConfig, dataset: Dataset) -> Previews:
        """The plan of a run's pictures, made once."""

    def layout(self, config: TrainConfig, spec: DatasetSpec) -> dict[str, Any]:
        """The size of these pictures, as `Previews.header` will tell it, without TensorFlow.

        Returns:
            "tile" (height, width), "columns", "rows" and "names" of the columns; of points "points".
        """

    def preview_bytes(self, spec: DatasetSpec) -> int:
        """At most, of one stored picture."""

    def takes(self, config: TrainConfig, spec: DatasetSpec) -> tuple[Any, ...]:
        """What a run's networks are given (tasks.given.Given), without TensorFlow."""

    def open(self, run: Any, data_dir: Path, step: int | None = None) -> Trained:
        """The shown networks of a run (runs.run.Run) at a step (None: the newest).

        Raises:
            RunError: the run has no weights yet, or none at that step.
        """
