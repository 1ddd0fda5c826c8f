"""Keeping: the pictures that a plan chose become one .npz and its card, or nothing is there.

Rows go to a file on disk as they are made square, and from there into the .npz in another order, so
that the memory in use does not grow with the number of pictures.
"""

from __future__ import annotations

import contextlib
import functools
import threading
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

from gan_core import __version__
from gan_core.data import DatasetSpec, card, catalogue, setfile
from gan_core.errors import DataError
from gan_core.importing import naming, refusals, sweeping
from gan_core.importing.base import Cancelled, CheckUp, Item, Plan, Progress, Unusable
from gan_core.importing.plans import Chosen
from gan_core.importing.pool import Pool
from gan_core.importing.reader import AS_IT_IS, Reader
from gan_core.importing.squares import MIDDLE, square
from gan_core.storage import outputs

SOME = 16  # rows that are copied at once

Row = tuple[int, ...]


def keep(
    path: Path | str,
    found: CheckUp,
    plan: Plan,
    data_dir: Path | str,
    *,
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> DatasetSpec:
    """Makes a data set of the pictures at a path, as the plan says; its metadata.

    Args:
        found: of `check_up` of the same path and answers.
        progress: called with (done, total, what is being done); may raise to cancel.
        cancelled: once it is set, keeping ends with Cancelled.

    Raises:
        ConfigError: the plan has values that are not allowed.
        DataError: its name is taken, too little is left, or the pictures have changed.
        RunError: the disk is full or cannot be written. Nothing is left behind in any case.
    """
    chosen, target = refusals.check(found, plan, data_dir), naming.place(plan.name, data_dir)
    target.parent.mkdir(parents=True, exist_ok=True)
    sweeping.sweep(target.parent)
    tell = _telling(progress, cancelled)
    with sweeping.no_card_alone(target), outputs.whole_file(target) as temp:
        with Pool(path, plan.answers, cancelled) as pool:
            _check_same(pool.reader, found)
            kept = _write_rows(pool, found, plan, chosen, temp.parent, tell)
        _pack(temp, found, chosen, kept, tell)
        digest = _checked(temp)
        outputs.sync(temp)  # a full disk shows before anything is in its place
        naming.place(plan.name, data_dir)  # somebody may have been faster
        tell(kept.count, kept.count, "writing")
        card.write(target, _card(found, plan, chosen, kept), digest)
    return catalogue.spec(plan.name, data_dir)


def _telling(progress: Progress | None, cancelled: threading.Event | None) -> Progress:
    """Tells how far it is, and ends it with Cancelled once that is wished."""

    def tell(done: int, total: int, doing: str) -> None:
        if cancelled is not None and cancelled.is_set():
            raise Cancelled
        if progress is not None:
            progress(done, total, doing)

    return tell


def _check_same(reader: Reader, found: CheckUp) -> None:
    if tuple(reader.items) != tuple(found.items):
        raise DataError("The files have changed since they were checked. Check them again.")


@dataclass
class _Kept:
    """Rows as they were written: for each array a file, and which rows of the plan are in it."""

    files: dict[str, Path] = field(default_factory=dict)
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Of pictures."""
        return sum(map(len, self.rows))


def _write_rows(
    pool: Pool, found: CheckUp, plan: Plan, chosen: Chosen, folder: Path, progress: Progress
) -> _Kept:
    """Every row made square, in the order of the source: packed archives are read once, forwards."""
    kept = _Kept()
    rows = sorted((*chosen.train, *chosen.held_out))
    made = pool.map(lambda reader, row: _made(reader, found, plan, row), rows)
    with contextlib.ExitStack() as opened:
        files: dict[str, BinaryIO] = {}
        for done, (row, pictures) in enumerate(zip(rows, made, strict=True)):
            progress(done, len(rows), "keeping")
            if isinstance(pictures, Unusable):
                kept.lost[pictures.reason] = kept.lost.get(pictures.reason, 0) + len(row)
                continue
            for index, pixels in zip(row, pictures, strict=True):
                side = found.items[index].side
                if side not in files:
                    kept.files[side], kept.shapes[side] = folder / f"rows{side}", pixels.shape
                    files[side] = opened.enter_context(kept.files[side].open("wb"))
                if pixels.shape != kept.shapes[side]:
                    raise DataError("The pictures differ in size: choose a size.")
                files[side].write(pixels.tobytes())
            kept.rows.append(row)
    return kept


def _made(reader: Reader, found: CheckUp, plan: Plan, row: Row) -> list[np.ndarray]:
    """The pictures of a row as they are kept; Unusable where one of them has gone since."""
    side, offset = plan.size or AS_IT_IS, _offset([found.items[index] for index in row], plan)
    return [square(reader.pixels(index, side, plan.ground), plan, offset) for index in row]


def _offset(items: list[Item], plan: Plan) -> float:
    """Where the frame of a row stands: one place for both of a pair, whichever of them names it."""
    names = [items[0].pair, *(item.name for item in items)]
    return next((plan.offsets[name] for name in names if name in plan.offsets), MIDDLE)


def _pack(temp: Path, found: CheckUp, chosen: Chosen, kept: _Kept, progress: Progress) -> None:
    """The .npz out of the rows: not packed, since photographs hardly shrink."""
    place = _places(found, kept)
    labelled = bool(chosen.class_names)
    done = 0
    with zipfile.ZipFile(temp, "w", zipfile.ZIP_STORED) as archive:
        for split, rows in (("train", chosen.train), ("test", chosen.held_out)):
            for side in sorted(kept.files):
                own = [row for row in rows if row in place and _is_on(found, row, side)]
                key, places = f"{side or 'x'}_{split}", [place[row] for row in own]
                tell = functools.partial(_tell, progress, done, kept.count)
                _add_rows(archive, key, kept, side, places, tell)
                done += len(places)
                if labelled and _has_labels(found, side):
                    labels = [chosen.labels[row[0]] for row in own]
                    _add(archive, _label_key(side, split), np.array(labels, np.int32))
        if labelled:
            _add(archive, "class_names", np.array(chosen.class_names))
        if found.recognised.kind != "images":
            _add(archive, "kind", np.array(found.recognised.kind))


def _places(found: CheckUp, kept: _Kept) -> dict[Row, int]:
    """Where each row lies in its file."""
    counts: dict[str, int] = {}
    place = {}
    for row in kept.rows:
        side = "" if len(row) > 1 else found.items[row[0]].side
        place[row] = counts.get(side, 0)
        counts[side] = place[row] + 1
    return place


def _is_on(found: CheckUp, row: Row, side: str) -> bool:
    """Whether a row has a picture on a side; pairs have one on both."""
    return len(row) > 1 or found.items[row[0]].side == side


def _has_labels(found: CheckUp, side: str) -> bool:
    """Both of a pair have one label, which stands with its input."""
    return side != "b" or found.recognised.kind != "pairs"


def _label_key(side: str, split: str) -> str:
    if not side:
        return f"y_{split}"
    return f"{side}_labels" if split == "train" else f"{side}_test_labels"


def _tell(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total, "writing")


def _add_rows(archive, key: str, kept: _Kept, side: str, places: list[int], tell) -> None:
    shape = kept.shapes[side]
    rows = np.memmap(kept.files[side], np.uint8, "r").reshape(-1, *shape)
    with archive.open(f"{key}.npy", "w", force_zip64=True) as member:
        _write_header(member, (len(places), *shape), np.dtype(np.uint8))
        for start in range(0, len(places), SOME):
            tell(start)
            member.write(rows[places[start : start + SOME]].tobytes())


def _add(archive, key: str, array: np.ndarray) -> None:
    with archive.open(f"{key}.npy", "w") as member:
        _write_header(member, array.shape, array.dtype)
        member.write(array.tobytes())


def _write_header(member, shape: tuple[int, ...], dtype: np.dtype) -> None:
    described = {"shape": shape, "fortran_order": False, "descr": npy.dtype_to_descr(dtype)}
    npy.write_array_header_1_0(member, described)


def _checked(temp: Path) -> str:
    """Its digest; DataError where what was written cannot be used, as where most was lost."""
    try:
        return setfile.inspect(temp, look=False).digest
    except DataError as error:
        raise DataError(f"Nothing was kept. {error}") from error


def _card(found: CheckUp, plan: Plan, chosen: Chosen, kept: _Kept) -> card.Card:
    there = set(kept.rows)
    left = dict(chosen.left)
    for reason, count in kept.lost.items():
        left[reason] = left.get(reason, 0) + count
    return card.Card(
        title=plan.title.strip() or plan.name,
        licence=plan.licence.strip() or "not stated",
        origin=plan.origin.strip(),
        kept_at=time.time(),
        version=__version__,
        form=found.recognised.form,
        fit=plan.fit,
        size=plan.size,
        grey=plan.grey,
        held_out=plan.held_out,
        ground=plan.ground,
        counts={
            "train": sum(row in there for row in chosen.train),
            "held_out": sum(row in there for row in chosen.held_out),
        },
        left_out=left,
    )
