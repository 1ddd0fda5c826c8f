"""Long curves of quality over time that were recorded once, and how soon another training is as good.

A file holds {"contender", "dataset", "count", "extractor", "ms_per_step", "command", "commit",
"machine", "floor", "rows": [{"step", "fd", ...}]}. `bench time-to-quality --record` makes such files,
with milliseconds by its own clock, and `tools/record_curve.py` of a run that was trained. A curve is of
steps, so that only rounding ties it to its machine; before another training is compared, the loop is timed
anew (`timed`), so that both sides have the same machine and clock.
"""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from gan_core.bench import contenders, report
from gan_core.bench.contenders import Contender
from gan_core.bench.throughput import throughput
from gan_core.bench.time_to_quality import KEPT
from gan_core.errors import ConfigError

NEEDED = {"contender", "dataset", "count", "extractor", "ms_per_step", "rows"}
ROUNDS, TURN = 5, 4.0  # of timing a recorded loop: medians of so many turns of so many seconds


def write(path: Path, rows: Sequence[dict], **about) -> None:
    """Keep a curve, with the machine and the commit that measured it.

    Args:
        rows: {"step", "fd", ...} by ascending step.
        about: contender, dataset, count, extractor, ms_per_step, command and floor.
    """
    curve = about | {"commit": _commit(), "machine": report.machine(), "rows": list(rows)}
    path.write_text(json.dumps(curve, indent=1) + "\n", encoding="utf-8")


def row(step: int, fd: float, values: Mapping[str, float]) -> dict:
    """A row of a curve: the distance after a step and what else was measured then."""
    kept = {"fd": fd} | {name: values[name] for name in KEPT if name in values}
    return {"step": step} | {name: round(value, 4) for name, value in kept.items()}


def rows_of(medians: Sequence[dict], contender: str) -> list[dict]:
    """What a table of `bench time-to-quality` holds of a contender, as rows of a curve."""
    own = (found for found in medians if found["contender"] == contender)
    return [row(int(found["steps"]), found["fd"], found) for found in own]


def ms_per_step(rows: Sequence[dict], contender: str) -> float:
    """Milliseconds a step of a contender from its first step on, compilation in; median over seeds."""
    last = {row["seed"]: row for row in rows if row["contender"] == contender}
    return statistics.median(1e3 * row["seconds"] / row["steps"] for row in last.values())


def _commit() -> str | None:
    """Of this source code; None where it is no clone."""
    here = Path(__file__).resolve().parent
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return found.stdout.strip() or None


def load(path: Path) -> dict:
    """A recorded curve.

    Raises:
        ConfigError: the file is missing or is no curve.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"`{path}` cannot be read as a recorded curve: {error}.") from None
    missing = NEEDED - set(found) if isinstance(found, dict) else NEEDED
    if missing:
        raise ConfigError(f"`{path}` is no recorded curve. Missing: {', '.join(sorted(missing))}.")
    return found


def check(curve: dict, dataset: str, count: int, extractor: str) -> None:
    """Refuse to compare what was measured in another way.

    Raises:
        ConfigError: another data set, number of fakes or judge.
    """
    now = {"dataset": dataset, "count": count, "extractor": extractor}
    other = [f"{n} {curve[n]} there, {v} here" for n, v in now.items() if curve[n] != v]
    if other:
        raise ConfigError(f"The recorded curve cannot be compared: {'; '.join(other)}.")


def timed(curve: dict, data_dir: Path, phase: Callable[[str], None] = lambda text: None) -> dict:
    """The curve with the milliseconds a step that its loop takes now, on this machine.

    Args:
        data_dir: where the curve's data set is kept.

    Raises:
        ConfigError: no recipe and no baseline has the name of the loop.
    """
    title = curve["contender"]
    baseline = f"baseline:{title}"
    name = baseline if baseline in contenders.baselines() else title
    contenders.check(name)
    phase(f"timing {title}")
    (row,) = throughput([Contender(name)], curve["dataset"], data_dir, rounds=ROUNDS, seconds=TURN)
    return curve | {"ms_per_step": round(row["ms_per_step"], 1)}


def reached(medians: Sequence[dict], fd: float) -> float | None:
    """Seconds of the first mark whose median distance is at most `fd`; None where none is."""
    good = [row["mark"] for row in medians if row["fd"] <= fd]
    return min(good, default=None)


def compare(curve: dict, medians: Sequence[dict]) -> list[dict]:
    """A row a recorded step and contender: what it had by then, and when the other had it.

    `times` is how many times sooner; None where the other has not reached it.
    """
    rows = []
    for contender in dict.fromkeys(row["contender"] for row in medians):
        own = [row for row in medians if row["contender"] == contender]
        for row in curve["rows"]:
            seconds = row["step"] * curve["ms_per_step"] / 1e3
            after = reached(own, row["fd"])
            rows.append(
                {
                    "contender": contender,
                    "recorded": curve["contender"],
                    "step": row["step"],
                    "ms_per_step": curve["ms_per_step"],
                    "seconds": seconds,
                    "fd": row["fd"],
                    "reached": after,
                    "times": seconds / after if after else None,
                }
            )
    return rows
