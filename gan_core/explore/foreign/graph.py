"""How the layers of a Functional model hang together: references, calls and their numbers.

A reference is [layer, call, output]. Keras and TensorFlow.js count the calls of a layer from 0, but
a model that was built on its own has a first call already, the one on its own inputs: what calls it
then is call 1. Which of the two holds is read off the references themselves.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gan_core.explore.foreign.plan import Unfit
from gan_core.explore.foreign.values import MODELS, kind_of, name_of, object_of, shown

MAX_DEPTH = 8  # lists inside lists of references
_HARMLESS: tuple[Any, ...] = (None, False, [])  # settings of a call that change nothing


class Reference(NamedTuple):
    """The output of one call of a layer."""

    layer: str
    call: int


class Call(NamedTuple):
    """One use of a layer: its row, which use it is, what it takes."""

    row: dict
    name: str
    number: int
    takes: list[Reference]


def references(nested: Any, depth: int = 0) -> list[Reference]:
    """All references in `["name", 0, 0]`, lists and objects of such, and Keras 3's tensors."""
    if depth > MAX_DEPTH:
        raise Unfit("The description is nested too deeply.")
    if isinstance(nested, dict):
        if nested.get("class_name") == "__keras_tensor__":
            history = object_of(nested.get("config"), "a tensor").get("keras_history")
            return references(history, depth + 1)
        nested = list(nested.values())
    if not isinstance(nested, list):
        raise Unfit(f"A layer is called with {shown(nested)}, which is the output of no layer.")
    if nested and isinstance(nested[0], str):
        return [_reference(nested)]
    return [found for item in nested for found in references(item, depth + 1)]


def _reference(row: list) -> Reference:
    numbers = row[1:3]
    if len(numbers) != 2 or any(type(n) is not int or not 0 <= n < 1000 for n in numbers):
        raise Unfit(f"What is taken from layer `{shown(row[0])}` is not understood.")
    if numbers[1]:
        raise Unfit(f"Layer `{shown(row[0])}` must have one output.")
    _check_settings(row[0], row[3] if len(row) > 3 else {})
    return Reference(row[0], numbers[0])


def _check_settings(name: str, settings: Any) -> None:
    """Unfit where a call has settings of its own, as `training=True`: images would differ."""
    for key, value in object_of(settings, "the settings of a call").items():
        if value not in _HARMLESS:
            raise Unfit(
                f"A layer is called with `{shown(key)}={shown(value)}` (near `{shown(name)}`), "
                "which is not supported yet: its images could not be repeated."
            )


def calls_of(row: dict) -> list[Call]:
    """Every use of a layer, in order."""
    nodes, name = row.get("inbound_nodes"), name_of(row)
    if not isinstance(nodes, list) or not nodes:
        raise Unfit(f"Layer `{shown(name)}` is never used.")
    found = []
    for number, node in enumerate(nodes):
        if isinstance(node, dict):  # Keras 3
            _check_settings(name, node.get("kwargs") or {})
            node = node.get("args")
        takes = references(node)
        if not takes:
            raise Unfit(f"Layer `{shown(name)}` takes nothing.")
        found.append(Call(row, name, number, takes))
    return found


def first_calls(calls: list[Call], outputs: list[Reference]) -> dict[str, int]:
    """Layer -> number of its first call as others write it: 0, or 1 for some nested models.

    Raises:
        Unfit: somebody takes a call that the layer does not have.
    """
    asked: dict[str, set[int]] = {}
    for reference in [*outputs, *(r for call in calls for r in call.takes)]:
        asked.setdefault(reference.layer, set()).add(reference.call)
    have: dict[str, int] = {}
    nested = {call.name for call in calls if kind_of(call.row) in MODELS}
    for call in calls:
        have[call.name] = have.get(call.name, 0) + 1
    first = {}
    for name, numbers in asked.items():
        first[name] = 1 if name in nested and 0 not in numbers else 0
        if max(numbers) - first[name] >= have.get(name, 1):
            raise Unfit(
                f"Call {max(numbers)} of layer `{shown(name)}` is asked for, "
                f"but it is used {have.get(name, 1)} times."
            )
    return first
