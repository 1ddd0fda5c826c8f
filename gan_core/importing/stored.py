"""Check-ups and plans as JSON, so that what waits outlives the server."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import Any

from gan_core.importing.base import CheckUp, Item, Plan, Question, Recognised, Skipped


def pack(found: CheckUp) -> dict[str, Any]:
    """A check-up as JSON takes it."""
    return {
        "recognised": pack_recognised(found.recognised),
        "items": [astuple(item) for item in found.items],
        "skipped": [astuple(skipped) for skipped in found.skipped],
        "suggested": pack_plan(found.suggested),
        "classes": dict(found.classes),
        **{name: getattr(found, name) for name in (*_PLAIN, "num_transparent")},
    }


def unpack(stored: dict[str, Any]) -> CheckUp:
    """The check-up again; whatever a damaged file raises."""
    return CheckUp(
        recognised=unpack_recognised(stored["recognised"]),
        items=tuple(Item(*values) for values in stored["items"]),
        skipped=tuple(
            Skipped(name, reason, text, index, tuple(size))
            for name, reason, text, index, size in stored["skipped"]
        ),
        suggested=unpack_plan(stored["suggested"]),
        classes=stored["classes"],
        **{name: _deep_tuple(stored[name]) for name in _PLAIN},
        num_transparent=stored.get("num_transparent", 0),  # of an earlier version
    )


def pack_recognised(found: Recognised) -> dict[str, Any]:
    return {
        "form": found.form,
        "kind": found.kind,
        "questions": [astuple(question) for question in found.questions],
    }


def unpack_recognised(stored: dict[str, Any]) -> Recognised:
    questions = [Question(*_deep_tuple(values)) for values in stored["questions"]]
    return Recognised(stored["form"], stored["kind"], tuple(questions))


def pack_plan(plan: Plan) -> dict[str, Any]:
    """A plan as JSON takes it."""
    found = {each.name: getattr(plan, each.name) for each in fields(plan)}
    mappings = {name: dict(found[name]) for name in ("answers", "classes", "offsets")}
    return found | mappings | {name: sorted(found[name]) for name in _SETS}


def unpack_plan(stored: dict[str, Any]) -> Plan:
    return Plan(**stored | {name: frozenset(stored[name]) for name in _SETS})


def _deep_tuple(value: Any) -> Any:
    return tuple(map(_deep_tuple, value)) if isinstance(value, list | tuple) else value


_PLAIN = (
    "usable", "passed_over", "sizes", "num_colour", "copies", "unmatched", "notes", "problem",
)  # fmt: skip
_SETS = ("left_out", "anyway")
