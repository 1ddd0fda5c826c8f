"""The best measured quality of a run, read from its evals.jsonl; lists, tables and retention ask."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gan_core.metric_table import is_distance
from gan_core.runs import values as run_values
from gan_core.storage import files

FILE = "evals.jsonl"  # written by evaluation/run_evals.py


PAIRS = ":pairs"  # ends the extractor of a measurement of pairs (evaluation/translated.py)
OF_PAIRS = "l1"  # decides which of these is the best


class Quality(NamedTuple):
    """One measurement: the Fréchet distance (lower is better) and how it was measured.

    `noise` is the distance that noise has at the same count; None in older runs.
    """

    value: float
    step: int
    count: int  # type: ignore[assignment]  # it hides tuple.count, which nobody asks of a measurement
    extractor: str
    values: dict[str, Any] = {}
    noise: float | None = None

    @property
    def kind(self) -> tuple[str, int]:
        """Only measurements of the same kind compare."""
        return self.extractor, self.count

    @property
    def decider(self) -> str:
        """Name of the value whose lowest is the best: held-out L1 of pairs, else the distance."""
        return decider_of(self.extractor, self.values) or ""

    @property
    def rank(self) -> float:
        """The value that decides; only those of one kind compare."""
        return float(self.values.get(self.decider, self.value))

    @property
    def ruined(self) -> bool:
        """Whether noise is as near to the data: nothing to be proud of."""
        return self.noise is not None and self.value >= self.noise


def frechet_of(values: Mapping[str, Any]) -> float | None:
    """The Fréchet distance among values, whatever its count and extractor."""
    found = (v for n, v in values.items() if is_distance(n))
    return next(found, None)


def decider_of(extractor: str, values: Mapping[str, Any]) -> str | None:
    """Name of the value by which a measurement is better than others of its kind; None without one."""
    if extractor.endswith(PAIRS) and isinstance(values.get(OF_PAIRS), int | float):
        return OF_PAIRS
    return next(filter(is_distance, values), None)


def qualities(run_dir: Path | str) -> list[Quality]:
    """All measurements that have a Fréchet distance, in the order in which they were made."""
    lines = run_values.read_all(files.read_jsonl(Path(run_dir) / FILE), run_values.EVAL)
    return [found for line in lines if (found := _quality(line)) is not None]


def _quality(line: Mapping[str, Any]) -> Quality | None:
    value = frechet_of(line["values"]) if line["extractor"] else None
    if value is None:
        return None
    told = (line["step"], line["count"], line["extractor"], line["values"])
    return Quality(float(value), *told, line.get("ceiling"))


def comparable(lines: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The lines of evals.jsonl of the run's usual kind of measurement, ascending in step.

    A step that was measured again counts once, as it was measured last.
    """
    found = [(quality, line) for line in lines if (quality := _quality(line)) is not None]
    usual = _usual_kind([quality for quality, _ in found])
    by_step = {quality.step: line for quality, line in found if quality.kind == usual}
    return [by_step[step] for step in sorted(by_step)]


def _usual_kind(measured: list[Quality]) -> tuple[str, int] | None:
    """The kind of most measurements, the newer one of two: one with another count changes nothing."""
    kinds = [m.kind for m in measured]
    return max(reversed(kinds), key=Counter(kinds).__getitem__, default=None)


def best_of(measured: Iterable[Quality], kind: tuple[str, int] | None = None) -> Quality | None:
    """The best among measurements of one kind (None: that of most of them); see Quality.decider."""
    measured = list(measured)
    kind = kind or _usual_kind(measured)
    return min((m for m in measured if m.kind == kind), key=lambda m: m.rank, default=None)


def best_quality(run_dir: Path | str, kind: tuple[str, int] | None = None) -> Quality | None:
    """The best measurement of a run, of one kind as in `best_of`; None if there is none."""
    return best_of(qualities(run_dir), kind)


class QualityCache:
    """Best qualities of many runs, each file read again only when it changed."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Any, Quality | None]] = {}

    def best(self, run_dir: Path | str) -> Quality | None:
        """The same as `best_quality`."""
        path = os.path.join(run_dir, FILE)
        try:
            found = os.stat(path)
        except OSError:
            return None
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            known = self._known[path] = (stamp, best_quality(run_dir))
        return known[1]
