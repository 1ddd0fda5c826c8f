"""What the doctor looks for in a picture that is trained, by looks at the picture itself.

What losses mean depends on both pictures and on who judges the style; how much of the content can be told,
how grainy it is and how much it moves does not.
"""

from __future__ import annotations

import math

import numpy as np

from gan_core.doctor.evidence import Evidence
from gan_core.storage import decode

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
SMALL = 64  # pixels of the longer side at which shapes are compared: strokes are smaller
LEAST_GRAIN = 1 / 255  # of flat pictures
SPAN = 50  # steps whose losses are compared with those before
LOOKS = 3  # that must agree


class Look:
    """Looks at the picture of an open training now and then.

    Args:
        session: training.session.Session.
    """

    def __init__(self, session):
        self._algorithm = session.algorithm
        given = session.dataset.splits["train"]
        content, style = (given[name].astype(np.float32) / 255 for name in ("content", "style"))
        self._shapes = slopes(content)
        self._grain = np.maximum(np.maximum(grain(content), grain(style)), LEAST_GRAIN)
        self._last: np.ndarray | None = None

    def __call__(self) -> dict[str, float]:
        """content_kept, grain and change, each a number; NaN where there is none yet."""
        picture = (self._algorithm.sample()[0] + 1) / 2
        last, self._last = self._last, picture
        return {
            "content_kept": correlation(slopes(picture), self._shapes),
            "grain": float((grain(picture) / self._grain).max()),
            "change": math.nan if last is None else float(np.abs(picture - last).mean()),
        }


def slopes(picture: np.ndarray) -> np.ndarray:
    """Differences of brightness between neighbours of a small copy of a picture in [0, 1]."""
    pixels = np.rint(255 * np.clip(picture, 0, 1)).astype(np.uint8)
    small = decode.fitted(pixels, SMALL).astype(np.float32) @ LUMA
    return np.concatenate([np.diff(small, axis=0).ravel(), np.diff(small, axis=1).ravel()])


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Of two lists of numbers around 0; 1 where both are flat."""
    sizes = math.sqrt(float(one @ one) * float(other @ other))
    return float(one @ other) / sizes if sizes > 0 else 1.0


def grain(picture: np.ndarray) -> np.ndarray:
    """Mean distance of a pixel from the mean of the four at its corners: [2], in brightness, in colour."""
    if min(picture.shape[:2]) < 3:
        return np.zeros(2)
    brightness = (picture @ LUMA)[..., None]
    return np.array([_rough(part) for part in (brightness, picture - brightness)])


def _rough(part: np.ndarray) -> float:
    corners = [part[y : y - 2 or None, x : x - 2 or None] for y in (0, 2) for x in (0, 2)]
    return float(np.abs(part[1:-1, 1:-1] - sum(corners) / 4).mean())


# ---- signs ----


def looks(e: Evidence, name: str) -> list[float]:
    """A value of the newest looks, as many as must agree; none if there are fewer."""
    found = [(probe.get("values") or {}).get(name) for probe in e.probes[-LOOKS:]]
    known = [float(value) for value in found if value is not None and math.isfinite(value)]
    return known if len(known) == LOOKS else []


def divergence(e: Evidence) -> str:
    """A loss became infinite."""
    endless = any(len(v) and math.isinf(v[-1]) for v in e.metrics.values())
    return "divergence/finite" if endless else ""


def content_lost(e: Evidence) -> str:
    """What is in the picture can hardly be told, and does not come back."""
    found = looks(e, "content_kept")
    low = bool(found) and max(found) < e.limit("content_lost/kept")
    return (
        "content_lost/kept"
        if low and not found[-1] > found[0] + e.limit("content_lost/gain")
        else ""
    )


def grainy(e: Evidence) -> str:
    """It is more grainy than both pictures that it is made from."""
    found = looks(e, "grain")
    return "grainy/times" if found and min(found) > e.limit("grainy/times") else ""


def stalled(e: Evidence) -> str:
    """The picture hardly moves any more."""
    found = looks(e, "change")
    return "stalled/change" if found and max(found) < e.limit("stalled/change") else ""


def halves(e: Evidence, name: str) -> tuple[float, float]:
    """Means of a loss over the SPAN steps before the newest SPAN, and over those; NaN of too few."""
    values = e.last(name, 2 * SPAN)
    if len(values) < 2 * SPAN:
        return math.nan, math.nan
    return float(values[:SPAN].mean()), float(values[SPAN:].mean())
