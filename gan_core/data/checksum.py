"""A digest of a set's images and labels that costs no reading of the images.

A zip keeps the CRC-32 of each member, and reading an array compares it. A member is a header and
the array, so the array's own CRC-32 follows from that of both and of the header: appending n bytes
to data multiplies its remainder by x^(8n) modulo the CRC's polynomial over GF(2).
"""

import hashlib
from collections.abc import Mapping

import numpy as np

POLYNOMIAL = 0xEDB88320  # of CRC-32, its lowest power in the highest bit
ONE, X8 = 1 << 31, 1 << 23  # the polynomials 1 and x^8


def _times(a: int, b: int) -> int:
    """The product of two polynomials modulo the CRC's."""
    product = 0
    for bit in range(31, -1, -1):
        if a >> bit & 1:
            product ^= b
        b = b >> 1 ^ (POLYNOMIAL if b & 1 else 0)
    return product


def crc_of_rest(whole: int, start: int, rest_bytes: int) -> int:
    """CRC-32 of the last `rest_bytes` of data, from the CRC-32 of all and of what comes before."""
    power, square = ONE, X8
    while rest_bytes:
        if rest_bytes & 1:
            power = _times(power, square)
        square = _times(square, square)
        rest_bytes >>= 1
    return whole ^ _times(power, start)


def digest(
    images: Mapping[str, tuple[tuple[int, ...], int]],
    labels: Mapping[str, np.ndarray],
    kind: str = "",
) -> str:
    """32 hex digits for images (name to shape [N, H, W, C] and CRC-32) and labels [N].

    The first half of the SHA-256 of one line a name, in the order x_train, x_test, y_train, y_test:
    `x_train 60000 28 28 1 1a2b3c4d`, and for labels the SHA-256 of their values as little-endian
    int64: `y_train 60000 <64 hex digits>`. Pairs and sides have a first line `pairs` or `sides`,
    and the names a_train, b_train, a_test, b_test, a_labels, b_labels, a_test_labels, b_test_labels.
    """
    lines = [kind] if kind else []
    lines += [
        f"{name} {' '.join(map(str, shape))} {crc:08x}" for name, (shape, crc) in images.items()
    ]
    for name, values in labels.items():
        found = hashlib.sha256(np.ascontiguousarray(values, "<i8").data).hexdigest()
        lines.append(f"{name} {len(values)} {found}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
