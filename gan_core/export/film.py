"""Films of a run: its sample grids in order of training, as an animated GIF or an H.264 video."""

from __future__ import annotations

import bisect
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gan_core.errors import ConfigError, RunError
from gan_core.runs.pictures import read_grid, sample
from gan_core.runs.run import Run
from gan_core.storage import outputs, video

STRIP = 20  # pixels under the grid, for the step
TEXT_SIZE, TEXT_AT, TEXT_COLOUR = 13, (5, 2), 230
HOLD = 1.5  # seconds that the last frame stays longer
SHORTEST = 0.02  # seconds a frame; browsers slow down what is shorter
MOST_FRAMES, MOST_SECONDS, MOST_SCALE = 1000, 600, 8
RAW_LIMIT = 500_000_000  # bytes of all frames before compression
FRAME_LIMIT = 64_000_000  # bytes of one frame before compression; a grid of 256-pixel tiles has 16
KINDS = ("gif", "mp4")
LIMIT = 20_000_000  # bytes of a film, unless asked otherwise


Writer = Callable[
    [Path, Sequence[int], int], bool
]  # (file, steps, scale) -> False: too many pixels


@dataclass(frozen=True)
class Film:
    """A film that was written.

    Attributes:
        steps: of its frames, ascending.
        scale: pixels of the film a pixel of the grid.
        note: what was made smaller than asked and why; empty if nothing was.
    """

    path: Path
    bytes: int
    steps: tuple[int, ...]
    scale: int
    note: str = ""


def film_frames(steps: Sequence[int], count: int) -> list[int]:
    """At most `count` of the stored steps, dense early and sparse late.

    Frame i of n is the step nearest to first + (last - first) (i / (n - 1))^2, each step once; the
    first and the last are always there.
    """
    steps = sorted(set(steps))
    if count < 2 or len(steps) < 2:
        return steps[-1:] if count < 2 else steps
    first, last = steps[0], steps[-1]
    wanted = (first + (last - first) * (i / (count - 1)) ** 2 for i in range(count))
    return sorted({first, last, *(_nearest(steps, target) for target in wanted)})


def _nearest(steps: Sequence[int], target: float) -> int:
    right = bisect.bisect_left(steps, target)
    near = steps[max(right - 1, 0) : right + 1]
    return min(near, key=lambda step: abs(step - target))


def gif(
    run: Run,
    path: Path | str,
    *,
    first: int | None = None,
    last: int | None = None,
    frames: int = 60,
    seconds: float = 8.0,
    scale: int = 2,
    label: bool = True,
    max_bytes: int = LIMIT,
) -> Film:
    """An endless GIF of a run's sample grids; grey images keep every pixel exactly.

    Args:
        first, last: steps between which grids are taken, both included; None: all there are.
        frames: at most; fewer where fewer grids are stored.
        seconds: of the whole course; the last frame stays HOLD seconds longer.
        scale: pixels of the film a pixel of the grid, a whole number.
        label: write the step into a strip under the grid.
        max_bytes: the film is made smaller, first in scale, then in frames, until it fits.

    Raises:
        ConfigError: a value out of range or a path that cannot be written.
        RunError: fewer than two grids are stored, one is damaged, or nothing fits `max_bytes`.
    """
    path = outputs.check_file(path, (".gif",))
    _check(frames, seconds, scale, max_bytes)
    grids: dict[int, np.ndarray] = {}

    def write(temp: Path, chosen: Sequence[int], size: int) -> bool:
        if _frame_bytes(run, chosen, size) * len(chosen) > RAW_LIMIT:
            return False
        pictures = _pictures(run, chosen, grids)
        drawn = [_frame(p, s, size, label) for s, p in pictures.items()]
        temp.write_bytes(video.gif(drawn, _durations(len(drawn), seconds)))
        return True

    return _fitting(run, path, stored_steps(run, first, last), (frames, scale), max_bytes, write)


def mp4(
    run: Run,
    path: Path | str,
    *,
    first: int | None = None,
    last: int | None = None,
    frames: int = 60,
    seconds: float = 8.0,
    scale: int = 2,
    label: bool = True,
    max_bytes: int = LIMIT,
) -> Film:
    """An H.264 video of a run's sample grids that any browser plays; arguments as for `gif`."""
    path = outputs.check_file(path, (".mp4",))
    _check(frames, seconds, scale, max_bytes)

    def write(temp: Path, chosen: Sequence[int], size: int) -> bool:
        if _frame_bytes(run, chosen, size) > FRAME_LIMIT:
            return False
        rate = Fraction(len(chosen) / seconds).limit_denominator(1000)
        shown = _stream(run, chosen, size, label)
        video.mp4(temp, _and_hold(shown, round(HOLD * rate)), rate)
        return True

    return _fitting(run, path, stored_steps(run, first, last), (frames, scale), max_bytes, write)


def as_bytes(run: Run, kind: str, wanted: Mapping[str, Any]) -> tuple[bytes, Film]:
    """A film in memory and what it became; `wanted` are arguments of `gif` and `mp4`.

    Raises:
        ConfigError: `kind` is neither "gif" nor "mp4", or a value is out of range.
        RunError: as for `gif`.
    """
    if kind not in KINDS:
        raise ConfigError(f"A film is one of {', '.join(KINDS)}. Received: `{kind[:40]}`.")
    make = {"gif": gif, "mp4": mp4}[kind]
    with tempfile.TemporaryDirectory() as folder:
        made = make(run, Path(folder) / f"film.{kind}", **wanted)
        return made.path.read_bytes(), made


def _fitting(
    run: Run, path: Path, steps: list[int], asked: tuple[int, int], max_bytes: int, write: Writer
) -> Film:
    """The largest film of at most `asked` (frames, scale) that fits `max_bytes`, at `path`.

    `write(temp, steps, scale)` makes one; False where even its frames are too many for the memory.
    """
    with outputs.whole_file(path) as temp:
        written = False
        for chosen, size in _sizes(steps, *asked):
            written = write(temp, chosen, size)
            if written and (made := temp.stat().st_size) <= max_bytes:
                break
        else:
            if not written:
                raise RunError(f"The sample grids of {run.id} are too large for a film.")
            raise RunError(
                f"Even two frames of {run.id} at scale 1 need more than {max_bytes:,} bytes. "
                "Allow a larger file."
            )
    most = (len(film_frames(steps, asked[0])), asked[1])
    return Film(path, made, tuple(chosen), size, _note(most, chosen, size, max_bytes))


def stored_steps(run: Run, first: int | None = None, last: int | None = None) -> list[int]:
    """Steps with a sample grid, from `first` to `last`.

    Raises:
        RunError: there are fewer than the two that a film needs.
    """
    found = run.sample_steps()
    steps = [s for s in found if (first or 0) <= s and (last is None or s <= last)]
    if len(found) >= 2 > len(steps):
        raise RunError(
            f"A film needs at least two sample grids. {run.id} has {len(steps)} from step "
            f"{first or 0:,} to {found[-1] if last is None else last:,}; "
            f"it has {len(found)} from {found[0]:,} to {found[-1]:,}."
        )
    if len(found) < 2:
        raise RunError(
            f"A film needs at least two sample grids. {run.id} has {len(found)}; train it further."
        )
    return steps


def _check(frames: int, seconds: float, scale: int, max_bytes: int) -> None:
    if not 2 <= frames <= MOST_FRAMES:
        raise ConfigError(f"`frames` must be 2 to {MOST_FRAMES}. Received: {frames}.")
    if not 0 < seconds <= MOST_SECONDS:
        raise ConfigError(
            f"`seconds` must be greater than 0 and at most {MOST_SECONDS}. Received: {seconds:g}."
        )
    if not 1 <= scale <= MOST_SCALE:
        raise ConfigError(f"`scale` must be 1 to {MOST_SCALE}. Received: {scale}.")
    if max_bytes < 1:
        raise ConfigError(f"`max_bytes` must be at least 1. Received: {max_bytes}.")
    if seconds / frames < SHORTEST:
        raise ConfigError(
            f"A film shows at most {1 / SHORTEST:.0f} frames a second. "
            f"Received: {frames} frames in {seconds:g} s."
        )


# ---- frames ----


def _sizes(steps: Sequence[int], frames: int, scale: int) -> Iterator[tuple[list[int], int]]:
    """(steps, scale) from what was asked for down to two frames at scale 1."""
    for size in range(scale, 0, -1):
        yield film_frames(steps, frames), size
    while len(film_frames(steps, frames)) > 2:
        frames = max(len(film_frames(steps, frames)) // 2, 2)
        yield film_frames(steps, frames), 1


def _note(asked: tuple[int, int], chosen: Sequence[int], scale: int, max_bytes: int) -> str:
    if asked == (len(chosen), scale):
        return ""
    return (
        f"Made smaller to stay within {max_bytes / 1e6:g} MB: "
        f"{len(chosen)} of {asked[0]} frames, scale {scale} instead of {asked[1]}."
    )


def _pictures(run: Run, steps: Sequence[int], known: dict[int, np.ndarray]) -> dict:
    """step -> grid uint8 [H, W, C]; grids that were read before are taken from `known`."""
    known.update({step: read_grid(run, step) for step in steps if step not in known})
    shapes = {known[step].shape for step in steps}
    if len(shapes) > 1:  # grey and colour
        raise RunError(f"The sample grids of {run.id} differ in size: {sorted(shapes)}.")
    return {step: known[step] for step in steps}


def _frame_bytes(run: Run, steps: Sequence[int], scale: int) -> int:
    """Bytes of a frame before compression; only one picture is decoded, and all are alike."""
    first = read_grid(run, steps[0])
    sizes = {sample(run, step)[1] for step in steps}
    if len(sizes) > 1:
        raise RunError(f"The sample grids of {run.id} differ in size: {sorted(sizes)}.")
    return first.size * scale**2


def _stream(run: Run, steps: Sequence[int], scale: int, label: bool) -> Iterator[np.ndarray]:
    shape = read_grid(run, steps[0]).shape
    for step in steps:
        pixels = read_grid(run, step)
        if pixels.shape != shape:  # grey and colour
            raise RunError(f"The sample grids of {run.id} differ in size.")
        yield _frame(pixels, step, scale, label)


def _frame(pixels: np.ndarray, step: int, scale: int, label: bool) -> np.ndarray:
    """Each pixel as scale x scale equal ones, and a strip with the step: uint8 [H, W(, 3)]."""
    large = pixels.repeat(scale, axis=0).repeat(scale, axis=1)
    large = large[..., 0] if large.shape[2] == 1 else large
    if not label:
        return large
    strip = Image.new("L" if large.ndim == 2 else "RGB", (large.shape[1], STRIP))
    colour = TEXT_COLOUR if large.ndim == 2 else (TEXT_COLOUR,) * 3
    font = ImageFont.load_default(TEXT_SIZE)
    ImageDraw.Draw(strip).text(TEXT_AT, f"step {step:,}", fill=colour, font=font)
    return np.concatenate([large, np.asarray(strip)])


# ---- files ----


def _durations(count: int, seconds: float) -> list[int]:
    """Milliseconds of each frame, in the GIF's hundredths, adding up to `seconds` + HOLD."""
    ends = [round(100 * seconds * (i + 1) / count) for i in range(count)]
    times = [10 * (end - start) for start, end in zip([0, *ends], ends, strict=False)]
    return [*times[:-1], times[-1] + round(1000 * HOLD)]


def _and_hold(frames: Iterator[np.ndarray], more: int) -> Iterator[np.ndarray]:
    """All frames, the last one `more` times again."""
    for last in frames:
        yield last
    for _ in range(more):
        yield last
