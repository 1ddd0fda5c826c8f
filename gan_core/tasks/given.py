"""What trained networks are given, said to people and to programs; no TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

DRAWN_FROM = {"normal": "N(0, 1)", "uniform": "U(-1, 1)"}
_DRAWN = {
    "normal": "np.random.normal(size=(1, {n}))",
    "uniform": "np.random.uniform(-1, 1, (1, {n}))",
}


@dataclass(frozen=True)
class Given:
    """One input of a model.

    Attributes:
        words: its type, shape and meaning.
        code: Python that makes one, with NumPy as `np`.
        facts: the same for programs, as JSON.
    """

    name: str
    words: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


def z(latent_dim: int, prior: str) -> Given:
    """The latent input of a generator."""
    drawn = DRAWN_FROM[prior]
    return Given(
        "z",
        f"float32 [N, {latent_dim}], drawn from {drawn}",
        _DRAWN[prior].format(n=latent_dim) + '.astype("float32")',
        {"shape": ["N", latent_dim], "dtype": "float32", "drawn_from": drawn},
    )


def classes(names: Sequence[str]) -> Given:
    """Classes as one-hot rows, in the order of their names."""
    count = len(names)
    return Given(
        "classes",
        f"float32 [N, {count}], one-hot, in this order: {in_order(names)}",
        f'np.eye({count}, dtype="float32")[[0]]',
        {"shape": ["N", count], "dtype": "float32", "one_hot": True, "names": list(names)},
    )


def image(shape: Sequence[int], name: str = "image") -> Given:
    """One image in, as networks take it: (H, W, C)."""
    sizes = ["N", *shape]
    return Given(
        name,
        f"float32 [{', '.join(map(str, sizes))}], from -1 (black) to 1 (white)",
        f'np.zeros((1, {", ".join(map(str, shape))}), "float32")',
        {"shape": sizes, "dtype": "float32", "range": [-1, 1]},
    )


def in_order(names: Sequence[str]) -> str:
    """Class names in a row, each with its number where the name is another."""
    plain = (" ".join(str(name).split()) for name in names)
    return ", ".join(name if name == str(k) else f"{k} {name}" for k, name in enumerate(plain))
