"""The real side of every measure: made of a data set once, with floor and ceiling, and kept on disk.

The real images are split once: `count` of them (held-out ones first) play the fakes of the floor,
and up to 10,000 other training images are what fakes and floor are measured against. So the floor
is what a perfect generator would score at this count, and noise gives the ceiling.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gan_core.data import Dataset
from gan_core.errors import CheckpointError, DataError
from gan_core.evaluation import copies, points
from gan_core.evaluation.features import digest, keep, open_judge
from gan_core.evaluation.judge import Judge, look
from gan_core.evaluation.kernel import mean_within
from gan_core.evaluation.measure import MIN_COUNT, measure_any
from gan_core.evaluation.real_images import Reference as Reference
from gan_core.storage import files, npz
from gan_core.storage.json_text import dump_json

if TYPE_CHECKING:
    from gan_core.types import Array, Floats, Labels

FORMAT = 1
MAX_REAL = 10_000
MAX_HELD_OUT = 2_000  # held-out images that set the limit for copies
MAX_COUNT = 50_000
SEED = 600


def open_reference(
    dataset: Dataset,
    cache: Path,
    *,
    count: int = 2000,
    phase: Callable[[str], None] = lambda text: None,
) -> Reference | points.PointReference:
    """The reference of a data set at a count, from the cache where it is there; also of points."""
    if dataset.spec.kind == "points":
        return points.open_points(dataset, count)
    return open_images(dataset, cache, count=count, phase=phase)


def open_images(
    dataset: Dataset,
    cache: Path,
    *,
    count: int = 2000,
    phase: Callable[[str], None] = lambda text: None,
) -> Reference:
    """The reference of images at a count, from the cache where it is there.

    Args:
        cache: `features.cache_folder(data_dir)`.
        phase: told what is being done, for the person who waits.
    """
    if not MIN_COUNT <= count <= MAX_COUNT:
        raise DataError(f"`count` must be {MIN_COUNT} to {MAX_COUNT}. Received: {count}.")
    judge = open_judge(dataset, cache, phase=phase)
    path = cache / f"reference-{_key(dataset, judge, count)}.npz"
    with contextlib.suppress(CheckpointError, KeyError, ValueError):
        return _load(path, dataset, judge, count)
    phase("measuring real images")
    reference = build(dataset, judge, count)
    keep(path, lambda: _save(path, reference))
    return reference


def build(dataset: Dataset, judge: Judge, count: int) -> Reference:
    """Measure the real images anew."""
    floor_images, floor_labels, real = _split(dataset, count)
    features, seen = look(judge, real)
    bare = _bare(dataset, judge, count, features, seen)
    held_out = copies.thumbnails(dataset.held_out[:MAX_HELD_OUT])
    reference = replace(
        bare,
        within=mean_within(features.astype(np.float64)),
        copy_limit=copies.copy_limit(held_out, bare.train_small),
        duplicate_limit=copies.duplicate_limit(copies.thumbnails(real[:count])),
        floor_count=len(floor_images),
    )
    noise = np.random.default_rng(SEED).integers(0, 256, floor_images.shape, np.uint8)
    asked = None if floor_labels is None else np.arange(len(noise)) % len(reference.class_names)
    measured = measure_any(floor_images, floor_labels, reference)
    ratio, _ = copies.nearness(held_out, bare.train_small)  # the floor may hold training images
    near = {"copies": (ratio < reference.copy_limit).mean(), "authentic": (ratio > 1.0).mean()}
    near = {name: share for name, share in near.items() if name not in reference.left_out}
    whole = replace(
        reference,
        floor=measured.values | {name: float(share) for name, share in near.items()},
        seconds=measured.seconds,
        ceiling=measure_any(noise, asked, reference).values,
    )
    floor = {n: v for n, v in (whole.floor or {}).items() if n not in whole.left_out}
    return replace(whole, floor=floor)


def _bare(
    dataset: Dataset, judge: Judge, count: int, features: Floats, seen: Labels | None
) -> Reference:
    names = dataset.spec.class_names if judge.num_classes else ()
    labels = dataset.train_labels
    shares = np.zeros(0) if labels is None else np.bincount(labels, minlength=len(names))
    return Reference(
        judge,
        names,
        dataset.spec.image_shape,
        count,
        features,
        seen,
        shares / max(shares.sum(), 1),
        copies.thumbnails(dataset.train[: copies.MAX_TRAIN]),
    )


def _split(dataset: Dataset, count: int) -> tuple[Array, Labels | None, Array]:
    """(images and labels that play the fakes, other real images), in an order fixed by the seed."""
    rng = np.random.default_rng(SEED)
    held_out = rng.permutation(len(dataset.held_out))
    train = rng.permutation(len(dataset.train))
    wanted = min(count, (len(held_out) + len(train)) // 2)
    first, cut = held_out[:wanted], max(wanted - len(held_out), 0)
    floor = np.concatenate([dataset.held_out[first], dataset.train[train[:cut]]])
    real, labels = dataset.train[train[cut:][:MAX_REAL]], None
    if dataset.held_out_labels is not None and dataset.train_labels is not None:
        labels = np.concatenate([dataset.held_out_labels[first], dataset.train_labels[train[:cut]]])
    return floor, labels, real


def _key(dataset: Dataset, judge: Judge, count: int) -> str:
    text = f"{FORMAT} {digest(dataset)} {judge.kind} {judge.hash} {count}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


_NUMBERS = ("within", "copy_limit", "duplicate_limit", "floor_count", "floor", "ceiling", "seconds")


def _save(path: Path, reference: Reference) -> None:
    meta = {name: getattr(reference, name) for name in _NUMBERS}
    packed = np.frombuffer(dump_json(meta).encode(), np.uint8)
    arrays = {"meta": packed, "features": reference.features}
    if reference.seen is not None:
        arrays["seen"] = reference.seen
    with files.atomic_file(path) as file:
        npz.write_npz(file, arrays)


def _load(path: Path, dataset: Dataset, judge: Judge, count: int) -> Reference:
    arrays = npz.read_npz(path)
    meta = json.loads(arrays["meta"].tobytes())
    for name in ("floor", "ceiling"):  # JSON has no NaN
        meta[name] = {n: float("nan") if v is None else v for n, v in meta[name].items()}
    bare = _bare(dataset, judge, count, arrays["features"], arrays.get("seen"))
    return replace(bare, **{name: meta[name] for name in _NUMBERS})
