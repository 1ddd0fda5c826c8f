"""A picture that is trained itself, until it has one picture's content in another's style.

Gatys et al., 2016, https://arxiv.org/abs/1508.06576. What content and style are is asked of a collaborator:
the features of VGG19 (gram_statistics) or patches (patch_statistics). The picture is kept as a pyramid
(Burt & Adelson, 1983), whose levels are trained from coarse to fine: large shapes are found where a step
is cheap, and detail is added to them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import tensorflow as tf

from gan_core.algorithms.base import Algorithm
from gan_core.algorithms.compiled import compiled
from gan_core.algorithms.measures import pack
from gan_core.algorithms.optimizers import Adam
from gan_core.algorithms.state import TrainingState
from gan_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset
    from gan_core.types import Floats

KNOBS = ("content_weight", "style_weight", "tv_weight", "picture_lr")
LEAST_SIDE = 48  # of the coarsest picture that is trained by itself
MOST_STAGES = 3
NOISE = 0.2  # around grey, of a start from noise
# Brightness and two differences of colour in RGB. Adam moves each of its numbers as far: so colours
# move less, and what it stirs up while it searches is grey, not motley.
OPPONENT = np.array([[1, 1, 1], [0.6, 0, -0.6], [-0.24, 0.4, -0.24]], np.float32)
WEIGHED = {"content_loss": "content_weight", "style_loss": "style_weight", "tv_loss": "tv_weight"}


class Statistics(Protocol):
    """What a picture is compared with."""

    def losses(self, picture: tf.Tensor, rng: tf.random.Generator) -> dict[str, tf.Tensor]:
        """The keys of WEIGHED, each a float32 scalar."""


@dataclass(frozen=True)
class Blueprint:
    """What a recipe chose.

    Attributes:
        statistics: (content, style) float32 [1, H, W, 3] in [0, 1] of one size -> an object whose
            `losses(picture, rng)` are the keys of WEIGHED.
        epsilon: of Adam.
        colours: [3, 3], what the three numbers of a pixel are in RGB; None: red, green and blue.
        clipped: pixels are cut to [0, 1] after each step; else what lies outside is pulled back.
    """

    statistics: Callable[[tf.Tensor, tf.Tensor], Statistics]
    epsilon: float = 1e-7
    clipped: bool = False
    colours: Any = None

    @property
    def networks(self) -> dict[str, Callable[[], Any]]:
        """No network learns: the picture does."""
        return {}

    def algorithm(self, config: TrainConfig, dataset: Dataset) -> NeuralStyle:
        """The training of a run's own two pictures."""
        found = dataset.splits["train"]
        return NeuralStyle(self, config, found["content"], found["style"])


class StyleState(TrainingState):
    """The levels of the picture, their optimisers, counters, weights and randomness."""

    def __init__(
        self, config: TrainConfig, levels: list[tf.Variable], optimizers: dict[str, Adam]
    ) -> None:
        super().__init__(
            config, networks={}, averages={}, optimizers=optimizers, updates=("picture_updates",),
            more={f"picture/level_{k}": level for k, level in enumerate(levels)},
        )  # fmt: skip
        self.knob_variables = {
            name: tf.Variable(float(getattr(config, name)), dtype=tf.float64, trainable=False)
            for name in KNOBS
        }


class NeuralStyle(Algorithm):
    """Steps change the picture; see the module.

    Args:
        blueprint: Blueprint of the recipe.
        config: TrainConfig.
        content, style: uint8 [H, W, 3] and [h, w, 3].
    """

    metric_names = ("content_loss", "style_loss", "tv_loss", "total_loss")
    shown = ("picture",)
    updates = ()

    def __init__(
        self, blueprint: Blueprint, config: TrainConfig, content: np.ndarray, style: np.ndarray
    ) -> None:
        self.config, self.blueprint = config, blueprint
        self._content, self._style = _unit(content), _unit(style)
        start = _start(config, content, style)
        shapes = _shapes(start.shape[1:3], config.picture_levels)
        self._colours = (
            np.eye(3, dtype=np.float32) if blueprint.colours is None else blueprint.colours
        )
        if blueprint.colours is not None:
            start = start @ np.linalg.inv(self._colours)
        self._shapes = shapes
        self.levels = [tf.Variable(level, trainable=False) for level in _pyramid(start, shapes)]
        betas = {"beta_1": config.beta_1, "beta_2": config.beta_2}
        optimizers = {
            f"level_{k}_optimizer": Adam([level], **betas, epsilon=blueprint.epsilon)
            for k, level in enumerate(self.levels)
        }
        super().__init__(StyleState(config, self.levels, optimizers))
        whole = (min(s) >= LEAST_SIDE for s in shapes[1:MOST_STAGES])
        self.stages = 1 + sum(whole) if config.coarse_steps else 1
        self.turn = self._step(0)
        self._sample = compiled(lambda: tf.clip_by_value(self._picture(0), 0.0, 1.0))

    # ---- steps ----

    def stage(self, step: int) -> int:
        """The finest level that is trained at a step: half of the coarse steps on each, then 0."""
        coarse = self.stages - 1
        done = step * coarse // self.config.coarse_steps if coarse else 0
        return max(coarse - done, 0)

    def train_step(self) -> tf.Tensor:
        return self._step(self.stage(int(self._state.counts["step"].numpy())))()

    def train_steps(self, count: int) -> tf.Tensor:
        return tf.stack([self.train_step() for _ in range(count)])

    def partial_step(self, network: str) -> tf.Tensor:
        raise ConfigError(f"A picture is trained as a whole. Received: `{network}`.")

    def sample(self, *inputs: Any) -> Floats:
        """The picture, float32 [1, H, W, 3] in [-1, 1]."""
        found: np.ndarray = 2.0 * self._sample().numpy() - 1.0
        return found

    def weights(self) -> dict[str, np.ndarray]:
        """The picture alone, as it is shown."""
        return {"picture/pixels": np.rint(255 * self._sample().numpy()[0]).astype(np.uint8)}

    @functools.cache  # noqa: B019 - as long as the training
    def _step(self, stage: int) -> Callable[[], tf.Tensor]:
        """The compiled step of a stage, with what its picture is compared with."""
        size = self._shapes[stage]
        content, style = (_resized(p, _scaled(p, stage)) for p in (self._content, self._style))
        statistics = self.blueprint.statistics(_resized(content, size), style)
        return compiled(functools.partial(self._turn, stage, statistics))

    def _turn(self, stage: int, statistics: Statistics) -> tf.Tensor:
        state, levels = self._state, self.levels[stage:]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(levels)
            picture = self._picture(stage)
            inside = tf.clip_by_value(picture, 0.0, 1.0)
            outside = tf.reduce_mean(tf.square(picture - inside))
            seen = picture + tf.stop_gradient(inside - picture)
            measured = statistics.losses(seen, state.rng)
            total = tf.add_n([state.knob(w) * measured[name] for name, w in WEIGHED.items()])
            pulled = total + outside if not self.blueprint.clipped else total
        gradients = tape.gradient(pulled, levels)
        for k, gradient in enumerate(gradients, stage):
            optimizer = self.optimizers[f"level_{k}_optimizer"]
            optimizer.apply([gradient], self._rate(stage))
            if self.blueprint.clipped:
                self.levels[k].assign(tf.clip_by_value(self.levels[k], 0.0, 1.0))
        for name in ("step", "picture_updates"):
            state.count(name)
        return pack(measured | {"total_loss": total}, self.metric_names)

    def _rate(self, stage: int) -> tf.Tensor:
        """The knob, smaller the longer a stage lasts: 1 / (1 + its steps / lr_half_steps)."""
        rate, half = self._state.knob("picture_lr"), self.config.lr_half_steps
        if not half:
            return rate
        begin = (self.stages - 1 - stage) * self.config.coarse_steps / max(self.stages - 1, 1)
        steps = tf.cast(self._state.counts["step"], tf.float32) - begin
        return rate / (1.0 + tf.maximum(steps, 0.0) / half)

    def _picture(self, stage: int) -> tf.Tensor:
        """The picture at the size of a level: each is added to the next coarser one, enlarged."""
        picture = self.levels[-1]
        for k in range(len(self.levels) - 2, stage - 1, -1):
            picture = tf.image.resize(picture, self._shapes[k], "bilinear") + self.levels[k]
        return picture if self.blueprint.colours is None else picture @ self._colours


def _unit(picture: np.ndarray) -> tf.Tensor:
    return tf.constant(picture[None].astype(np.float32) / 255)


def _resized(picture: tf.Tensor, size: tuple[int, int]) -> tf.Tensor:
    if tuple(picture.shape[1:3]) == tuple(size):
        return picture
    return tf.image.resize(picture, size, "area")


def _scaled(picture: tf.Tensor, stage: int) -> tuple[int, int]:
    return tuple(max(1, -(-side // 2**stage)) for side in picture.shape[1:3])


def _shapes(size: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Sizes of the levels, the finest first, down to 4 pixels."""
    height, width = size
    shapes = [(height, width)]
    while len(shapes) < most and min(height, width) >= 8:
        height, width = -(-height // 2), -(-width // 2)
        shapes.append((height, width))
    return shapes


def _pyramid(picture: tf.Tensor, shapes: list[tuple[int, int]]) -> list[tf.Tensor]:
    """A picture as differences between sizes, the coarsest last as it is."""
    levels = []
    for size, smaller in zip(shapes, shapes[1:], strict=False):
        coarse = tf.image.resize(picture, smaller, "area")
        levels.append(picture - tf.image.resize(coarse, size, "bilinear"))
        picture = coarse
    return [*levels, picture]


def _start(config: TrainConfig, content: np.ndarray, style: np.ndarray) -> tf.Tensor:
    """The picture before the first step, float32 [1, H, W, 3]."""
    if config.start_from == "noise":
        rng = np.random.default_rng(config.seed)
        spread = NOISE * rng.uniform(-1, 1, content.shape)
        return tf.constant((0.5 + spread)[None].astype(np.float32))
    if config.start_from == "instant":
        from gan_core.algorithms.instant_style import stylise

        content = stylise(content, [style])
    return _unit(content)
