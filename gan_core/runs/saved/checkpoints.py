"""Checkpoints: everything a run needs to go on bit for bit, one folder a step.

`checkpoints/000500/` holds `state.npz` (named arrays, uncompressed, readable by numpy.load) and
`manifest.json` (with whatever else its writer noted):

    {"format": 1, "step", "created_at", "files": {"state.npz": {"sha256", "bytes"}}, ...}

The folder appears whole, in one rename. While a checkpoint is replaced by one of the same step, the
old one waits as `.old-000500`.
"""

import contextlib
import os
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gan_core.errors import CheckpointError
from gan_core.runs.saved.manifests import ASIDE, FORMAT, read_manifest, sha256, verify
from gan_core.runs.saved.weights import (
    drop_weights,
    list_weights,
    load_weights,
    prune_weights,
    save_weights,
)
from gan_core.storage.files import (
    crash_point,
    in_words,
    remove_tree,
    step_name,
    steps_in,
    sync_folder,
    temp_path,
    write_json,
)
from gan_core.storage.npz import read_npz, write_npz

__all__ = [
    "CheckpointInfo",
    "NewestCheckpoint",
    "drop_weights",
    "first_of_each",
    "has_any",
    "list_checkpoints",
    "list_weights",
    "load_checkpoint",
    "load_weights",
    "newest_good_checkpoint",
    "prune",
    "prune_weights",
    "repair",
    "save_checkpoint",
    "save_weights",
]

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class CheckpointInfo:
    """What a listing tells about one checkpoint without reading its arrays."""

    step: int
    bytes: int
    created_at: float  # Unix time in seconds
    meta: dict[str, Any] = field(default_factory=dict)


class NewestCheckpoint(NamedTuple):
    """The newest checkpoint that is whole; `skipped` has (step, reason) of newer, damaged ones."""

    step: int
    arrays: Arrays
    meta: dict[str, Any]
    skipped: list[tuple[int, str]]


def save_checkpoint(
    run_dir: Path, step: int, arrays: Mapping[str, np.ndarray], meta: Mapping[str, Any]
) -> Path:
    """Write the checkpoint of `step`, replacing one of the same step; returns its folder."""
    folder = Path(run_dir) / "checkpoints"
    final = folder / step_name(step)
    temp = temp_path(final)
    try:
        with in_words(final):
            folder.mkdir(exist_ok=True)  # not its parents: a run that was moved away stays away
            temp.mkdir()
            crash_point("checkpoint:start")
            _fill(temp, step, arrays, meta)
            crash_point("checkpoint:written")
            _swap_in(temp, final)
    except BaseException:
        with contextlib.suppress(OSError):
            remove_tree(temp)
        raise
    return final


def _fill(temp: Path, step: int, arrays: Mapping[str, np.ndarray], meta: Mapping[str, Any]) -> None:
    state = temp / "state.npz"
    with open(state, "xb") as file:
        write_npz(file, arrays)
        file.flush()
        os.fsync(file.fileno())
    crash_point("checkpoint:arrays")
    files = {state.name: {"sha256": sha256(state), "bytes": state.stat().st_size}}
    head = {"format": FORMAT, "step": step, "created_at": time.time(), "files": files}
    write_json(temp / "manifest.json", {**meta, **head})
    sync_folder(temp)


def _swap_in(temp: Path, final: Path) -> None:
    """Give `temp` its final name; a checkpoint that has it steps aside until that is done."""
    aside = _aside(final)
    if final.exists():
        remove_tree(aside)
        os.rename(final, aside)
        crash_point("checkpoint:aside")
    os.rename(temp, final)
    sync_folder(final.parent)
    crash_point("checkpoint:renamed")
    remove_tree(aside)
    crash_point("checkpoint:cleared")


def _aside(final: Path) -> Path:
    return final.with_name(f"{ASIDE}{final.name}")


def repair(run_dir: Path) -> None:
    """Finish a replacement that a kill cut short; only for the holder of the run's lock."""
    for aside in (Path(run_dir) / "checkpoints").glob(f"{ASIDE}*"):
        final = aside.with_name(aside.name.removeprefix(ASIDE))
        if final.exists():
            remove_tree(aside)
        else:
            os.rename(aside, final)


def _folder(run_dir: Path, step: int) -> Path:
    """Where the checkpoint of `step` is; between the two renames of a replacement it is aside."""
    final = Path(run_dir) / "checkpoints" / step_name(step)
    aside = _aside(final)
    return aside if aside.is_dir() and not final.is_dir() else final


def _steps(run_dir: Path) -> list[int]:
    """Steps of all checkpoints, good or damaged, ascending."""
    folder = Path(run_dir) / "checkpoints"
    aside = (path.name.removeprefix(ASIDE) for path in folder.glob(f"{ASIDE}[0-9]*"))
    return sorted({*steps_in(folder), *(int(name) for name in aside if name.isdecimal())})


def has_any(run_dir: Path) -> bool:
    """Whether there is any checkpoint, good or damaged."""
    return bool(_steps(Path(run_dir)))


def load_checkpoint(run_dir: Path, step: int) -> tuple[Arrays, dict[str, Any]]:
    """Arrays and manifest of one checkpoint; CheckpointError if anything of it is damaged."""
    manifest = _verified_manifest(run_dir, step)
    return read_npz(_folder(run_dir, step) / "state.npz"), manifest


def _verified_manifest(run_dir: Path, step: int) -> dict[str, Any]:
    folder = _folder(run_dir, step)
    manifest = read_manifest(folder)
    verify(folder / "state.npz", manifest["files"]["state.npz"])
    return manifest


def newest_good_checkpoint(run_dir: Path, before: int | None = None) -> NewestCheckpoint:
    """The newest undamaged checkpoint, of a step below `before` if that is given."""
    skipped: list[tuple[int, str]] = []
    for step in reversed(_steps(run_dir)):
        if before is not None and step >= before:
            continue
        try:
            return NewestCheckpoint(step, *load_checkpoint(run_dir, step), skipped)
        except CheckpointError as error:
            skipped.append((step, str(error)))
    reasons = " ".join(reason for _, reason in skipped)
    raise CheckpointError(f"{Path(run_dir).name} has no good checkpoint. {reasons}".rstrip())


def list_checkpoints(run_dir: Path) -> list[CheckpointInfo]:
    """Checkpoints by ascending step, from their manifests; unreadable manifests are left out."""
    return list(_infos(Path(run_dir)))


def _infos(run_dir: Path) -> Iterator[CheckpointInfo]:
    for step in _steps(run_dir):
        with contextlib.suppress(CheckpointError):
            meta = read_manifest(_folder(run_dir, step))
            size = meta["files"]["state.npz"]["bytes"]
            yield CheckpointInfo(step, size, float(meta.get("created_at") or 0.0), meta)


def prune(
    run_dir: Path,
    keep_last: int = 3,
    keep: Collection[int] = (),
    budget_bytes: int | None = None,
    keep_every: int = 0,
) -> list[int]:
    """Remove old checkpoints; returns the steps removed. The newest good one always stays.

    Args:
        keep_last: how many of the newest stay.
        keep: steps that stay as well (pinned, best), whatever the budget.
        budget_bytes: if the rest takes more, those of `keep_every` are thinned and then the oldest
            of the last ones go too; None: no limit.
        keep_every: the first checkpoint of each so many steps stays as well; 0: none.
    """
    steps = _steps(run_dir)
    last, every = set(steps[max(0, len(steps) - keep_last) :]), first_of_each(steps, keep_every)
    gone = [step for step in steps if step not in last | every and step not in keep]
    sizes = {step: _size(_folder(run_dir, step)) for step in steps if step not in gone}
    while budget_bytes is not None and sum(sizes.values()) > budget_bytes:
        step = _least_missed(sizes, (every - last).difference(keep), last.difference(keep))
        if step is None:
            break
        gone.append(step)
        del sizes[step]
    if gone:
        gone = [step for step in gone if step != _last_good(run_dir, steps)]
    for step in gone:
        _remove(_folder(run_dir, step))
    return gone


def first_of_each(steps: Collection[int], every: int) -> set[int]:
    """The first step at or after each multiple of `every`, of those there are; 0: none."""
    found: dict[int, int] = {}
    for step in sorted(steps) if every else ():
        found.setdefault(step // every, step)
    return set(found.values())


def _least_missed(left: Collection[int], spread: set[int], last: set[int]) -> int | None:
    """Of `spread` the one with the nearest neighbours, so that what stays is even; then `last`."""
    steps = sorted(left)
    between = range(1, len(steps) - 1)
    gaps = {steps[i]: steps[i + 1] - steps[i - 1] for i in between if steps[i] in spread}
    if gaps:
        return min(gaps, key=lambda step: (gaps[step], step))
    return min([s for s in steps if s in spread] or [s for s in steps if s in last], default=None)


def _last_good(run_dir: Path, steps: list[int]) -> int | None:
    """The newest step whose files match their checksums."""
    for step in reversed(steps):
        with contextlib.suppress(CheckpointError):
            _verified_manifest(run_dir, step)
            return step
    return None


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.glob("*"))


def _remove(folder: Path) -> None:
    """Out of sight in one rename, then gone."""
    temp = temp_path(folder)
    with in_words(folder):
        crash_point("prune:start")
        os.rename(folder, temp)
        crash_point("prune:moved")
        remove_tree(temp)
        crash_point("prune:removed")
