"""All forms together: which one fits a path, and its source. For the child process."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path
from types import ModuleType

from gan_core.errors import DataError
from gan_core.importing import litter, opening, trees
from gan_core.importing.base import Answers, Recognised, Source
from gan_core.importing.forms import ORDER

TRIED = 3  # names that are told of what is there


def recognise(path: Path, answers: Answers) -> Recognised:
    """What lies at a path.

    Raises:
        DataError: nothing is there, or nothing that can be read; the text says what is read.
    """
    return _fitting(path, answers)[1]


def open_source(path: Path, answers: Answers) -> tuple[Source, Recognised]:
    """Its pictures; questions without an answer are answered as is likely."""
    form, found = _fitting(path, answers)
    return form.open(path, {q.name: q.likely for q in found.questions} | dict(answers)), found


def _fitting(path: Path, answers: Answers) -> tuple[ModuleType, Recognised]:
    check_there(path)
    for name in ORDER:
        form = importlib.import_module(f"gan_core.importing.forms.{name}")
        try:
            found = form.recognise(path, answers)
        except OSError as error:
            raise DataError(f"{path} cannot be read ({error.strerror or error}).") from error
        if found is not None:
            return form, found
    raise DataError(_nothing(path))


def check_there(path: Path) -> None:
    """DataError where there is no plain file or folder at a path; names the nearest that is there."""
    shown = trees.printable(str(path)[:300])
    try:
        if path.is_file() or path.is_dir():
            return
        there = path.exists()
    except (OSError, ValueError) as error:  # a name that is too long
        raise DataError(f"{shown} is no path.") from error
    if there:
        raise DataError(f"{shown} is no plain file: pipes and devices are not read.")
    near = next((p for p in path.absolute().parents if p.is_dir()), None)
    raise DataError(
        f"{shown} does not exist." + (f" The nearest that does: {near}." if near else "")
    )


def _nothing(path: Path) -> str:
    """That nothing at a path can be read, what is there, and what would be."""
    allowed = (
        f"Read are pictures ({litter.ALLOWED}) in a folder, a zip or a tar; "
        "npz, npy, idx, CSV, mat and h5 files; CIFAR's python batches."
    )
    name = trees.printable(path.name or str(path))
    tree = opening.open_tree(path)
    if tree is None:
        return f"{name} is nothing that can be read here: {litter.why(name)}. {allowed}"
    tree.close()
    return f"There are no pictures in {name}. {_holds(tree)} {allowed}"


def _holds(tree: trees.Tree) -> str:
    endings = Counter(
        Path(name).suffix.lower() for name, why in tree.passed_over if why != litter.HIDDEN
    )
    if not endings:
        return "It is empty." if not tree.passed_over else "It holds hidden files only."
    told = [f"{n:,} {ending or 'without an ending'}" for ending, n in endings.most_common(TRIED)]
    more = ", and others" if len(endings) > TRIED else ""
    return f"It holds {sum(endings.values()):,} files: {', '.join(told)}{more}."
