"""From files or an address to a plan and arrays, whatever the format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import numpy as np

from gan_core.explore.foreign import bundle, fetch, h5_file, keras_file, tfjs
from gan_core.explore.foreign.plan import Unfit
from gan_core.explore.foreign.values import shown
from gan_core.storage import access

SUFFIXES = ("keras", "h5", "hdf5", "json", "bin", "zip")
WHOLE = (".keras", ".h5", ".hdf5", ".zip")  # a model in one file
# What the files of a format were mostly trained with.
USUAL_PRIOR = {"keras": "normal", "tfjs": "uniform"}
_OURS = ("store", "row", "top", "order", "trains", "was")  # of use only while a file is read


class Found(NamedTuple):
    """A network that was read: its plan, its arrays, and "keras" or "tfjs"."""

    plan: dict
    arrays: dict[str, np.ndarray]
    kind: str


def from_bytes(data: bytes) -> Found:
    """What a single file holds: `.keras`, HDF5, or a zip of one of these or of `model.json`.

    Raises:
        Unfit: it is none of them, damaged, too large, or holds more than stock layers.
    """
    return from_files({"the file": data})


@access.for_trainers
def from_files(files: Mapping[str, bytes]) -> Found:
    """The same of one file, or of `model.json` and the files with its weights; name -> bytes."""
    if len(files) == 1:
        (data,) = files.values()
        if data[:2] == b"PK":
            return _zipped(data)
        if data.lstrip()[:1] != b"{":
            return _single(data)
    return _tfjs(bundle.Files({name: _given(data) for name, data in files.items()}))


@access.for_trainers
def from_url(url: str, seen: Callable[[bytes], object] | None = None, **limits) -> Found:
    """The same of an http(s) address; `limits` as for `fetch.fetch`.

    Args:
        seen: is called with the bytes of each file that came, in their order.
    """
    seen = seen or (lambda data: None)
    data, came_from = fetch.fetch(url, **limits)
    seen(data)
    if data.lstrip()[:1] != b"{":
        return from_bytes(data)

    def shard(name: str, most: int) -> bytes:
        own = urlsplit(came_from)._replace(query="", fragment="").geturl()
        part = fetch.fetch(urljoin(own, name), **(limits | {"limit": most}))[0]
        seen(part)
        return part

    return _slim(*tfjs.read(data, shard), "tfjs")


def _single(data: bytes) -> Found:
    if data[:8] == h5_file.SIGNATURE:
        return _slim(*h5_file.read(data), "keras")
    if data[:1] == b"\x80":
        raise Unfit("This is a Python pickle. Pickles can run code and are never opened.")
    raise Unfit(
        "This is no generator that can be read: a `.keras` file or a zip begins with PK, an `.h5` "
        "file with HDF, a `model.json` with a brace."
    )


def _zipped(data: bytes) -> Found:
    if not bundle.is_bundle(data):
        return _slim(*keras_file.read(data), "keras")
    files = bundle.Files(bundle.members(data))
    whole = [name for name in files.names if PurePosixPath(name).suffix in (".keras", ".h5")]
    if len(whole) != 1:
        return _tfjs(files)
    inner = files.get(whole[0], keras_file.MAX_FILE + 1)
    if inner[:2] == b"PK":
        return _slim(*keras_file.read(inner), "keras")
    return _single(inner)


def _tfjs(files: bundle.Files) -> Found:
    return _slim(*tfjs.read(files.description(), files.shard), "tfjs")


def _given(data: bytes) -> Callable[[int], bytes]:
    return lambda most: data[:most]


def _slim(plan: dict, arrays: dict[str, np.ndarray], kind: str) -> Found:
    """Without what only the readers need, so that a network is the same whatever file it is from."""
    layers = [{k: v for k, v in row.items() if k not in _OURS} for row in plan["layers"]]
    return Found(plan | {"layers": layers}, arrays, kind)


def title_of(names: list[str]) -> str:
    """What to call what these files hold: the one that is not weights alone."""
    described = [n for n in names if not n.endswith(".bin")] or names
    return shown(described[0], 100)
