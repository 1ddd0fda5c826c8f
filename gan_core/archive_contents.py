"""What the files of an unpacked run hold, before anybody sees it.

The small files are read by the same readers that will read them later, and their values must have
the types that pages rely on. Arrays are not looked into: they are read without trust each time
(npz.py), and nothing in a run is ever executed.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from gan_core import files, manifests, records
from gan_core.archive_checks import is_number, is_step
from gan_core.errors import RunError
from gan_core.run import Run

MAX_PIXELS = 50_000_000
MAX_METRICS = 200


def check(run: Run) -> None:
    """RunError unless every small file is what its name says."""
    _status(run)
    _notes(run.path / "notes.json")
    _lines(run.path / "events.jsonl", {"kind": _is_text, "step": is_step, "time": is_number})
    _lines(run.path / "evals.jsonl", {"step": is_step, "values": _are_numbers, "count": is_step})
    _lines(run.path / "probes.jsonl", PROBE)
    _metrics(run)
    _grid(run.path / "samples" / "grid.json")
    for path in (
        run.path / "reals.png",
        run.path / "measured.png",
        *(run.path / "samples").glob("*.png"),
    ):
        _picture(path)
    for step in files.steps_in(run.path / "checkpoints"):
        manifest = manifests.read_manifest(run.path / "checkpoints" / files.step_name(step))
        if manifest.get("step") != step:
            raise RunError(f"The checkpoint {step} says that it is of another step.")


def _status(run: Run) -> None:
    status = records.stored_status(run.path)
    numbers = (status.images_seen, status.wall_time, status.steps_per_second, status.updated_at)
    limits = (status.num_steps, status.num_minutes)
    texts = (status.phase, status.error, status.owner)
    good = (
        is_step(status.step)
        and all(map(is_number, numbers))
        and all(limit is None or is_number(limit) for limit in limits)
        and all(isinstance(text, str) and len(text) < 20_000 for text in texts)
    )
    if not good:
        raise RunError("`status.json` is damaged: a value has the wrong type.")


def _notes(path: Path) -> None:
    if not path.exists():
        return
    notes = records.clean_notes(files.read_json(path), "notes.json")
    if not (all(map(_is_text, notes.tags)) and all(map(is_step, notes.pinned_steps))):
        raise RunError("`notes.json` is damaged: tags are texts and pinned steps are steps.")


def _lines(path: Path, required: dict[str, Any]) -> None:
    for number, line in enumerate(files.read_jsonl(path), start=1):
        for name, is_good in required.items():
            if not is_good(line.get(name)):
                raise RunError(
                    f"Line {number} of `{path.name}` is damaged: its `{name}` is not good."
                )


def _metrics(run: Run) -> None:
    reader = run.metrics()
    if reader is None:
        if (run.path / "metrics.bin").exists():
            raise RunError("`metrics.bin` has no `metrics.json`.")
        return
    if len(reader.names) > MAX_METRICS or any(len(name) > 80 for name in reader.names):
        raise RunError("`metrics.json` names too many metrics, or too long ones.")
    if not is_step(reader.first_step):
        raise RunError("`metrics.json` is damaged: its first step is no step.")


def _grid(path: Path) -> None:
    if not path.exists():
        return
    grid = files.read_json(path)
    numbers = [grid.get("columns"), grid.get("rows")] if isinstance(grid, dict) else [None]
    tile = grid.get("tile") if isinstance(grid, dict) else None
    numbers += tile if isinstance(tile, list) and len(tile) == 2 else [None]
    if not all(is_step(n) and 0 < n <= 4096 for n in numbers):
        raise RunError("`samples/grid.json` is damaged: it does not tell how to cut the grids.")


def _picture(path: Path) -> None:
    if not path.exists():
        return
    with open(path, "rb") as file:
        head = file.read(24)
    if head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR":
        raise RunError(f"`{path.name}` is no PNG picture.")
    width, height = struct.unpack(">II", head[16:24])
    if not 0 < width * height <= MAX_PIXELS:
        raise RunError(f"`{path.name}` would have {width} x {height} pixels.")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 80


def _is_share(value: Any) -> bool:
    return value is None or is_number(value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_counts(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_step, value))


def _is_gap(value: Any) -> bool:
    names = {"train", "held_out", "fake", "auc", "share"}
    return value is None or (_are_numbers(value) and set(value) == names)


PROBE = {
    "step": is_step, "count": is_step, "missing": _are_texts, "class_counts": _are_counts,
    "class_kl": _is_share, "diversity": _is_share, "class_diversity": _is_share,
    "duplicates": _is_share, "gap": _is_gap,
}  # fmt: skip


def _are_numbers(value: Any) -> bool:
    return isinstance(value, dict) and all(v is None or is_number(v) for v in value.values())
