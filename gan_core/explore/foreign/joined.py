"""z and a one-hot class joined in one input: no file says so, a person must.

Such a generator has a single input, and looks as if all of it were z. Fed with noise it draws what
it never learned to draw.
"""

from __future__ import annotations

from gan_core.explore.foreign.plan import MAX_CLASSES, Unfit
from gan_core.explore.foreign.values import unused

# Lengths of z that people use; another one is likely a z with something joined to it.
LONGER = "12 16 24 32 48 64 96 120 128 150 192 200 250 256 300 384 400 500 512 600 700 768 800 900"
LONGEST = "1000 1024 2000 2048 4096"
USUAL = frozenset(
    [*range(1, 9), *range(10, 101, 5), *map(int, LONGER.split()), *map(int, LONGEST.split())]
)
COMMON = 10  # classes of MNIST, Fashion-MNIST, CIFAR-10


def may_hold_class(plan: dict) -> bool:
    """Whether the question makes sense: a single input of more than two numbers."""
    return not plan["classes"] and plan["z"] > 2


def guess(plan: dict) -> int:
    """How many of the last numbers are likely a class: 0 where the length of z is a usual one."""
    if not may_hold_class(plan) or plan["z"] in USUAL:
        return 0
    if plan["z"] - COMMON in USUAL:
        return COMMON
    left = plan["z"] - max(n for n in USUAL if n < plan["z"])
    return left if left > 1 else 2


def split(plan: dict, count: int) -> dict:
    """The plan with the last `count` numbers of its input as a class of their own.

    Raises:
        Unfit: it has a class already, or there are not so many numbers.
    """
    if not count:
        return plan
    if plan["classes"]:
        raise Unfit("The generator has an input for its class already.")
    most = min(plan["z"] - 1, MAX_CLASSES)
    if not 2 <= count <= most:
        raise Unfit(
            f"A class joined to z has 2 to {most} of the {plan['z']} numbers. Received: {count}."
        )
    name = unused("z and class", [layer["name"] for layer in plan["layers"]])
    whole = {
        "name": name,
        "kind": "Concatenate",
        "inputs": ["z", "classes"],
        "params": {"axis": -1},
    }
    layers = [
        layer | {"inputs": [name if n == "z" else n for n in layer["inputs"]]}
        for layer in plan["layers"]
    ]
    output = name if plan["output"] == "z" else plan["output"]
    return plan | {
        "z": plan["z"] - count,
        "classes": count,
        "layers": [whole, *layers],
        "output": output,
        "joined": count,
    }
