"""Routes of the Translate page: raw pixels in, raw pixels out (answers: packed.py).

A body is uint8 [H, W, C] of one image, of any size that `h` and `w` in the address say; its channels
are those of the way's input. `towards` names the way: "target" of pairs, "b" or "a" of two sides.
"""

from __future__ import annotations

import threading

import numpy as np
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gan_core.explore import kept
from gan_core.explore.clip import FORMATS, clip
from gan_core.explore.translators import Translators
from gan_core.storage import picture_files
from gan_core.tasks import pair_grids, translation, translator
from gan_core.web import network_wire
from gan_core.web.answers import PLAIN, BadRequest, answer, whole
from gan_core.web.explore_wire import (
    JSON,
    Places,
    at,
    changed_in,
    numbers,
    pack,
    pixels,
    placed,
    posted,
    spoken,
)

MAX_SIDE = 1024  # pixels of what goes in
MAX_STEPS = 64  # of one strip
MAX_ROWS = 24  # held-out rows of one answer
PREFIX = "/api/translate/{id}/"


def make_translate_routes(get_lab) -> list[Route]:
    """All routes of the Translate page; the Translators are made when the first is used."""
    asks = Asks(get_lab)
    places = Places()
    draws = {
        "held_out": asks.held_out, "palette": asks.palette, "ranked": asks.ranked,
        "network": asks.network, "weights": asks.weights,
    }  # fmt: skip
    posts = {
        "image": asks.image, "timeline": asks.timeline, "patches": asks.patches,
        "clip": asks.clip, "picture": asks.picture,
    }  # fmt: skip
    return [
        Route("/api/translate", spoken(asks.sources), methods=["GET"]),
        Route(PREFIX + "facts", spoken(asks.facts), methods=["GET"]),
        Route(PREFIX + "notes", spoken(asks.notes), methods=["GET"]),
        Route(PREFIX + "notes", posted(asks.write_notes, Places(), JSON), methods=["POST"]),
        *(Route(PREFIX + n, placed(end, places), methods=["GET"]) for n, end in draws.items()),
        *(Route(PREFIX + n, posted(end, places), methods=["POST"]) for n, end in posts.items()),
    ]


class Asks:
    """The endpoints; plain functions, run in threads. Those of POST routes also get the body."""

    def __init__(self, get_lab):
        self._get_lab = get_lab
        self._lock = threading.Lock()
        self._translators: Translators | None = None
        self._lab = None

    @property
    def translators(self) -> Translators:
        """The Translators of the present Lab."""
        with self._lock:
            lab = self._get_lab()
            if self._translators is None or self._lab is not lab:
                self._translators, self._lab = Translators(lab), lab
            return self._translators

    def sources(self, request: Request) -> Response:
        """Everything that can be tried."""
        return answer({"sources": self.translators.listed()})

    def facts(self, request: Request) -> Response:
        """Steps, ways, shapes, state; polled."""
        return answer(self.translators.facts(request.path_params["id"]))

    def notes(self, request: Request) -> Response:
        """{"inputs": those that are kept with a run}."""
        return answer(self.translators.source(request.path_params["id"]).notes())

    def write_notes(self, request: Request, body: bytes) -> Response:
        """Change them, {"add": {...}} and so on (explore/kept.py); answers with all."""
        change = changed_in(body)
        source = self.translators.source(request.path_params["id"])
        source.keep("inputs", kept.changed(source.notes()["inputs"], "inputs", change))
        return answer(source.notes())

    def held_out(self, request: Request) -> Response:
        """Held-out input number `index` and, where it is known, what it should become."""
        rows = self.translators.rows(request.path_params["id"], self._way(request))
        index = whole(request, "index", default=0, high=len(rows.inputs) - 1)
        header = {
            "index": index, "count": len(rows.inputs), "truth": rows.truths is not None,
            "label": rows.names[index] if rows.names else "",
        }  # fmt: skip
        truths = () if rows.truths is None else (rows.truths[index],)
        return pack(header, rows.inputs[index], *truths)

    def palette(self, request: Request) -> Response:
        """Colours that the inputs are made of: uint8 [K, C]."""
        return pack({}, self.translators.palette(request.path_params["id"], self._way(request)))

    def ranked(self, request: Request) -> Response:
        """Held-out rows, the worst or best first: inputs, outputs and, where known, targets."""
        count = whole(request, "count", default=9, low=1, high=MAX_ROWS)
        order = request.query_params.get("order", "worst")
        seed = whole(request, "seed", default=0, high=2**31 - 1)
        where, way = at(request), self._way(request)
        some, ranking, rows, made = self.translators.ranked(where, way, order, count, seed)
        header = {
            "step": ranking.step, "towards": way, "indices": some.tolist(),
            "l1": ranking.l1[some].tolist(), "all": ranking.l1.tolist(), "names": rows.names,
            "truth": rows.truths is not None,
        }  # fmt: skip
        return pack(header, rows.inputs, made, *(() if rows.truths is None else (rows.truths,)))

    def network(self, request: Request) -> Response:
        """The network of a way as browsers draw with it (network_wire.py), without its weights."""
        carried = self._carried(request)
        epoch = self.translators.epoch(request.path_params["id"], carried.step)
        return network_wire.described(carried, epoch=epoch)

    def weights(self, request: Request) -> Response:
        """Its weights; for good where `written` is the time that `network` says."""
        return network_wire.weights(request, self._carried(request))

    def _carried(self, request: Request):
        source, step, _ = at(request)
        return self.translators.by_browser.carried(source, step, way=self._way(request))

    def image(self, request: Request, body: bytes) -> Response:
        """One image translated, uint8 [H, W, C], and with `back=1` what comes back of it."""
        where = at(request)
        back: tuple[np.ndarray, ...] = ()
        way, shown = self._shown(request, body)
        if whole(request, "back", default=0, high=1):
            step, ms, made, returned = self.translators.there_and_back(where, way, shown)
            back = (returned[0],)
        else:
            step, ms, made = self.translators.translate(where, way, shown)
        header = {"step": step, "ms": ms, "epoch": self.translators.epoch(where.source, step)}
        return pack(header, made[0], *back)

    def timeline(self, request: Request, body: bytes) -> Response:
        """One image at many steps (`steps=0,20,50`): uint8 [S, H, W, C]."""
        found, made, problem = self._timeline(request, body)
        return pack({"steps": found, "problem": problem}, made)

    def _timeline(self, request: Request, body: bytes):
        way, shown = self._shown(request, body)
        steps = numbers(request, "steps", MAX_STEPS)
        return self.translators.timeline(at(request), steps, way, shown)

    def patches(self, request: Request, body: bytes) -> Response:
        """What D says of input and output (the body has both, in this order), patch by patch."""
        where = at(request)
        way, shape, target = self._asked(request)
        height, width = _size(request, shape)
        cut = height * width * shape[2]
        inputs = pixels(body[:cut], (height, width, shape[2]))
        made = pixels(body[cut:], (height, width, target[2]))
        step, logits, log_odds = self.translators.patches(where, way, inputs[None], made[None])
        said = 1 / (1 + np.exp(-np.clip(logits[0], -60, 60))) if log_odds else logits[0]
        return pack({"step": step, "probability": log_odds}, said)

    def clip(self, request: Request, body: bytes) -> Response:
        """A film of one image through the steps."""
        kind = request.query_params.get("format", "gif")
        if kind not in FORMATS:
            raise BadRequest(f"`format` must be one of {', '.join(FORMATS)}.")
        rate = whole(request, "rate", default=6, low=1, high=30)
        _, made, problem = self._timeline(request, body)
        if len(made) < 2:
            raise BadRequest(problem or "A film of training needs at least two steps.")
        return Response(clip(made, kind, rate), media_type=FORMATS[kind], headers=PLAIN)

    def picture(self, request: Request, body: bytes) -> Response:
        """A picture's file as an input: uint8 [H, W, C], in the trained size or, `large=1`, its own.

        The middle is cut out in the trained proportions; a large one is made at most 1,024 pixels.
        """
        _, shape, _ = self._asked(request)
        found = picture_files.decoded(body, "The picture")
        large = bool(whole(request, "large", default=0, high=1))
        fitted = fit(found, None if large else tuple(shape[:2]))
        header = {"was": [found.shape[1], found.shape[0]], "large": large}
        return pack(header, pair_grids.with_channels(fitted, shape[2]))

    def _way(self, request: Request) -> str:
        return self._asked(request)[0]

    def _asked(self, request: Request):
        """(way, shape of what goes in, shape of what comes out)."""
        source = self.translators.source(request.path_params["id"])
        ways, spec = translation.ways_of(source.config), source.spec
        asked = request.query_params.get("towards") or None
        way = translator.network_of(ways, asked, source.id)
        shapes = (spec.image_shape, spec.target_shape)
        return way, *(shapes[::-1] if way == translator.A else shapes)

    def _shown(self, request: Request, body: bytes) -> tuple[str, np.ndarray]:
        """(way, the body as uint8 [1, H, W, C])."""
        way, shape, _ = self._asked(request)
        return way, pixels(body, (*_size(request, shape), shape[2]))[None]


def _size(request: Request, shape) -> tuple[int, int]:
    height = whole(request, "h", default=shape[0], low=1, high=MAX_SIDE)
    return height, whole(request, "w", default=shape[1], low=1, high=MAX_SIDE)


def fit(found: np.ndarray, size: tuple[int, int] | None) -> np.ndarray:
    """uint8 [H, W, C] of a size: its middle in these proportions; None: smaller, where it is large."""
    picture = Image.fromarray(found[..., 0] if found.shape[2] == 1 else found)
    if size is None:
        picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    else:
        picture = _middle(picture, size[0] / size[1])
        picture = picture.resize((size[1], size[0]), Image.Resampling.LANCZOS)
    made = np.asarray(picture)
    return made[..., None] if made.ndim == 2 else made


def _middle(picture: Image.Image, ratio: float) -> Image.Image:
    """The largest part around the middle whose height is `ratio` times its width."""
    width, height = picture.size
    wide, high = min(width, round(height / ratio)), min(height, round(width * ratio))
    left, top = (width - wide) // 2, (height - high) // 2
    return picture.crop((left, top, left + max(1, wide), top + max(1, high)))
