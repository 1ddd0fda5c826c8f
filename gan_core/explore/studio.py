"""What the Style page works with: its pictures, and the pictures made of them. No TensorFlow.

A picture goes by a name: `canal` or `mosaic` of the app's own; `own-...` of somebody's file, which is kept
in memory only; `<run>:content`, `<run>:style` and `<run>:result` of a run of style.
"""

from __future__ import annotations

import functools
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gan_core.data import content_style
from gan_core.errors import ConfigError, RunError
from gan_core.explore.style_results import Results
from gan_core.runs import inputs
from gan_core.storage import access, decode

MOST_SIDE = 1024  # pixels of the longer side, also of what is kept of a file
LEAST_SIDE = 32
MOST_STYLES = 3
OWN_KEPT = 24  # pictures from files: 75 MB at most ...
OF_VIEWERS = 8  # ... and of viewers, who push out nothing of trainers
SIZED_KEPT = 32
MISSING = "This picture is not here any more."


Pictures = OrderedDict[str, np.ndarray]


@dataclass(frozen=True)
class Wish:
    """A picture that somebody wants.

    Attributes:
        content, styles: names of pictures; one to three styles.
        shares: of the styles, in any sum above 0.
        strength: 0: the content in its own manner; 1: in that of the styles.
        keep_colours: brightness of the result, colours of the content.
        side: pixels of the longer side.
    """

    content: str
    styles: tuple[str, ...]
    shares: tuple[float, ...]
    strength: float = 1.0
    keep_colours: bool = False
    side: int = 512

    def __post_init__(self):
        if not LEAST_SIDE <= self.side <= MOST_SIDE:
            allowed = f"{LEAST_SIDE} to {MOST_SIDE}"
            raise ConfigError(f"`size` must be {allowed} pixels. Received: {self.side}.")
        if not 1 <= len(self.styles) <= MOST_STYLES or len(self.shares) != len(self.styles):
            raise ConfigError(
                f"There must be 1 to {MOST_STYLES} styles, with a share each. "
                f"Received: {len(self.styles)} and {len(self.shares)}."
            )


@dataclass(frozen=True)
class Made:
    """A painted picture, uint8 [H, W, 3], the content in the same size, and the seconds it took."""

    picture: np.ndarray
    content: np.ndarray
    seconds: float


class Studio:
    """Pictures by name, and what they become; safe from any thread.

    Args:
        lab: gives `stylise` and the runs.
    """

    def __init__(self, lab):
        self._lab = lab
        self._own: dict[str, Pictures] = {role: OrderedDict() for role in access.ROLES}
        self._sized: OrderedDict[tuple[str, int], np.ndarray] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.Lock()  # one painting at a time: it takes all cores
        self.results = Results(lab.store.root)

    # ---- pictures ----

    def add(self, data: bytes, name: str = "The picture") -> tuple[str, np.ndarray]:
        """Keep the picture of a file: (its name here, uint8 [H, W, 3], its longer side MOST_SIDE).

        Raises:
            DataError: it is no picture, damaged or too large; the text says which.
        """
        pixels = decode.decode(data, MOST_SIDE, name=name)
        known = f"own-{hashlib.blake2b(data, digest_size=9).hexdigest()}"
        with self._lock:
            most = OWN_KEPT if access.may_change() else OF_VIEWERS
            _keep(self._own[access.now()], known, pixels, most)
        return known, pixels

    def picture(self, name: str, side: int) -> np.ndarray:
        """A picture with so many pixels along its longer side: uint8 [H, W, 3].

        Raises:
            RunError: there is none of this name, or it was kept in memory and had to go.
        """
        key = (name, side)
        with self._lock:
            if key in self._sized:
                self._sized.move_to_end(key)
                return self._sized[key]
        found = self._bundled(name, side)
        if found is None:
            found = decode.fitted(self._whole(name), side)
        if not name.endswith(":result"):  # which changes while it is trained
            with self._lock:
                _keep(self._sized, key, found, SIZED_KEPT)
        return found

    def _bundled(self, name: str, side: int) -> np.ndarray | None:
        """One of the app's own; None where it is none."""
        for kind in ("contents", "styles"):
            if name in content_style.bundled(kind):
                return decode.read(content_style.path_of(kind, name), side)
        return None

    def _whole(self, name: str) -> np.ndarray:
        run, _, which = name.rpartition(":")
        if run and which in ("content", "style"):
            return inputs.read(self._lab.store.get(run).path)[which]
        if run and which == "result":
            return self._lab.open(run).pixels
        with self._lock:
            kept = next((own for own in self._own.values() if name in own), None)
            if kept is None:
                raise RunError(f"{MISSING} Load it again. Received: `{name[:40]}`.")
            kept.move_to_end(name)
            return kept[name]

    # ---- painting ----

    def paint(self, wish: Wish) -> Made:
        """A wish come true; waits while another picture is painted.

        Raises:
            RunError: a picture is not here.
            ConfigError: a value is out of range.
        """
        content = self.picture(wish.content, wish.side)
        styles = [self.picture(name, MOST_SIDE) for name in wish.styles]
        stylise = functools.partial(
            self._lab.stylise,
            weights=wish.shares,
            strength=wish.strength,
            keep_colours=wish.keep_colours,
        )
        with self._turn:
            seconds, made = _timed(lambda: stylise(content, styles))
        return Made(made, content, seconds)

    def keep(self, wish: Wish, names: dict[str, str]) -> str:
        """Paint and store a result; its id. `names`: what people call its pictures."""
        made = self.paint(wish)
        words = {
            "content": wish.content,
            "styles": list(wish.styles),
            "shares": list(wish.shares),
            "strength": wish.strength,
            "keep_colours": wish.keep_colours,
            "side": wish.side,
            "names": names,
            "seconds": made.seconds,
        }
        return self.results.add(made.picture, words)

    # ---- optimising ----

    def optimise(self, recipe: str, content: str, style: str, settings: dict) -> str:
        """Start a run that trains the picture itself; its id. See Lab.start.

        Raises:
            GanError: a picture is not here, a setting is out of range, or it does not fit.
        """
        both = f"{content}_in_{style}"
        dataset = both if content_style.parts(both) else content_style.OWN
        config = self._lab.make_config(recipe, dataset, **settings)
        side = config.picture_size
        given = (self.picture(content, side), self.picture(style, side))
        return self._lab.start(config, pictures=given)


def _timed(work: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def _keep(kept: OrderedDict, key, value, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
