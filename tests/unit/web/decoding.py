"""Reads an answer of the curve routes from its description in gan_core/web/curves.py alone."""

import json
import struct

import numpy as np


def decode(body: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """(header, columns) of an answer."""
    (length,) = struct.unpack_from("<I", body)
    header = json.loads(body[4 : 4 + length])
    assert (4 + length) % 8 == 0
    at, columns = 4 + length, {}
    for name, kind in header["columns"]:
        columns[name] = np.frombuffer(body, f"<{kind}", header["count"], at)
        at += columns[name].nbytes
    assert at == len(body)
    return header, columns
