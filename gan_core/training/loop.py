"""The training loop as a generator: whoever holds it decides when the next step is taken."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class StepResult:
    """What one turn of the loop measured.

    Attributes:
        values: float32 [M] in the order of the algorithm's `metric_names`; NaN: not measured.
        seconds: the step took.
    """

    step: int
    images_seen: int
    g_updates: int
    d_updates: int
    values: np.ndarray
    seconds: float


class NonFiniteError(Exception):
    """A metric or weight became NaN or infinite; `str()` says which, when, and what it was before."""


def train_loop(algorithm, network: str | None = None) -> Generator[StepResult, str | None, None]:
    """Yield one result per step, for ever. Pausing is not calling next(); stopping is closing it.

    Args:
        network: update only "generator" or "discriminator" in the first turn; later turns are told
            by `send("generator")` and so on, where `send(None)` is next().

    Raises:
        NonFiniteError: a metric is NaN or infinite.
    """
    last: StepResult | None = None
    while True:
        started = time.perf_counter()
        partial = network in ("discriminator", "generator")
        turn = algorithm.partial_step(network) if partial else algorithm.train_step()
        values = np.asarray(turn)
        seconds = time.perf_counter() - started
        result = StepResult(**algorithm.counters(), values=values, seconds=seconds)
        _check_finite(algorithm.metric_names, result, last, partial)
        last = result
        network = yield result


def _check_finite(names, result: StepResult, last: StepResult | None, partial: bool) -> None:
    """`partial` steps do not measure everything, so only infinities count there."""
    bad = np.isinf(result.values) if partial else ~np.isfinite(result.values)
    if not bad.any():
        return
    index = int(np.argmax(bad))
    word = "NaN" if np.isnan(result.values[index]) else "infinite"
    raise NonFiniteError(
        f"{names[index]} became {word} at step {result.step}.{before(names, last)}"
    )


def before(names, last: StepResult | None) -> str:
    """A sentence on the losses of the last good step, with a space before it; "" without one."""
    if last is None:
        return ""
    pairs = zip(names, last.values, strict=True)
    shown = [f"{n} {v:.4g}" for n, v in pairs if n.endswith("loss") and np.isfinite(v)]
    return f" The last finite values, at step {last.step}, were {', '.join(shown)}."
