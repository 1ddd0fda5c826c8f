"""The check-up: every picture of a source is looked at once, before anything is kept."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from gan_core.data import checks
from gan_core.importing import copies, naming, plans, words
from gan_core.importing.base import (
    NO_ANSWERS,
    SIZES,
    Answers,
    CheckUp,
    Plan,
    Progress,
    Skipped,
    Unusable,
)
from gan_core.importing.looks import Look
from gan_core.importing.pool import Pool
from gan_core.importing.reader import Reader
from gan_core.storage.decode import WHITE

SMALLEST = SIZES[0]  # pixels of the shorter side; below, pictures among larger ones are only blur
MOST_CUT = 1 / 3  # of the pictures; where more are near copies, they are meant to be alike
BLACK = "black"
ON_BLACK = "Most of them show nothing on white, so they are laid on black unless you say otherwise."
ALONE = "No class holds more than one of them, so there are no classes."
SUGGESTED = 64  # pixels, where pictures differ in size

Seen = Look | Unusable


def check_up(
    path: Path | str,
    answers: Answers = NO_ANSWERS,
    *,
    progress: Progress | None = None,
    on_look: Callable[[int, Seen], None] | None = None,
    cancelled: threading.Event | None = None,
    title: str = "",
    ground: str = "",
) -> CheckUp:
    """Looks at every picture at a path.

    Args:
        answers: to the questions of `recognise`; what is missing is answered as is likely.
        progress: called with (done, total, what is being done); may raise to cancel.
        cancelled: once it is set, the check-up ends with Cancelled.
        ground: what shows through transparent pictures, one of decode.GROUNDS; "" is white, or black
            where most of them, as white drawings, show nothing on white.
        title: what the source is called where its path does not say it.
        on_look: called with the index of each picture and what was seen of it, or why nothing.

    Raises:
        DataError: nothing is there that can be read; the text says what is.
    """
    progress = progress or _quiet
    progress(0, 0, "opening")
    with Pool(path, answers, cancelled) as pool:
        seen = _looks(pool, ground or WHITE, progress, on_look or _quiet)
        hidden = not ground and _are_hidden(seen)
        if hidden:
            seen = _looks(pool, BLACK, progress, _quiet)
        found = _summary(pool.reader, seen, progress)
    found = _with_plan(found, title or _title(Path(path)), answers)
    ground = ground or (BLACK if hidden else WHITE)
    notes = (*found.notes, *([ON_BLACK] if hidden else []))
    return replace(found, suggested=replace(found.suggested, ground=ground), notes=notes)


def _are_hidden(seen: Sequence[Seen]) -> bool:
    """Whether most pictures are transparent and show nothing on the ground that they were looked at on."""
    flat = sum(not isinstance(s, Unusable) and s.flat and "transparent" in s.did for s in seen)
    return 2 * flat > len(seen)


def _quiet(*_) -> None: ...


def _looks(pool: Pool, ground: str, progress: Progress, on_look: Callable) -> list[Seen]:
    seen: list[Seen] = []
    total = len(pool.reader.items)
    for found in pool.map(lambda reader, index: reader.look(index, ground), list(range(total))):
        on_look(len(seen), found)
        seen.append(found)
        progress(len(seen), total, "reading")
    return seen


def _title(path: Path) -> str:
    return path.name.split(".")[0] if path.is_file() else path.name


def _summary(reader: Reader, seen: list[Seen], progress: Progress) -> CheckUp:
    skipped = _skipped(reader, seen)
    out = {found.index for found in skipped}
    looks = {
        index: look
        for index, look in enumerate(seen)
        if index not in out and not isinstance(look, Unusable)
    }
    usable = tuple(looks)
    progress(len(seen), len(seen), "near copies")
    classes = _classes(reader, usable)
    alone = any(reader.items[index].class_name for index in usable) and not classes
    return CheckUp(
        recognised=reader.recognised,
        items=tuple(reader.items),
        usable=usable,
        skipped=tuple(sorted(skipped, key=lambda s: (s.reason, s.name))),
        passed_over=reader.passed_over,
        sizes=tuple(look.size for look in looks.values()),
        classes=classes,
        num_colour=sum(not look.grey for look in looks.values()),
        num_transparent=sum(not isinstance(s, Unusable) and "transparent" in s.did for s in seen),
        copies=_copies(reader, looks),
        unmatched=reader.unmatched,
        notes=(*reader.notes, *([ALONE] if alone else []), *_notes(list(looks.values()))),
        suggested=Plan(name="my_data"),
    )


def _skipped(reader: Reader, seen: list[Seen]) -> list[Skipped]:
    """Pictures that cannot be used; small ones and those of one colour only among others."""
    small = [not isinstance(s, Unusable) and min(s.size) < SMALLEST for s in seen]
    few_small = 2 * sum(small) < len(seen)
    found = []
    for index, (item, look) in enumerate(zip(reader.items, seen, strict=True)):
        if isinstance(look, Unusable):
            found.append(Skipped(item.name, look.reason, str(look), index))
        elif min(look.size) < checks.MIN_SIDE or (small[index] and few_small and item.num_bytes):
            text = f"It has {look.size[0]} x {look.size[1]} pixels."
            found.append(Skipped(item.name, "too small", text, index, look.size))
        elif look.flat and item.num_bytes:
            found.append(Skipped(item.name, "one colour", "Nothing is on it.", index, look.size))
    return found


def _classes(reader: Reader, usable: Sequence[int]) -> dict[str, int]:
    """How many are in each class; {} where none holds two, for what is told of one alone is no class."""
    counts = Counter(name for index in usable if (name := reader.items[index].class_name))
    if max(counts.values(), default=0) < 2:
        return {}
    return {name: counts[name] for name in sorted(counts, key=plans.class_order)}


def _copies(reader: Reader, looks: Mapping[int, Look]) -> tuple[tuple[int, ...], ...]:
    """Of pairs by their inputs; of two sides inside a side. Rows of an array only where equal."""
    rows = [index for index in looks if reader.kind != "pairs" or reader.items[index].side == "a"]
    if not rows:
        return ()
    rows.sort(key=lambda index: reader.items[index].held_out)  # what is trained on comes first
    small = np.stack([looks[index].small for index in rows])
    near = bool(reader.items[rows[0]].num_bytes)
    groups = copies.groups(small, [reader.items[index].side for index in rows], near)
    return tuple(tuple(rows[row] for row in group) for group in groups)


def _notes(looks: Sequence[Look]) -> list[str]:
    counts = Counter(word for look in looks for word in look.did)
    notes = [words.did(word, counts[word]) for word in words.DID if counts[word]]
    grey = sum(look.grey for look in looks)
    if grey == 1 < len(looks):
        notes.append(f"1 of {len(looks):,} is grey among others in colour.")
    elif 0 < grey < len(looks):
        notes.append(f"{grey:,} of {len(looks):,} are grey among others in colour.")
    return notes


def _with_plan(found: CheckUp, title: str, answers: Answers) -> CheckUp:
    """The same with the plan that fits it, and what stands in its way."""
    extra = sum(len(group) - 1 for group in found.copies)
    many = extra > MOST_CUT * found.num_usable
    notes = (*found.notes, *_on_copies(found, extra)) if many else found.notes
    plan = Plan(
        name=naming.likely(title),
        title=title[:100],
        size=_size(found),
        grey=found.grey and bool(found.usable),
        answers=dict(answers),
        classes={name: name for name in found.classes},
        keep_copies=many,
    )
    rows = plans.chosen(found, plan)
    return replace(found, notes=notes, suggested=plan, problem=plans.problem(found, plan, rows))


def _on_copies(found: CheckUp, extra: int) -> list[str]:
    """What should be known where many pictures are near copies; true whether they are kept or not."""
    notes = [
        f"{extra:,} of {found.num_usable:,} differ little from another one, as the frames of a film "
        "do, so to keep all is suggested."
    ]
    held_out = {index for index in found.usable if found.items[index].held_out}
    both = sum(len(held_out & set(group)) for group in found.copies if not set(group) <= held_out)
    if both:
        notes.append(
            f"If all are kept, {both:,} of those held out will differ little from ones that are trained "
            "on, so that measures on them look better than they are."
        )
    return notes


def _size(found: CheckUp) -> int:
    """Arrays stay as they are; pictures of one size that is offered, too; else what most reach."""
    sizes = set(found.sizes)
    sides = {n for size in sizes for n in size}
    if len(sizes) == 1 and max(sides) <= checks.MAX_SIDE:
        in_array = not found.items[found.usable[0]].num_bytes
        if in_array or (len(sides) == 1 and sides <= set(SIZES)):
            return 0 if in_array else sides.pop()
    shorter = sorted(min(size) for size in found.sizes)
    median = shorter[len(shorter) // 2] if shorter else SUGGESTED
    return max((size for size in SIZES if size <= min(median, SUGGESTED)), default=SIZES[0])
