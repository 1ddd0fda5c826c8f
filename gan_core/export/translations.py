"""Translated pictures as files: one picture, a folder, a zip, or arrays; and held-out rows."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core.errors import ConfigError, DataError
from gan_core.storage import files, images, outputs, picture_files
from gan_core.tasks.pair_grids import with_channels

if TYPE_CHECKING:
    from gan_core.types import Pixels

FACTS = "translated.json"  # in a folder or zip: what made them, and what was left out
SUFFIXES = (".png", ".zip", ".npz")
AT_ONCE = 64  # pictures of one size in one call


@dataclass(frozen=True)
class Translated:
    """One picture that was translated: source and output are uint8 [H, W, C]."""

    name: str
    source: Pixels
    output: Pixels


@dataclass(frozen=True)
class LeftOut:
    """One picture that was not, and why."""

    name: str
    problem: str


@dataclass(frozen=True)
class Written:
    """What became of a job: the place, how many pictures, and name -> why for those left out."""

    path: Path
    count: int
    skipped: dict[str, str]


def check_out(out: Path | str, kind: str) -> Path:
    """A place where pictures of this kind of source can go; cheap, so that it can come first.

    Args:
        kind: of picture_files.Found.

    Raises:
        ConfigError: the suffix does not go with it, or something else is there.
    """
    out = Path(out)
    suffix = out.suffix.lower()
    if suffix == ".png" and kind != "picture":
        raise ConfigError(f"Many pictures go into a folder, a .zip or an .npz. Received: `{out}`.")
    if suffix in SUFFIXES:
        return outputs.check_file(out, SUFFIXES)
    if suffix in picture_files.SUFFIXES:
        raise ConfigError(f"A picture is written as .png. Received: `{out}`.")
    return outputs.check_folder(out, lambda folder: (folder / FACTS).is_file())


def translated(
    translator,
    found: picture_files.Found,
    *,
    towards: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Translated | LeftOut]:
    """Each picture of a source, translated, in its order; a bad one is told and the others go on.

    Args:
        translator: tasks.translator.Translator.
        progress: told (done, all) as it goes on.
    """
    channels = translator.input_shape(towards)[2]
    waiting: list[tuple[str, np.ndarray]] = []
    total = len(found.items)
    for done, item in enumerate(found.items, start=1):
        try:
            pixels = with_channels(item.read(), channels)
        except DataError as error:
            yield from _through(translator, waiting, towards)
            waiting = []
            yield LeftOut(item.name, str(error))
        else:
            if waiting and (pixels.shape != waiting[0][1].shape or len(waiting) == AT_ONCE):
                yield from _through(translator, waiting, towards)
                waiting = []
            waiting.append((item.name, pixels))
        progress(done, total)
    yield from _through(translator, waiting, towards)


def _through(translator, waiting, towards) -> Iterator[Translated]:
    if not waiting:
        return
    made = translator.images(np.stack([pixels for _, pixels in waiting]), towards)
    for (name, pixels), output in zip(waiting, images.to_uint8(made), strict=True):
        yield Translated(name, pixels, output)


def write(out: Path, results: Iterable[Translated | LeftOut], facts: Mapping) -> Written:
    """Write what was translated, by the suffix of the place: .png, .zip, .npz, or a folder.

    Args:
        facts: for translated.json: what made them.

    Raises:
        DataError: not one picture could be read, or those of an .npz differ in size.
        RunError: it could not be written.
    """
    skipped: dict[str, str] = {}
    good = _noting(results, skipped)
    suffix = out.suffix.lower()
    write_as = {".png": _png, ".zip": _zip, ".npz": _npz}.get(suffix, _folder)
    count = write_as(out, good, lambda n: {**facts, "count": n, "skipped": skipped})
    return Written(out, count, skipped)


def _noting(
    results: Iterable[Translated | LeftOut], skipped: dict[str, str]
) -> Iterator[Translated]:
    """The good ones; DataError at the end where there is none."""
    count = 0
    for result in results:
        if isinstance(result, LeftOut):
            skipped[result.name] = result.problem
        else:
            count += 1
            yield result
    if not count:
        raise DataError(next(iter(skipped.values()), "There are no pictures."))


def _png(out: Path, good: Iterator[Translated], facts) -> int:
    only = list(good)
    files.write_atomic(out, images.png(only[0].output))
    return len(only)


def names(given: Iterable[str], suffix: str = ".png") -> Iterator[str]:
    """For each the name of a file of its own with this suffix, inside any folder."""
    known: set[str] = {FACTS}
    for name in given:
        stem = str(PurePosixPath(picture_files.safe_name(name)).with_suffix(""))
        name, number = stem + suffix, 2
        while name in known:
            name, number = f"{stem}-{number}{suffix}", number + 1
        known.add(name)
        yield name


def _named(good: Iterable[Translated]) -> Iterator[tuple[str, Translated]]:
    """Each with a name of its own; one after the other, as they come."""
    first, second = itertools.tee(good)
    return zip(names(result.name for result in first), second, strict=True)


def _folder(out: Path, good: Iterator[Translated], facts) -> int:
    count = 0
    with outputs.whole_folder(out) as temp:
        for name, result in _named(good):
            place = temp / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(images.png(result.output))
            count += 1
        files.write_json(temp / FACTS, facts(count))
    return count


def _zip(out: Path, good: Iterator[Translated], facts) -> int:
    count = 0
    with outputs.whole_file(out) as temp, zipfile.ZipFile(temp, "w") as archive:
        for name, result in _named(good):
            archive.writestr(name, images.png(result.output))
            count += 1
        archive.writestr(FACTS, json.dumps(facts(count), indent=2))
    return count


def _npz(out: Path, good: Iterator[Translated], facts) -> int:
    results = list(good)
    shapes = {result.source.shape for result in results}
    if len(shapes) > 1:
        sizes = ", ".join(sorted(f"{s[1]} x {s[0]}" for s in shapes)[:4])
        raise DataError(
            f"The pictures differ in size ({sizes}), so that they fit no array. "
            "Write a folder or a .zip."
        )
    made = np.stack([result.output for result in results])
    sources = np.stack([result.source for result in results])
    arrays(out, {"images": made, "input": sources, "output": made})
    return len(results)


def arrays(out: Path, named: Mapping[str, np.ndarray]) -> None:
    """Write arrays as one compressed .npz file."""
    packed = io.BytesIO()
    kept: dict[str, Any] = dict(named)
    np.savez_compressed(packed, **kept)
    files.write_atomic(out, packed.getvalue())


def held_out(translator, rows: Mapping[str, np.ndarray], towards: str | None) -> dict:
    """Held-out rows and what becomes of them: uint8 `input` and `output`, and what else `rows` has."""
    made = images.to_uint8(translator.images(rows["input"], towards))
    return {"input": rows["input"], "output": made} | {
        name: array for name, array in rows.items() if name != "input"
    }
