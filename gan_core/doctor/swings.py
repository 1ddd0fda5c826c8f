"""Do the two losses swing against each other?"""

from __future__ import annotations

import numpy as np

from gan_core.doctor.evidence import Evidence

OSCILLATION = 800  # steps that are looked at
SMOOTH = 25  # steps a point


def smoothed(values: np.ndarray) -> np.ndarray:
    """Means of SMOOTH values each, a straight line taken out."""
    points = values[-(len(values) // SMOOTH) * SMOOTH :].reshape(-1, SMOOTH).mean(1)
    x = np.arange(len(points))
    return points - np.polyval(np.polyfit(x, points, 1), x)


def oscillation(e: Evidence) -> str:
    """Both losses swing, again and again, in opposite phase."""
    g, d = e.last("g_loss", OSCILLATION), e.last("d_loss", OSCILLATION)
    if len(g) < OSCILLATION or len(d) < OSCILLATION:
        return ""
    g_points, d_points = smoothed(g), smoothed(d)
    if min(g_points.std(), d_points.std()) == 0.0:
        return ""
    swing = (
        np.corrcoef(g_points, d_points)[0, 1] < e.limit("oscillation/correlation")
        and g_points.std() > e.limit("oscillation/swing") * abs(g.mean())
        and crossings(g_points) >= e.limit("oscillation/crossings")
    )
    return "oscillation/swing" if swing else ""


def crossings(points: np.ndarray) -> int:
    """How often a series around 0 swings to the other side by half its standard deviation."""
    sides = np.sign(points) * (np.abs(points) > 0.5 * points.std())
    sides = sides[sides != 0]
    return int((sides[1:] != sides[:-1]).sum())
