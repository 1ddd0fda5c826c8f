"""Near copies: the same picture saved again, smaller, a little brighter, or under another name.

Small copies of two pictures, each less its mean, correlate by more than ALIKE where one is a copy: on
house fronts a copy saved at quality 30, at half the size or a tenth brighter reaches 0.98, the two most
alike of 400 different ones 0.93.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from gan_core.importing.looks import SMALL

ALIKE = 0.975
MAYBE = 0.93  # the same of twelve by twelve greys, at which it is worth to look closer
COARSE = 12
BLOCK = 512
MOST = 40_000  # pictures of which each is compared with each; beyond, only equal ones are found


def groups(small: np.ndarray, keys: Sequence[Hashable], near: bool = True) -> list[list[int]]:
    """Rows that are copies of each other, the first of each group the one they are copies of.

    A row joins the first row that it is a copy of, so a film does not become one long chain.

    Args:
        small: uint8 [N, SMALL, SMALL, 3].
        keys: [N]; only rows with one key are compared.
        near: False finds equal rows only.
    """
    found: list[list[int]] = []
    rows_of: dict[Hashable, list[int]] = {}
    for row, key in enumerate(keys):
        rows_of.setdefault(key, []).append(row)
    for rows in rows_of.values():
        leader = _near(small[rows]) if near and len(rows) <= MOST else _equal(small[rows])
        together: dict[int, list[int]] = {}
        for row, first in zip(rows, leader, strict=True):
            together.setdefault(int(first), []).append(row)
        found += [group for group in together.values() if len(group) > 1]
    return sorted(found)


def _equal(small: np.ndarray) -> list[int]:
    """For each row the first one that is equal to it."""
    first: dict[bytes, int] = {}
    return [first.setdefault(picture.tobytes(), row) for row, picture in enumerate(small)]


def _near(small: np.ndarray) -> np.ndarray:
    """For each row the first one that it is a copy of, int64 [N]."""
    greys = small.astype(np.float32).mean(3)
    step = SMALL // COARSE
    coarse = greys.reshape(-1, COARSE, step, COARSE, step).mean((2, 4))
    coarse = _directions(coarse)
    leader = np.arange(len(small))
    is_leader = np.ones(len(small), bool)
    for start in range(0, len(small), BLOCK):
        stop = min(start + BLOCK, len(small))
        likeness = coarse[start:stop] @ coarse[:stop].T
        for row in range(start, stop):
            before = np.flatnonzero((likeness[row - start, :row] > MAYBE) & is_leader[:row])
            if len(before) and (same := _first_alike(small, row, before)) is not None:
                leader[row], is_leader[row] = same, False
    return leader


def _first_alike(small: np.ndarray, row: int, before: np.ndarray) -> int | None:
    own = _directions(small[row : row + 1])[0]
    alike = np.flatnonzero(_directions(small[before]) @ own > ALIKE)
    return int(before[alike[0]]) if len(alike) else None


def _directions(pictures: np.ndarray) -> np.ndarray:
    """Each less its mean and of length 1: float32 [N, P]; what is flat becomes 0, like nothing."""
    rows = pictures.reshape(len(pictures), -1).astype(np.float32)
    rows -= rows.mean(1, keepdims=True)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(length > np.sqrt(rows.shape[1]), rows / np.maximum(length, 1e-6), 0)
