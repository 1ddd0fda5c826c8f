"""Routes of the explore page: z and class rows in, raw pixels out.

A request body is little-endian float32: rows of [z, class weights], Z + K numbers each (uint8
pixels [H, W, C] where an image is sent). An answer is a 4-byte length, a JSON header padded to a
multiple of 4, and the arrays that the header's `parts` list as [dtype, shape].
"""

from __future__ import annotations

import functools
import json
import struct
import threading

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gan_core import latent
from gan_core.explore import paths
from gan_core.explore.explorer import KINDS, Explorer
from gan_core.explore.generators import Busy
from gan_core.images import to_uint8
from gan_core.web.answers import MAX_STEP, PLAIN, BadRequest, answer, finite, in_words, whole

BYTES = "application/octet-stream"
MAX_IMAGES = 1024  # of one answer
MAX_BODY = 8 * 2**20  # bytes
MAX_STEPS = 64  # of one strip
MAX_SEEDS = 64
PREFIX = "/api/explore/{id}/"


def make_explore_routes(get_lab) -> list[Route]:
    """All routes of the explore page; the Explorer is made when the first is used."""
    asks = Asks(get_lab)
    reads = {"facts": asks.facts, "about": asks.about, "z": asks.z, "reals": asks.reals}
    posts = {
        "images": asks.images, "timeline": asks.timeline, "directions": asks.directions,
        "effects": asks.effects, "path": asks.path, "combine": asks.combine,
        "neighbours": asks.neighbours, "opinion": asks.opinion, "project": asks.project,
    }  # fmt: skip
    return [
        *(Route(PREFIX + name, _in_words(end), methods=["GET"]) for name, end in reads.items()),
        *(Route(PREFIX + name, _posted(end), methods=["POST"]) for name, end in posts.items()),
    ]


class Asks:
    """The endpoints; plain functions, run in threads. Those of POST routes also get the body."""

    def __init__(self, get_lab):
        self._get_lab = get_lab
        self._lock = threading.Lock()
        self._explorer: Explorer | None = None
        self._lab = None

    @property
    def explorer(self) -> Explorer:
        """The one Explorer of the present Lab."""
        with self._lock:
            lab = self._get_lab()
            if self._explorer is None or self._lab is not lab:
                self._explorer, self._lab = Explorer(lab), lab
            return self._explorer

    def facts(self, request: Request) -> Response:
        """Steps, data set, state; polled."""
        return answer(self.explorer.facts(_run(request)))

    def about(self, request: Request) -> Response:
        """Prior, sizes, age and epoch of one generator."""
        return answer(self.explorer.about(_run(request), _step(request)))

    def z(self, request: Request) -> Response:
        """The first z of each seed, as `sample` on the command line draws it: float32 [S, Z]."""
        about = self._about(request)
        rows = [
            latent.sample(1, about.latent_dim, seed=s, prior=about.prior)
            for s in _numbers(request, "seeds", MAX_SEEDS)
        ]
        return pack({}, np.concatenate(rows))

    def reals(self, request: Request) -> Response:
        """One real image per class (ten of any class without labels): labels and uint8 pixels."""
        dataset = self.explorer.dataset(_run(request))
        rng = np.random.default_rng(whole(request, "seed", default=0, high=2**31 - 1))
        if dataset.train_labels is None or dataset.spec.num_classes == 0:
            chosen = rng.integers(len(dataset.train), size=10)
        else:
            by_class = (
                np.flatnonzero(dataset.train_labels == k) for k in range(dataset.spec.num_classes)
            )
            chosen = np.array([rng.choice(found) for found in by_class if len(found)])
        return pack({}, dataset.train[chosen])

    def images(self, request: Request, body: bytes) -> Response:
        """Images of any rows: uint8 [N, H, W, C]."""
        z, classes = self._rows(request, body, MAX_IMAGES)
        step, ms, made = self.explorer.images(_run(request), _step(request), z, classes)
        return pack({"step": step, "ms": ms}, made)

    def timeline(self, request: Request, body: bytes) -> Response:
        """One row at many steps (`steps=0,20,50`): uint8 [S, H, W, C]."""
        z, classes = self._rows(request, body, 1)
        steps = _numbers(request, "steps", MAX_STEPS)
        found, made, problem = self.explorer.timeline(_run(request), steps, z, classes)
        return pack({"steps": found, "problem": problem}, made)

    def directions(self, request: Request, body: bytes) -> Response:
        """Eight unit directions at one row, strongest first: float32 [D, Z] and effects [D]."""
        z, classes = self._rows(request, body, 1)
        kind = request.query_params.get("kind", "")
        if kind not in KINDS:
            raise BadRequest(f"`kind` must be one of {', '.join(KINDS)}. Received: `{kind[:40]}`.")
        step, found, strength = self.explorer.directions(
            _run(request), _step(request), kind, z[0], None if classes is None else classes[0]
        )
        return pack({"step": step, "kind": kind}, found, strength)

    def effects(self, request: Request, body: bytes) -> Response:
        """Effect of every dimension for the class of one row: float32 [Z]."""
        _, classes = self._rows(request, body, 1)
        row = None if classes is None else classes[0]
        return pack({}, self.explorer.effects(_run(request), _step(request), row))

    def path(self, request: Request, body: bytes) -> Response:
        """`count` rows on the path through the given ones, and their images."""
        z, classes = self._rows(request, body, 16)
        about = self._about(request)
        straight = bool(whole(request, "straight", default=0, high=1))
        loop = bool(whole(request, "loop", default=0, high=1))
        count = whole(request, "count", default=11, low=2, high=MAX_STEPS)
        t = np.linspace(0, 1, count, endpoint=not loop)
        road = paths.along(z, t, prior=about.prior, straight=straight, loop=loop)
        mixed = None
        if classes is not None:
            mixed = paths.along(classes, t, prior="normal", straight=True, loop=loop)
        _, ms, made = self.explorer.images(_run(request), _step(request), road, mixed)
        return pack({"ms": ms}, _joined(road, mixed), made)

    def combine(self, request: Request, body: bytes) -> Response:
        """Sums of rows with signs (`signs=1,-1,1`), at the usual length: one row and its image."""
        z, classes = self._rows(request, body, 16)
        signs = _numbers(request, "signs", 16, low=-1)
        if len(signs) != len(z):
            raise BadRequest(f"`signs` must be {len(z)} numbers. Received: {len(signs)}.")
        about = self._about(request)
        total = paths.combine(z, np.array(signs), prior=about.prior)[None]
        row = None if classes is None else classes[-1:]
        _, ms, made = self.explorer.images(_run(request), _step(request), total, row)
        return pack({"ms": ms}, _joined(total, row), made)

    def neighbours(self, request: Request, body: bytes) -> Response:
        """The nearest real images of one row's image, and a verdict."""
        z, classes = self._rows(request, body, 1)
        found, dataset = self.explorer.neighbours(_run(request), _step(request), z, classes)
        labels = [] if dataset.train_labels is None else dataset.train_labels[found.indices]
        header = {
            "copy": bool(found.copy), "percentile": found.percentile, "ratio": found.ratio,
            "distances": [float(d) for d in found.distances], "labels": [int(k) for k in labels],
            "dataset": dataset.spec.name, "count": len(dataset.train),
        }  # fmt: skip
        return pack(header, dataset.train[found.indices])

    def opinion(self, request: Request, body: bytes) -> Response:
        """D's score of one row's image, its rank, reference scores and saliency [H, W, C]."""
        z, classes = self._rows(request, body, 1)
        critic, said = self.explorer.opinion(_run(request), _step(request), z, classes)
        header = {
            "step": critic.step, "score": said.score, "log_odds": critic.log_odds,
            "beats_real": said.beats_real, "beats_fake": said.beats_fake,
            "classes": None if said.classes is None else [float(v) for v in said.classes],
        }  # fmt: skip
        return pack(header, said.saliency, critic.real, critic.fake)

    def project(self, request: Request, body: bytes) -> Response:
        """The three best rows for uint8 pixels [H, W, C], with their images."""
        about = self._about(request)
        shape = tuple(about.model.output_shape[1:])
        if len(body) != np.prod(shape):
            raise BadRequest(
                f"The image must be {int(np.prod(shape))} bytes, {list(shape)}. "
                f"Received: {len(body)}."
            )
        pixels = np.frombuffer(body, np.uint8).reshape(shape)
        own, found = self.explorer.project(_run(request), _step(request), pixels)
        z = np.stack([f.z for f in found])
        classes = np.stack([f.classes for f in found]) if own.num_classes else None
        made = to_uint8(own.images(z, classes))
        return pack({"mse": [f.mse for f in found]}, _joined(z, classes), made)

    def _about(self, request: Request):
        """The generator asked for: its sizes and prior, not to be called here."""
        with self.explorer.generators.use(_run(request), _step(request)) as generator:
            return generator

    def _rows(self, request: Request, body: bytes, limit: int):
        """z [N, Z] and class weights [N, K] (None without classes) of a body."""
        about = self._about(request)
        width = about.latent_dim + about.num_classes
        count, rest = divmod(len(body), 4 * width)
        if rest or not 1 <= count <= limit:
            raise BadRequest(
                f"The body must be 1 to {limit} rows of {width} float32 numbers "
                f"({about.latent_dim} of z, {about.num_classes} of classes). "
                f"Received: {len(body)} bytes."
            )
        rows = np.frombuffer(body, "<f4").reshape(count, width).astype(np.float32)
        if not (np.abs(rows) < 1e6).all():  # also refuses nan
            raise BadRequest("All numbers must be finite and below 1,000,000.")
        z, classes = rows[:, : about.latent_dim], rows[:, about.latent_dim :]
        return z, classes if about.num_classes else None


def pack(header: dict, *arrays: np.ndarray) -> Response:
    """Header and arrays (uint8 or float32) as described at the top."""
    arrays = [np.ascontiguousarray(a) for a in arrays]
    kept = [a if a.dtype == np.uint8 else a.astype("<f4") for a in arrays]
    parts = [["u1" if a.dtype == np.uint8 else "f4", list(a.shape)] for a in kept]
    text = json.dumps(finite(header) | {"parts": parts}).encode()
    text += b" " * (-len(text) % 4)
    blocks = [a.tobytes() + b"\0" * (-a.nbytes % 4) for a in kept]
    body = b"".join((struct.pack("<I", len(text)), text, *blocks))
    return Response(body, media_type=BYTES, headers=PLAIN)


def _joined(z: np.ndarray, classes: np.ndarray | None) -> np.ndarray:
    return z if classes is None else np.concatenate([z, classes], axis=1)


def _run(request: Request) -> str:
    return request.path_params["id"]


def _step(request: Request) -> int | None:
    step = whole(request, "step", default=-1, low=-1)
    return None if step < 0 else step


def _numbers(request: Request, name: str, limit: int, low: int = 0) -> list[int]:
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


def _in_words(endpoint):
    """The endpoint with its errors in words; 503 where somebody else generates for too long."""

    def caught(request: Request, *body: bytes) -> Response:
        try:
            return endpoint(request, *body)
        except Busy as error:
            return answer({"error": str(error)}, 503)

    @functools.wraps(endpoint)
    def wrapped(request: Request, *body: bytes) -> Response:
        return in_words(lambda _: caught(request, *body))(request)

    return wrapped


def _posted(endpoint):
    """The endpoint of a POST route: reads at most MAX_BODY bytes, then works in a thread."""

    @functools.wraps(endpoint)
    async def wrapped(request: Request) -> Response:
        # A form of another site can only send other types without asking the browser first.
        if request.headers.get("content-type") != BYTES:
            return answer({"error": f"The body must be of type {BYTES}."}, 415)
        body = await _body(request)
        if body is None:
            return answer({"error": f"The body must be at most {MAX_BODY} bytes."}, 413)
        return await run_in_threadpool(_in_words(endpoint), request, body)

    return wrapped


async def _body(request: Request) -> bytes | None:
    """The body; None when it is too long."""
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > MAX_BODY:
            return None
        parts.append(part)
    return b"".join(parts)
