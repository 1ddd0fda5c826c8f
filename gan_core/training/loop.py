"""The training loop as a generator: whoever holds it decides when the next step is taken."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gan_core.training.speed import Usual


@dataclass(frozen=True)
class StepResult:
    """What one turn of the loop measured.

    Attributes:
        values: float32 [M] in the order of the algorithm's `metric_names`; NaN: not measured.
        seconds: the step took; of one in which the program stood still, what steps usually take.
        settled: whether the weights are those of this step; inside a call of several steps they
            are ahead of it already.
        updates: how often each network was updated, by the counter's name.
    """

    step: int
    images_seen: int
    values: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    seconds: float = 0.0
    settled: bool = True
    updates: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, counters: Mapping[str, int], **measured: Any) -> StepResult:
        """From an algorithm's counters and what else is known."""
        updates = {n: v for n, v in counters.items() if n not in ("step", "images_seen")}
        step, images_seen = counters["step"], counters["images_seen"]
        return cls(step=step, images_seen=images_seen, updates=updates, **measured)


class NonFiniteError(Exception):
    """A metric or weight became NaN or infinite; `str()` says which, when, and what it was before."""


def train_loop(
    algorithm,
    network: str | None = None,
    *,
    steps_per_call: int = 1,
    num_steps: int | None = None,
) -> Generator[StepResult, str | None, None]:
    """Yield one result per step, for ever. Pausing is not calling next(); stopping is closing it.

    Args:
        network: update only this one of the algorithm's `updates` in the first turn; later turns are
            told by `send("generator")` and so on, where `send(None)` is next().
        steps_per_call: steps that are computed together; their results are yielded one by one.
        num_steps: no call goes beyond this step; None: no limit.

    Raises:
        NonFiniteError: a metric is NaN or infinite.
    """
    last: StepResult | None = None
    usual = Usual()
    counters = algorithm.counters()
    while True:
        partial = network is not None
        fits = num_steps is None or counters["step"] + steps_per_call <= num_steps
        before, started = counters, time.perf_counter()
        if partial:
            values = np.asarray(algorithm.partial_step(network))[None]
        elif steps_per_call > 1 and fits:
            values = np.asarray(algorithm.train_steps(steps_per_call))
        else:
            values = np.asarray(algorithm.train_step())[None]
        seconds = usual.counted(time.perf_counter() - started, len(values))
        counters = algorithm.counters()
        for result in _results(values, before, counters, seconds):
            _check_finite(algorithm.metric_names, result, last, partial)
            last = result
            network = yield result


def _results(values: np.ndarray, before: dict, after: dict, seconds: float) -> list[StepResult]:
    """Results of one call with metrics [count, M]; its time and counters are shared out evenly."""
    count = len(values)
    return [
        StepResult.of(
            {n: before[n] + (after[n] - before[n]) * (i + 1) // count for n in after},
            values=row,
            seconds=seconds / count,
            settled=i + 1 == count,
        )
        for i, row in enumerate(values)
    ]


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
