"""Has the training exploded? Losses, scores and gradient norms that left all bounds.

The rules of `explosion` need no warm-up: they are asked from step EARLY on.
"""

from __future__ import annotations

import math

from gan_core.doctor.evidence import LOSSES, NORMS, Evidence

SOON = 10  # steps whose median is looked at


def divergence(e: Evidence) -> str:
    """The rule by which it has diverged; empty if it has not."""
    growth = e.limit("divergence/growth")
    if found := explosion(e):
        return found
    steep = any(
        e.median(name) > max(e.limit("divergence/norm"), growth * e.baseline[name])
        for name in NORMS
        if name in e.baseline
    )
    return "divergence/norm" if steep else ""


def explosion(e: Evidence) -> str:
    """The same by rules that compare with nothing but the start."""
    if unbounded(e):
        return "divergence/finite"
    if any(loss_growth(e, name) > e.limit("divergence/loss") for name in LOSSES):
        return "divergence/loss"
    if max(e.median(name, SOON) for name in NORMS) > e.limit("divergence/beyond"):
        return "divergence/beyond"
    scores = [abs(e.median(name)) for name in ("real_score", "fake_score")]
    return "divergence/score" if max(scores) > e.limit("divergence/score") else ""


def unbounded(e: Evidence) -> str:
    """The first metric whose newest value is infinite; NaN: it was not measured."""
    newest = {n: e.metrics[n][-1] for n in (*LOSSES, *NORMS) if len(e.metrics.get(n, ()))}
    return next((name for name, value in newest.items() if math.isinf(value)), "")


def loss_growth(e: Evidence, name: str) -> float:
    """How many times a loss is what it was at the start, where less than 1 counts as 1."""
    if name not in e.start:
        return float("nan")
    return abs(e.median(name, SOON)) / max(e.start[name], 1.0)
