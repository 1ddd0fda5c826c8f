"""Explorer: everything the explore routes ask, on caches that it owns."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import OrderedDict
from typing import NamedTuple

import numpy as np

from gan_core import data
from gan_core.errors import GanError
from gan_core.explore import effects, generators, opinion, project
from gan_core.explore.by_browser import ByBrowser
from gan_core.explore.judged import Judged, Judging
from gan_core.explore.reals import Reals
from gan_core.explore.sources import Source
from gan_core.storage import images
from gan_core.tasks import directions
from gan_core.tasks.palette import LOOKED_AT, palette_of

CRITICS = 2  # discriminators kept
KINDS = {"sefa": lambda g, z, c: directions.sefa(g, c), "local": directions.local}


class At(NamedTuple):
    """Which generator: a run or library entry, its step (None: the newest), raw or averaged."""

    source: str
    step: int | None = None
    raw: bool = False


class Explorer:
    """Generators, real images and discriminators of one Lab, for the explore page.

    Args:
        lab: whose runs and data sets.
        budget: bytes of generators in memory.
    """

    def __init__(self, lab, budget: int = generators.BUDGET):
        self._lab = lab
        self.generators = generators.Generators(lab.store, lab.data_dir, budget)
        self.by_browser = ByBrowser(self.generators)
        self._reals = Reals(lab.data_dir, lambda: lab.active() is not None)
        self._judging = Judging(lab.data_dir)
        self._critics: OrderedDict[tuple, opinion.Critic] = OrderedDict()
        self._projecting = threading.Lock()

    def source(self, source_id: str) -> Source:
        """The run or library entry of an id."""
        return self.generators.source(source_id)

    def use(self, at: At):
        """The generator, alone for a `with` block."""
        return self.generators.use(at.source, at.step, raw=at.raw)

    def facts(self, source_id: str) -> dict:
        """What there is to explore, cheap and without TensorFlow; polled."""
        source = self.source(source_id)
        steps, facts, full = source.steps(), source.facts(), source.steps(raw=True)
        here = False
        if facts["dataset"]:
            with contextlib.suppress(GanError):
                here = data.spec(facts["dataset"], self._lab.data_dir).available
        return facts | {
            "run": source.id,
            "steps": steps,
            "newest": steps[-1] if steps else None,
            "full": full,
            "critic": bool(full or (steps and source.critic_step(steps[-1]) is not None)),
            "data": here,
            "training": self._lab.active() is not None,
            "now": time.time(),
        }

    def about(self, at: At) -> dict:
        """What one generator is: prior, sizes, when it was written; loads it."""
        source = self.source(at.source)
        with self.use(at) as generator:
            found = {
                "step": generator.step,
                "prior": generator.prior,
                "latent_dim": generator.latent_dim,
                "num_classes": generator.num_classes,
                "image_shape": list(generator.model.output_shape[1:]),
                "raw": at.raw,
            }
        with contextlib.suppress(GanError):
            found["written"] = source.find(found["step"], at.raw)[1] / 1e9
        return found | {"epoch": source.epoch(found["step"])}

    def images(self, at: At, z, classes) -> tuple[int, float, np.ndarray]:
        """(step, milliseconds of the generator, uint8 [N, H, W, C])."""
        with self.use(at) as generator:
            started = time.perf_counter()
            made = images.to_uint8(generator.images(z, classes))
            return generator.step, 1000 * (time.perf_counter() - started), made

    def timeline(self, at: At, steps: list[int], z, classes):
        """One z and class at many steps: (steps that were read, uint8 [N, H, W, C], problem)."""
        found, made, problem = [], [], ""
        for step in steps:
            try:
                made.append(self.images(at._replace(step=step), z, classes)[2])
                found.append(step)
            except GanError as error:
                problem = str(error)
        return found, np.concatenate(made) if made else np.zeros(0, np.uint8), problem

    def directions(self, at: At, kind: str, z, classes):
        """Strongest first: (step, unit directions [8, Z], effect on the image of each [8])."""
        with self.use(at) as generator:
            found = KINDS[kind](generator, z, classes)
            strength = effects.of_directions(generator, z, found, classes)
            order = np.argsort(-strength, kind="stable")
            return generator.step, found[order], strength[order]

    def strengths(self, at: At, z, directions_, classes) -> np.ndarray:
        """Effect of given directions [D, Z] at z [Z]: float32 [D]."""
        with self.use(at) as generator:
            return effects.of_directions(generator, z, directions_, classes)

    def effects(self, at: At, classes) -> np.ndarray:
        """Effect of every latent dimension on the image: float32 [Z]."""
        with self.use(at) as generator:
            return effects.of_dimensions(generator, classes)

    def project(self, at: At, pixels: np.ndarray):
        """The z and classes whose images are nearest to uint8 [H, W, C]; takes seconds.

        Works on a network of its own, so that the sliders stay usable meanwhile.
        """
        if not self._projecting.acquire(timeout=1.0):
            raise generators.Busy("Another image is being looked for. Try again in a few seconds.")
        try:
            source = self.source(at.source)
            step, _ = source.find(at.step, at.raw)
            own = source.build(step, source.arrays(step, at.raw))
            return own, project.project(own, images.to_float(pixels))
        finally:
            self._projecting.release()

    def dataset(self, source_id: str) -> data.Dataset:
        """The data set that a generator learned from; DataError where it is not here."""
        source = self.source(source_id)
        return source.own(self._reals.dataset(source.dataset))

    def palette(self, source_id: str) -> np.ndarray:
        """Colours of the training images, the most frequent first: uint8 [K, C], K up to 14."""
        return palette_of(self.dataset(source_id).train[:LOOKED_AT])

    def neighbours(self, at: At, z, classes):
        """The nearest real images of a fake: (by pixels, by features or why not, data set)."""
        dataset = self.dataset(at.source)
        _, _, pixels = self.images(at, z, classes)
        by_pixels, by_features = self._reals.nearest(dataset, pixels[0])
        return by_pixels, by_features, dataset

    def judged(self, source_id: str, pixels: np.ndarray) -> Judged:
        """What the judge of the data says of uint8 [N, H, W, C]; DataError where there is none."""
        return self._judging.of(self.dataset(source_id), pixels)

    def opinion(self, at: At, z, classes, pixels=None):
        """What D thinks of a fake, or of uint8 pixels [H, W, C]: (Critic, Opinion)."""
        source = self.source(at.source)
        dataset = None if source.stored_ranks else self.dataset(at.source)
        with self.use(at) as generator:
            key = (at.source, source.critic_step(generator.step))
            if key not in self._critics:
                self._critics[key] = source.critic(generator, dataset)
            self._critics.move_to_end(key)
            while len(self._critics) > CRITICS:
                self._critics.popitem(last=False)
            shown = generator.images(z, classes)[0] if pixels is None else images.to_float(pixels)
            row = None if classes is None else classes[0]
            return self._critics[key], opinion.opinion(self._critics[key], shown, row)
