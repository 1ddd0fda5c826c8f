"""Where a translator that is tried comes from: a run with many steps, or the app's own with one.

A bundled translator is a card (JSON: settings, shapes, step, quality, licences) and its weights by name,
in `assets/translators/`. Its discriminators stand beside them where there is room.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import numpy as np

from gan_core import data
from gan_core.config import TrainConfig
from gan_core.data import Dataset, DatasetSpec
from gan_core.errors import RunError
from gan_core.explore.opinion import Critic
from gan_core.explore.sources import Network, RunSource, Source
from gan_core.runs.store import RunStore
from gan_core.storage import files, npz
from gan_core.storage.assets import ASSETS
from gan_core.tasks import stored, translation
from gan_core.tasks.translator import Translator

FORMAT = 1
BUNDLED = ASSETS / "translators"
_ID = re.compile(r"translator-[a-z0-9_]{1,60}")


def bundled(folder: Path = BUNDLED) -> list[str]:
    """Ids of the translators that come with the app, the first to show first."""
    cards = [(files.read_json(path)["order"], path.stem) for path in folder.glob("*.json")]
    return [f"translator-{name}" for _, name in sorted(cards)]


def title_of(name: str, folder: Path = BUNDLED) -> str:
    """What one that comes with the app is called."""
    card = files.read_json(folder / f"{name.removeprefix('translator-')}.json")
    return str(card["title"])


def is_bundled(name: str) -> bool:
    """Whether this names one that comes with the app and not a run."""
    return bool(_ID.fullmatch(name))


class _Translates(Source):
    """What both kinds of source do with networks."""

    config: TrainConfig

    def _translator(self, spec: DatasetSpec, arrays, run_id: str, step: int) -> Translator:
        ways = translation.ways_of(self.config)
        models = {w: stored.build_network(self.config, spec, n, arrays) for w, n in ways.items()}
        return Translator(
            models, run_id, step, next(iter(ways)), spec.image_shape, spec.target_shape
        )

    def load(self, network: Network, arrays: dict[str, np.ndarray]) -> None:
        for way, name in translation.ways_of(self.config).items():
            stored.fill(network.models[way], name, arrays)

    def warm(self, network: Network) -> None:
        for way in network.ways:
            network.images(np.zeros((1, *network.input_shape(way)), np.uint8), way)


class TranslatorRun(_Translates, RunSource):
    """The translators of a run, step by step."""

    def __init__(self, run, data_dir: Path):
        super().__init__(run, data_dir)
        self.config = TrainConfig.from_dict(run.config)

    def arrays(self, step: int, raw: bool = False) -> dict[str, np.ndarray]:
        names = translation.ways_of(self.config).values()
        parts = [stored.network_arrays(self.run, step, name, raw=raw) for name in names]
        return {name: array for part in parts for name, array in part.items()}

    def build(self, step: int, arrays: dict[str, np.ndarray]) -> Translator:
        return self._translator(self.spec, arrays, self.id, step)

    def notes(self) -> dict[str, list]:
        """Inputs kept with the run (explore/kept.py); in its notes they are favourites."""
        return {"inputs": [item for item in self.run.notes().favourites if "towards" in item]}

    def keep(self, what: str, items: list) -> None:
        self.run.update_notes("page", favourites=items)

    def critic_network(self, step: int, name: str):
        """(step, keras.Model) of a discriminator in the full checkpoint nearest to a step.

        Raises:
            RunError: the run has no full checkpoint yet.
        """
        nearest = self.critic_step(step)
        if nearest is None:
            raise RunError(f"{self.id} has no full checkpoint yet: they hold what D has learned.")
        return nearest, stored.open_network(self.run, nearest, name, self.spec, raw=True)


class BundledTranslator(_Translates):
    """A translator that comes with the app, trained on a set that comes with it, too."""

    def __init__(self, name: str, data_dir: Path, folder: Path = BUNDLED):
        stem = name.removeprefix("translator-")
        self.id, self._data_dir = name, data_dir
        self._path = folder / f"{stem}.npz"
        if not self._path.with_suffix(".json").exists():
            raise RunError(f"There is no translator `{name[:80]}` here.")
        self.card = files.read_json(self._path.with_suffix(".json"))
        files.check_format(self.card.get("format"), FORMAT, f"The translator {name}")
        self.config = TrainConfig.from_dict(self.card["settings"])

    @property
    def dataset(self) -> str:
        return self.config.dataset

    @property
    def ways(self) -> tuple[str, ...]:
        """The directions that it has learned, the main one first."""
        return tuple(translation.ways_of(self.config))

    def open(self) -> Translator:
        """Networks of its own, for whoever does not share those of the page."""
        return self.build(self.card["step"], self.arrays(self.card["step"]))

    @property
    def spec(self) -> DatasetSpec:
        """Of its data, in the shapes that it learned."""
        first, second = tuple(self.card["image_shape"]), tuple(self.card["target_shape"])
        own = data.spec(self.dataset, self._data_dir)
        return dataclasses.replace(own, image_shape=first, target_shape=second)

    def steps(self, raw: bool = False) -> list[int]:
        return [] if raw else [self.card["step"]]

    def find(self, step: int | None, raw: bool = False) -> tuple[int, int]:
        if step not in (None, self.card["step"]):
            raise RunError(f"{self.id} has no weights at step {step}: {self.card['step']} only.")
        return self.card["step"], self._path.stat().st_mtime_ns

    def arrays(self, step: int, raw: bool = False) -> dict[str, np.ndarray]:
        arrays = npz.read_npz(self._path)
        return {name: array.astype(np.float32) for name, array in arrays.items()}

    def build(self, step: int, arrays: dict[str, np.ndarray]) -> Translator:
        return self._translator(self.spec, arrays, self.id, step)

    def critic_network(self, step: int, name: str):
        """(step, keras.Model) of its discriminator; RunError where that did not come with it."""
        arrays = self.arrays(step)
        if not any(key.startswith(f"{name}/") for key in arrays):
            raise RunError("This translator came without its discriminator. Runs have one.")
        return step, stored.build_network(self.config, self.spec, name, arrays)

    def critic_step(self, step: int) -> int | None:
        return self.card["step"]

    def critic(self, generator: Network, dataset: Dataset | None) -> Critic:
        raise RunError("Translators have a discriminator for each way; see critic_network.")

    def facts(self) -> dict[str, Any]:
        return {
            "title": self.card["title"], "what": "bundled", "state": "finished",
            "num_steps": self.card["step"], "dataset": self.dataset, "kind": self.spec.kind,
        }  # fmt: skip

    def notes(self) -> dict[str, list]:
        return {"inputs": []}

    def keep(self, what: str, items: list) -> None:
        """RunError: what comes with the app is not written to."""
        raise RunError(
            "Nothing is kept with a translator that comes with the app. Runs keep inputs."
        )


def open_source(store: RunStore, data_dir: Path, name: str) -> TranslatorRun | BundledTranslator:
    """The source of an id; RunError where there is none, or where it does not translate."""
    if is_bundled(name):
        return BundledTranslator(name, data_dir)
    run = store.get(name)
    translation.require(run)
    return TranslatorRun(run, data_dir)
