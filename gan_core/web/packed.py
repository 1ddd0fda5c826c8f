"""Arrays as bytes, the one binary format of all routes (read by assets/components/shared/packed.js).

An answer is

    4 bytes             length L of the header that follows, little-endian
    L bytes             header: JSON in UTF-8, padded with spaces so that 4 + L is a multiple of 8
    for each array      its numbers, little-endian, row by row, padded with zeros to a multiple of 8

The header's `parts` lists the arrays in their order as [name, kind, shape]: `kind` is "u1" (uint8),
"f4" (float32) or "f8" (float64), `shape` a list of sizes. The name is null where the order says
which array it is. Everything else in the header is what the route says.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence

import numpy as np

from gan_core.web.answers import finite

KINDS = {np.dtype("u1"): "u1", np.dtype("<f4"): "f4", np.dtype("<f8"): "f8"}
ALIGNED = 8  # bytes; where every array begins, so that a browser can read it in place


def pack(header: dict, arrays: Mapping[str, np.ndarray] | Sequence[np.ndarray] = ()) -> bytes:
    """Header and arrays as described at the top.

    Args:
        header: JSON-like; NaN and infinities in it become null.
        arrays: uint8, float32 or float64 of any shape, by name or in their order; other floats and
            whole numbers are sent as float32.
    """
    if isinstance(arrays, Mapping):
        names: list[str | None] = list(arrays)
        kept = [_sent(array) for array in arrays.values()]
    else:
        kept = [_sent(array) for array in arrays]
        names = [None] * len(kept)
    parts = [[n, KINDS[a.dtype], a.shape] for n, a in zip(names, kept, strict=True)]
    text = json.dumps(finite(header) | {"parts": parts}).encode()
    text += b" " * (-(len(text) + 4) % ALIGNED)
    blocks: list[bytes | memoryview] = [struct.pack("<I", len(text)), text]
    for array in kept:
        blocks.append(array.data if array.size else b"")
        blocks.append(b"\0" * (-array.nbytes % ALIGNED))
    return b"".join(blocks)


def _sent(array: np.ndarray) -> np.ndarray:
    """The array as its bytes are sent."""
    return np.ascontiguousarray(array, None if array.dtype in KINDS else "<f4")
