"""Does a long run stay as fast and as small as it began? One real run, watched in ten parts."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from gan_core.errors import RunError
from gan_core.runs.records import State

PARTS = 10


def endurance(lab, config, phase: Callable[[str], None] = lambda text: None) -> list[dict]:
    """A row a tenth of the run: step, milliseconds a step with all writing, memory and files in MB.

    Args:
        lab: its runs folder takes the run, which stays there.
        config: with `num_steps`, at least 10.

    Raises:
        RunError: the run failed.
    """
    import psutil

    run, process, rows = lab.create(config, who="bench"), psutil.Process(), []
    part, began = config.num_steps // PARTS, time.perf_counter()

    def on_result(result) -> None:
        nonlocal began
        if result.step % part:
            return
        seconds = time.perf_counter() - began
        rows.append(
            {
                "step": result.step,
                "ms_per_step": 1e3 * seconds / part,
                "memory_mb": process.memory_info().rss / 1e6,
                "metrics_mb": _megabytes(run.path, "metrics*"),
                "run_mb": _megabytes(run.path, "*"),
            }
        )
        phase(f"step {result.step:,}: {rows[-1]['ms_per_step']:.2f} ms a step")
        began = time.perf_counter()

    job = lab.make_job(run.id, who="bench", on_result=on_result)
    if job.run() == State.FAILED:
        raise RunError(f"The run {run.id} failed: {job.snapshot().error}")
    return rows


def _megabytes(folder: Path, pattern: str) -> float:
    return sum(f.stat().st_size for f in folder.rglob(pattern) if f.is_file()) / 1e6
