"""What the small files of a run may hold: one table a file, for those who import and who read.

An import refuses a value that is not good. A reader cannot: the run may have been imported long
ago or changed by hand, and one bad value must not take a whole page down. It takes a bad optional
value for an absent one, and leaves a line out whose required values are not good. Keys that no
table knows pass: other programs may add some (docs/run_folder.md).
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from gan_core.runs.run_ids import is_run_id

MAX_STEP = 2**32  # steps are stored as 32-bit numbers
LATEST = 1e11  # Unix time; dates of calendars end soon after
LONG = 1e15  # seconds, images or speeds beyond which a number says nothing
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_REQUIRED, _NOTHING = object(), object()


class Rule(NamedTuple):
    """Whether a value is good, and what stands for one that is bad or absent."""

    good: Callable[[Any], bool]
    default: Any = _NOTHING  # no value, not even a key


class Table(dict[str, Rule]):
    """The rules of an object by name; `expected` are the names that something stands for."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        super().__init__(rules)
        self.expected = [(n, r.default) for n, r in self.items() if r.default is not _NOTHING]


def is_step(value: Any) -> bool:
    """A whole number that can be a step or a count."""
    return type(value) is int and 0 <= value < MAX_STEP


def is_number(value: Any) -> bool:
    """A finite number."""
    if isinstance(value, float):
        return math.isfinite(value)
    return type(value) is int and abs(value) < 2**53


def is_amount(value: Any) -> bool:
    """A number from 0 to LONG."""
    return is_number(value) and 0 <= value <= LONG


def is_knobs(value: Any) -> bool:
    """Live settings by name, or none."""
    return value is None or (
        isinstance(value, dict) and all(is_name(n) and is_number(v) for n, v in value.items())
    )


def is_time(value: Any) -> bool:
    """A Unix time that has a date."""
    return is_number(value) and 0 <= value <= LATEST


def is_flag(value: Any) -> bool:
    """True or False."""
    return isinstance(value, bool)


def is_share(value: Any) -> bool:
    """A number, or None where it was not measured."""
    if type(value) is float:  # nearly always, and there are many of them
        return math.isfinite(value)
    return value is None or is_number(value)


def is_name(value: Any) -> bool:
    """A text of at most 80 characters."""
    return isinstance(value, str) and len(value) <= 80


def is_text(value: Any) -> bool:
    """A text of at most 20,000 characters."""
    return isinstance(value, str) and len(value) <= 20_000


def is_dict(value: Any) -> bool:
    """An object."""
    return isinstance(value, dict)


def list_of(good: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """A list whose items are all good."""
    return lambda value: isinstance(value, list) and all(map(good, value))


def dict_of(good: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """An object whose values are all good."""
    return lambda value: isinstance(value, dict) and all(map(good, value.values()))


def is_turn(value: Any) -> bool:
    """The value of a setting before and after it was turned."""
    return isinstance(value, list) and len(value) == 2 and all(map(is_number, value))


def is_change(value: Any) -> bool:
    """[old, new] of a setting: numbers or short texts."""
    plain = isinstance(value, list) and len(value) == 2
    return plain and all(is_number(v) or is_name(v) for v in value)


def is_row(value: Any) -> bool:
    """A label and its value."""
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)


def is_gap(value: Any) -> bool:
    """Scores of D for training, held-out and fake images; None where they were not asked."""
    names = {"train", "held_out", "fake", "auc", "share"}
    return value is None or (dict_of(is_share)(value) and set(value) == names)


def is_parent(value: Any) -> bool:
    """A checkpoint of another run, or None. Whether there is such a run is another question."""
    good = is_dict(value) and is_run_id(value.get("run")) and is_step(value.get("step"))
    return value is None or (good and isinstance(value.get("changes", {}), dict))


MANIFEST = Table(
    {  # of a checkpoint, which is good as a whole or not at all
        "step": Rule(is_step, _REQUIRED),
        "g_updates": Rule(is_step),
        "d_updates": Rule(is_step),
        "images_seen": Rule(is_amount),
        "wall_time": Rule(is_amount),
        "knobs": Rule(dict_of(is_number)),
    }
)
HEADER = Table(
    {
        "versions": Rule(is_dict, {}),
        "parent": Rule(is_parent, None),
        "created_at": Rule(is_time, 0.0),
        "note": Rule(lambda value: value is None or is_text(value), ""),
    }
)
STATUS = Table(
    {
        "step": Rule(is_step, 0),
        "images_seen": Rule(is_amount, 0),
        "wall_time": Rule(is_amount, 0.0),
        "steps_per_second": Rule(is_amount, 0.0),
        "num_steps": Rule(lambda n: n is None or (is_step(n) and n <= 100_000_000), None),
        "num_minutes": Rule(lambda n: n is None or (is_number(n) and 0 < n <= 1e6), None),
        "phase": Rule(is_text, ""),
        "error": Rule(is_text, ""),
        "updated_at": Rule(is_time, 0.0),
        "owner": Rule(is_text, ""),
        "where": Rule(is_text, ""),
        "knobs": Rule(is_knobs, None),
    }
)
EVENT = Table(
    {
        "kind": Rule(is_name, _REQUIRED),
        "step": Rule(is_step, _REQUIRED),
        "time": Rule(is_time, _REQUIRED),
        "who": Rule(is_name, ""),
        "text": Rule(is_text),
        "error": Rule(is_text),
        "run": Rule(is_text),
        "child": Rule(is_text),
        "parent": Rule(is_text),
        "changes": Rule(is_dict),
        "name": Rule(is_name),
        "word": Rule(is_name),
        "alarm": Rule(is_flag),
        "since": Rule(is_step),
        "rule": Rule(is_name),
        "numbers": Rule(list_of(is_row)),
    }
)
KNOB = Table(EVENT | {"changes": Rule(dict_of(is_turn))})
SETTINGS = Table(EVENT | {"changes": Rule(dict_of(is_change))})
EVAL = Table(
    {
        "step": Rule(is_step, _REQUIRED),
        "count": Rule(is_step, _REQUIRED),
        "values": Rule(dict_of(is_share), _REQUIRED),
        "time": Rule(is_time),
        "extractor": Rule(is_name, ""),
        "seconds": Rule(is_amount),
        "seed": Rule(is_number),
        "class_counts": Rule(list_of(is_step), []),
        "missing": Rule(list_of(is_text), []),
        "thin": Rule(list_of(is_text), []),
        "floor": Rule(is_share, None),
        "ceiling": Rule(is_share, None),
        "real": Rule(dict_of(is_share), {}),
        "noise": Rule(dict_of(is_share), {}),
        "judge_accuracy": Rule(is_share, None),
        "beside": Rule(dict_of(dict_of(is_share))),
    }
)
PROBE = Table(
    {
        "step": Rule(is_step, _REQUIRED),
        "count": Rule(is_step, _REQUIRED),
        "seconds": Rule(is_amount),
        "missing": Rule(list_of(is_text), []),
        "class_counts": Rule(list_of(is_step), []),
        "class_kl": Rule(is_share, None),
        "diversity": Rule(is_share, None),
        "class_diversity": Rule(is_share, None),
        "duplicates": Rule(is_share, None),
        "gap": Rule(is_gap, None),
        "values": Rule(dict_of(is_share)),
    }
)


def event_table(event: Any) -> Table:
    """The table of an event: what `changes` are depends on its kind."""
    kind = event.get("kind") if isinstance(event, dict) else None
    return {"knob": KNOB, "settings": SETTINGS}.get(kind if isinstance(kind, str) else "", EVENT)


def first_bad(values: Mapping[str, Any], table: Table) -> str:
    """The name of the first value that an import refuses; "" if all are good."""
    for name, rule in table.items():
        if name not in values:
            if rule.default is _REQUIRED:
                return name
        elif not rule.good(values[name]):
            return name
    return ""


def read(values: Mapping[str, Any], table: Table) -> dict[str, Any] | None:
    """A copy with defaults for what is bad or absent; None if a required value is."""
    good = {n: v for n, v in values.items() if n not in table or table[n].good(v)}
    for name, default in table.expected:
        if name not in good:
            if default is _REQUIRED:
                return None
            good[name] = copy.copy(default)
    return good


def read_notes(values: Any) -> Any:
    """notes.json without the items of its lists that no page can show."""
    kinds = {"tags": is_text, "favourites": is_dict, "directions": is_dict}
    if not isinstance(values, dict):
        return values
    lists = {name: values[name] for name in kinds if isinstance(values.get(name), list)}
    return values | {name: [v for v in items if kinds[name](v)] for name, items in lists.items()}


def unturned(value: Any) -> Any:
    """A text, or a tuple of values, without the marks that turn the order of letters.

    U+202A to E and U+2066 to 9 make "gnp.exe" read "exe.png". Languages that are written from right
    to left do not need them.
    """
    if isinstance(value, tuple):
        return tuple(map(unturned, value))
    return _TURNS.sub("", value) if isinstance(value, str) else value


def read_all(lines: Iterable[Mapping[str, Any]], table: Table) -> list[dict[str, Any]]:
    """The lines that can be used, each as `read` gives it."""
    return [found for line in lines if (found := read(line, table)) is not None]


def read_events(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same for events, whose tables differ."""
    return [e for line in lines if (e := read(line, event_table(line))) is not None]
