"""Stylisation: one picture is trained, until it has the content of one in the style of another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core.errors import ConfigError, RunError
from gan_core.runs.run import Run
from gan_core.storage import decode, images
from gan_core.tasks import stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gan_core.algorithms.base import Algorithm
    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset, DatasetSpec
    from gan_core.tasks import given
    from gan_core.types import Pixels

PICTURE = "picture/pixels"  # in the small weights
MOST_BYTES = 3 * 1024 * 1024  # of one stored picture
# What layers see, the earliest first, and what they are called where a recipe has them.
WORDS = ("dots", "strokes", "texture", "motifs", "objects")
LAYERS = {
    "style_layers": tuple(f"block{i}_conv1" for i in range(1, 6)),
    "content_layers": tuple(f"block{i}_conv2" for i in range(1, 6)),
    "patch_levels": ("1", "2", "3", "4", "5"),
}
OF = {"style_layers": "style", "patch_levels": "style", "content_layers": "content"}


@dataclass(frozen=True)
class Painting:
    """A picture as it was at a step.

    Attributes:
        pixels: uint8 [H, W, 3].
    """

    run_id: str
    step: int
    pixels: Pixels
    model: Any = None
    takes: tuple[given.Given, ...] = ()
    what: str = "picture"


@dataclass(frozen=True)
class Previews:
    """The picture at a step; as what is real the content, and below it the style.

    Args:
        content, style: uint8 [H, W, 3] and [h, w, 3].
    """

    content: np.ndarray
    style: np.ndarray

    def header(self) -> dict[str, Any]:
        """samples/grid.json: one tile."""
        return {
            "columns": 1, "rows": 1, "real_rows": 2, "labels": [], "names": [],
            "tile": list(self.content.shape[:2]), "points": False,
        }  # fmt: skip

    def like(self, header: dict[str, Any]) -> Previews:
        """In the size of grids that are there already: it has one size only."""
        del header
        return self

    def reals(self) -> bytes:
        """PNG of the content and, in the same size, as much of the style as fits."""
        return images.png(np.concatenate([self.content, _covering(self.style, self.content.shape)]))

    def draw(self, algorithm: Algorithm) -> bytes:
        """PNG of the picture now."""
        return images.png(images.to_uint8(algorithm.sample()[0]))


def _covering(picture: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """Enlarged or shrunk to cover a shape, and cut to it in the middle."""
    height, width = shape[:2]
    factor = max(height / picture.shape[0], width / picture.shape[1])
    longer = max(round(factor * max(picture.shape[:2])), height, width)
    large = decode.fitted(picture, longer)
    pads = [
        (0, max(0, want - have)) for want, have in zip((height, width), large.shape, strict=False)
    ]
    large = np.pad(large, [*pads, (0, 0)], "symmetric")
    top, left = (large.shape[0] - height) // 2, (large.shape[1] - width) // 2
    return large[top : top + height, left : left + width]


def layers(defaults: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What of "style" and "content" a recipe compares where: setting, names by word, chosen words.

    Args:
        defaults: of the recipe. By patches, content is the edges of brightness: there is nothing to choose.
    """
    return {
        OF[name]: {"setting": name, "names": names, "chosen": words_of(name, defaults[name])}
        for name, names in LAYERS.items()
        if name in defaults
    }


def words_of(setting: str, value: str) -> list[str]:
    """The words for what a setting names; what has no word stays as it is."""
    words = dict(zip(LAYERS[setting], WORDS, strict=True))
    return [words.get(part.strip(), part.strip()) for part in value.split(",")]


def named(setting: str, words: str) -> str:
    """The value of a setting for words with commas between; names of layers mean themselves.

    Raises:
        ConfigError: neither a word nor a name of a layer.
    """
    names = dict(zip(WORDS, LAYERS[setting], strict=True))
    asked = [word.strip() for word in words.split(",") if word.strip()]
    for word in asked:
        if word not in names and not word.startswith("block"):
            raise ConfigError(f"Layers are {', '.join(WORDS)}. Received: `{word[:40]}`.")
    if not asked:
        raise ConfigError(f"At least one layer must be named: {', '.join(WORDS)}.")
    return ",".join(names.get(word, word) for word in asked)


class Stylisation:
    """A content picture in the manner of a style picture; algorithms.base.Task."""

    name = "stylisation"
    what = "picture"
    takes_z = False
    limits = ("It is one picture: another content or style is another run.",)
    used = ""
    rules = "stylisation"
    needs = ("content_style",)
    parts_of_page = ("picture", "curves", "style", "weights")

    def measuring(self, spec: DatasetSpec) -> str:
        """It is not measured: whether it is good is for people to say."""
        return ""

    def previews(self, algorithm: Algorithm, config: TrainConfig, dataset: Dataset) -> Previews:
        """The picture, and what it is made from."""
        found = dataset.splits["train"]
        return Previews(found["content"], found["style"])

    def layout(self, config: TrainConfig, spec: DatasetSpec) -> dict[str, Any]:
        """One tile, of the size that the run will have."""
        factor = config.picture_size / max(spec.image_shape[:2])
        tile = [max(1, round(factor * side)) for side in spec.image_shape[:2]]
        return {"tile": tuple(tile), "columns": 1, "rows": 1, "names": []}

    def preview_bytes(self, spec: DatasetSpec) -> int:
        """At most, of one stored picture."""
        return MOST_BYTES

    def takes(self, config: TrainConfig, spec: DatasetSpec) -> tuple[given.Given, ...]:
        """Nothing goes in."""
        return ()

    def open(self, run: Run, data_dir: Path, step: int | None = None) -> Painting:
        """The picture of a run at a step (None: the newest); without TensorFlow.

        Raises:
            RunError: the run has none yet, or none at that step.
        """
        from gan_core.runs.saved import checkpoints

        shown = checkpoints.list_weights(run.path)
        step = stored.wanted_step(run, step) if step is not None or not shown else max(shown)
        if step not in shown:
            raise RunError(f"{run.id} has no picture at step {step}. Near: {_near(shown, step)}.")
        return Painting(run.id, step, checkpoints.load_weights(run.path, step)[0][PICTURE])


def _near(steps: list[int], step: int) -> list[int]:
    return sorted(sorted(steps, key=lambda s: abs(s - step))[:5])


TASK = Stylisation()
