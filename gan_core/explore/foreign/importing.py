"""From bytes or an address to a plan and arrays, whatever the format."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import numpy as np

from gan_core.explore.foreign import fetch, keras_file, tfjs
from gan_core.explore.foreign.plan import Unfit

Found = tuple[dict, dict[str, np.ndarray]]


def from_bytes(data: bytes) -> Found:
    """Plan and arrays of a `.keras` file."""
    if data[:1] == b"\x80":
        raise Unfit("This is a Python pickle. Pickles can run code and are never opened.")
    if data[:2] != b"PK" and data[:4] != b"\x89HDF":
        raise Unfit("This is no `.keras` file: those begin with PK, like every zip.")
    return keras_file.read(data)


def from_url(url: str, **limits) -> tuple[dict, dict[str, np.ndarray], str]:
    """(plan, arrays, "keras" or "tfjs") of an http(s) address; `limits` as for `fetch.fetch`."""
    data, came_from = fetch.fetch(url, **limits)
    if data.lstrip()[:1] != b"{":
        return *from_bytes(data), "keras"

    def shard(name: str, most: int) -> bytes:
        own = urlsplit(came_from)._replace(query="", fragment="").geturl()
        return fetch.fetch(urljoin(own, name), **(limits | {"limit": most}))[0]

    return *tfjs.read(data, shard), "tfjs"
