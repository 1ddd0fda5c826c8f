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
MOST_BITS = 15  # of a number of steps and its sign


def packed(
    arrays: dict[str, np.ndarray], steps: Mapping[str, float] | None = None
) -> tuple[list[dict[str, Any]], bytes]:
    """(what lies where, as unpack.js wants it, and all bytes in one piece).

    Args:
        steps: by key of an array what its numbers become multiples of; all others are float16.
    """
    entries, parts, at = [], [], 0
    for key, array in arrays.items():
        entry, data = _stepped(array, (steps or {}).get(key, 0.0)) or _float(array)
        entries.append({"key": key, "size": int(array.size), "at": at, **entry})
        data += bytes(-len(data) % ALIGN)
        parts.append(data)
        at += len(data)
    return entries, b"".join(parts)


def as_read(array: np.ndarray, entry: Mapping[str, Any]) -> np.ndarray:
    """What unpack.js reads of an array that was packed as the entry says."""
    if entry["type"] == "steps":
        return (np.rint(array / entry["step"]) * entry["step"]).astype(np.float32)
    return array.astype(entry["type"]).astype(np.float32)


def _float(array: np.ndarray) -> tuple[dict[str, Any], bytes]:
    if np.abs(array).max(initial=0.0) <= MOST_HALF:
        return {"type": "float16"}, array.astype("<f2").tobytes()
    return {"type": "float32"}, array.astype("<f4").tobytes()


def _stepped(array: np.ndarray, step: float) -> tuple[dict[str, Any], bytes] | None:
    """Whole numbers of steps: a byte each with the highest bits, which deflate gives as few as it can, then

    the other bits of all, the higher ones of a number first: these are as good as random, and stay as they
    are. None where there is no step, or one so fine that float16 is as short.
    """
    most = np.abs(array).max(initial=0.0)
    if not step > 0 or not most < 2**MOST_BITS * step:
        return None
    numbers = np.rint(array.ravel() / step).astype(np.int32)
    bits = max(int(np.abs(numbers).max(initial=0)).bit_length() - 7, 0)
    rest = (numbers[:, None] >> np.arange(bits)[::-1]) & 1
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
    deflate = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_FILTERED)
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
