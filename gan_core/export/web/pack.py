"""Weights in few bytes: float16, or int8 with a scale for each output; what unpack.js reads."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import numpy as np

MOST_HALF = 65504.0  # the largest float16
ALIGN = 8
BASE, GROUP, DIGITS = 94, 9, 11  # of text: 94 ** 11 is a little more than 256 ** 9
TRANSPOSED = 2  # the axis of a transposed convolution's kernel that has its outputs


def packed(
    arrays: dict[str, np.ndarray],
    *,
    eight_bits: bool = False,
    transposed: frozenset[str] = frozenset(),
) -> tuple[list[dict[str, Any]], bytes]:
    """(what lies where, as unpack.js wants it, and all bytes in one piece).

    Args:
        eight_bits: kernels in int8, everything else in float16; about half as many bytes.
        transposed: keys of kernels [kh, kw, outputs, inputs].
    """
    entries, parts, at = [], [], 0
    for key, array in arrays.items():
        kernel = array.ndim > 1
        if eight_bits and kernel:
            entry, data = _int8(array, TRANSPOSED if key in transposed else array.ndim - 1)
        elif np.abs(array).max(initial=0.0) <= MOST_HALF:
            entry, data = {"type": "float16"}, array.astype("<f2").tobytes()
        else:
            entry, data = {"type": "float32"}, array.astype("<f4").tobytes()
        if "scales" in entry:
            entry["scales"] += at
        entries.append({"key": key, "size": int(array.size), "at": at, **entry})
        data += bytes(-len(data) % ALIGN)
        parts.append(data)
        at += len(data)
    return entries, b"".join(parts)


def _int8(array: np.ndarray, axis: int) -> tuple[dict[str, Any], bytes]:
    others = tuple(i for i in range(array.ndim) if i != axis)
    scale = np.maximum(np.abs(array).max(axis=others, keepdims=True) / 127.0, 1e-30).astype("<f4")
    numbers = np.clip(np.rint(array / scale), -127, 127).astype(np.int8)
    body = numbers.tobytes()
    body += bytes(-len(body) % ALIGN)
    repeat = int(np.prod(array.shape[axis + 1 :], dtype=np.int64))
    entry = {"type": "int8", "scales": len(body), "count": int(array.shape[axis]), "repeat": repeat}
    return entry, body + scale.tobytes()


def carried(told: dict[str, Any], weights: bytes) -> bytes:
    """JSON and weights as one deflated piece that DecompressionStream("deflate") opens.

    First 4 bytes: how long the JSON is, little-endian; it ends with spaces, so that weights begin at
    a multiple of 8.
    """
    head = json.dumps(told, allow_nan=False).encode("ascii")
    head += b" " * (-(len(head) + 4) % ALIGN)
    return zlib.compress(struct.pack("<I", len(head)) + head + weights, 9)


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
