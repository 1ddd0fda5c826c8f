"""What each recipe would need for a data set on this machine, or why it does not fit; no TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass

from gan_core import recipes
from gan_core.config import TrainConfig
from gan_core.data.base import DatasetSpec
from gan_core.errors import GanError
from gan_core.training.estimate import Estimate, estimate
from gan_core.training.speeds import Speed, Speeds, planned_seconds, planned_steps


@dataclass(frozen=True)
class Expected:
    """A recipe's needs with its usual settings.

    Attributes:
        recipe: its name.
        misfit: why it cannot train on the set, in words; "" where it can.
        config: its settings for the set; None where it has none.
        room: memory and disk; None where that is not known.
        speed: of like runs on this machine, or of the recipe's own table; None where nobody knows.
    """

    recipe: str
    misfit: str = ""
    config: TrainConfig | None = None
    room: Estimate | None = None
    speed: Speed | None = None

    @property
    def fits(self) -> bool:
        """Whether it can be trained here and now."""
        return not self.misfit and self.room is not None and self.room.fits

    @property
    def steps(self) -> float | None:
        """Of a whole run; None where that is not known."""
        return planned_steps(self.config, self.speed) if self.config else None

    @property
    def seconds(self) -> float | None:
        """Of a whole run; None where that is not known."""
        return planned_seconds(self.config, self.speed) if self.config else None


def expected(spec: DatasetSpec, speeds: Speeds, runs_dir) -> list[Expected]:
    """Of the recipes for sets of this kind: those that fit, the one to begin with first, then the others.

    Args:
        spec: perhaps of a set that is not there yet (trial.imagined).
        speeds: knows the set, too.
    """
    alike = ("images", "labels") if spec.kind == "images" else (spec.kind,)
    names = [name for name in recipes.names() if recipes.get(name).needs in alike]
    found = [_expected(name, spec, speeds, runs_dir) for name in recipes.soonest(names)]
    return sorted(found, key=lambda each: not each.fits)


def _expected(name: str, spec: DatasetSpec, speeds: Speeds, runs_dir) -> Expected:
    if misfit := recipes.get(name).misfit(spec):
        return Expected(name, misfit)
    try:
        config = recipes.config(name, spec.name, spec)
        room = estimate(config, spec, runs_dir)
    except GanError as error:
        return Expected(name, str(error))
    return Expected(name, "", config, room, speeds.of(config) or speeds.table(config))
