"""How the explore page and its routes talk: bodies of float32 rows in, packed arrays out.

A request body is little-endian float32: rows of [z, class weights], Z + K numbers each. Answers
are written by packed.py, their arrays uint8 or float32.
"""

from __future__ import annotations

import functools
import json

import anyio
import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from gan_core.errors import BusyError
from gan_core.explore.explorer import At
from gan_core.storage import access
from gan_core.web import packed
from gan_core.web.answers import (
    BYTES,
    MAX_STEP,
    BadRequest,
    answer,
    binary,
    in_words,
    whole,
)

JSON = "application/json"
MAX_BODY = 8 * 2**20  # bytes
MOST_ASKERS = 8  # at generators at a time, those who wait included; a page is one


def pack(header: dict, *arrays: np.ndarray) -> Response:
    """The answer of header and arrays; what is not uint8 goes as float32."""
    kept = [a if a.dtype == np.uint8 else a.astype("<f4", copy=False) for a in arrays]
    return binary(packed.pack(header, kept))


def at(request: Request) -> At:
    """Which generator the address names: source, `step` (none: the newest), `raw`."""
    step = whole(request, "step", default=-1, low=-1)
    raw = bool(whole(request, "raw", default=0, high=1))
    return At(request.path_params["id"], None if step < 0 else step, raw)


def rows(body: bytes, about, limit: int):
    """z [N, Z] and class weights [N, K] (None without classes) of a body."""
    width = about.latent_dim + about.num_classes
    count, rest = divmod(len(body), 4 * width)
    if rest or not 1 <= count <= limit:
        raise BadRequest(
            f"The body must be 1 to {limit} rows of {width} float32 numbers "
            f"({about.latent_dim} of z, {about.num_classes} of classes). "
            f"Received: {len(body)} bytes."
        )
    found = np.frombuffer(body, "<f4").reshape(count, width).astype(np.float32)
    if not (np.abs(found) < 1e6).all():  # also refuses nan
        raise BadRequest("All numbers must be finite and below 1,000,000.")
    z, classes = found[:, : about.latent_dim], found[:, about.latent_dim :]
    return z, classes if about.num_classes else None


def joined(z: np.ndarray, classes: np.ndarray | None) -> np.ndarray:
    """Rows as they are sent."""
    return z if classes is None else np.concatenate([z, classes], axis=1)


def pixels(body: bytes, shape: tuple[int, ...]) -> np.ndarray:
    """uint8 [H, W, C] of a body."""
    if len(body) != np.prod(shape):
        raise BadRequest(
            f"The image must be {int(np.prod(shape))} bytes, {list(shape)}. Received: {len(body)}."
        )
    return np.frombuffer(body, np.uint8).reshape(shape)


def many_pixels(body: bytes, shape: tuple[int, ...], most: int) -> np.ndarray:
    """uint8 [N, H, W, C] of a body, at most so many images."""
    size = int(np.prod(shape))
    if not body or len(body) % size or len(body) > most * size:
        raise BadRequest(
            f"The body must be 1 to {most} images of {size} bytes, {list(shape)}. Received: {len(body)}."
        )
    return np.frombuffer(body, np.uint8).reshape(-1, *shape)


def numbers(request: Request, name: str, limit: int, low: int = 0) -> list[int]:
    """A list of whole numbers in the address, such as `seeds=1,2,3`."""
    text = request.query_params.get(name, "")[:2000]
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not 1 <= len(found) <= limit or not all(low <= n < MAX_STEP for n in found):
        raise BadRequest(
            f"`{name}` must be 1 to {limit} whole numbers with commas. Received: `{text[:40]}`."
        )
    return found


def changed_in(body: bytes) -> dict:
    """The change of notes that a body holds; {} where it is no JSON object."""
    try:
        change = json.loads(body)
    except (ValueError, RecursionError):
        change = None
    return change if isinstance(change, dict) else {}


def spoken(endpoint):
    """The endpoint with its errors in words; 503 where somebody else generates for too long."""

    @functools.wraps(endpoint)
    def wrapped(request: Request, *body: bytes) -> Response:
        return in_words(lambda _: endpoint(request, *body))(request)

    return wrapped


class Places:
    """Room for few who use generators, in threads of their own.

    Generators serve one at a time and may take seconds. In the threads that all routes share, those
    who wait for them would keep the cheap reads of every page waiting, too. Who finds no room is
    told so at once, and asks again (shared/fetch.js). Viewers take no place of a trainer's.

    Args:
        most: answers of trainers that are worked on at a time; of viewers access.MOST_VIEWERS besides.
        waiting: how many may wait besides, for pictures: a browser asks for one only once.
    """

    def __init__(self, most: int = MOST_ASKERS, waiting: int = 0):
        self._threads = {access.TRAINER: most, access.VIEWER: access.MOST_VIEWERS}
        self._room = {access.TRAINER: most + waiting, access.VIEWER: access.MOST_VIEWERS}
        self._taken = dict.fromkeys(access.ROLES, 0)
        self._limiters: dict[
            str, anyio.CapacityLimiter
        ] = {}  # they belong to the loop they are made in

    async def run(self, endpoint, *args) -> Response:
        """The answer of an endpoint of spoken(), or 503."""
        role = access.now()
        if self._taken[role] >= self._room[role]:
            error = "The generators are busy. Try again in a moment."
            return answer({"error": error}, 503, {"Retry-After": "1"})
        if role not in self._limiters:
            self._limiters[role] = anyio.CapacityLimiter(self._threads[role])
        self._taken[role] += 1
        try:
            work = functools.partial(_in_turn, endpoint, *args)
            return await anyio.to_thread.run_sync(work, limiter=self._limiters[role])
        finally:
            self._taken[role] -= 1


def _in_turn(endpoint, *args) -> Response:
    """An endpoint's answer; viewers have less room than trainers."""
    try:
        with access.in_turn():
            return endpoint(*args)
    except BusyError as error:
        return answer({"error": str(error)}, 503, {"Retry-After": "1"})


def placed(endpoint, places: Places):
    """The endpoint of a GET route that uses a generator."""

    @functools.wraps(endpoint)
    async def wrapped(request: Request) -> Response:
        return await places.run(spoken(endpoint), request)

    return wrapped


def posted(endpoint, places: Places, kind: str = BYTES, most: int = MAX_BODY):
    """The endpoint of a POST route: reads at most so many bytes, then works in a thread."""

    @functools.wraps(endpoint)
    async def wrapped(request: Request) -> Response:
        # A form of another site can only send other types without asking the browser first.
        if request.headers.get("content-type") != kind:
            return answer({"error": f"The body must be of type {kind}."}, 415)
        body = await _body(request, most)
        if body is None:
            return answer({"error": f"The body must be at most {most} bytes."}, 413)
        return await places.run(spoken(endpoint), request, body)

    return wrapped


async def _body(request: Request, most: int) -> bytes | None:
    """The body; None when it is too long."""
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > most:
            return None
        parts.append(part)
    return b"".join(parts)
