"""JSON as text: what every reader understands, and what no page could show mended."""

from __future__ import annotations

import json
import math
import numbers
import re
from pathlib import Path
from typing import Any

_HALF = re.compile("[\ud800-\udfff]")
_MAY_HALVE = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]|\0")  # escaped, in UTF-8, in UTF-16


def parse_json(data: bytes) -> Any:
    """The JSON value of a text; halves of characters, which no page can show, become U+FFFD.

    Raises:
        ValueError, RecursionError: it is no JSON.
    """
    value = json.loads(data)
    return _mended(value) if _MAY_HALVE.search(data) else value


def has_halves(data: bytes) -> bool:
    """Whether a text of JSON holds halves of characters (lone surrogates); it must be valid."""
    return bool(_MAY_HALVE.search(data) and (value := json.loads(data)) != _mended(value))


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_mended(item) for item in value]
    return value


def dump_json(value: Any, *, indent: int | None = None) -> str:
    """JSON text that every reader understands: NaN and infinity, which JSON lacks, become null."""
    try:
        return json.dumps(value, indent=indent, default=_plain, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), indent=indent, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, set | frozenset | tuple):
        return sorted(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON: {value!r}")


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, numbers.Real) and not math.isfinite(value):
        return None
    return value
