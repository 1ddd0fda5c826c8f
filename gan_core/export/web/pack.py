"""Weights in few bytes: float16, or whole numbers of a step for each kernel; what unpack.js reads."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

MOST_HALF = 65504.0  # the largest float16
ALIGN = 8
BASE, GROUP, DIGITS = 94, 9, 11  # of text: 94 ** 11 is a little more than 256 ** 9


def packed(
    arrays: dict[str, np.ndarray], multiples: Mapping[str, tuple[np.ndarray, float]] | None = None
) -> tuple[list[dict[str, Any]], bytes]:
    """(what lies where, as unpack.js wants it, and all bytes in one piece).

    Args:
        multiples: instead of some arrays, by key: whole numbers, and the step that they are multiples of.
            All others are float16, or float32 where they are too large for it.
    """
    entries, parts, at = [], [], 0
    for key, array in arrays.items():
        stepped = (multiples or {}).get(key)
        entry, data = _steps(*stepped) if stepped else _floats(array)
        entries.append({"key": key, "size": int(array.size), "at": at, **entry})
        data += bytes(-len(data) % ALIGN)
        parts.append(data)
        at += len(data)
    return entries, b"".join(parts)


def floats_of(array: np.ndarray) -> str:
    """How the numbers of an array are kept."""
    return "float16" if np.abs(array).max(initial=0.0) <= MOST_HALF else "float32"


def _floats(array: np.ndarray) -> tuple[dict[str, Any], bytes]:
    kind = floats_of(array)
    return {"type": kind}, array.astype(np.dtype(kind).newbyteorder("<")).tobytes()


def _steps(numbers: np.ndarray, step: float) -> tuple[dict[str, Any], bytes]:
    """A byte each with the highest bits, which deflate gives as few as it can; then the other bits of all.

    Of these the higher ones of a number come first; they are as good as random, and stay as they are.
    """
    bits = max(int(np.abs(numbers).max(initial=0)).bit_length() - 7, 0)
    rest = (numbers.ravel()[:, None] >> np.arange(bits)[::-1]) & 1
    data = (numbers >> bits).astype(np.int8).tobytes()
    data += np.packbits(rest.astype(np.uint8), bitorder="little").tobytes()
    return {"type": "steps", "step": step, "bits": bits}, data


def carried(told: dict[str, Any], weights: bytes) -> bytes:
    """JSON and weights as one deflated piece that DecompressionStream("deflate") opens.

    First 4 bytes: how long the JSON is, little-endian; it ends with spaces, so that weights begin at
    a multiple of 8.
    """
    head = json.dumps(told, allow_nan=False).encode("ascii")
    head += b" " * (-(len(head) + 4) % ALIGN)
    deflate = zlib.compressobj(
        9, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_FILTERED
    )
    return deflate.compress(struct.pack("<I", len(head)) + head + weights) + deflate.flush()


def text(data: bytes) -> str:
    """Bytes as text that a script element can hold: 9 of them are 11 characters of 94 (base64: 12).

    A group is a number of 72 bits, its first byte the highest, written with its lowest digit first; a
    digit is a character from the space on, without `<`. Whoever reads it knows how many bytes there are.
    """
    padded = np.frombuffer(data + bytes(-len(data) % GROUP), np.uint8).astype(np.int64)
    threes = padded.reshape(-1, 3, 3) @ np.array(
        [1 << 16, 1 << 8, 1]
    )  # of 24 bits, the highest first
    digits = np.empty((len(threes), DIGITS), np.uint8)
    for place in range(DIGITS):
        rest = np.zeros(len(threes), np.int64)
        for i in range(3):
            threes[:, i], rest = np.divmod((rest << 24) + threes[:, i], BASE)
        digits[:, place] = rest
    characters = digits + ord(" ")
    return (characters + (characters >= ord("<"))).astype(np.uint8).tobytes().decode("ascii")
