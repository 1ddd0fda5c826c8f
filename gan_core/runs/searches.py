"""What a search wants of its runs, kept beside them: settings and their ranges, and when to measure.

    <runs folder>/.searches/0a1b2c3d.json   {"format": 1, "recipe", "dataset", "ranges": {setting:
        {"low", "high", "log"} or {"choices"}}, "images", "rungs", "trials", "seed"}

Its runs carry `sweep 0a1b2c3d` as their note, as those of every sweep do. A run is measured at the
same numbers of images as all others of its search, whatever its batch size.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from gan_core.errors import RunError
from gan_core.runs.run import Run
from gan_core.storage import files

FOLDER, FORMAT = ".searches", 1
PREFIX = "sweep "
PRUNED = "pruned"  # tag of a run that was ended before its time


class Spec(NamedTuple):
    """A search: what is tried, how long each run is, and how many runs.

    Attributes:
        ranges: setting -> {"low", "high", "log"} or {"choices"}.
        images: real images that each run sees.
        rungs: times at which each is measured and compared, the last one at its end.
    """

    name: str
    recipe: str
    dataset: str
    ranges: dict[str, dict[str, Any]]
    images: int
    rungs: int
    trials: int
    seed: int

    def steps_of(self, images_per_step: int) -> int:
        """How many steps such a run has: a whole number of rungs."""
        return self.every(images_per_step) * self.rungs

    def every(self, images_per_step: int) -> int:
        """Steps between two measurements."""
        return max(1, round(self.images / self.rungs / images_per_step))


def images_per_step(config: dict[str, Any]) -> int:
    """Real images that a step of a run sees."""
    return int(config.get("batch_size", 1)) * int(config.get("n_critic", 1))


def write(root: Path, spec: Spec) -> None:
    """Keep a search in a runs folder; RunError in words if that cannot be written."""
    folder = root / FOLDER
    with files.in_words(folder):
        folder.mkdir(exist_ok=True)
    stored = {"format": FORMAT} | spec._asdict()
    del stored["name"]
    files.write_json(folder / f"{spec.name.removeprefix(PREFIX)}.json", stored)


def read(root: Path, name: str) -> Spec | None:
    """The search of that name; None where it is a plain sweep, or its file cannot be used."""
    if not name.startswith(PREFIX) or not name.removeprefix(PREFIX).isalnum():
        return None
    try:
        stored = files.read_json(root / FOLDER / f"{name.removeprefix(PREFIX)}.json")
        files.check_format(stored.pop("format"), FORMAT, name)
        spec = Spec(name=name, **stored)
        counts = (spec.images, spec.rungs, spec.trials, spec.seed)
        whole = all(type(count) is int and count >= 0 for count in counts)
        return spec if whole and spec.rungs and isinstance(spec.ranges, dict) else None
    except (RunError, AttributeError, KeyError, TypeError):
        return None


def rhythm(run: Run) -> int:
    """Steps between two measurements of a run of a search; 0 of every other run."""
    note = run.header.get("note")
    spec = read(run.path.parent, note) if isinstance(note, str) else None
    return spec.every(images_per_step(run.config)) if spec else 0
