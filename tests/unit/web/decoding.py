"""Reads a binary answer from its description in gan_core/web/packed.py alone."""

import json
import struct

import numpy as np


def arrays_of(body: bytes) -> tuple[dict, list[tuple[str | None, np.ndarray]]]:
    """The header and the arrays with their names, in their order."""
    (length,) = struct.unpack_from("<I", body)
    header = json.loads(body[4 : 4 + length])
    assert (4 + length) % 8 == 0
    at, found = 4 + length, []
    for name, kind, shape in header["parts"]:
        array = np.frombuffer(body, f"<{kind}", int(np.prod(shape)), at).reshape(shape)
        found.append((name, array))
        at += -(-array.nbytes // 8) * 8
    assert at == len(body)
    return header, found


def decode(body: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """(header, columns) of an answer whose arrays have names."""
    header, found = arrays_of(body)
    return header, dict(found)
