"""Trained generators: the averaged weights of a run at one step, ready to answer z and class."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core import recipes, tasks
from gan_core.config import TrainConfig
from gan_core.data.classes import named
from gan_core.errors import CheckpointError, ConfigError, RunError
from gan_core.runs.run import Run
from gan_core.tasks import given, grids, latent, run_data, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import keras
    import tensorflow as tf

    from gan_core.algorithms.base import Algorithm
    from gan_core.data.base import Dataset, DatasetSpec
    from gan_core.types import Array, Floats, Labels

NETWORK = "generator"  # what is opened, sampled and shown
LARGE = 64_000_000  # numbers of a network that is built without a look at its weights
SPARE = 4  # times as many as there are
CHUNK = 250  # images a call; larger batches are no faster on a processor and need more memory


@dataclass(frozen=True)
class Inputs:
    """What a generator is given: the rules of prior and labels.

    Attributes:
        prior: "normal" or "uniform".
        num_classes: K; 0 where it takes no classes.
    """

    latent_dim: int
    prior: str
    num_classes: int

    def draw(
        self, count: int, *, seed: int, shares: Floats | None = None
    ) -> tuple[Floats, Labels | None, Floats]:
        """z [N, Z], asked classes int [N] (None without), and these as rows [N, K].

        Args:
            shares: of the classes in the data, [K]: each is asked for as often; None: all equally.
        """
        z = latent.sample(count, self.latent_dim, seed=seed, prior=self.prior)
        if not self.num_classes:
            return z, None, np.zeros((count, 0), np.float32)
        equal = np.full(self.num_classes, 1 / self.num_classes)
        labels = latent.asked_labels(count, equal if shares is None else shares)
        return z, labels, latent.one_hot(labels, self.num_classes)


def inputs_of(config: TrainConfig, spec: DatasetSpec, generator: keras.Model) -> Inputs:
    """The rules of a generator (keras.Model): one with two inputs is told the class."""
    told = len(generator.inputs) > 1
    prior = recipes.get(config.recipe).prior
    return Inputs(config.latent_dim, prior, spec.num_classes if told else 0)


@dataclass(frozen=True)
class TrainedGenerator:
    """A generator of its own, never the one that trains.

    Attributes:
        model: keras.Model of `[z]` or `[z, classes]` -> images in [-1, 1].
        prior: "normal" or "uniform", what z was drawn from in training.
        num_classes: K; 0 where it takes no classes.
        class_names: K names.
        labels: K numbers that the data has for the classes; () means 0..K-1.
        chunk: images of one call.
        compiled: the model as one graph for any number of images; made here unless given.
        parts: its networks from z to inner layers, by layer, as tasks.directions makes them.
    """

    model: Any
    run_id: str
    step: int
    latent_dim: int
    num_classes: int
    prior: str
    class_names: tuple[str, ...] = ()
    chunk: int = CHUNK
    labels: tuple[int, ...] = ()
    compiled: Any = field(default=None, compare=False, repr=False)
    parts: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    what = "generator"

    @property
    def takes(self) -> tuple[given.Given, ...]:
        """z, and classes where it knows some."""
        return _takes(self.latent_dim, self.prior, self.class_names if self.num_classes else ())

    def __post_init__(self) -> None:
        if self.compiled is None:
            object.__setattr__(self, "compiled", _compiled(self.model))

    def images(self, z: Floats, classes: np.ndarray | None = None) -> Floats:
        """float32 [N, H, W, C] in [-1, 1] for z [N, Z] and classes [N, K] (rows may be blends)."""
        self._check(z, classes)
        inputs = [z, classes] if self.num_classes and classes is not None else [z]
        made = np.empty((len(z), *self.model.output_shape[1:]), np.float32)
        for start in range(0, len(z), self.chunk):
            rows = slice(start, start + self.chunk)
            made[rows] = self._call([np.asarray(i[rows], np.float32) for i in inputs])
        return made

    def _call(self, inputs: list[np.ndarray]) -> np.ndarray:
        found: np.ndarray = self.compiled(inputs).numpy()
        return found

    def _check(self, z: Floats, classes: Floats | None) -> None:
        if z.ndim != 2 or z.shape[1] != self.latent_dim or not np.isfinite(z).all():
            raise ConfigError(
                f"z must be finite numbers of shape [N, {self.latent_dim}]. Received: {z.shape}."
            )
        wanted = (len(z), self.num_classes)
        if self.num_classes and (classes is None or classes.shape != wanted):
            shape = None if classes is None else classes.shape
            raise ConfigError(f"classes must have shape {list(wanted)}. Received: {shape}.")

    def sample(
        self, count: int, *, seed: int, label: int | None = None
    ) -> tuple[Floats, Labels, Floats]:
        """Seeded draws: (images float32 [N, H, W, C], labels int64 [N], z float32 [N, Z]).

        Labels are those of the data, such as 3 and 8. They go round through all classes unless one
        is given; without classes they are -1.

        Raises:
            ConfigError: a class was asked for that this generator does not know.
        """
        z = latent.sample(count, self.latent_dim, seed=seed, prior=self.prior)
        if not self.num_classes:
            if label is not None:
                raise ConfigError(f"{self.run_id} has no classes. Received: class {label}.")
            return self.images(z), np.full(count, -1), z
        own = self.labels or tuple(range(self.num_classes))
        if label is not None and label not in own:
            raise ConfigError(f"Classes are {named(own)}. Received: {label}.")
        first = 0 if label is None else own.index(label)
        index = np.arange(count) % self.num_classes if label is None else np.full(count, first)
        return self.images(z, latent.one_hot(index, self.num_classes)), np.array(own)[index], z


def _compiled(model: keras.Model) -> Callable[[list[Floats]], tf.Tensor]:
    """Inference as one graph, traced at the first call."""
    import tensorflow as tf

    found: Callable[[list[Floats]], tf.Tensor] = tf.function(
        lambda inputs: model(inputs, training=False), autograph=False, reduce_retracing=True
    )
    return found


def open_generator(run: Run, data_dir: Path, step: int | None = None) -> TrainedGenerator:
    """The averaged generator of a run at a step (None: the newest).

    Raises:
        RunError: the run has no weights yet, or none at that step; the text lists some.
    """
    require(run)
    step = stored.wanted_step(run, step)
    arrays = generator_arrays(run, step)
    config = TrainConfig.from_dict(run.config)
    return build(config, run_data.spec(run, data_dir), arrays, run_id=run.id, step=step)


def generator_arrays(run: Run, step: int, *, raw: bool = False) -> dict[str, np.ndarray]:
    """The generator's variables at a step; averaged, or raw from a full checkpoint."""
    return stored.network_arrays(run, step, NETWORK, raw=raw)


def build(
    config: TrainConfig, spec: DatasetSpec, arrays: Mapping[str, Array], *, run_id: str, step: int
) -> TrainedGenerator:
    """A generator network of the recipe with these variables in it.

    Raises:
        CheckpointError: the variables are of another network.
    """
    _check_size(config, spec, arrays)
    model = stored.build_network(config, spec, NETWORK, arrays)
    rules = inputs_of(config, spec, model)
    names, labels = (spec.class_names, spec.labels) if rules.num_classes else ((), ())
    return TrainedGenerator(
        model, run_id, step, rules.latent_dim, rules.num_classes, rules.prior, names, labels=labels
    )


def _check_size(config: TrainConfig, spec: DatasetSpec, arrays: Mapping[str, Array]) -> None:
    """Refuse a huge network before it fills the memory, where the stored weights are few.

    The settings of a run from elsewhere are a stranger's.
    """
    stored = sum(a.size for a in arrays.values())
    told = recipes.get(config.recipe).sizes(config, spec).shown
    if told > max(LARGE, SPARE * stored):
        raise CheckpointError(
            f"The weights are of another network: they are {stored:,} numbers, and one for images "
            f"of {' x '.join(map(str, spec.image_shape))} with `width={config.width}` and "
            f"`latent_dim={config.latent_dim}` has {told:,}."
        )


def _takes(latent_dim: int, prior: str, class_names: Sequence[str]) -> tuple[given.Given, ...]:
    z = given.z(latent_dim, prior)
    return (z, given.classes(class_names)) if class_names else (z,)


def require(run: Run) -> None:
    """RunError where a run's networks make no images out of z."""
    with contextlib.suppress(ConfigError):  # a recipe of another installation
        task = tasks.of_run(run)
        if task.name != TASK.name:
            raise RunError(
                f"{run.id} has no generator that makes images out of z: {task.what}s only. "
                f"{task.used.format(run=run.id)}".rstrip()
            )


class Synthesis:
    """Images out of z, and of a class where there are classes; algorithms.base.Task."""

    name = "synthesis"
    what = "generator"
    takes_z = True
    limits = (
        "It makes images like its training data and nothing else, in that size only.",
        "It may repeat training images closely; look at the nearest ones on the Explore page.",
    )
    used = "`python -m gan_core sample {run} --out FILE` draws images of it."
    needs = ("images", "labels", "points")
    parts_of_page = ("samples", "curves", "quality", "doctor", "explore")
    rules = "adversarial"

    def measuring(self, spec: DatasetSpec) -> str:
        """Sets of fakes beside the real ones; of images D is asked, too."""
        return "points" if spec.kind == "points" else "sets"

    def previews(
        self, algorithm: Algorithm, config: TrainConfig, dataset: Dataset
    ) -> grids.Previews:
        """The grid of one fixed z a row, one column a class, and real images beside."""
        rules = inputs_of(config, dataset.spec, algorithm.networks[NETWORK])
        told = rules.num_classes > 0
        plan = grids.plan(config, dataset.spec, labels_used=told, prior=rules.prior)
        return grids.Previews(plan, dataset, config.seed)

    def layout(self, config: TrainConfig, spec: DatasetSpec) -> dict[str, Any]:
        """The size of the grids, before the networks are there."""
        told = recipes.get(config.recipe).needs == "labels"
        return grids.layout(spec, labels_used=told)

    def preview_bytes(self, spec: DatasetSpec) -> int:
        """At most, of one stored grid."""
        return grids.most_bytes(spec)

    def takes(self, config: TrainConfig, spec: DatasetSpec) -> tuple[given.Given, ...]:
        """z, and classes where the recipe needs them."""
        recipe = recipes.get(config.recipe)
        told = spec.class_names if recipe.needs == "labels" else ()
        return _takes(config.latent_dim, recipe.prior, told)

    def open(self, run: Run, data_dir: Path, step: int | None = None) -> TrainedGenerator:
        """The averaged generator of a run at a step (None: the newest)."""
        return open_generator(run, data_dir, step)


TASK = Synthesis()
