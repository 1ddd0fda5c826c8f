"""Commands to a run that a process elsewhere trains: a small file each in its folder.

    <run>/commands/<Unix time in nanoseconds>-<token>.json   {"do", "time", "who", ...}

Who sends one writes it whole; who trains the run takes them, the oldest first, obeys and removes
them. What nobody takes waits for the next worker: a stop that was pressed while one died is obeyed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path
from typing import Any

from gan_core.errors import RunError
from gan_core.runs.run import Run
from gan_core.storage import files

FOLDER = "commands"
DO = ("pause", "resume", "stop", "step", "checkpoint", "sample", "measure", "knobs")


def send(run: Run, do: str, *, who: str, **details: Any) -> None:
    """Leave a command in the folder of a run.

    Args:
        do: one of DO.
        details: `network` of a step, `values` of knobs.

    Raises:
        RunError: the folder cannot be written.
    """
    if do not in DO:
        raise ValueError(f"A command is one of {', '.join(DO)}. Received: {do!r}.")
    folder, moment = run.path / FOLDER, time.time_ns()
    with files.in_words(folder):
        folder.mkdir(exist_ok=True)
    order = {"do": do, "time": moment / 1e9, "who": who, **details}
    files.write_json(folder / f"{moment:020d}-{secrets.token_hex(4)}.json", order, durable=False)


def take(run: Run) -> list[dict[str, Any]]:
    """The commands that wait, the oldest first; they are gone afterwards. Junk is left out."""
    folder = run.path / FOLDER
    found = []
    for name in _names(folder):
        path = folder / name
        with contextlib.suppress(RunError):
            order = files.read_json(path)
            if isinstance(order, dict) and order.get("do") in DO:
                found.append(order)
        with contextlib.suppress(OSError):
            path.unlink()
    return found


def clear(run: Run) -> None:
    """Forget what waits: a person starts the run anew."""
    take(run)


def _names(folder: Path) -> list[str]:
    try:
        names = os.listdir(folder)
    except OSError:  # none was ever sent
        return []
    return sorted(n for n in names if n.endswith(".json") and not n.startswith("."))
