"""Where an explored generator comes from: a run with many steps, or a library with one."""

from __future__ import annotations

import abc
import contextlib
from pathlib import Path
from typing import Any

import numpy as np

from gan_core import data
from gan_core.config import TrainConfig
from gan_core.data import Dataset
from gan_core.errors import GanError, RunError
from gan_core.explore import opinion
from gan_core.explore.library import Library, is_id
from gan_core.explore.opinion import Critic
from gan_core.runs.run import Run
from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore
from gan_core.storage.files import step_name
from gan_core.tasks import run_data, stored, synthesis

Network = Any  # a TrainedGenerator; of translators a Translator
KEPT = ("favourites", "directions")


class Source(abc.ABC):
    """One source: its steps, the weights at each, and the network they go into."""

    id: str
    stored_ranks: bool = False  # its discriminator's reference scores came with it

    @property
    @abc.abstractmethod
    def dataset(self) -> str | None:
        """Name of what it was trained on."""

    @abc.abstractmethod
    def steps(self, raw: bool = False) -> list[int]:
        """Steps that can be opened, ascending; raw: those that also keep the raw weights."""

    @abc.abstractmethod
    def find(self, step: int | None, raw: bool = False) -> tuple[int, int]:
        """The step (None: the newest) and the time of its file in ns; RunError if there is none."""

    @abc.abstractmethod
    def arrays(self, step: int, raw: bool = False) -> dict[str, np.ndarray]:
        """The weights of a step."""

    @abc.abstractmethod
    def build(self, step: int, arrays: dict[str, np.ndarray]) -> Network:
        """A network with these weights; imports TensorFlow at the first call."""

    @abc.abstractmethod
    def facts(self) -> dict[str, Any]:
        """What there is to say without TensorFlow."""

    @abc.abstractmethod
    def notes(self) -> dict[str, list]:
        """Favourites and directions kept with it."""

    @abc.abstractmethod
    def keep(self, what: str, items: list) -> None:
        """Keep favourites or directions with it."""

    @abc.abstractmethod
    def critic_step(self, step: int) -> int | None:
        """The step of the stored discriminator nearest to a step; None: there is none."""

    @abc.abstractmethod
    def critic(self, generator: Network, dataset: Dataset | None) -> Critic:
        """That discriminator, its scores ranked on the data set, or on stored scores."""

    def own(self, dataset: data.Dataset) -> data.Dataset:
        """Its data set, loaded by that name, in its own classes; DataError if that is another one."""
        return dataset

    def load(self, network: Network, arrays: dict[str, np.ndarray]) -> None:
        """Copy weights into a network; CheckpointError where they are of another one."""
        stored.fill(network.model, synthesis.NETWORK, arrays)

    def warm(self, network: Network) -> None:
        """Compile it, so that the first measured answer is a usual one."""
        network.sample(1, seed=0)

    def epoch(self, step: int) -> float | None:
        """Passes over the data until that step, where it is known."""
        return None


class RunSource(Source):
    """The generators of a run."""

    def __init__(self, run: Run, data_dir: Path):
        self.run, self._data_dir, self.id = run, data_dir, run.id

    @property
    def dataset(self) -> str:
        return self.run.config["dataset"]

    @property
    def spec(self) -> data.DatasetSpec:
        """What the run knows of its data."""
        return run_data.spec(self.run, self._data_dir)

    def own(self, dataset: data.Dataset) -> data.Dataset:
        return run_data.own(self.run, dataset, self._data_dir)

    def steps(self, raw: bool = False) -> list[int]:
        if raw:
            return [c.step for c in checkpoints.list_checkpoints(self.run.path)]
        return stored.available_steps(self.run)

    def find(self, step: int | None, raw: bool = False) -> tuple[int, int]:
        if step is not None:
            with contextlib.suppress(OSError):
                return step, self._time(step, raw)
        steps = self.steps(raw)
        if not steps:
            what = "no full checkpoint, which alone keeps raw weights" if raw else "no weights yet"
            raise RunError(f"{self.id} has {what}. They come with its first step.")
        if step is not None:
            near = sorted(sorted(steps, key=lambda s: abs(s - step))[:5])
            what = "raw weights" if raw else "weights"
            raise RunError(f"{self.id} has no {what} at step {step}. Near: {near}.")
        try:
            return steps[-1], self._time(steps[-1], raw)
        except OSError as error:
            raise RunError(f"The weights of step {steps[-1]} are gone. Try again.") from error

    def _time(self, step: int, raw: bool) -> int:
        small = self.run.path / "weights" / f"{step_name(step)}.npz"
        if small.exists() and not raw:
            return small.stat().st_mtime_ns
        folder = self.run.path / "checkpoints" / step_name(step)
        return (folder / "manifest.json").stat().st_mtime_ns

    def arrays(self, step: int, raw: bool = False) -> dict[str, np.ndarray]:
        return synthesis.generator_arrays(self.run, step, raw=raw)

    def build(self, step: int, arrays: dict[str, np.ndarray]) -> Network:
        config = TrainConfig.from_dict(self.run.config)
        return synthesis.build(config, self.spec, arrays, run_id=self.id, step=step)

    def critic_step(self, step: int) -> int | None:
        return min(self.steps(raw=True), key=lambda s: (abs(s - step), -s), default=None)

    def critic(self, generator: Network, dataset: Dataset | None) -> Critic:
        return opinion.open_critic(self.run, generator.step, dataset, generator)

    def facts(self) -> dict[str, Any]:
        spec, status = self.spec, self.run.status()
        return {
            "title": self.id,
            "what": "run",
            "state": str(status.state),
            "kind": spec.kind,
            "num_steps": status.num_steps,
            "image_shape": list(spec.image_shape),
            "class_names": list(spec.class_names),
            "dataset": spec.name,
            "num_train": spec.num_train,
        }

    def notes(self) -> dict[str, list]:
        notes = self.run.notes()
        return {"favourites": list(notes.favourites), "directions": list(notes.directions)}

    def keep(self, what: str, items: list) -> None:
        self.run.update_notes("page", **{what: items})

    def epoch(self, step: int) -> float | None:
        with contextlib.suppress(GanError, KeyError, TypeError, ZeroDivisionError):
            seen = float(stored.manifest_of(self.run, step)["images_seen"])
            return seen / self.spec.num_train
        return None


class LibrarySource(Source):
    """A bundled or opened generator: one step; bundled ones have their discriminator."""

    stored_ranks = True

    def __init__(self, library: Library, name: str, data_dir: Path):
        self._library, self.id, self._data_dir = library, name, data_dir
        self._card = library.card(name)

    @property
    def dataset(self) -> str | None:
        return self._card.get("dataset")

    def steps(self, raw: bool = False) -> list[int]:
        return [] if raw else [self._card["step"]]

    def find(self, step: int | None, raw: bool = False) -> tuple[int, int]:
        if raw:
            raise RunError("Only the averaged weights of this generator are here.")
        if step not in (None, self._card["step"]):
            raise RunError(f"{self.id} has no weights at step {step}: {self._card['step']} only.")
        return self._card["step"], self._library.stamp(self.id)

    def arrays(self, step: int, raw: bool = False) -> dict[str, np.ndarray]:
        return self._library.arrays(self.id)

    def build(self, step: int, arrays: dict[str, np.ndarray]) -> Network:
        from gan_core.explore.foreign.build import build

        return build(
            self._card["plan"],
            arrays,
            run_id=self.id,
            step=step,
            prior=self._card["prior"],
            class_names=tuple(self._card["class_names"]),
        )

    def critic_step(self, step: int) -> int | None:
        return self._card["step"] if self._library.has_critic(self.id) else None

    def critic(self, generator: Network, dataset: Dataset | None) -> Critic:
        arrays = self._library.critic(self.id)
        if arrays is None:
            raise RunError(
                "This generator came without its discriminator. Runs of your own have one."
            )
        return opinion.bundled_critic(self._card, arrays, self._data_dir)

    def load(self, network: Network, arrays: dict[str, np.ndarray]) -> None:
        """Nothing: the network was built with the only weights there are."""

    def facts(self) -> dict[str, Any]:
        return {
            "title": self._card["title"],
            "state": "finished",
            "kind": "images",
            "what": "bundled" if self.id.startswith("bundled-") else "opened",
            "num_steps": None,
            "image_shape": self._card.get("image_shape", []),
            "class_names": self._card["class_names"],
            "dataset": self.dataset,
            "num_train": self._card.get("num_train") or 0,
        }

    def notes(self) -> dict[str, list]:
        found = self._library.notes(self.id)
        return {what: list(found.get(what) or []) for what in KEPT}

    def keep(self, what: str, items: list) -> None:
        self._library.write_notes(self.id, self.notes() | {what: items})

    def epoch(self, step: int) -> float | None:
        seen, size = self._card.get("images_seen"), self._card.get("num_train")
        return seen / size if seen and size else None


def open_source(store: RunStore, data_dir: Path, name: str) -> Source:
    """The source of an id; RunError where there is none."""
    if is_id(name):
        return LibrarySource(Library(store.root), name, data_dir)
    run = store.get(name)
    synthesis.require(run)
    return RunSource(run, data_dir)
