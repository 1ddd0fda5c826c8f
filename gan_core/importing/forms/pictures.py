"""A folder, a zip or a tar of pictures; a subfolder is a class where every picture lies in one.

One folder around everything does not count. Folders `train` and `test` (or `val`) beside each other are
the splits, and classes are the folders in them.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from gan_core.data.classes import MAX_NAME_CHARS
from gan_core.importing import opening
from gan_core.importing.base import NO_ANSWERS, Answers, Item, Recognised
from gan_core.importing.pictures import Pictures
from gan_core.importing.trees import TEST, TRAIN, Tree, common

MOST_CLASSES = 1000


def recognise(path: Path, answers: Answers = NO_ANSWERS) -> Recognised | None:
    """Pictures, where there is one."""
    tree = opening.open_tree(path)
    if tree is None:
        return None
    tree.close()
    return Recognised(tree.form, "images") if tree.entries else None


def open(path: Path, answers: Answers) -> Pictures:
    """Its pictures with their classes."""
    return of_tree(opening.must_open(path))


def of_tree(tree: Tree) -> Pictures:
    """All pictures of a tree, with classes and splits by its folders."""
    around = len(common([entry.parts for entry in tree.entries]))
    places = [entry.parts[around:] for entry in tree.entries]
    splits = _splits(places)
    start = around + splits
    classes, why_none = _classes([entry.parts[start:] for entry in tree.entries])
    items = [
        Item(
            name=entry.name,
            class_name=name,
            held_out=bool(splits) and place[0].lower() in TEST,
            num_bytes=entry.num_bytes,
        )
        for entry, place, name in zip(tree.entries, places, classes, strict=True)
    ]
    notes = [*why_none, *_notes(tree, start, splits, items)]
    return Pictures(tree, items, range(len(items)), notes=notes)


def _splits(places: list[tuple[str, ...]]) -> int:
    """1 where the first folders are a training and a test split, else 0."""
    found = {place[0].lower() if len(place) > 1 else "" for place in places}
    return int(bool(found & TRAIN) and bool(found & TEST) and found <= TRAIN | TEST)


def _classes(places: list[tuple[str, ...]]) -> tuple[list[str], list[str]]:
    """The class of each picture, its first folder, or "" of all; and why there are none, in a sentence,
    where folders look like classes."""
    folders = [place[0] if len(place) > 1 else "" for place in places]
    there = sorted(set(folders) - {""})
    beside = sum(not name for name in folders)
    if len(there) < 2:
        why = ""
    elif beside:
        why = f"Folders are no classes here, since pictures lie beside them ({beside:,})."
    elif len(there) > MOST_CLASSES:
        why = f"Folders are no classes here, since they are more than {MOST_CLASSES:,} ({len(there):,})."
    else:
        names = _class_names(there)
        return [names[folder] for folder in folders], []
    return [""] * len(places), [why] if why else []


def _class_names(folders: list[str]) -> dict[str, str]:
    """What the class of each folder is called: no longer than a name may be, and each its own."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for folder in folders:
        name = short = folder.strip()[:MAX_NAME_CHARS].strip() or "?"
        number = 1
        while name in taken:
            number += 1
            name = f"{short[: MAX_NAME_CHARS - 8]} ({number})"
        names[folder] = name
        taken.add(name)
    return names


def _notes(tree: Tree, start: int, splits: int, items: list[Item]) -> list[str]:
    """What should be known of the classes."""
    used = {item.class_name for item in items} - {""}
    held = {entry.parts[start] for entry in tree.entries if len(entry.parts) > start + 1}
    notes = []
    if held_out := sum(item.held_out for item in items):
        notes.append(
            f"{held_out:,} are in a folder of their own for testing, so they are held out."
        )
    if used and not splits:
        first = {parts[start] for parts in tree.folders if len(parts) == start + 1}
        if empty := sorted(first - held):
            notes.append(f"{_named(empty)} no picture that can be read, so no class.")
    for name, count in Counter(name.casefold() for name in used).items():
        if count > 1:
            same = sorted(n for n in used if n.casefold() == name)
            notes.append(
                f"The classes {', '.join(same)} differ in capitals only. If they are one, give them "
                "the same name."
            )
    return notes


def _named(folders: list[str]) -> str:
    shown = ", ".join(folders[:5]) + (f" and {len(folders) - 5} more" if len(folders) > 5 else "")
    return f"The folder {shown} holds" if len(folders) == 1 else f"The folders {shown} hold"
