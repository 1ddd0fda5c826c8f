"""What waits to be kept, and what is in the bin, as JSON; and names that a new set may have."""

from __future__ import annotations

from pathlib import Path

from gan_core.errors import DataError
from gan_core.importing import naming
from gan_core.importing.desk import Waiting

FIRSTS = 8  # pictures that are shown while the others are read


def waiting_told(found: Waiting) -> dict:
    """One that waits, as JSON."""
    asked = found.recognised.questions if found.recognised else ()
    return {
        "id": found.id, "title": found.title, "phase": found.phase, "path": found.path,
        "done": found.done, "total": found.total, "doing": found.doing,
        "usable": found.num_usable, "skipped": found.num_skipped, "since": found.received_at,
        "files": found.total, "error": found.error, "kept": found.kept,
        "form": found.recognised.form if found.recognised else "",
        "unit": found.recognised.unit if found.recognised else "files",
        "firsts": list(found.first[:FIRSTS]), "stamp": f"{found.received_at} {found.seconds}",
        "questions": [_question(each, found) for each in asked] if found.phase == "asking" else [],
    }  # fmt: skip


def _question(question, found: Waiting) -> dict:
    return {
        "name": question.name,
        "text": question.text,
        "choices": list(question.choices),
        "likely": question.likely,
        "answer": found.answers.get(question.name, question.likely),
        "why": question.why,
    }


def name_problem(name: str, data_dir: Path) -> str:
    """Why a set cannot be called so, in words; "" where it can."""
    try:
        naming.place(name, data_dir)
    except DataError as error:
        return str(error)
    return ""


def free_name(name: str, data_dir: Path) -> str:
    """The name, with a number behind it where there is a set of this name."""
    names = [name, *(f"{name[:60]}_{number}" for number in range(2, 100))]
    return next((each for each in names if not name_problem(each, data_dir)), name)


def binned(lab) -> list[dict]:
    """Sets in the bin, as JSON."""
    return [
        {"name": each.name, "removed_at": each.removed_at, "bytes": each.num_bytes}
        for each in lab.shelf.binned()
    ]
