"""What the files of an unpacked run hold, before anybody sees it.

The small files are read by the same readers that will read them later, and their values must have
the types that pages rely on. Arrays are not looked into: they are read without trust each time
(npz.py), and nothing in a run is ever executed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from gan_core.errors import CheckpointError, RunError
from gan_core.runs import pictures, records, values
from gan_core.runs.run import Run
from gan_core.runs.saved import manifests
from gan_core.runs.values import Table, event_table, is_name, is_step, is_text
from gan_core.storage import files, json_text

MAX_METRICS = 200
MAX_KEPT = 100  # favourites, directions or tags
_BASE64 = re.compile(r"[A-Za-z0-9_=-]{1,30000}")
_TEXTS = ("status.json", "notes.json", "metrics.json", "samples/grid.json")
_LINES = {
    "events.jsonl": event_table,
    "evals.jsonl": lambda _: values.EVAL,
    "probes.jsonl": lambda _: values.PROBE,
}


def check(run: Run) -> None:
    """RunError unless every small file is what its name says."""
    for name in _TEXTS:
        _whole(run.path / name)
    records.stored_status(run.path)
    _notes(run.path / "notes.json")
    for name, table_of in _LINES.items():
        _lines(run.path / name, table_of)
    _metrics(run)
    _pictures(run)
    for step in files.steps_in(run.path / "checkpoints"):
        folder = run.path / "checkpoints" / files.step_name(step)
        _whole(folder / "manifest.json")
        manifest = manifests.read_manifest(folder)
        if manifest.get("step") != step:
            raise CheckpointError(f"The checkpoint {step} says that it is of another step.")
        if manifest["created_at"] != files.read_json(folder / "manifest.json").get("created_at", 0):
            raise CheckpointError(f"The checkpoint {step} says no time at which it was made.")


def _whole(path: Path) -> None:
    """RunError if a text holds halves of characters; what is no JSON is said by its reader."""
    try:
        halved = path.exists() and json_text.has_halves(path.read_bytes())
    except (ValueError, RecursionError):
        return
    if halved:
        raise RunError(f"`{path.name}` is damaged: it holds half a character.")


def _notes(path: Path) -> None:
    if not path.exists():
        return
    found = files.read_json(path)
    notes = records.clean_notes(found, "notes.json")
    if not (all(map(is_name, notes.tags)) and all(map(is_step, notes.pinned_steps))):
        raise RunError("`notes.json` is damaged: tags are texts and pinned steps are steps.")
    kept = (*notes.favourites, *notes.directions)
    if not all(map(_is_view, kept)) or len(notes.tags) + len(kept) > 3 * MAX_KEPT:
        raise RunError("`notes.json` is damaged: a favourite or a direction is none.")
    if not (is_name(notes.name) and is_text(notes.note)):
        raise RunError("`notes.json` is damaged: its name or its note is too long.")


def _is_view(value: Any) -> bool:
    """A place, a direction or an input as the pages keep it: base64, a name, its step."""
    if not isinstance(value, dict) or not is_name(value.get("name", "")):
        return False
    first = value.get("png") if "towards" in value else value.get("z")
    packed = [first] if first or value.get("held") is None else []
    packed += [value["mix"]] if value.get("mix") else []
    whole = [value.get(key) for key in ("seed", "label", "step", "held")]
    return (
        all(isinstance(text, str) and _BASE64.fullmatch(text) for text in packed)
        and all(number is None or is_step(number) for number in whole)
        and values.is_number(value.get("psi", 1.0))
    )


def _lines(path: Path, table_of) -> None:
    if not path.exists():
        return
    lines = path.read_bytes().split(b"\n")[:-1]
    for number, line in enumerate(lines, start=1):
        try:
            found, halved = json_text.parse_json(line), json_text.has_halves(line)
        except (ValueError, RecursionError):
            continue  # torn, and left out by every reader
        if halved:
            raise RunError(f"Line {number} of `{path.name}` is damaged: it holds half a character.")
        table: Table = table_of(found)
        if isinstance(found, dict) and (bad := values.first_bad(found, table)):
            raise RunError(f"Line {number} of `{path.name}` is damaged: its `{bad}` is not good.")


def _metrics(run: Run) -> None:
    reader = run.metrics()
    if reader is None:
        if (run.path / "metrics.bin").exists():
            raise RunError("`metrics.bin` has no `metrics.json`.")
        return
    names = (*reader.counters, *reader.names)
    if len(names) > MAX_METRICS or any(len(name) > 80 for name in names):
        raise RunError("`metrics.json` names too many metrics, or too long ones.")


def _pictures(run: Run) -> None:
    """Every sample grid has the size that samples/grid.json says, and none is too large."""
    folder = run.path / "samples"
    size = _grid(folder / "grid.json")
    for path in folder.glob("*.png"):
        check_picture(path, size)
    for name in ("reals.png", "measured.png", "inputs/content.png", "inputs/style.png"):
        if (run.path / name).exists():
            check_picture(run.path / name)


def _grid(path: Path) -> tuple[int, int] | None:
    """Width and height of the sample grids; None where nothing says so."""
    if not path.exists():
        return None
    grid = files.read_json(path)
    size = pictures.grid_size(grid)
    listed = size is not None and values.list_of(is_text)(grid.get("names", []))
    if not listed:
        raise RunError("`samples/grid.json` is damaged: it does not tell how to cut the grids.")
    return size


def check_picture(path: Path, size: tuple[int, int] | None = None) -> None:
    """RunError unless it is a PNG that may be decoded, of this size if one is given."""
    with open(path, "rb") as file:
        found = pictures.picture_size(file.read(32))
    if found is None:
        raise RunError(f"`{path.name}` is no PNG picture.")
    if not pictures.is_small(*found):
        raise RunError(f"`{path.name}` would have {found[0]} x {found[1]} pixels.")
    if size is not None and found != size:
        raise RunError(
            f"`{path.name}` has {found[0]} x {found[1]} pixels; by `samples/grid.json` it must have "
            f"{size[0]} x {size[1]}."
        )
