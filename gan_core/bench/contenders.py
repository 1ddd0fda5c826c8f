"""Who can be measured: recipes of ours, and the plain loops in gan_core/bench/baselines/."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gan_core import recipes
from gan_core.bench import twins
from gan_core.data.base import Dataset
from gan_core.errors import ConfigError, unknown
from gan_core.recipes._base import NEEDS
from gan_core.tasks import latent

if TYPE_CHECKING:
    from gan_core.config import TrainConfig

BASELINES = "gan_core.bench.baselines"


@dataclass(frozen=True)
class Contender:
    """A training loop under a name.

    Attributes:
        name: a recipe ("fast_gan"), with settings of its own ("fast_gan:width=16:d_lr=0.002"), or
            "baseline:" and a file of BASELINES ("baseline:tf_dcgan"), or a name of `twins`
            ("twin:tf_pix2pix").
        onednn: whether TensorFlow's oneDNN kernels are on; False is TensorFlow's own default on
            processors without VNNI.
    """

    name: str
    onednn: bool = True

    @property
    def title(self) -> str:
        """What the tables say."""
        title = self.name.removeprefix("baseline:").replace("twin:tf_", "ours, networks of tf_")
        title = title.replace(":", ", ")
        return title + ("" if self.onednn else ", oneDNN off")


@dataclass(frozen=True)
class Loop:
    """A contender that is ready to train.

    Attributes:
        batch_size: real images a step.
        step: trains once; may return before the device is done.
        fakes: (count, labels) -> float32 [count, H, W, C] in [-1, 1]; of a translator, what it makes
            of the first held-out images.
        has_classes: whether the labels decide what the fakes show.
        translate: (float32 [N, H, W, C], name of a network) -> what that network makes of it; of
            recipes that translate.
        gflop: arithmetic of one step in 10^9 operations, where its graph tells.
    """

    batch_size: int
    step: Callable[[], object]
    fakes: Callable[[int, np.ndarray | None], np.ndarray]
    has_classes: bool
    gflop: float | None = None
    translate: Callable[[np.ndarray, str], np.ndarray] | None = None


def check(name: str) -> None:
    """Refuse a name that is neither a recipe nor a baseline nor a twin of one.

    Raises:
        ConfigError: with the names that are allowed; of settings that a recipe does not have.
    """
    recipe, settings = split(name)
    allowed = [*recipes.names(), *baselines(), *twins.NAMES]
    if recipe not in allowed or (settings and recipe not in recipes.names()):
        raise ConfigError(unknown("contender", name, allowed))
    if settings:
        recipes.config(recipe, "", None, **settings)


def split(name: str) -> tuple[str, dict[str, str]]:
    """ "fast_gan:width=16" as "fast_gan" and {"width": "16"}; other names as they are, and {}."""
    recipe, *pairs = name.split(":")
    if not pairs or "=" not in pairs[0]:
        return name, {}
    return recipe, {n.strip(): v.strip() for n, _, v in (pair.partition("=") for pair in pairs)}


def baselines() -> list[str]:
    """Names of the plain loops."""
    folder = importlib.import_module(BASELINES).__path__
    return [f"baseline:{module.name}" for module in pkgutil.iter_modules(folder)]


def open_loop(name: str, dataset: Dataset, seed: int) -> Loop:
    """Networks and optimisers of a contender; nothing is compiled yet.

    Raises:
        ConfigError: there is none of that name, or the data set is not of its kind.
    """
    check(name)
    name, settings = split(name)
    kind, _, stem = name.rpartition(":")
    if kind == "baseline":
        return _baseline(stem, dataset, seed)
    recipe = recipes.get(twins.RECIPES[stem] if kind else name)
    if misfit := recipe.misfit(dataset.spec):
        raise ConfigError(f"`{name}` {misfit}.")
    if recipe.task == "translation":
        return _translator(kind, stem, dataset, seed, settings)
    return _recipe(name, dataset, seed, settings)


def _baseline(stem: str, dataset: Dataset, seed: int) -> Loop:
    try:
        module = importlib.import_module(f"{BASELINES}.{stem}")
    except ModuleNotFoundError as error:
        raise ConfigError(f"`baseline:{stem}` needs the package `{error.name}`.") from None
    needs = getattr(module, "NEEDS", "images")
    if dataset.spec.kind != needs:
        raise ConfigError(
            f"`baseline:{stem}` needs {NEEDS[needs]}; `{dataset.spec.name}` holds "
            f"{NEEDS[dataset.spec.kind]}."
        )
    if needs == "images":
        step, fakes = module.build(dataset.train, dataset.train_labels, seed)
    else:
        step, sample = module.build(dataset, seed)
        fakes = _of_held_out(sample, dataset)
    return Loop(module.BATCH, step, fakes, module.HAS_CLASSES, gflop_of(step))


def _translator(kind: str, stem: str, dataset: Dataset, seed: int, own: dict[str, str]) -> Loop:
    """A recipe that translates, or a twin of a tutorial's."""
    from gan_core.training.session import build_algorithm

    if kind:
        config = twins.config(stem, dataset.spec.name, seed=seed)
        algorithm = twins.algorithm(stem, config, dataset)
    else:
        config = _config(stem, dataset, seed, own)
        algorithm = build_algorithm(config, dataset)
    fakes, gflop = _of_held_out(algorithm.sample, dataset), gflop_of(algorithm.turn)
    return Loop(config.batch_size, algorithm.train_step, fakes, False, gflop, algorithm.sample)


def _of_held_out(sample, dataset: Dataset):
    """(count, labels) -> what a translator makes of so many held-out images."""
    held_out = dataset.splits["held_out"]
    images = held_out["input" if dataset.spec.kind == "pairs" else "a"]
    return lambda count, labels: sample(images[:count].astype(np.float32) / 127.5 - 1.0)


def _config(name: str, dataset: Dataset, seed: int, own: dict[str, str]) -> TrainConfig:
    spec = dataset.spec
    return recipes.config(name, spec.name, spec, **({"seed": seed} | own))


def _recipe(name: str, dataset: Dataset, seed: int, own: dict[str, str]) -> Loop:
    from gan_core.tasks.synthesis import inputs_of
    from gan_core.training.session import build_algorithm

    config = _config(name, dataset, seed, own)
    algorithm = build_algorithm(config, dataset)
    given = inputs_of(config, dataset.spec, algorithm.networks["generator"])
    has_classes = given.num_classes > 0

    def fakes(count, labels):
        z = latent.sample(count, given.latent_dim, seed=seed, prior=given.prior)
        classes = None
        if has_classes:
            classes = latent.one_hot(labels, dataset.spec.num_classes)
        return algorithm.sample(z, classes)

    gflop = gflop_of(algorithm.turn)
    return Loop(config.batch_size, algorithm.train_step, fakes, has_classes, gflop)


def gflop_of(step) -> float | None:
    """What TensorFlow's own profiler counts in a tf.function's graph; None for another callable.

    It counts padding as if it were image, and a "valid" transposed convolution by its output, which
    is too much: five times for the first one of the ACGAN.
    """
    if not hasattr(step, "get_concrete_function"):
        return None
    import tensorflow as tf

    builder = tf.compat.v1.profiler.ProfileOptionBuilder
    options = builder(builder.float_operation()).with_empty_output().build()
    graph = step.get_concrete_function().graph
    return tf.compat.v1.profiler.profile(graph, options=options).total_float_ops / 1e9
