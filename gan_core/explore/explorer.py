"""Explorer: everything the explore routes ask, on caches that it owns."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import OrderedDict

import numpy as np

from gan_core import checkpoints, data, generate, images
from gan_core.config import TrainConfig
from gan_core.errors import DataError, GanError
from gan_core.explore import directions, effects, generators, neighbours, opinion, project
from gan_core.weights import read_weights_meta

CRITICS = 2  # discriminators kept
KINDS = {"sefa": lambda g, z, c: directions.sefa(g, c), "local": directions.local}


class Explorer:
    """Generators, real images and discriminators of one Lab, for the explore page.

    Args:
        lab: whose runs and data sets.
        budget: bytes of generators in memory.
    """

    def __init__(self, lab, budget: int = generators.BUDGET):
        self._lab = lab
        self.generators = generators.Generators(lab.store, lab.data_dir, budget)
        self._lock = threading.Lock()  # of the real images and what is made of them
        self._dataset: data.Dataset | None = None
        self._index: neighbours.PixelIndex | None = None
        self._critics: OrderedDict[tuple, opinion.Critic] = OrderedDict()
        self._projecting = threading.Lock()

    def facts(self, run_id: str) -> dict:
        """What there is to explore, cheap and without TensorFlow; polled."""
        run = self._lab.store.get(run_id)
        steps = generate.available_steps(run)
        spec = data.spec(run.config["dataset"], self._lab.data_dir)
        return {
            "run": run.id,
            "steps": steps,
            "newest": steps[-1] if steps else None,
            "full": [c.step for c in checkpoints.list_checkpoints(run.path)],
            "training": self._lab.active() is not None,
            "state": str(run.status().state),
            "num_steps": run.status().num_steps,
            "kind": spec.kind,
            "image_shape": list(spec.image_shape),
            "class_names": list(spec.class_names),
            "dataset": spec.name,
            "num_train": spec.num_train,
            "now": time.time(),
        }

    def about(self, run_id: str, step: int | None) -> dict:
        """What one generator is: prior, sizes, when it was written; loads it."""
        run = self._lab.store.get(run_id)
        with self.generators.use(run_id, step) as generator:
            found = {
                "step": generator.step,
                "prior": generator.prior,
                "latent_dim": generator.latent_dim,
                "num_classes": generator.num_classes,
                "image_shape": list(generator.model.output_shape[1:]),
            }
        with contextlib.suppress(OSError):
            found["written"] = generators.weights_time(run, found["step"]) / 1e9
        return found | {"epoch": self._epoch(run, found["step"])}

    def _epoch(self, run, step: int) -> float | None:
        with contextlib.suppress(GanError, KeyError, TypeError, ZeroDivisionError):
            num_train = data.spec(run.config["dataset"], self._lab.data_dir).num_train
            return float(read_weights_meta(run.path, step)["images_seen"]) / num_train
        return None

    def images(self, run_id: str, step: int | None, z, classes) -> tuple[int, float, np.ndarray]:
        """(step, milliseconds of the generator, uint8 [N, H, W, C])."""
        with self.generators.use(run_id, step) as generator:
            started = time.perf_counter()
            made = images.to_uint8(generator.images(z, classes))
            return generator.step, 1000 * (time.perf_counter() - started), made

    def timeline(self, run_id: str, steps: list[int], z, classes):
        """One z and class at many steps: (steps that were read, uint8 [N, H, W, C], problem)."""
        found, made, problem = [], [], ""
        for step in steps:
            try:
                made.append(self.images(run_id, step, z, classes)[2])
                found.append(step)
            except GanError as error:
                problem = str(error)
        return found, np.concatenate(made) if made else np.zeros(0, np.uint8), problem

    def directions(self, run_id: str, step: int | None, kind: str, z, classes):
        """Strongest first: (step, unit directions [8, Z], effect on the image of each [8])."""
        with self.generators.use(run_id, step) as generator:
            found = KINDS[kind](generator, z, classes)
            strength = effects.of_directions(generator, z, found, classes)
            order = np.argsort(-strength, kind="stable")
            return generator.step, found[order], strength[order]

    def effects(self, run_id: str, step: int | None, classes) -> np.ndarray:
        """Effect of every latent dimension on the image: float32 [Z]."""
        with self.generators.use(run_id, step) as generator:
            return effects.of_dimensions(generator, classes)

    def project(self, run_id: str, step: int | None, pixels: np.ndarray):
        """The z and classes whose images are nearest to uint8 [H, W, C]; takes seconds.

        Works on a network of its own, so that the sliders stay usable meanwhile.
        """
        if not self._projecting.acquire(timeout=1.0):
            raise generators.Busy("Another image is being looked for. Try again in a few seconds.")
        try:
            run = self._lab.store.get(run_id)
            step, _ = generators.find(run, step)
            arrays = generate.generator_arrays(run, step)
            own = generators.build(run, self._lab.data_dir, step, arrays)
            return own, project.project(own, images.to_float(pixels))
        finally:
            self._projecting.release()

    # ---- real images ----

    def dataset(self, run_id: str) -> data.Dataset:
        """The data set of a run, kept until another one is asked for.

        Raises:
            DataError: it would have to be downloaded first, or cannot be read.
        """
        name = TrainConfig.from_dict(self._lab.store.get(run_id).config).dataset
        with self._lock:
            if self._dataset is None or self._dataset.spec.name != name:
                spec = data.spec(name, self._lab.data_dir)
                if not spec.available:
                    raise DataError(f"`{name}` is not on this machine, so nothing is compared.")
                self._dataset, self._index = data.load(name, self._lab.data_dir), None
            return self._dataset

    def neighbours(self, run_id: str, step: int | None, z, classes):
        """The nearest real images of a fake: (Neighbours, data set)."""
        dataset = self.dataset(run_id)
        with self._lock:
            if self._index is None:
                self._index = neighbours.PixelIndex(dataset.train, dataset.held_out)
            index = self._index
        _, _, pixels = self.images(run_id, step, z, classes)
        return index.nearest(images.to_float(pixels)[0]), dataset

    def opinion(self, run_id: str, step: int | None, z, classes, pixels=None):
        """What D thinks of a fake, or of given pixels: (Critic, Opinion)."""
        run, dataset = self._lab.store.get(run_id), self.dataset(run_id)
        full = tuple(c.step for c in checkpoints.list_checkpoints(run.path))
        with self.generators.use(run_id, step) as generator:
            nearest = min(full, key=lambda s: (abs(s - generator.step), -s), default=None)
            key = (run_id, nearest)
            if key not in self._critics:
                self._critics[key] = opinion.open_critic(
                    run, self._lab.data_dir, generator.step, dataset, generator
                )
            self._critics.move_to_end(key)
            while len(self._critics) > CRITICS:
                self._critics.popitem(last=False)
            shown = generator.images(z, classes)[0] if pixels is None else images.to_float(pixels)
            row = None if classes is None else classes[0]
            return self._critics[key], opinion.opinion(self._critics[key], shown, row)
