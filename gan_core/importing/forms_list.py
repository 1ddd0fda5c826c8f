"""All forms together: which one fits a path, and its source. For the child process."""

from __future__ import annotations

import contextlib
import importlib
from collections import Counter
from pathlib import Path
from types import ModuleType

from gan_core.data import checks, unread
from gan_core.errors import DataError
from gan_core.importing import litter, opening, trees
from gan_core.importing.base import Answers, Recognised, Source
from gan_core.importing.forms import ORDER

TRIED = 3  # kinds that are told of what is there
HEAD = 512  # bytes by which a file is known
BEGINNINGS = {  # first bytes of files of arrays, in hexadecimal
    ".npy": "93 4e 55 4d 50 59",
    ".h5": "89 48 44 46 0d 0a 1a 0a",
    ".hdf5": "89 48 44 46 0d 0a 1a 0a",
    "-ubyte": "00 00, a type from 08 to 0e, 01 to 04",  # idx
}
READ = (
    f"Read are pictures ({litter.ALLOWED}) in a folder, a zip or a tar; "
    "npz, npy, idx, CSV, mat and h5 files; CIFAR's python batches."
)


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
    try:
        found = _first_fitting(path, answers)
    except DataError as error:
        if said := _unread(path):  # as what it is, not as a damaged zip or a strange pickle
            raise DataError(said) from error
        raise
    if found is None:
        raise DataError(_unread(path) or _nothing(path))
    return found


def _first_fitting(path: Path, answers: Answers) -> tuple[ModuleType, Recognised] | None:
    for name in ORDER:
        form = importlib.import_module(f"gan_core.importing.forms.{name}")
        try:
            found = form.recognise(path, answers)
        except OSError as error:
            raise DataError(f"{path} cannot be read ({error.strerror or error}).") from error
        if found is not None:
            return form, found
    return None


def _unread(path: Path) -> str:
    """What a file is that is known and not read, with what converts it; "" of others, whole or damaged."""
    if not path.is_file():
        return ""
    with contextlib.suppress(OSError), path.open("rb") as file:
        if found := unread.of_file(path.name, file.read(HEAD)):
            name, (what, how) = trees.printable(path.name), found
            return f"{name} is {what}, which is not read: {how}. {READ}"
    return ""


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
    name = trees.printable(path.name or str(path))
    tree = opening.open_tree(path)
    if tree is None:
        return _no_form(path, name)
    tree.close()
    return " ".join(filter(None, [f"There are no pictures in {name}.", *_holds(tree), READ]))


def _no_form(path: Path, name: str) -> str:
    """The same of a single file."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        head = file.read(HEAD)
        if not head:
            return f"{name} is empty. {READ}"
        if litter.is_picture(name) or not litter.why_not(head):
            least = f"a network learns from {checks.MIN_IMAGES} or more"
            return f"{name} is one picture, and {least}: choose the folder or the zip that they are in."
        for ending, begins in BEGINNINGS.items():
            if name.lower().removesuffix(".gz").endswith(ending):
                received = f"Received: {head[:8].hex(' ')}"
                return f"{name} does not begin as its name says. {received}. Allowed: {begins}."
    why = litter.why(name)
    return f"{name} is nothing that can be read here{'' if why == litter.NO_PICTURE else f': {why}'}. {READ}"


def _holds(tree: trees.Tree) -> tuple[str, str]:
    """(how many files of which kinds, each with what converts it; which of them can be read by itself)"""
    there = [(name, why) for name, why in tree.passed_over if why != litter.HIDDEN]
    if not there:
        return ("It holds hidden files only." if tree.passed_over else "It is empty."), ""
    endings = Counter((Path(name).suffix.lower(), why) for name, why in there)
    told = [_kind(n, *kind) for kind, n in endings.most_common(TRIED)]
    more = ", and others" if len(endings) > TRIED else ""
    alone = next((name for name, why in there if why == litter.ALONE), "")
    holds = f"It holds {len(there):,} files: {', '.join(told)}{more}."
    if not alone:
        return holds, ""
    if tree.form == "folder":
        return holds, f"Choose {alone} itself: arrays and tables are read a file at a time."
    return (
        holds,
        f"Unpack it and choose {alone} itself: arrays and tables are read a file at a time.",
    )


def _kind(count: int, ending: str, why: str) -> str:
    """`2 .pdf (a drawing or a document; export its pages as PNG)`"""
    named = f"{count:,} {ending or 'without an ending'}"
    return named if why in (litter.NO_PICTURE, litter.ALONE) else f"{named} ({why})"
