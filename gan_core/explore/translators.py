"""Translators: everything the Translate routes ask, on caches that it owns."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_core import data, recipes
from gan_core.errors import ConfigError, GanError
from gan_core.explore import generators
from gan_core.explore.by_browser import ByBrowser
from gan_core.explore.explorer import At
from gan_core.explore.reals import Reals
from gan_core.explore.translator_sources import (
    BundledTranslator,
    TranslatorRun,
    bundled,
    open_source,
    title_of,
)
from gan_core.storage import images
from gan_core.tasks import pair_grids, translation
from gan_core.tasks.pair_grids import side_names
from gan_core.tasks.palette import LOOKED_AT, palette_of
from gan_core.tasks.translator import HOMES, TARGET, Translator

MOST_EPOCHS = 200  # of steps, in memory
KEPT = 4  # discriminators, and rankings of held-out images
RANKED = 200  # held-out images that are compared, at most
RANKED_PIXELS = RANKED * 32 * 32  # of all of them; but FEW at least
FEW = 24
ORDERS = ("worst", "best", "random")


@dataclass(frozen=True)
class Rows:
    """Held-out images of one way, in a fixed order.

    Attributes:
        inputs: uint8 [N, H, W, C].
        truths: what they should become, or None where nobody knows.
        names: of their classes, [N]; () without labels.
    """

    inputs: np.ndarray
    truths: np.ndarray | None
    names: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    """Held-out images by how far their outputs are from the truth.

    Attributes:
        step: of the weights.
        l1: mean |output - truth| in [-1, 1] of each, float [N]; of the input where none is known.
        outputs: uint8 [N, H, W, C].
    """

    step: int
    l1: np.ndarray
    outputs: np.ndarray


class Translators:
    """Translators, held-out images and discriminators of one Lab, for the Translate page.

    Args:
        lab: whose runs and data sets.
        budget: bytes of translators in memory.
    """

    def __init__(self, lab, budget: int = generators.BUDGET):
        self._lab = lab
        self._networks = generators.Generators(lab.store, lab.data_dir, budget, opened=open_source)
        self.by_browser = ByBrowser(self._networks)
        self._reals = Reals(lab.data_dir)
        self._critics: OrderedDict[tuple, tuple[int, Any]] = OrderedDict()
        self._rankings: OrderedDict[tuple, Ranking] = OrderedDict()
        self._epochs: OrderedDict[tuple, float | None] = OrderedDict()

    def source(self, name: str) -> TranslatorRun | BundledTranslator:
        """The run or bundled translator of an id; RunError where there is none."""
        return open_source(self._lab.store, self._lab.data_dir, name)

    def listed(self) -> list[dict[str, str]]:
        """All there are, {"id", "title"}: runs, the newest first, then the bundled ones."""
        runs = [s for s in self._lab.store.summaries() if s.step > 0 and _translates(s.recipe)]
        own = [{"id": s.id, "title": s.name or s.id} for s in runs]
        return own + [{"id": i, "title": title_of(i)} for i in bundled()]

    def facts(self, name: str) -> dict[str, Any]:
        """What there is to try, cheap and without TensorFlow; polled."""
        source = self.source(name)
        steps, spec = source.steps(), source.spec
        ways = translation.ways_of(source.config)
        return source.facts() | {
            "run": source.id,
            "steps": steps,
            "newest": steps[-1] if steps else None,
            "ways": [_told(way, spec) for way in ways],
            "data": self._has_data(source.dataset),
            "held_out": spec.num_held_out,
            "training": self._lab.active() is not None,
            "now": time.time(),
        }

    def _has_data(self, dataset: str) -> bool:
        try:
            return data.spec(dataset, self._lab.data_dir).available
        except GanError:
            return False

    # ---- what goes in ----

    def rows(self, name: str, towards: str) -> Rows:
        """The held-out images that a way begins with.

        Raises:
            DataError: the data are not here.
        """
        source = self.source(name)
        dataset = self._reals.dataset(source.dataset)
        dataset = source.own(dataset) if isinstance(source, TranslatorRun) else dataset
        split, home = dataset.splits["held_out"], HOMES[towards]
        labels = split.get(pair_grids.LABELS[home])
        order = pair_grids.chosen(len(split[home]), len(split[home]), labels)
        truths = split.get(TARGET if towards == TARGET else f"{home}_truth")
        classes = dataset.spec.class_names
        names = () if labels is None else tuple(classes[k] for k in labels[order])
        return Rows(split[home][order], None if truths is None else truths[order], names)

    def palette(self, name: str, towards: str) -> np.ndarray:
        """Colours of the inputs, the most frequent first: uint8 [K, C], K up to 14."""
        pixels = self.rows(name, towards).inputs[:LOOKED_AT]
        return palette_of(pixels)

    # ---- what comes out ----

    def translate(self, at: At, towards: str, pixels: np.ndarray) -> tuple[int, float, np.ndarray]:
        """(step, milliseconds of the network, uint8 [N, H, W, C]) of uint8 images of any one size."""
        with self._networks.use(at.source, at.step) as translator:
            started = time.perf_counter()
            made = _made(translator, pixels, towards)
            return translator.step, 1000 * (time.perf_counter() - started), made

    def epoch(self, name: str, step: int) -> float | None:
        """Passes over the data until a step, where it is known."""
        key = (name, step)
        if key not in self._epochs:
            kept(self._epochs, key, self.source(name).epoch(step), MOST_EPOCHS)
        return self._epochs[key]

    def there_and_back(self, at: At, towards: str, pixels: np.ndarray):
        """(step, ms, outputs, what comes back of them); ConfigError where there is no way back."""
        with self._networks.use(at.source, at.step) as translator:
            started = time.perf_counter()
            made = _made(translator, pixels, towards)
            back = _made(translator, made, HOMES[towards])
            return translator.step, 1000 * (time.perf_counter() - started), made, back

    def timeline(self, at: At, steps: list[int], towards: str, pixels: np.ndarray):
        """One input at many steps: (steps that were read, uint8 [N, H, W, C], problem)."""
        found, made, problem = [], [], ""
        for step in steps:
            try:
                made.append(self.translate(at._replace(step=step), towards, pixels)[2])
                found.append(step)
            except GanError as error:
                problem = str(error)
        return found, np.concatenate(made) if made else np.zeros(0, np.uint8), problem

    # ---- how good it is ----

    def ranked(self, at: At, towards: str, order: str, count: int, seed: int = 0):
        """Some held-out rows with their outputs: (indices, Ranking of all, Rows of some, outputs).

        Args:
            order: "worst", "best" or "random".
        """
        if order not in ORDERS:
            raise ConfigError(
                f"`order` must be one of {', '.join(ORDERS)}. Received: `{order[:40]}`."
            )
        rows = self.rows(at.source, towards)
        ranking = self._ranking(at, towards, rows)
        by_l1 = np.argsort(ranking.l1, kind="stable")
        mixed = np.random.default_rng(seed).permutation(len(by_l1))
        some = {"worst": by_l1[::-1], "best": by_l1, "random": mixed}[order][:count]
        truths = None if rows.truths is None else rows.truths[some]
        names = tuple(rows.names[i] for i in some) if rows.names else ()
        return some, ranking, Rows(rows.inputs[some], truths, names), ranking.outputs[some]

    def _ranking(self, at: At, towards: str, rows: Rows) -> Ranking:
        key = (at.source, *self.source(at.source).find(at.step), towards)
        if key not in self._rankings:
            size = rows.inputs.shape[1] * rows.inputs.shape[2]
            count = max(FEW, min(RANKED, RANKED_PIXELS // size))
            inputs = rows.inputs[:count]
            step, _, made = self.translate(at, towards, inputs)
            wanted = inputs if rows.truths is None else rows.truths[:count]
            kept(self._rankings, key, Ranking(step, differences(made, wanted), made))
        return self._rankings[key]

    def patches(self, at: At, towards: str, inputs: np.ndarray, made: np.ndarray):
        """What the discriminator of a way says of images, patch by patch.

        Args:
            inputs, made: uint8 [N, H, W, C]; of two sides only `made` is looked at.

        Returns:
            (its step, logits float32 [N, h, w], whether their sigmoid is a probability).

        Raises:
            RunError: it is not stored.
        """
        from gan_core.algorithms.losses import LOSSES

        source = self.source(at.source)
        step, _ = source.find(at.step)
        with self._networks.alone():
            critic_step, model = self._critic(source, step, towards)
            shown = images.to_float(made)
            both = len(model.inputs) > 1
            said = model([images.to_float(inputs), shown] if both else [shown], training=False)
        return critic_step, np.asarray(said)[..., 0], LOSSES[source.config.loss].log_odds

    def _critic(self, source, step: int, towards: str):
        name = f"d_{towards}" if len(translation.ways_of(source.config)) > 1 else "discriminator"
        key = (source.id, source.critic_step(step), name)
        if key not in self._critics:
            kept(self._critics, key, source.critic_network(step, name))
        return self._critics[key]


def _translates(recipe: str) -> bool:
    try:
        return recipes.get(recipe).task == translation.TASK.name
    except ConfigError:  # of another installation
        return False


def kept(cache: OrderedDict, key, value, most: int = KEPT) -> None:
    """Put it into a cache of so many; the oldest go."""
    cache[key] = value
    while len(cache) > most:
        cache.popitem(last=False)


def differences(made: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Mean |difference| of each pair of uint8 images [N, H, W, C], in [-1, 1] units: float [N].

    A grey and a colour image differ as the grey one in colour.
    """
    channels = max(made.shape[3], wanted.shape[3])
    made, wanted = (pair_grids.with_channels(pixels, channels) for pixels in (made, wanted))
    apart = np.abs(made.astype(np.float32) - wanted.astype(np.float32))
    return apart.mean(axis=(1, 2, 3)) / 127.5


def _made(translator: Translator, pixels: np.ndarray, towards: str) -> np.ndarray:
    return images.to_uint8(translator.images(pixels, towards))


def _told(way: str, spec) -> dict[str, Any]:
    """A way as the page names it."""
    home = HOMES[way]
    shapes = (spec.target_shape, spec.image_shape) if way == "a" else (
        spec.image_shape, spec.target_shape,
    )  # fmt: skip
    names = side_names(spec.name, spec.kind)
    first, second = names if way != "a" else names[::-1]
    return {
        "towards": way, "from": first, "to": second, "home": home,
        "input_shape": list(shapes[0]), "output_shape": list(shapes[1]),
    }  # fmt: skip
